"""The way from proposed to signed, as stations to draw."""

from dataclasses import dataclass
from datetime import date

from agreements.lifecycle import ONCE_SIGNED, SPINE, Status
from agreements.models import Agreement, StatusChange

CURRENT, DONE, UNRECORDED, AHEAD = "current", "done", "unrecorded", "ahead"


@dataclass(frozen=True)
class Station:
    """``state`` is current, done, unrecorded (passed, with no step on record) or ahead."""

    status: Status
    state: str
    step: StatusChange | None = None

    @property
    def label(self) -> str:
        return str(self.status.label)


def stations(agreement: Agreement, on: date | None = None) -> list[Station]:
    """The three of the spine, and a fourth where the agreement has left it. Join steps first.

    ``on`` is the day to look from, None today; before the first step all three lie ahead.
    """
    standing = agreement.step_on(on)
    if on and standing is None:
        return [Station(stop, AHEAD) for stop in SPINE]
    taken = [step for step in agreement.steps.all() if not on or step.effective_from <= on]
    # To reinstate is not to sign: the day of signing stays where it was.
    latest = {step.to_status: step for step in taken if step.move != "reinstate"}
    status = Status(standing.to_status if on else agreement.status)
    drawn = [Station(stop, _state(stop, status, latest), latest.get(stop)) for stop in SPINE]
    if status not in SPINE:
        drawn.append(Station(status, CURRENT, latest.get(status)))
    return drawn


def _state(stop: Status, status: Status, latest: dict[str, StatusChange]) -> str:
    if stop == status:
        return CURRENT
    if stop in latest and not _came_back(stop, status):
        return DONE
    return UNRECORDED if SPINE.index(stop) < _reached(status) else AHEAD


def _came_back(stop: Status, status: Status) -> bool:
    """A revived agreement stands at proposed again: what lay behind it is ahead once more."""
    return status in SPINE and SPINE.index(stop) > SPINE.index(status)


def _reached(status: Status) -> int:
    """How many stations of the spine an agreement of this status has passed for certain."""
    if status in ONCE_SIGNED:
        return len(SPINE)
    return SPINE.index(status) if status in SPINE else 0
