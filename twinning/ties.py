"""A place's agreements by status, and the partners that they tie it to."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, QuerySet

from agreements.lifecycle import ONCE_SIGNED, Status
from agreements.models import Agreement, Sector, StatusChange
from agreements.models.sectors import by_shown_name
from agreements.reciprocity import WhoLists, listed_by, seen_from
from agreements.rows import Row, rows
from cities.models import Place

# What a reader asks first comes first.
ORDER = (
    Status.SIGNED,
    Status.DRAFTED,
    Status.PROPOSED,
    Status.SUSPENDED,
    Status.ENDED,
    Status.WITHDRAWN,
)


@dataclass(frozen=True)
class Group:
    """Agreements of one status; ``total`` may be more than the rows that are shown."""

    status: Status
    total: int
    rows: list[Row]


@dataclass
class Partner:
    """A place tied by one agreement or more, the latest first.

    ``listing`` are the ids of the places whose own record holds one of them.
    """

    place: Place
    agreements: list[Agreement] = field(default_factory=list)
    listing: set[int] = field(default_factory=set)
    who_lists: WhoLists = WhoLists.OTHERS

    @property
    def statuses(self) -> list[Status]:
        """Each once, in the order of what is asked first."""
        return sorted({Status(one.status) for one in self.agreements}, key=ORDER.index)

    @property
    def since(self) -> StatusChange | None:
        """The earliest step on record as signed or after it; None before any signing."""
        steps = [
            step
            for one in self.agreements
            for step in one.steps.all()
            if step.to_status in ONCE_SIGNED
        ]
        return min(steps, key=lambda step: step.effective_from, default=None)

    @property
    def sectors(self) -> list[Sector]:
        """Each once, by name."""
        found = {sector for one in self.agreements for sector in one.sectors.all()}
        return by_shown_name(found)


def counts_by_status(agreements: QuerySet[Agreement]) -> dict[Status, int]:
    """How many there are of every status, 0 included."""
    found = dict(agreements.order_by().values_list("status").annotate(Count("pk")))
    return {status: found.get(status.value, 0) for status in Status}


def groups(agreements: Iterable[Agreement], counts: dict[Status, int]) -> list[Group]:
    shown = rows(agreements)
    return [
        Group(status, counts[status], [row for row in shown if row.agreement.status == status])
        for status in ORDER
        if counts[status]
    ]


def partners(agreements: Iterable[Agreement], place: Place) -> list[Partner]:
    """The other parties of the joined agreements, by name."""
    shown = list(agreements)
    listing = listed_by(shown)
    found: dict[int, Partner] = {}
    for agreement in shown:
        for party in agreement.parties.all():
            if party.place_id != place.pk:
                partner = found.setdefault(party.place_id, Partner(party.place))
                partner.agreements.append(agreement)
                partner.listing |= listing[agreement.pk]
    for partner in found.values():
        partner.who_lists = seen_from(place.pk, partner.place.pk, partner.listing)
    return sorted(found.values(), key=lambda partner: partner.place.shown_name)
