"""Since when everybody could read of something: what feeds and calendars call its time.

It is drawn from the edit history, and tells of no edit that was made while a record was internal:
a step that was recorded then was told when the agreement was published.
"""

from typing import Any

from django.db.models import F, OuterRef, Subquery

from agreements.models import Agreement
from agreements.models.history import StatusChangeQuerySet
from agreements.querysets import AgreementQuerySet

NEWEST_STATES = 1_000


def first_public(**where: Any) -> Subquery:
    """The time of the first state of an agreement that was public, of those ``where`` leaves."""
    states = Agreement.history.model.objects.filter(visibility="public", **where)
    return Subquery(states.order_by("history_date").values("history_date")[:1])


def with_told_at(steps: StatusChangeQuerySet) -> StatusChangeQuerySet:
    """Annotate ``told_at``: a move writes a state of the agreement just after its step."""
    return steps.annotate(
        told_at=first_public(id=OuterRef("agreement_id"), history_date__gte=OuterRef("recorded_at"))
    )


def newest_told(steps: StatusChangeQuerySet) -> StatusChangeQuerySet:
    """``with_told_at``, what was told last first."""
    return with_told_at(steps).order_by(
        F("told_at").desc(nulls_last=True), "-effective_from", "agreement__reference", "-sequence"
    )


def newest_told_of_all(steps: StatusChangeQuerySet, most: int) -> StatusChangeQuerySet:
    """The same, at least ``most`` if there are so many, without going through a whole register.

    Nothing was told after the last public state of its agreement. So whatever is newer than the
    oldest of the newest states is a step of theirs.
    """
    states = Agreement.history.model.objects.filter(visibility="public").order_by("-history_date")
    newest = list(states.values_list("id", "history_date")[:NEWEST_STATES])
    if len(newest) == NEWEST_STATES:
        here = newest_told(steps.filter(agreement__in={pk for pk, _time in newest}))
        here = here.filter(told_at__gt=newest[-1][1])
        if here[:most].count() == most:
            return here
    return newest_told(steps)


def with_public_since(agreements: AgreementQuerySet) -> AgreementQuerySet:
    """Annotate ``public_since``."""
    return agreements.annotate(public_since=first_public(id=OuterRef("pk")))
