"""Partners that a place does not have yet, and what speaks for each.

Nothing is guessed: a reason is a partner or a sector that both have on record.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from agreements.models import Agreement, Party, Sector
from agreements.models.sectors import by_shown_name
from cities.models import Place
from common.filters import StrictFilterSet
from twinning.compare import Reader, partners_of, sectors_of

MOST_FOUND = 20
MOST_NAMED = 3


class FinderFilterSet(StrictFilterSet):
    """Nothing narrows it, and whatever is asked of it is refused by name."""

    class Meta:
        model = Place
        fields: tuple[str, ...] = ()


@dataclass
class Candidate:
    """A place of the same level without a tie; the counts say how many reasons there are."""

    place: Place
    partner_count: int = 0
    sector_count: int = 0
    partners: list[Place] = field(default_factory=list)
    sectors: list[Sector] = field(default_factory=list)

    @property
    def reasons(self) -> int:
        return self.partner_count + self.sector_count

    @property
    def more_partners(self) -> int:
        return self.partner_count - len(self.partners)


def candidates(place: Place, user: Reader) -> list[Candidate]:
    """Those with the most reasons first; nine queries, however many there are."""
    tied = list(partners_of(place, user).values_list("pk", flat=True))
    by_partners = _counted(place, tied, user, "agreement__parties__place", tied)
    mine = list(sectors_of(place, user).values_list("pk", flat=True))
    by_sectors = _counted(place, tied, user, "agreement__sectors", mine)
    keys = {*by_partners, *by_sectors}
    places = Place.objects.with_names().in_bulk(keys)
    found = [
        Candidate(places[key], by_partners.get(key, 0), by_sectors.get(key, 0)) for key in keys
    ]
    best = sorted(found, key=lambda one: (-one.reasons, one.place.name, one.place.slug))
    best = best[:MOST_FOUND]
    _name_the_reasons(best, tied, mine, user)
    return best


def _counted(
    place: Place, tied: list[int], user: Reader, reason: str, among: list[int]
) -> dict[int, int]:
    """How many of these reasons each place without a tie has, for those with the most."""
    if not among:
        return {}
    strangers = (
        Party.objects.order_by()
        .visible_to(user)
        .filter(place__level=place.level, **{f"{reason}__in": among})
    )
    strangers = strangers.exclude(Q(place__in=tied) | Q(place=place))
    counted = strangers.values("place").annotate(reasons=Count(reason, distinct=True))
    best = counted.order_by("-reasons", "place__name", "place__slug")[:MOST_FOUND]
    return {row["place"]: row["reasons"] for row in best}


def _name_the_reasons(
    found: Iterable[Candidate], tied: list[int], mine: list[int], user: Reader
) -> None:
    """Up to three partners and the sectors that each of the candidates shares."""
    by_key = {one.place.pk: one for one in found}
    seats = Party.objects.order_by().visible_to(user).filter(place__in=by_key)
    shared: dict[int, set[int]] = defaultdict(set)
    pairs = seats.filter(agreement__parties__place__in=tied)
    for key, partner in pairs.values_list("place", "agreement__parties__place"):
        if partner in tied:
            shared[key].add(partner)
    named = {key: sorted(partners)[:MOST_NAMED] for key, partners in shared.items()}
    places = Place.objects.with_names().in_bulk({pk for few in named.values() for pk in few})
    sectors = Sector.objects.with_names().in_bulk(mine)
    fields: dict[int, set[int]] = defaultdict(set)
    worked = seats.filter(agreement__sectors__in=mine)
    for key, sector in worked.values_list("place", "agreement__sectors"):
        fields[key] |= {sector} & sectors.keys()
    for key, one in by_key.items():
        one.partner_count, one.sector_count = len(shared[key]), len(fields[key])
        one.partners = [places[pk] for pk in named.get(key, ())]
        one.sectors = by_shown_name(sectors[pk] for pk in fields[key])


@require_safe
def finder(request: HttpRequest, slug: str) -> HttpResponse:
    place = Place.objects.with_names().filter(slug=slug).first()
    if place is None:
        kept = get_object_or_404(Place.objects.at(slug))
        return redirect("place-finder", kept.slug, permanent=True)
    refused = FinderFilterSet(request.GET, queryset=Place.objects.none(), request=request).refused
    mine = Agreement.objects.visible_to(request.user).with_party_among([place.pk])
    context: dict[str, Any] = {
        "place": place,
        "candidates": [] if refused else candidates(place, request.user),
        "agreement_count": mine.count(),
        "countries": Place.objects.by_country_code(),
        "refused": refused,
    }
    return render(request, "finder.html", context, status=400 if refused else 200)
