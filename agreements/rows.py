"""What a list shows of an agreement, today or as of another day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from agreements.lifecycle import Status
from agreements.models import Agreement, Evidence, StatusChange
from agreements.querysets import AgreementQuerySet
from cities.models import Place


@dataclass(frozen=True)
class Row:
    """``step`` is the latest step that counts by the day asked about.

    ``claimed_by`` is the party that alone lists it, where nothing else speaks for it.
    """

    agreement: Agreement
    status: Status
    step: StatusChange | None
    in_force: bool
    evidence: Evidence
    claimed_by: Place | None


def joined(agreements: AgreementQuerySet) -> AgreementQuerySet:
    """All that rows are made of, in as many queries for three as for thirty."""
    return agreements.with_parties().with_steps()


def rows(agreements: Iterable[Agreement], on: date | None = None) -> list[Row]:
    """One row for each of the ``joined`` agreements. ``on`` is a date; None means today."""
    shown = list(agreements)
    # Asked of these rows alone: in the list's own query it would be worked out before sorting.
    asked = Agreement.objects.filter(pk__in=[agreement.pk for agreement in shown])
    found = asked.with_evidence().with_claimant()
    known = {pk: rest for pk, *rest in found.values_list("pk", "evidence_found", "claimant_found")}
    for agreement in shown:
        agreement.evidence_found, agreement.claimant_found = known[agreement.pk]  # type: ignore[attr-defined]
    return [row(agreement, on) for agreement in shown]


def row(agreement: Agreement, on: date | None = None) -> Row:
    """The row of an agreement with steps and parties joined, evidence and claimant annotated."""
    step = agreement.step_on(on)
    claimant = agreement.claimant_found  # type: ignore[attr-defined]
    places = [party.place for party in agreement.parties.all()]
    return Row(
        agreement=agreement,
        status=Status(step.to_status if step else agreement.status),
        step=step,
        in_force=agreement.is_in_force(on),
        evidence=Evidence(agreement.evidence_found),  # type: ignore[attr-defined]
        claimed_by=next((place for place in places if place.pk == claimant), None),
    )
