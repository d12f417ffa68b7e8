"""What a list shows of an agreement, today or as of another day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from agreements.lifecycle import Status
from agreements.models import Agreement, Evidence, StatusChange
from agreements.querysets import AgreementQuerySet


@dataclass(frozen=True)
class Row:
    """``step`` is the latest step that counts by the day asked about."""

    agreement: Agreement
    status: Status
    step: StatusChange | None
    in_force: bool
    evidence: Evidence


def joined(agreements: AgreementQuerySet) -> AgreementQuerySet:
    """All that rows are made of, in as many queries for three as for thirty."""
    return agreements.with_parties().with_steps()


def rows(agreements: Iterable[Agreement], on: date | None = None) -> list[Row]:
    """One row for each of the ``joined`` agreements. ``on`` is a date; None means today."""
    shown = list(agreements)
    # Asked of these rows alone: in the list's own query it would be worked out before sorting.
    asked = Agreement.objects.filter(pk__in=[agreement.pk for agreement in shown])
    evidence = dict(asked.with_evidence().values_list("pk", "evidence_found"))
    for agreement in shown:
        agreement.evidence_found = evidence[agreement.pk]  # type: ignore[attr-defined]
    return [row(agreement, on) for agreement in shown]


def row(agreement: Agreement, on: date | None = None) -> Row:
    """The row of an agreement whose steps are joined and that came ``with_evidence``."""
    step = agreement.step_on(on)
    return Row(
        agreement=agreement,
        status=Status(step.to_status if step else agreement.status),
        step=step,
        in_force=agreement.is_in_force(on),
        evidence=Evidence(agreement.evidence_found),  # type: ignore[attr-defined]
    )
