"""“Where it stands”: the spine, the moves that can be made now, and why others cannot."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from agreements.lifecycle import SPINE, Facts, Move, moves_from
from agreements.models import Agreement, StatusChange


@dataclass(frozen=True)
class Step:
    """One station of the spine; ``state`` is ``done``, ``here`` or ``ahead``."""

    label: str
    state: str


@dataclass(frozen=True)
class Standing:
    spine: list[Step]
    beside: bool
    moves: list[Move]
    reasons: list[str]
    history: list[StatusChange]
    can_publish: bool
    unpublishable: list[str]

    @property
    def latest(self) -> StatusChange | None:
        return self.history[-1] if self.history else None


def standing(agreement: Agreement, user: Any) -> Standing:
    steps = list(agreement.steps.select_related("acted_by", "recorded_by"))
    moves, reasons = sort_moves(agreement, user)
    can_publish = user.has_perm("agreements.publish_agreement")
    asks = can_publish and not agreement.is_public
    return Standing(
        spine=spine(agreement, {step.to_status for step in steps}),
        beside=agreement.status not in SPINE,
        moves=moves,
        reasons=reasons,
        history=steps,
        can_publish=can_publish,
        unpublishable=agreement.lacks_for_publishing() if asks else [],
    )


def spine(agreement: Agreement, reached: set[str]) -> list[Step]:
    def state(status: str) -> str:
        if status == agreement.status:
            return "here"
        return "done" if status in reached else "ahead"

    return [Step(str(status.label), state(status)) for status in SPINE]


def sort_moves(agreement: Agreement, user: Any) -> tuple[list[Move], list[str]]:
    """The moves that this person may make now, and in words why not the others."""
    # A day, a source and a reason are asked by the move's own form; only the rest can be lacking.
    facts = Facts(agreement.parties.count(), has_day=True, has_evidence=True, end_reason="asked")
    if agreement.merged_into_id:
        return [], []
    possible, reasons = [], []
    for move in moves_from(agreement.status):
        if not user.has_perm("agreements.change_agreement"):
            continue
        if not user.has_perm(move.permission):
            reasons.append(_("%(move)s: only a registrar can.") % {"move": move.label})
        elif lacking := move.lacks(facts):
            said = " ".join(str(text) for text in lacking)
            reasons.append(f"{move.label}: {said}")
        else:
            possible.append(move)
    return possible, reasons
