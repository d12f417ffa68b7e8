"""Which place on record a row means: by id, else by exact name and country, never by a guess.

Folded names serve for candidates alone, which are offered to a person.
"""

import difflib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from agreements.imports.claims import Named
from agreements.imports.country_cells import same
from agreements.imports.wording import said
from cities.models import Place, PlaceIdentifier, PlaceName
from common.names import fold

MOST_CANDIDATES = 5
TWO_NEW_PLACES = _(
    "The list gives one of these ids to another new place as well. Take the wrong one away."
)
REGISTERS = {scheme.value: scheme.label for scheme in PlaceIdentifier.Scheme}


class Known(NamedTuple):
    """A place on record, as far as matching needs it."""

    pk: int
    name: str
    country: str
    level: str

    @property
    def identity(self) -> str:
        return f"on record {self.pk}"


@dataclass(frozen=True)
class Fresh:
    """A place to be made, for no place on record can be meant. ``key`` is its identity."""

    key: str
    name: str
    country: str
    ids: tuple[tuple[str, str], ...] = ()

    @property
    def identity(self) -> str:
        return f"new {self.key}"


@dataclass
class Found:
    """What a row's words for a place come to. ``about`` is the column that is doubtful."""

    place: Known | Fresh | None = None
    about: str = "name"
    why: Any = ""
    candidates: list[tuple[Known, Any]] = field(default_factory=list)
    doubts: list[tuple[str, Any]] = field(default_factory=list)


