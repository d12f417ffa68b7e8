"""What is about to happen: the next days on record under agreements that somebody may see."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agreements.lifecycle import Status
from agreements.models import Agreement, Event, Initiative
from common.dates import PartialDate

LOOKS_AHEAD = timedelta(days=730)

WHAT = {
    "starts_on": _("begins"),
    "notice_by": _("last day to give notice"),
    "expires_on": _("expires"),
    "due_on": _("promised by then"),
    "event": _("takes place"),
}


@dataclass(frozen=True)
class Coming:
    """``agreement`` has its parties joined; ``title`` is that of an initiative or event, or ''."""

    day: PartialDate
    kind: str
    agreement: Agreement
    title: str = ""

    @property
    def what(self) -> str:
        return str(WHAT[self.kind])


def coming(user: Any, most: int, on: date | None = None) -> list[Coming]:
    """The next days, the nearest first, up to two years ahead; a fixed number of queries."""
    on = on or timezone.localdate()
    found = [*_terms(user, on, most), *_promises(user, on, most), *_events(user, on, most)]
    return sorted(found, key=lambda one: (str(one.day), one.agreement.reference))[:most]


def ahead(name: str, on: date) -> Q:
    """True of rows whose date of that name is not over and begins within two years."""
    soon = Q(**{f"{name}__begun_by": on + LOOKS_AHEAD})
    return Q(**{f"{name}__isnull": False}) & soon & ~Q(**{f"{name}__over_before": on})


def _terms(user: Any, on: date, most: int) -> Iterator[Coming]:
    signed = Agreement.objects.visible_to(user).filter(status=Status.SIGNED).with_parties()
    for name in ("starts_on", "notice_by", "expires_on"):
        for agreement in signed.filter(ahead(name, on)).order_by(name, "reference")[:most]:
            yield Coming(getattr(agreement, name), name, agreement)


def _promises(user: Any, on: date, most: int) -> Iterator[Coming]:
    promised = Initiative.objects.visible_to(user).exclude(state__in=Initiative.CLOSED)
    due = promised.filter(ahead("due_on", on)).order_by("due_on", "pk")
    for row in due.prefetch_related(Prefetch("agreement", Agreement.objects.with_parties()))[:most]:
        yield Coming(row.due_on, "due_on", row.agreement, row.title)


def _events(user: Any, on: date, most: int) -> Iterator[Coming]:
    seen = Agreement.objects.visible_to(user).with_parties()
    events = Event.objects.visible_to(user).filter(ahead("happened_on", on))
    later = events.exclude(happened_on__begun_by=on).order_by(F("happened_on"), "pk")
    for row in later.prefetch_related(Prefetch("agreements", seen))[:most]:
        for agreement in row.agreements.all()[:1]:
            yield Coming(row.happened_on, "event", agreement, row.title)
