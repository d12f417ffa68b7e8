"""What is due, for one person; and what they were told already, so that nothing is told twice.

A thing is told of by a row of ``Reminder`` that is written before the mail goes out and has its
``sent_at`` after. Whoever writes the row first is the one who tells of it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib.auth import get_backends, get_user_model
from django.db.models import OuterRef, Q, QuerySet, Subquery, Value, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agreements import queue_lines, sayings
from agreements.due import within_notice
from agreements.lifecycle import BEFORE_SIGNING, Status
from agreements.models import Agreement, Initiative, Reminder, Request, StatusChange
from agreements.querysets import sees_internal
from agreements.queues import ANSWERS_SHOWN, QUEUES, RENEWED, acts_of
from cities.models import Place

MOST_TOLD = 200
# A run that did not say by then that its mail went out was killed, or lost the mail server.
UNCLEAR_AFTER = timedelta(hours=1)
# Of things, the agreement, the row and the date.
Found = Iterable[tuple[int, int, Any]]


class Thing(NamedTuple):
    """What a person is told of once: a queue's name, and what ``Reminder`` says of it."""

    what: str
    agreement: int
    row: int = 0
    due: str = ""


@dataclass(frozen=True)
class What:
    """One part of the digest; where the desk has a queue of the same name, in that one's words.

    ``find`` gives the most urgent first, as of a day. ``say`` is of an agreement and of the row of
    ``model`` that is meant; without a model the agreement itself is.
    """

    name: str
    find: Callable[[Any, date], Found]
    say: Callable[[Any, Any], str]
    model: Any = None
    own_label: Any = ""

    @property
    def label(self) -> Any:
        return self.own_label or QUEUES[self.name].label

    def advice_for(self, user: Any) -> Any:
        return QUEUES[self.name].advice_for(user) if self.name in QUEUES else ""

    def things(self, user: Any, on: date) -> list[Thing]:
        return [
            Thing(self.name, agreement, row, str(due or ""))
            for agreement, row, due in self.find(user, on)
        ]


# --- What is due --------------------------------------------------------------------------


def kept(rows: Any, user: Any) -> Any:
    return rows.visible_to(user).kept_by(user)


def by_date(agreements: Any, name: str) -> Found:
    return agreements.order_by(name, "pk").values_list("pk", Value(0), name)


def notice(user: Any, on: date) -> Found:
    return by_date(kept(Agreement.objects, user).notice_due(on), "notice_by")


def ending(user: Any, on: date) -> Found:
    rows = kept(Agreement.objects, user).expiring(on)
    return by_date(rows.exclude(renewal__in=RENEWED), "expires_on")


def renewing(user: Any, on: date) -> Found:
    rows = kept(Agreement.objects, user).expiring(on)
    return by_date(rows.filter(renewal__in=RENEWED), "expires_on")


def expired(user: Any, on: date) -> Found:
    signed = kept(Agreement.objects, user).filter(status=Status.SIGNED)
    return by_date(signed.filter(expires_on__isnull=False).expired(on), "expires_on")


def promised(initiatives: QuerySet[Initiative]) -> Found:
    return initiatives.order_by("due_on", "pk").values_list("agreement", "pk", "due_on")


def due_soon(user: Any, on: date) -> Found:
    still_open = kept(Initiative.objects, user).exclude(state__in=Initiative.CLOSED)
    return promised(still_open.filter(within_notice("due_on", on)))


def overdue(user: Any, on: date) -> Found:
    return promised(kept(Initiative.objects, user).overdue(on))


def stalled(user: Any, on: date) -> Found:
    """Of each the step since which nothing happened: it is told once a step."""
    steps = StatusChange.objects.filter(agreement=OuterRef("pk"), effective_from__lte=on)
    latest = Subquery(steps.order_by("-sequence").values("pk")[:1])
    early = kept(Agreement.objects, user).filter(status__in=BEFORE_SIGNING)
    found = early.stalled(on).annotate(step=latest)
    return found.order_by("step_day", "pk").values_list("pk", "step", Value(""))


