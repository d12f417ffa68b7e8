"""Where an agreement can stand and how it gets from one status to the next: the one table.

``Agreement.move`` makes a move, the database checks every step against ``legal_step``, and the
admin's buttons, the API's schema and the tests read ``MOVES``. A new move is a new row here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Status(models.TextChoices):
    PROPOSED = "proposed", _("proposed")
    DRAFTED = "drafted", _("drafted")
    SIGNED = "signed", _("signed")
    SUSPENDED = "suspended", _("suspended")
    ENDED = "ended", _("ended")
    WITHDRAWN = "withdrawn", _("withdrawn")


BEFORE_SIGNING = (Status.PROPOSED, Status.DRAFTED)
ONCE_SIGNED = (Status.SIGNED, Status.SUSPENDED, Status.ENDED)
SPINE = (Status.PROPOSED, Status.DRAFTED, Status.SIGNED)


class EndReason(models.TextChoices):
    EXPIRED = "expired", _("expired")
    TERMINATED = "terminated", _("terminated")
    REPLACED = "replaced", _("replaced by another agreement")
    UNKNOWN = "unknown", _("reason not known")


@dataclass(frozen=True)
class Facts:
    """What a move's needs are judged by."""

    parties: int
    has_day: bool
    has_evidence: bool
    end_reason: str


Need = Callable[[Facts], "str | None"]


def two_parties(facts: Facts):
    return None if facts.parties >= 2 else _("An agreement needs two parties or more.")


def a_day(facts: Facts):
    return None if facts.has_day else _("Say on which day, month or year it happened.")


def evidence(facts: Facts):
    if facts.has_evidence:
        return None
    return _("Give a source that says so, or record a signature or a document first.")


def a_reason_for_the_end(facts: Facts):
    return None if facts.end_reason else _("Say why it ended.")


@dataclass(frozen=True)
class Move:
    """One row of the table; ``permission`` is a codename of the agreements app."""

    name: str
    label: "StrOrPromise"
    done: "StrOrPromise"
    from_statuses: tuple[Status, ...]
    to_status: Status
    needs: tuple[Need, ...]

    @property
    def permission(self) -> str:
        return f"agreements.{self.name}_agreement"

    def lacks(self, facts: Facts) -> list:
        """What is missing, in words for people."""
        return [said for need in self.needs if (said := need(facts))]


S = Status
MOVES: dict[str, Move] = {
    move.name: move
    for move in (
        Move("draft", _("Draft"), _("drafted"), (S.PROPOSED,), S.DRAFTED, (a_day,)),
        # Proposed counts too: where no draft is on record, signing follows the proposal.
        Move(
            "sign",
            _("Sign"),
            _("signed"),
            (S.DRAFTED, S.PROPOSED),
            S.SIGNED,
            (two_parties, a_day, evidence),
        ),
        Move(
            "withdraw",
            _("Withdraw"),
            _("withdrawn"),
            (S.PROPOSED, S.DRAFTED),
            S.WITHDRAWN,
            (a_day,),
        ),
        Move("revive", _("Revive"), _("revived"), (S.WITHDRAWN,), S.PROPOSED, (a_day,)),
        Move("suspend", _("Suspend"), _("suspended"), (S.SIGNED,), S.SUSPENDED, (a_day,)),
        Move(
            "reinstate",
            _("Reinstate"),
            _("reinstated"),
            (S.SUSPENDED, S.ENDED),
            S.SIGNED,
            (a_day,),
        ),
        Move(
            "end",
            _("End"),
            _("ended"),
            (S.SIGNED, S.SUSPENDED),
            S.ENDED,
            (a_day, a_reason_for_the_end),
        ),
    )
}


def moves_from(status: str) -> list[Move]:
    return [move for move in MOVES.values() if status in move.from_statuses]


def opening_permission(status: str) -> str:
    """A record may begin at any status; what only a registrar may reach, only they may record."""
    if status in BEFORE_SIGNING:
        return "agreements.add_agreement"
    return next(move.permission for move in MOVES.values() if move.to_status == status)


def legal_step() -> Q:
    """True of a StatusChange that opens a record or is a row of the table."""
    legal = Q(move="", sequence=1, from_status="")
    for move in MOVES.values():
        legal |= Q(
            move=move.name,
            sequence__gt=1,
            from_status__in=[status.value for status in move.from_statuses],
            to_status=move.to_status.value,
        )
    return legal
