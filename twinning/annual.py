"""What became of a place's agreements in one year, as far as the reader may see it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import MINYEAR, date, timedelta
from typing import Any

from django.db.models import Count, Prefetch, Q
from django.utils import timezone

from agreements.lifecycle import Status
from agreements.models import (
    Agreement,
    Approval,
    Citation,
    Event,
    Initiative,
    Source,
    StatusChange,
)
from agreements.querysets import AgreementQuerySet
from cities.models import Place
from twinning.ties import ORDER

# Of a country with thousands of ties a page shows this many rows of a kind, and counts them all.
MOST = 300


@dataclass(frozen=True)
class Counted:
    """How many agreements stood there when the year was over, and when it began."""

    status: Status
    number: int
    before: int


@dataclass(frozen=True)
class Rows:
    """Rows of one kind, the first ``MOST`` of ``total``."""

    rows: list[Any]
    total: int

    @property
    def more(self) -> int:
        return self.total - len(self.rows)


@dataclass(frozen=True)
class Partner:
    place: Place
    statuses: list[Status]


@dataclass(frozen=True)
class Report:
    """``until`` is the last day told of: the year's, or today while it runs."""

    place: Place
    year: int
    until: date
    is_over: bool
    counts: list[Counted]
    total: int
    in_force: int
    in_force_before: int
    steps: Rows
    approvals: Rows
    events: Rows
    delivered: Rows
    delivered_some_day: int
    overdue: Rows
    partners: list[Partner]
    sources: list[Source]


def some(rows: Any) -> Rows:
    shown = list(rows[:MOST])
    return Rows(shown, len(shown) if len(shown) < MOST else rows.order_by().count())


def in_span(name: str, first: date, last: date) -> Q:
    """True of rows whose partial date, whole or in part, lies in the span."""
    known = Q(**{f"{name}__isnull": False, f"{name}__begun_by": last})
    return known & ~Q(**{f"{name}__over_before": first})


def by_status(agreements: AgreementQuerySet, on: date) -> dict[str, int]:
    rows = agreements.as_of(on).order_by().values_list("status_on")
    return dict(rows.annotate(Count("pk")))


class Annual:
    """Gathers the report of a place, a year and a reader (None: the public)."""

    def __init__(self, place: Place, year: int, user: Any) -> None:
        today = timezone.localdate()
        self.place, self.year, self.user = place, year, user
        self.first, self.last = date(year, 1, 1), min(date(year, 12, 31), today)
        self.eve = self.first - timedelta(days=1) if year > MINYEAR else self.first
        self.is_over = today > date(year, 12, 31)
        self.mine = Agreement.objects.visible_to(user).with_party_among([place.pk])
        self.named = Prefetch("agreement", Agreement.objects.with_parties())

    def hanging(self, model: Any) -> Any:
        """The model's rows of these agreements, each with its agreement joined."""
        rows = model.objects.visible_to(self.user).filter(agreement__in=self.mine.order_by())
        return rows.prefetch_related(self.named)

    def report(self) -> Report:
        now, before = by_status(self.mine, self.last), by_status(self.mine, self.eve)
        steps, approvals, events = some(self.steps()), some(self.approvals()), some(self.events())
        delivered, overdue = some(self.delivered()), some(self.overdue())
        undated = self.hanging(Initiative).filter(state="delivered", delivered_on__isnull=True)
        return Report(
            place=self.place,
            year=self.year,
            until=self.last,
            is_over=self.is_over,
            counts=[
                Counted(status, now.get(status.value, 0), before.get(status.value, 0))
                for status in ORDER
            ],
            total=sum(now.values()),
            in_force=self.mine.in_force(self.last).count(),
            in_force_before=self.mine.in_force(self.eve).count(),
            steps=steps,
            approvals=approvals,
            events=events,
            delivered=delivered,
            delivered_some_day=undated.count(),
            overdue=overdue,
            partners=self.partners(),
            sources=self.sources(steps.rows, approvals.rows, events.rows),
        )

    def steps(self) -> Any:
        """Those that happened, or came on record, on a known day; the rest are of no year."""
        known = Q(happened_on__isnull=False) | Q(on_record_by__isnull=False)
        then = self.hanging(StatusChange).filter(effective_from__range=(self.first, self.last))
        steps = then.filter(known).prefetch_related(
            Prefetch("acted_by", Place.objects.with_names())
        )
        return steps.order_by("effective_from", "pk")

    def approvals(self) -> Any:
        decided = self.hanging(Approval).filter(in_span("decided_on", self.first, self.last))
        places = Place.objects.with_names()
        return decided.prefetch_related(Prefetch("party__place", places)).order_by(
            "decided_on", "pk"
        )

    def events(self) -> Any:
        places = Place.objects.with_names()
        seen = self.mine.order_by("reference").with_parties()
        rows = Event.objects.visible_to(self.user).filter(
            in_span("happened_on", self.first, self.last),
            pk__in=Event.agreements.through.objects.filter(
                agreement__in=self.mine.order_by()
            ).values("event"),
        )
        # Of the event's agreements only those of this place that the reader may see.
        return rows.prefetch_related(
            Prefetch("place", places), Prefetch("agreements", seen, to_attr="told_of")
        ).order_by("happened_on", "pk")

    def initiatives(self) -> Any:
        rows = self.hanging(Initiative).select_related("sector")
        return rows.order_by("due_on", "title", "pk")

    def delivered(self) -> Any:
        return self.initiatives().filter(in_span("delivered_on", self.first, self.last))

    def overdue(self) -> Any:
        """Due by then, and by then neither delivered nor dropped, as far as is on record."""
        later = Q(state="delivered", delivered_on__isnull=False) & ~Q(
            delivered_on__begun_by=self.last
        )
        still_open = ~Q(state__in=Initiative.CLOSED) | later
        day_after = self.last + timedelta(days=1) if self.is_over else self.last
        return self.initiatives().filter(still_open, due_on__over_before=day_after)

    def partners(self) -> list[Partner]:
        """The other parties of what was on record then, with where the ties stood."""
        found: dict[int, tuple[Place, set[str]]] = {}
        for agreement in self.mine.as_of(self.last).newest_first().with_parties()[:MOST]:
            for party in agreement.parties.all():
                if party.place_id != self.place.pk:
                    entry = found.setdefault(party.place_id, (party.place, set()))
                    entry[1].add(agreement.status_on)
        partners = [
            Partner(place, [status for status in ORDER if status in statuses])
            for place, statuses in found.values()
        ]
        return sorted(partners, key=lambda partner: partner.place.shown_name)

    def sources(self, steps: list, approvals: list, events: list) -> list[Source]:
        """Of what is told here, and what was published in the year of these agreements."""
        subjects = (("step", steps), ("approval", approvals), ("event", events))
        told = in_span("source__published_on", self.first, self.last)
        for name, rows in subjects:
            told |= Q(**{f"{name}__in": keys(rows)})
        cited = Citation.objects.visible_to(self.user).filter(agreement__in=self.mine.order_by())
        named = cited.filter(told).order_by().values("source")
        return list(Source.objects.visible_to(self.user).filter(pk__in=named)[:MOST])


def keys(rows: Iterable[Any]) -> list[int]:
    return [row.pk for row in rows]
