"""The map of the world: places and ties while they are few, countries where they are many."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import log
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from agreements.filters import AgreementFilterSet
from agreements.listing import AgreementFilters
from agreements.maps import MORE_EMS, SmallMap, Stroke, Tie, dot, small_map, stroke_of
from agreements.models import Agreement
from cities.centres import centres, whereabouts
from cities.models import Place
from common.earth import Point, Spot, View, arc, project, world_view
from common.listing import FilteredListView, without_page
from twinning.map_counts import (
    Between,
    between_countries,
    between_places,
    by_country,
    by_place,
)
from twinning.ties import Partner

# More places than these become their countries; of pairs, so many of the strongest are drawn.
MOST_PLACES = 150
MOST_PAIRS = 120
MOST_PAIRS_AT_HOME = 60
LARGEST, WIDEST = 6, 4


@dataclass(frozen=True)
class Mark:
    """A place, or a country for all its places; ``at`` is None where it has no coordinates.

    ``within`` counts what stays inside a country. Addresses are None where no list has just that.
    """

    key: Any
    place: Place
    spot: Spot | None
    agreements: int
    address: str | None
    places: int = 1
    within: int = 0
    within_address: str | None = None

    @property
    def at(self) -> Point | None:
        return project(self.spot) if self.spot else None

    @property
    def path(self) -> str:
        return dot(self.at) if self.at else ""

    @property
    def size(self) -> int:
        """From 1 to ``LARGEST``, one more for four times as many."""
        return min(1 + int(log(max(self.agreements, 1), 4)), LARGEST)


@dataclass(frozen=True)
class Pair:
    """Two marks and what is between them; ``path`` is '' where one is not on the map."""

    one: Mark
    other: Mark
    agreements: int
    stroke: Stroke
    path: str
    address: str | None

    @property
    def weight(self) -> int:
        """From 1 to ``WIDEST``, one more for six times as many."""
        return min(1 + int(log(max(self.agreements, 1), 6)), WIDEST)


@dataclass(frozen=True)
class Atlas:
    """``pairs`` are the strongest of ``pair_count``. What is drawn is also a row of a table."""

    of_countries: bool
    marks: list[Mark]
    pairs: list[Pair]
    pair_count: int
    place_count: int
    # Places that no country is known of, where countries are shown.
    stateless: int = 0

    @property
    def view(self) -> View:
        return world_view(mark.at for mark in self.marks if mark.at)

    @property
    def off_the_map(self) -> int:
        return sum(not mark.spot for mark in self.marks)

    @property
    def strokes(self) -> list[Stroke]:
        return [stroke for stroke in Stroke if stroke in {pair.stroke for pair in self.pairs}]


class Narrowing:
    """Addresses of lists: what was asked already, and a country or place or two besides."""

    def __init__(self, query: QueryDict, name: str, own: dict[str, str] | None = None) -> None:
        """``name`` is ``country`` or ``place``; ``own`` turns a key that was asked into today's."""
        self.names = name, f"with_{name}"
        self.asked = [(own or {}).get(one, one) for one in given(query, *self.names)]
        rest = query.copy()
        for key in self.names:
            rest.pop(key, None)
        more = f"{rest.urlencode()}&" if rest else ""
        self.start = f"{reverse('agreement-list')}?{more}"

    def of(self, *keys: str) -> str | None:
        """The list of what has these as parties; None where parameters cannot say that."""
        if len(self.asked) > len(set(self.asked)):  # what stays within one country
            wanted = self.asked if set(keys) == set(self.asked) else []
        else:
            wanted = [*keys, *(one for one in self.asked if one not in keys)]
        if not 0 < len(wanted) <= 2:
            return None
        return self.start + urlencode(list(zip(self.names, wanted, strict=False)))


def atlas(agreements: QuerySet[Agreement], query: QueryDict, on: date | None = None) -> Atlas:
    """The map of these visible agreements, which ``query`` finds in the list of agreements."""
    counted = by_country(agreements)
    place_count = sum(places for _ties, places in counted.values())
    if place_count <= MOST_PLACES:
        return atlas_of_places(agreements, query, on)
    return atlas_of_countries(agreements, query, on, counted=counted)


def atlas_of_places(agreements: QuerySet[Agreement], query: QueryDict, on: date | None) -> Atlas:
    counted = by_place(agreements)
    places = Place.objects.filter(pk__in=counted).with_names()
    narrowing = Narrowing(query, "place", slugs_asked(query))
    marks = {
        place.pk: Mark(
            place.pk, place, whereabouts(place), counted[place.pk], narrowing.of(place.slug)
        )
        for place in places
    }
    between = between_places(agreements, on)

    def address(one: Mark, other: Mark, found: Between) -> str | None:
        if found.reference:
            return reverse("agreement-detail", args=[found.reference])
        return narrowing.of(one.place.slug, other.place.slug)

    pairs = strongest(between, marks, address, MOST_PAIRS)
    return Atlas(False, most_first(marks.values()), pairs, len(between), len(marks))