class Gazetteer:
    """All places on record by their ids and names, read in three queries."""

    def __init__(self, *, make_places: bool = False) -> None:
        self.make_places = make_places
        rows = Place.objects.values_list("pk", "name", "country_code", "level")
        self.known = {row[0]: Known(*row) for row in rows.iterator()}
        self.by_id: dict[tuple[str, str], int] = {}
        self.ids: dict[int, list[tuple[str, str]]] = defaultdict(list)
        ids = PlaceIdentifier.objects.order_by("pk").values_list("scheme", "value", "place_id")
        for scheme, value, pk in ids.iterator():
            self.by_id[scheme, value] = pk
            self.ids[pk].append((scheme, value))
        self.by_name: dict[str, set[int]] = defaultdict(set)
        for place in self.known.values():
            self.by_name[same(place.name)].add(place.pk)
        for text, pk in PlaceName.objects.order_by().values_list("text", "place_id").iterator():
            self.by_name[same(text)].add(pk)
        self.fresh: dict[str, Fresh] = {}
        self.fresh_by_id: dict[tuple[str, str], Fresh] = {}
        self.fresh_by_name: dict[tuple[str, str], list[Fresh]] = defaultdict(list)
        self.found_before: dict[Named, Found] = {}

    @cached_property
    def by_folded(self) -> dict[str, set[int]]:
        """Only where a candidate must be sought: folding every name takes its time."""
        folded: dict[str, set[int]] = defaultdict(set)
        for name, places in self.by_name.items():
            folded[fold(name)] |= places
        folded.pop("", None)
        return folded

    @cached_property
    def folded_in_country(self) -> dict[str, dict[str, set[str]]]:
        """Folded names of each country by their first letters."""
        names: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for name, places in self.by_folded.items():
            for pk in places:
                names[self.known[pk].country][name[:1]].add(name)
        return names

    def look_up(self, all_named: Iterable[Named]) -> None:
        """Those with ids first: what is called by its name alone may be one of them, and new."""
        waiting = set(all_named) - self.found_before.keys()
        for named in sorted(waiting, key=lambda named: (-len(self._given_ids(named)), named)):
            self.found_before[named] = self._by_ids(named) or self._by_name(named)

    def find(self, named: Named) -> Found:
        """What ``look_up`` found for it."""
        return self.found_before[named]

    # By an id

    def _given_ids(self, named: Named) -> list[tuple[str, str]]:
        both = (("wikidata", named.wikidata), ("geonames", named.geonames))
        return [(scheme, value) for scheme, value in both if value]

    def _by_ids(self, named: Named) -> Found | None:
        given = self._given_ids(named)
        hits = {self.by_id[each]: each for each in reversed(given) if each in self.by_id}
        if not hits:
            return None
        candidates = [(self.known[pk], self._has_id(each)) for pk, each in hits.items()]
        if len(hits) > 1:
            return Found(
                about=given[0][0],
                why=_("The two ids are of two places on record. Take the wrong one away."),
                candidates=candidates,
            )
        place = candidates[0][0]
        if other := self._other_id(place.pk, given):
            return Found(
                about=other[0],
                why=_("The place on record has another id of that register. Correct the ids."),
                candidates=[(place, self._has_id(other))],
            )
        return Found(place, doubts=self._doubts(named, place))

    def _has_id(self, each: tuple[str, str]) -> Any:
        return said(_("has the %(register)s id %(id)s"), register=REGISTERS[each[0]], id=each[1])

    def _other_id(self, pk: int, given: list[tuple[str, str]]) -> tuple[str, str] | None:
        """An id of the place which says that it is another one than that with the ``given``."""
        own = self.ids.get(pk, [])
        for each in given:
            of_scheme = [other for other in own if other[0] == each[0]]
            if of_scheme and each not in of_scheme:
                return of_scheme[0]
        return None

    def _doubts(self, named: Named, place: Known) -> list[tuple[str, Any]]:
        doubts = []
        if named.name and not self._is_called(place, named.name):
            doubts.append(
                (
                    "name",
                    said(
                        _(
                            "The id is of %(place)s, which has no such name on record. If both "
                            "are right, record the name."
                        ),
                        place=place.name,
                    ),
                )
            )
        if named.country and place.country and named.country != place.country:
            doubts.append(
                (
                    "country",
                    said(
                        _("The id is of %(place)s, which lies in %(country)s on record."),
                        place=place.name,
                        country=place.country,
                    ),
                )
            )
        return doubts

    def _is_called(self, place: Known, name: str) -> bool:
        if place.pk in self.by_name.get(same(name), ()):
            return True
        return place.pk in self.by_folded.get(fold(name), ())

    # By name and country

    def _by_name(self, named: Named) -> Found:
        given = self._given_ids(named)
        hits = [
            self.known[pk]
            for pk in sorted(self.by_name.get(same(named.name), ()))
            if named.name and named.country and self.known[pk].country == named.country
        ]
        if len(hits) == 1 and not self._other_id(hits[0].pk, given):
            return Found(hits[0], doubts=self._id_not_on_record(given))
        if len(hits) > 1:
            why = _("Several places of this name and country are on record. Give an id.")
            return Found(why=why, candidates=self._with_reasons(hits, named))
        candidates = self._with_reasons(hits, named) or self._like_it(named)
        if self._may_be_made(named, given, hits, candidates):
            return self._to_be_made(named, given)
        about, why = self._why_not(named, given, bool(candidates))
        return Found(about=about, why=why, candidates=candidates)

    def _id_not_on_record(self, given: list[tuple[str, str]]) -> list[tuple[str, Any]]:
        return [
            (scheme, _("This id is not on record here; the place was found by name and country."))
            for scheme, _value in given
        ]

    def _may_be_made(self, named, given, hits, candidates) -> bool:
        if not (self.make_places and named.name and named.country) or hits:
            return False
        alike = fold(named.name)
        return not any(
            place.country == named.country
            and place.pk in self.by_folded.get(alike, ())
            and not self._other_id(place.pk, given)
            for place, _why in candidates
        )

    def _to_be_made(self, named: Named, given: list[tuple[str, str]]) -> Found:
        namesakes = self.fresh_by_name[same(named.name), named.country]
        if found := self._fresh_with(given):
            if self._tells_apart(found, given):
                return Found(about=given[0][0], why=TWO_NEW_PLACES)
            if found not in namesakes:
                namesakes.append(found)
            return Found(found)
        if len(namesakes) == 1 and not given:
            return Found(namesakes[0])
        schemes = {scheme for scheme, _value in given}
        if not all(schemes & {scheme for scheme, _value in other.ids} for other in namesakes):
            return Found(
                why=_(
                    "The list has several new places of this name and country. Give each row the "
                    "same sort of id, so that they can be told apart."
                )
            )
        fresh = Fresh(named.key, named.name, named.country, tuple(given))
        self.fresh[fresh.key] = fresh
        self.fresh_by_id |= dict.fromkeys(given, fresh)
        namesakes.append(fresh)
        return Found(fresh)

    def _fresh_with(self, given: list[tuple[str, str]]) -> Fresh | None:
        return next((self.fresh_by_id[each] for each in given if each in self.fresh_by_id), None)

    def _tells_apart(self, fresh: Fresh, given: list[tuple[str, str]]) -> bool:
        """Whether one of the ids says that it is another place than that with the others."""
        own = dict(fresh.ids)
        return any(own.get(scheme, value) != value for scheme, value in given)

    def _why_not(self, named: Named, given: list[tuple[str, str]], offered: bool):
        if not named.name:
            return given[0][0], said(
                _(
                    "No place on record has the %(register)s id %(id)s. Record the place first, or "
                    "give its name and country too."
                ),
                register=REGISTERS[given[0][0]],
                id=given[0][1],
            )
        if not named.country:
            return "country", _("A name alone is not enough. Say in which country, or give an id.")
        if offered:
            return "name", _(
                "No place on record has just this name in this country. If one of those below is "
                "meant, give its id; else record the place first."
            )
        if self.make_places:
            return "name", _("No place on record has this name in this country.")
        return "name", _(
            "No place on record has this name in this country. Record the place first, or ask for "
            "new places to be made."
        )

    # Candidates

    def _with_reasons(self, places: list[Known], named: Named) -> list[tuple[Known, Any]]:
        given = self._given_ids(named)
        found = []
        for place in places[:MOST_CANDIDATES]:
            if other := self._other_id(place.pk, given):
                found.append(
                    (
                        place,
                        said(
                            _("same name and country, but its %(register)s id is %(id)s"),
                            register=REGISTERS[other[0]],
                            id=other[1],
                        ),
                    )
                )
            else:
                found.append((place, _("same name and country")))
        return found

    def _like_it(self, named: Named) -> list[tuple[Known, Any]]:
        """The same name elsewhere, names written much like it, and the nearest of the country."""
        if not named.name:
            return []
        alike = fold(named.name)
        reasons: dict[int, Any] = {}
        for pk in sorted(self.by_name.get(same(named.name), ())):
            reasons[pk] = self._same_name(self.known[pk], named)
        for pk in sorted(self.by_folded.get(alike, ())):
            reasons.setdefault(pk, _("a name written much like it"))
        if named.country:
            names = self.folded_in_country.get(named.country, {}).get(alike[:1], ())
            near = difflib.get_close_matches(alike, sorted(names), n=3, cutoff=0.75)
            for name in near:
                for pk in sorted(self.by_folded[name]):
                    if self.known[pk].country == named.country:
                        reasons.setdefault(pk, _("a similar name in the same country"))
        ordered = sorted(reasons, key=lambda pk: self.known[pk].country != named.country)
        return [(self.known[pk], reasons[pk]) for pk in ordered[:MOST_CANDIDATES]]

    def _same_name(self, place: Known, named: Named) -> Any:
        if not named.country:
            return _("same name")
        if not place.country:
            return _("same name; its country is not on record")
        return said(_("same name, in %(country)s"), country=place.country)