def asked(user: Any, on: date) -> Found:
    """What others ask, of those who may do it."""
    waiting = kept(Request.objects, user).waiting().filter(act__in=acts_of(user))
    return waiting.exclude(asked_by=user).values_list("agreement", "pk", Value(""))


def answered(user: Any, on: date) -> Found:
    since = timezone.now() - ANSWERS_SHOWN
    mine = kept(Request.objects, user).filter(asked_by=user, answered_at__gte=since)
    own = Q(outcome=Request.Outcome.WITHDRAWN) | Q(answered_by=user)
    return mine.exclude(own).values_list("agreement", "pk", Value(""))


# In the order of the digest: what cannot wait comes first, what waited for long comes last.
WHATS = {
    what.name: what
    for what in (
        What("asked", asked, sayings.asked, Request),
        What("answered", answered, sayings.answered, Request, _("Answers to what you asked")),
        What("notice", notice, queue_lines.notice),
        What("ending", ending, queue_lines.ending),
        What("renewing", renewing, queue_lines.renewing),
        What("due_soon", due_soon, sayings.due, Initiative, _("Promised, and due soon")),
        What("overdue", overdue, sayings.due, Initiative),
        What("expired", expired, queue_lines.expired),
        What("stalled", stalled, sayings.stalled, StatusChange),
    )
}


def due_for(user: Any, on: date, *, again: bool = False) -> list[Thing]:
    """All that is due for this person and that they were not told of.

    ``again`` counts as not told what may not have arrived.
    """
    reminders = Reminder.objects.filter(user=user)
    if again:
        reminders = reminders.exclude(unclear())
    told = set(reminders.values_list("what", "agreement", "row", "due"))
    found = [thing for what in WHATS.values() for thing in what.things(user, on)]
    return [thing for thing in found if thing not in told]


def with_names(keys: Iterable[int], user: Any) -> dict[int, Agreement]:
    """Agreements with what their names are made of, thousands at once.

    ``with_parties`` takes a page of them: SQLite refuses to look for 1,000 places by one query that
    a prefetch writes.
    """
    found = Agreement.objects.visible_to(user).in_bulk(set(keys))
    prefetch_related_objects(list(found.values()), "parties")
    parties = [party for agreement in found.values() for party in agreement.parties.all()]
    places = Place.objects.with_names().in_bulk({party.place_id for party in parties})
    for party in parties:
        party.place = places[party.place_id]
    return found


# --- Who is told --------------------------------------------------------------------------


def staff() -> QuerySet:
    """Everybody of the staff who has not left, with their preferences."""
    active = get_user_model().objects.filter(is_active=True, is_staff=True)
    return active.select_related("preferences").order_by("username")


def may_be_told(user: Any) -> bool:
    """Staff with a role, whose account is not switched off, nor left over from a demonstration."""
    may_sign_in = (
        backend.user_can_authenticate(user)
        for backend in get_backends()
        if hasattr(backend, "user_can_authenticate")
    )
    return sees_internal(user) and any(may_sign_in)


# --- Who tells it -------------------------------------------------------------------------


def claim(user: Any, things: Iterable[Thing], run: UUID) -> list[Thing]:
    """Those of the things that are this run's to tell; the others are told by another run."""
    things = list(things)
    rows = [
        Reminder(user=user, run=run, what=what, agreement_id=agreement, row=row, due=due)
        for what, agreement, row, due in things
    ]
    Reminder.objects.bulk_create(rows, ignore_conflicts=True)
    won = set(claims(user, run).values_list("what", "agreement", "row", "due"))
    return [thing for thing in things if thing in won]


def claims(user: Any, run: UUID) -> QuerySet[Reminder]:
    return Reminder.objects.filter(user=user, run=run, sent_at=None)


def release(user: Any, run: UUID) -> None:
    """The mail did not go out: let the next run tell of these."""
    claims(user, run).delete()


def settle(user: Any, run: UUID) -> None:
    claims(user, run).update(sent_at=timezone.now())


def unclear() -> Q:
    """True of claims of a run that ended without a word of whether its mail went out."""
    return Q(sent_at=None, claimed_at__lt=timezone.now() - UNCLEAR_AFTER)
