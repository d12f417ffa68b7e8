"""Open agreements of the same parties and kind, which may be one: a reason to look, and no more."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from agreements.lifecycle import Status
from agreements.models import Agreement, Party
from cities.duplicates import Pair, Pairs, Reason, alike, grouped
from common.dates import PartialDate
from common.dates_display import display_partial_date

OVER = (Status.ENDED, Status.WITHDRAWN)


@dataclass
class Known:
    """What is compared of an agreement."""

    kind: str
    status: str
    since: PartialDate | None
    title: str
    places: set[int] = field(default_factory=set)


def probable_agreements() -> list[Pair]:
    known = open_agreements()
    keys = (
        ((one.kind, frozenset(one.places)), pk) for pk, one in known.items() if len(one.places) > 1
    )
    pairs = Pairs(Agreement)
    for one, other in alike(grouped(keys)):
        pairs.add(one, other, Reason(2, _("The same parties and the same kind.")))
    for pair in pairs.found.values():
        pair.reasons += compared(known[pair.low], known[pair.high])
    return pairs.strongest_first()


def open_agreements() -> dict[int, Known]:
    seats = (
        Party.objects.filter(agreement__merged_into__isnull=True)
        .exclude(agreement__status__in=OVER)
        .order_by()
    )
    fields = ("kind", "status", "status_since", "title")
    known: dict[int, Known] = {}
    rows = seats.values_list("agreement", "place", *(f"agreement__{name}" for name in fields))
    for agreement, place, *facts in rows.iterator():
        known.setdefault(agreement, Known(*facts)).places.add(place)
    return known


def compared(one: Known, other: Known) -> list[Reason]:
    found: list[Reason] = []
    if one.status == other.status:
        found.append(Reason(1, _("Both stand as the same.")))
        found += days(one.since, other.since)
    if one.title and other.title and one.title.casefold() != other.title.casefold():
        found.append(Reason(-1, _("Each has a title of its own, and they differ.")))
    return found


def days(one: PartialDate | None, other: PartialDate | None) -> list[Reason]:
    if one is None or other is None:
        return [Reason(1, _("Of one of them the day is not known."))]
    spans: dict[str, Any] = {"one": display_partial_date(one), "other": display_partial_date(other)}
    if one.over_before(other) or other.over_before(one):
        return [Reason(-3, _("Since different days: %(one)s, %(other)s."), spans)]
    return [Reason(2, _("Since the same time: %(one)s, %(other)s."), spans)]
