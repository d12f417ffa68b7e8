"""All dated things of one agreement in the order of their days, as its page tells them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from agreements.models import Agreement, Initiative
from common.dates import PartialDate

# Of one day: what led to a step stands before it, and what was written of it after it.
ORDER = (
    *("approval", "event", "signature", "step", "begins"),
    *("delivered", "due", "notice_by", "expires", "source"),
)


@dataclass(frozen=True)
class Moment:
    """``kind`` is one of ``ORDER``, ``of`` the row that has the day; ``ahead`` lies after today.

    ``day`` is None for a step of an unknown day, which stands first.
    """

    day: PartialDate | None
    kind: str
    of: Any
    ahead: bool = False


def moments(agreement: Agreement, on: date) -> list[Moment]:
    """Of an agreement that is ``pages.joined``; ``on`` is the day that is looked back from."""
    found = [
        Moment(day, kind, row, ahead=day is not None and day.first_day > on)
        for day, kind, row in dated(agreement)
        if day or kind == "step"
    ]
    return sorted(found, key=place_in_line)


def place_in_line(moment: Moment) -> tuple[str, int, int]:
    """Text order is the order of dates; steps of one day stand as they were taken."""
    sequence = moment.of.sequence if moment.kind == "step" else 0
    return str(moment.day or ""), ORDER.index(moment.kind), sequence


def dated(agreement: Agreement) -> Iterator[tuple[PartialDate | None, str, Any]]:
    yield from (
        (step.happened_on or step.on_record_by, "step", step) for step in agreement.steps.all()
    )
    yield from ((row.decided_on, "approval", row) for row in agreement.approvals.all())
    yield from ((row.signed_on, "signature", row) for row in agreement.signatures.all())
    yield from ((row.happened_on, "event", row) for row in agreement.events.all())
    for initiative in agreement.initiatives.all():
        yield initiative.delivered_on, "delivered", initiative
        if initiative.state not in Initiative.CLOSED:
            yield initiative.due_on, "due", initiative
    yield agreement.starts_on, "begins", agreement
    yield agreement.notice_by, "notice_by", agreement
    yield agreement.expires_on, "expires", agreement
    for source in {citation.source for citation in agreement.citations.all()}:
        yield source.published_on, "source", source
