"""What a map counts: agreements by country or place, and by pair of them, in the database.

Hand in agreements that are ``visible_to`` whoever asks: nothing else is counted.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, F, Min, QuerySet, Subquery
from django.db.models.functions import Greatest, Least

from agreements.models import Agreement, Party
from agreements.querysets import latest_step

COUNTRY = "place__country_code"
PLACE = "place"
OTHER_COUNTRY = "agreement__parties__place__country_code"
OTHER_PLACE = "agreement__parties__place"


@dataclass
class Between:
    """What is between two countries or places; ``reference`` is set where it is one agreement."""

    count: int = 0
    statuses: set[str] = field(default_factory=set)
    reference: str = ""

    def add(self, status: str, count: int, first: str = "") -> None:
        self.count += count
        self.statuses.add(status)
        self.reference = first if self.count == 1 else ""


def seats(agreements: QuerySet[Agreement]) -> QuerySet[Party]:
    return Party.objects.order_by().filter(agreement__in=agreements.order_by().values("pk"))


def by_country(agreements: QuerySet[Agreement]) -> dict[str, tuple[int, int]]:
    """For each code, '' among them: how many agreements, and between how many of its places."""
    counted = (
        seats(agreements)
        .values(COUNTRY)
        .annotate(ties=Count("agreement", distinct=True), places=Count(PLACE, distinct=True))
    )
    return {
        code: (ties, places)
        for code, ties, places in counted.values_list(COUNTRY, "ties", "places")
    }


def by_place(agreements: QuerySet[Agreement]) -> dict[int, int]:
    """For each place's id, how many agreements."""
    counted = seats(agreements).values(PLACE).annotate(ties=Count("agreement"))
    return dict(counted.values_list(PLACE, "ties"))


def between_countries(
    agreements: QuerySet[Agreement], on: date | None = None
) -> dict[tuple[str, str], Between]:
    """By pair of codes in the order of letters; one code twice is what stays within a country."""
    found: dict[tuple[str, str], Between] = defaultdict(Between)
    rows = pairs(agreements, COUNTRY, OTHER_COUNTRY, on)
    for low, high, status, ties in rows.values_list("low", "high", "standing", "ties"):
        found[low, high].add(status, ties)
    return dict(found)


def between_places(
    agreements: QuerySet[Agreement], on: date | None = None
) -> dict[tuple[int, int], Between]:
    """By pair of ids, the smaller first."""
    found: dict[tuple[int, int], Between] = defaultdict(Between)
    rows = pairs(agreements, PLACE, OTHER_PLACE, on).annotate(first=Min("agreement__reference"))
    for low, high, status, ties, first in rows.values_list(
        "low", "high", "standing", "ties", "first"
    ):
        found[low, high].add(status, ties, first)
    return dict(found)


def pairs(agreements: QuerySet[Agreement], one: str, other: str, on: date | None) -> QuerySet:
    """Rows of ``low``, ``high``, ``standing`` and ``ties``: each agreement once for each pair."""
    twice = seats(agreements).filter(agreement__parties__place__gt=F(PLACE))
    return twice.values(
        low=Least(F(one), F(other)), high=Greatest(F(one), F(other)), standing=standing(on)
    ).annotate(ties=Count("agreement", distinct=True))


def standing(on: date | None):
    """The status of a seat's agreement on that day; of today where no day is asked about."""
    if on is None:
        return F("agreement__status")
    return Subquery(latest_step(on, "agreement").values("to_status")[:1])
