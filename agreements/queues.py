"""What is to be done about agreements, as queues: the first screen and the list's filter.

One table. Whose agreements they are is said once, by ``kept``; what is due, by ``agreements.due``
and ``agreements.querysets``. So the count on the screen and the list behind it cannot differ.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Prefetch, QuerySet, Subquery, Window
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from agreements import queue_lines as lines
from agreements.lifecycle import BEFORE_SIGNING, Status
from agreements.models import Agreement, Initiative, Request
from agreements.models.requests import ACTS
from agreements.querysets import sees_internal

# For so many days somebody who asked for something is shown that it was declined.
ANSWERS_SHOWN = timedelta(days=30)
KEEP = "agreements.change_agreement"
PUBLISH = "agreements.publish_agreement"
END = "agreements.end_agreement"
RENEWED = (Agreement.Renewal.AUTOMATIC, Agreement.Renewal.AGREED)
# Both values, so that the index of visibility and status serves.
ANY_VISIBILITY = list(Agreement.Visibility)

Rule = Callable[[Any, Any], QuerySet]
# Pairs of a permission and what whoever has it may do; the first that fits is said.
Advice = tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class Queue:
    """``rule`` narrows agreements to those in the queue, given the person who asks.

    ``order`` sorts what is shown first; ``line`` says of one agreement, joined as ``joined`` does,
    how it stands; ``anchor`` is the part of its page where that can be seen to.
    """

    name: str
    label: Any
    advice: Advice
    rule: Rule
    order: tuple[Any, ...]
    line: Callable[[Agreement, Any], Any]
    anchor: str = ""
    # Only for who may do one of these things; for nobody else is it a queue at all.
    only_for: tuple[str, ...] = ()

    def of(self, user: Any, rows: Any = None) -> QuerySet:
        """The agreements in the queue, of ``rows`` or of all that this person keeps."""
        return self.rule(kept(user, rows), user)

    def is_for(self, user: Any) -> bool:
        allowed = not self.only_for or any(map(user.has_perm, self.only_for))
        return sees_internal(user) and allowed

    def advice_for(self, user: Any) -> Any:
        """What this person may do about it; empty for who only looks on."""
        return next((said for permission, said in self.advice if user.has_perm(permission)), "")

    def first(self, user: Any, most: int) -> tuple[int, list[int]]:
        """How many there are, and the keys of the first of them: one query."""
        rows = self.of(user).order_by(*self.order, "pk").annotate(queue_total=Window(Count("*")))
        found = list(rows.values_list("pk", "queue_total")[:most])
        return (found[0][1] if found else 0), [key for key, _total in found]


def kept(user: Any, rows: Any = None) -> QuerySet:
    """Whose work this is: agreements that the person may look into and keeps, none merged away."""
    rows = Agreement.objects.all() if rows is None else rows
    if not sees_internal(user):
        return rows.none()
    return rows.not_merged().kept_by(user)


def acts_of(user: Any) -> list[str]:
    """The acts that this person may be asked for."""
    return [act for act, permission in ACTS.items() if user.has_perm(permission)]


# Rules


def asked(rows: Any, user: Any) -> QuerySet:
    waiting = Request.objects.waiting().filter(act__in=acts_of(user)).order_by("asked_at")
    here = waiting.filter(agreement=OuterRef("pk")).values("asked_at")
    of_them = rows.filter(pk__in=waiting.order_by().values("agreement"))
    return of_them.annotate(asked_since=Subquery(here[:1]))


def declined_requests(user: Any) -> QuerySet:
    """What this person asked for in vain lately, and has not asked for again."""
    again = Request.objects.order_by().filter(
        agreement=OuterRef("agreement"), act=OuterRef("act"), asked_at__gt=OuterRef("answered_at")
    )
    return Request.objects.filter(
        ~Exists(again),
        asked_by=user.pk,
        outcome=Request.Outcome.DECLINED,
        answered_at__gte=timezone.now() - ANSWERS_SHOWN,
    )


def declined(rows: Any, user: Any) -> QuerySet:
    return rows.filter(pk__in=declined_requests(user).order_by().values("agreement"))


def stalled(rows: Any, user: Any) -> QuerySet:
    """Status and visibility narrow it before the steps of each are looked at."""
    early = rows.filter(visibility__in=ANY_VISIBILITY, status__in=BEFORE_SIGNING)
    return early.stalled()


def ending(rows: Any, user: Any) -> QuerySet:
    return rows.expiring().exclude(renewal__in=RENEWED)


def renewing(rows: Any, user: Any) -> QuerySet:
    return rows.expiring().filter(renewal__in=RENEWED)


def overdue(rows: Any, user: Any) -> QuerySet:
    late = Initiative.objects.overdue().filter(agreement=OuterRef("pk")).order_by("due_on")
    of_them = rows.with_overdue_initiative()
    return of_them.annotate(late_since=Subquery(late.values("due_on")[:1]))


def expired(rows: Any, user: Any) -> QuerySet:
    return rows.filter(status=Status.SIGNED, expires_on__isnull=False).expired()


QUEUES: dict[str, Queue] = {
    queue.name: queue
    for queue in (
        Queue(
            "asked",
            _("Asked of you"),
            (("agreements.view_agreement", _("Do it, or decline it and say why.")),),
            asked,
            ("asked_since",),
            lines.asked,
            only_for=tuple(sorted(set(ACTS.values()))),
        ),
        Queue(
            "declined",
            _("Declined, though you asked"),
            (("agreements.add_request", _("See what is still missing, and ask again.")),),
            declined,
            ("-pk",),
            lines.declined,
            only_for=("agreements.add_request",),
        ),
        Queue(
            "notice",
            _("Notice to be given soon, or not"),
            (
                (END, _("Decide whether it goes on; if notice is given, put that on record.")),
                (KEEP, _("Ask those who decide, and tell a registrar.")),
            ),
            lambda rows, user: rows.notice_due(),
            ("notice_by",),
            lines.notice,
            anchor="id_notice_by",
        ),
        Queue(
            "ending",
            _("Expiring soon"),
            (
                (END, _("Ask whether it is to be renewed; once its term is over, end it.")),
                (KEEP, _("Ask whether it is to be renewed, and tell a registrar.")),
            ),
            ending,
            ("expires_on",),
            lines.ending,
            anchor="id_expires_on",
        ),
        Queue(
            "renewing",
            _("Up for renewal soon"),
            ((KEEP, _("Find out whether it was renewed, and record the new term.")),),
            renewing,
            ("expires_on",),
            lines.renewing,
            anchor="id_expires_on",
        ),
        Queue(
            "expired",
            _("Expired, and nobody said so"),
            (
                (END, _("End it, or record the term that it was renewed for.")),
                (KEEP, _("Record the term that it was renewed for, or ask a registrar to end it.")),
            ),
            expired,
            ("expires_on",),
            lines.expired,
            anchor="id_expires_on",
        ),
        Queue(
            "stalled",
            _("Stalled before signing"),
            (
                (
                    "agreements.withdraw_agreement",
                    _("Ask how it stands; record the next step, or withdraw it."),
                ),
            ),
            stalled,
            ("step_day",),
            lines.stalled,
        ),
        Queue(
            "overdue",
            _("Promised, and overdue"),
            ((KEEP, _("Ask how it stands; record that it was delivered, or dropped.")),),
            overdue,
            ("late_since",),
            lines.overdue,
            anchor="initiatives-group",
        ),
        Queue(
            "unsourced",
            _("Without a source"),
            ((KEEP, _("Add what says so: a source, or the text.")),),
            lambda rows, user: rows.unsourced(),
            ("-created_at",),
            lines.entered,
            anchor="citations-group",
        ),
        Queue(
            "one_sided",
            _("Claimed by one side only"),
            ((KEEP, _("Look for the other side’s word, or for the text.")),),
            lambda rows, user: rows.one_sided(),
            ("-created_at",),
            lines.one_sided,
            anchor="citations-group",
        ),
        Queue(
            "unverified",
            _("Not verified for long"),
            ((KEEP, _("Compare it with its sources, correct it, and mark it as verified.")),),
            lambda rows, user: rows.unverified(),
            (F("verified_at").asc(nulls_first=True), "created_at"),
            lines.unverified,
        ),
        Queue(
            "unpublished",
            pgettext_lazy("agreements", "Not yet published"),
            (
                (PUBLISH, _("Read it through, and publish it.")),
                (KEEP, _("Complete it, and ask a registrar to publish it.")),
            ),
            lambda rows, user: rows.unpublished(),
            ("-created_at",),
            lines.entered,
        ),
    )
}


def queues_for(user: Any) -> list[Queue]:
    return [queue for queue in QUEUES.values() if queue.is_for(user)]


def joined(keys: Iterable[int], user: Any) -> dict[int, Agreement]:
    """Agreements by their keys, with all that the lines of any queue draw on."""
    waiting = Request.objects.waiting().filter(act__in=acts_of(user)).select_related("asked_by")
    refused = declined_requests(user).select_related("answered_by")
    rows = Agreement.objects.filter(pk__in=set(keys)).select_related("verified_by")
    rows = rows.with_parties().with_steps()
    rows = rows.prefetch_related(
        Prefetch("requests", waiting, to_attr="asked_now"),
        Prefetch("requests", refused, to_attr="declined_lately"),
        Prefetch("initiatives", Initiative.objects.overdue(), to_attr="overdue_now"),
        *("documents", "citations__listing__listed_by"),
    )
    return {agreement.pk: agreement for agreement in rows}
