"""The agreements that a query finds, counted from every side.

Each number is of rows that the reader may see, and equals the count of the list behind it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, CharField, Count, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Substr

from agreements.lifecycle import Status
from agreements.models import Agreement, Party, Sector, Span, StatusChange
from agreements.models.history import DayAsText, StatusChangeQuerySet
from agreements.models.sectors import by_shown_name
from agreements.querysets import AgreementQuerySet
from common.dates import PartialDate

UNKNOWN = "unknown"
SINGLE = ("status", "kind", "evidence")


@dataclass(frozen=True)
class InForce:
    """How many were in force on a day; ``dated`` counts those in force since a known day."""

    day: date
    dated: int
    undated: int

    @property
    def number(self) -> int:
        return self.dated + self.undated


def by_single(found: AgreementQuerySet, *, as_of: bool) -> dict[str, Counter[str]]:
    """By each of ``SINGLE``, of which an agreement has one value: one query for all of them."""
    rows = found.order_by().with_evidence()
    rows = rows.annotate(its_status=F("status_on" if as_of else "status"))
    cells = rows.values_list("its_status", "kind", "evidence_found")
    counted: dict[str, Counter[str]] = {name: Counter() for name in SINGLE}
    for *values, number in cells.annotate(number=Count("pk")):
        for name, value in zip(SINGLE, values, strict=True):
            counted[name][value] += number
    return counted


def by_decade(found: AgreementQuerySet) -> Counter[str]:
    """By the decade of the first signing, such as 1990, or UNKNOWN; what never was is left out."""
    spans = Span.objects.current().among(found)
    rows = spans.exclude(decade="").order_by().values_list("decade")
    return Counter(dict(rows.annotate(number=Count("agreement_id"))))


def steps_of(found: AgreementQuerySet) -> StatusChangeQuerySet:
    """The steps of agreements that the reader may see."""
    return StatusChange.objects.order_by().filter(agreement__in=found.order_by().values("pk"))


def by_country(found: AgreementQuerySet) -> Counter[str]:
    """By the country of a party; an agreement counts once in each of its countries."""
    seats = Party.objects.order_by().filter(agreement__in=found.order_by().values("pk"))
    rows = seats.values_list("place__country_code")
    return Counter(dict(rows.annotate(number=Count("agreement", distinct=True))))


def by_sector(found: AgreementQuerySet) -> tuple[dict[Sector, int], int]:
    """All sectors, and how many agreements have any; one counts once in each of its own."""
    through = Agreement.sectors.through.objects
    rows = through.filter(agreement__in=found.order_by().values("pk"))
    numbers = dict(rows.values_list("sector").annotate(number=Count("pk")))
    any_sector = rows.aggregate(number=Count("agreement", distinct=True))["number"]
    sectors = by_shown_name(Sector.objects.with_names())
    return {sector: numbers.get(sector.pk, 0) for sector in sectors}, any_sector


# --- In force through time ----------------------------------------------------------------


@dataclass(frozen=True)
class Spells:
    """Steps that begin or leave a time of being signed, alike in all that bears on being in force.

    ``sign`` is 1 for those that begin it and -1 for those that leave it; ``since`` is the year of
    the step, ``begins`` and ``over`` the years in which the term begins and at the end of which
    it has expired. ``now`` of the ``number`` are of weight on the day that is asked about.
    """

    sign: int
    dated: bool
    since: int
    begins: int
    over: int | None
    number: int
    now: int

    def at_the_end_of(self, year: int) -> int:
        """How many are of weight on the last day of that year."""
        expired = self.over is not None and self.over <= year
        return 0 if expired or max(self.since, self.begins) > year else self.number


def in_force(found: AgreementQuerySet, years: Iterable[int], day: date) -> list[InForce]:
    """At the end of each of these years and then on the day, in two queries however many.

    Whoever is signed by a day and has not left by then is signed on it. So those who left are
    taken from those who came, under the same bounds of their terms.
    """
    steps = steps_of(found)
    before = StatusChange.objects.filter(
        agreement=OuterRef("agreement"), sequence=OuterRef("sequence") - 1
    )
    first = Subquery(before.values("happened_on")[:1], output_field=CharField())
    spells = [
        *_spells(1, steps.filter(to_status=Status.SIGNED), F("happened_on"), day),
        *_spells(-1, steps.filter(from_status=Status.SIGNED), first, day),
    ]
    ends = [
        InForce(date(year, 12, 31), *_sums(spells, [one.at_the_end_of(year) for one in spells]))
        for year in years
    ]
    return [*ends, InForce(day, *_sums(spells, [one.now for one in spells]))]


def _sums(spells: list[Spells], numbers: list[int]) -> tuple[int, int]:
    """Those since a known day, and those since an unknown one."""
    found = {True: 0, False: 0}
    for one, number in zip(spells, numbers, strict=True):
        found[one.dated] += one.sign * number
    return found[True], found[False]


def _spells(sign: int, steps: Any, came_on: Any, day: date) -> Iterator[Spells]:
    begun = Q(agreement__starts_on__isnull=True) | Q(agreement__starts_on__begun_by=day)
    over = Q(agreement__expires_on__isnull=False, agreement__expires_on__over_before=day)
    rows = steps.annotate(
        came_on=came_on,
        since=Substr(DayAsText("effective_from"), 1, 4),
        begins=Substr("agreement__starts_on", 1, 4, output_field=CharField()),
    ).annotate(dated=Case(When(came_on__isnull=False, then=Value(1)), default=Value(0)))
    cells = rows.values_list("dated", "since", "begins", "agreement__expires_on").annotate(
        number=Count("pk"), now=Count("pk", filter=Q(effective_from__lte=day) & begun & ~over)
    )
    for dated, since, begins, expires, number, now in cells:
        yield Spells(
            sign, bool(dated), int(since), int(begins or since), _over(expires), number, now
        )


def _over(expires: PartialDate | None) -> int | None:
    """The first year at the end of which a term to that day has expired."""
    if expires is None:
        return None
    whole = expires.last_day == date(expires.year, 12, 31)
    return expires.year + 1 if whole else expires.year
