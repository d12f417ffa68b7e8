"""A place's agreements by status, and the partners that they tie it to."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from agreements.lifecycle import Status
from agreements.models import Agreement
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
    """A place tied by one agreement or more, the latest first."""

    place: Place
    agreements: list[Agreement] = field(default_factory=list)

    @property
    def statuses(self) -> list[Status]:
        """Each once, in the order of what is asked first."""
        return sorted({Status(one.status) for one in self.agreements}, key=ORDER.index)


def groups(agreements: Iterable[Agreement], counts: dict[Status, int]) -> list[Group]:
    shown = rows(agreements)
    return [
        Group(status, counts[status], [row for row in shown if row.agreement.status == status])
        for status in ORDER
        if counts[status]
    ]


def partners(agreements: Iterable[Agreement], place: Place) -> list[Partner]:
    """The other parties of the joined agreements, by name."""
    found: dict[int, Partner] = {}
    for agreement in agreements:
        for party in agreement.parties.all():
            if party.place_id != place.pk:
                partner = found.setdefault(party.place_id, Partner(party.place))
                partner.agreements.append(agreement)
    return sorted(found.values(), key=lambda partner: partner.place.shown_name)