def atlas_of_countries(
    agreements: QuerySet[Agreement],
    query: QueryDict,
    on: date | None,
    *,
    counted: dict[str, tuple[int, int]],
    most: int = MOST_PAIRS,
) -> Atlas:
    between = between_countries(agreements, on)
    countries = Place.objects.by_country_code()
    narrowing = Narrowing(upper(query), "country")
    spots = centres()
    marks = {
        code: Mark(
            code,
            countries.get(code) or unnamed(code),
            spots.get(code),
            ties,
            narrowing.of(code),
            places,
            within=between[code, code].count if (code, code) in between else 0,
            within_address=narrowing.of(code, code),
        )
        for code, (ties, places) in counted.items()
        if code
    }
    abroad = {pair: found for pair, found in between.items() if pair[0] != pair[1] and all(pair)}
    pairs = strongest(
        abroad, marks, lambda one, other, found: narrowing.of(one.key, other.key), most
    )
    return Atlas(
        True,
        most_first(marks.values()),
        pairs,
        len(abroad),
        sum(places for _ties, places in counted.values()),
        stateless=counted.get("", (0, 0))[1],
    )


def strongest(between: dict, marks: dict, address: Any, most: int) -> list[Pair]:
    """The pairs with the most agreements, as far as both are marks."""
    known = [(keys, found) for keys, found in between.items() if set(keys) <= marks.keys()]
    first = sorted(known, key=lambda row: (-row[1].count, row[0]))[:most]
    return [pair(marks[one], marks[other], found, address) for (one, other), found in first]


def pair(one: Mark, other: Mark, found: Between, address: Any) -> Pair:
    path = arc(one.spot, other.spot) if one.spot and other.spot else ""
    stroke = stroke_of(found.statuses)
    return Pair(one, other, found.count, stroke, path, address(one, other, found))


def most_first(marks: Iterable[Mark]) -> list[Mark]:
    return sorted(marks, key=lambda mark: (-mark.agreements, mark.place.shown_name))


def unnamed(code: str) -> Place:
    """Stands for a country that is no record of the register."""
    return Place(name=code, name_language="", level=Place.Level.COUNTRY, country_code=code)


def given(query: QueryDict, *names: str) -> list[str]:
    return [value for name in names for value in query.getlist(name) if value]


def upper(query: QueryDict) -> QueryDict:
    """Country codes may be asked for in small letters."""
    query = query.copy()
    for name in ("country", "with_country"):
        query.setlist(name, [code.upper() for code in given(query, name)])
    return query


def slugs_asked(query: QueryDict) -> dict[str, str]:
    """Of places that are asked for by a Wikidata id or an old address, the address of today."""
    asked = given(query, "place", "with_place")
    places = {key: Place.objects.called(key).first() for key in asked}
    return {key: place.slug for key, place in places.items() if place}


class WorldMap(AgreementFilters, FilteredListView):
    """The map takes the parameters of the list of agreements, and shows what that would list."""

    filterset_class = AgreementFilterSet
    template_name = "map.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        visible = Agreement.objects.visible_to(request.user)
        filterset = AgreementFilterSet(
            request.GET, queryset=visible, request=request, passed_over=set()
        )
        refused = {
            name: [str(message) for message in messages]
            for name, messages in filterset.form.errors.items()
        }
        query = without_page(request.GET)
        context = {
            "filterset": filterset,
            "refused": refused,
            "chosen": [] if refused else self.chosen(filterset),
            "query": query.urlencode(),
            "as_of": filterset.day,
            "count": 0 if refused else filterset.qs.count(),
            "atlas": None if refused else atlas(filterset.qs, query, filterset.day),
            "countries": Place.objects.by_country_code(),
        }
        return render(request, self.template_name, context, status=400 if refused else 200)


def world_in_force(user: Any) -> Atlas:
    """For the home page: what is in force today as this reader sees it, country by country."""
    in_force = Agreement.objects.visible_to(user).in_force()
    return atlas_of_countries(
        in_force,
        QueryDict("in_force=true"),
        None,
        counted=by_country(in_force),
        most=MOST_PAIRS_AT_HOME,
    )


def map_of_partners(place: Place, partners: Iterable[Partner]) -> SmallMap | None:
    """A place and its partners, as the page of the place has them."""
    partners = list(partners)
    ties = [Tie(place, partner.place, partner.statuses) for partner in partners]
    if not ties:
        return None
    places = [place, *(partner.place for partner in partners)]
    return small_map(places, ties, named=[place], ems=MORE_EMS)
