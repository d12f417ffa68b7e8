"""Places and officials of whom two records may be one: a reason to look, and no more.

Names that fold alike never decide anything. Rows are read once and grouped by what they share, so
that ten thousand places are not compared each with each.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, combinations, product
from math import asin, cos, floor, hypot, radians, sin
from typing import Any

from django.db.models import Model, TextChoices
from django.utils.translation import gettext_lazy as _

from cities.models import (
    Appointment,
    DistinctPair,
    Official,
    Place,
    PlaceIdentifier,
    PlaceName,
    Spelling,
)
from cities.scripts import script_of

EARTH_KM = 6371.0
NEAR_KM = 3.0
FAR_KM = 50.0
# So many that are alike are told as pairs with their first, not as pairs of each with each.
MOST_IN_A_GROUP = 12
SHORTEST_SKELETON = 3
SHORTEST_WORD = 4
# Words that half of the world's towns have in their names.
COMMON_WORDS = frozenset(
    "city town village district municipality province region oblast county saint sankt santa "
    "north south east west upper lower nova novo shahr shahrestan".split()
)
# Scripts that write few vowels or none, so that names meet in their consonants.
WITHOUT_VOWELS = frozenset({"Arab", "Hebr", "Syrc"})
SKELETON = str.maketrans({**dict.fromkeys("aeiouyh '’", None), "w": "v", "q": "k"})


class Strength(TextChoices):
    LIKELY = "likely", _("likely one")
    POSSIBLE = "possible", _("perhaps one")
    DOUBTFUL = "doubtful", _("something speaks against it")


@dataclass(frozen=True)
class Reason:
    """Words for people, put together only when they are read; ``weight`` below 0 speaks against."""

    weight: int
    text: Any
    params: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return str(self.text) % self.params if self.params else str(self.text)


@dataclass
class Pair:
    """Two records by their numbers, the lower first, and what speaks for and against one."""

    model: type[Model]
    low: int
    high: int
    reasons: list[Reason] = field(default_factory=list)

    @property
    def score(self) -> int:
        return sum(reason.weight for reason in self.reasons)

    @property
    def strength(self) -> Strength:
        if self.score >= 4:
            return Strength.LIKELY
        return Strength.POSSIBLE if self.score >= 2 else Strength.DOUBTFUL

    @property
    def speaking_for(self) -> list[Reason]:
        return [reason for reason in self.reasons if reason.weight >= 0]

    @property
    def speaking_against(self) -> list[Reason]:
        return [reason for reason in self.reasons if reason.weight < 0]


class Pairs:
    """Pairs of one model as they are found. Those that were told apart are passed over."""

    def __init__(self, model: type[Model]) -> None:
        self.model = model
        self.told_apart = DistinctPair.objects.told_apart(model)
        self.found: dict[tuple[int, int], Pair] = {}

    def __contains__(self, key: tuple[int, int]) -> bool:
        return key in self.found

    def add(self, one: int, other: int, reason: Reason) -> None:
        low, high = sorted((one, other))
        if low != high and (low, high) not in self.told_apart:
            pair = self.found.setdefault((low, high), Pair(self.model, low, high))
            pair.reasons.append(reason)

    def strongest_first(self) -> list[Pair]:
        return sorted(self.found.values(), key=lambda pair: (-pair.score, pair.low, pair.high))


def alike(groups: Iterable[Iterable[int]]) -> Iterator[tuple[int, int]]:
    """The pairs within each group, each pair as often as its groups have it."""
    for group in groups:
        members = sorted(set(group))
        if len(members) > MOST_IN_A_GROUP:
            yield from ((members[0], other) for other in members[1:])
        else:
            yield from combinations(members, 2)


def grouped(keys: Iterable[tuple[Hashable, int]]) -> Iterator[list[int]]:
    """The rows that share a key, where several do."""
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for key, row in keys:
        groups[key].append(row)
    return (rows for rows in groups.values() if len(rows) > 1)


# --- Places -------------------------------------------------------------------------------


@dataclass
class Known:
    """What is compared of a place; ``names`` are texts by their folded forms."""

    pk: int
    level: str
    country: str
    parent: int | None
    at: tuple[float, float] | None
    names: dict[str, str] = field(default_factory=dict)
    wikidata: set[str] = field(default_factory=set)


def probable_places() -> list[Pair]:
    """Of the same level, and alike in a name within a country, or in a name and where they lie."""
    places = known_places()
    pairs = Pairs(Place)
    for one, other in alike(grouped(by_name(places))):
        if (min(one, other), max(one, other)) not in pairs:
            pairs.add(one, other, shared_name(places[one], places[other]))
    for one, other in alike(grouped(by_consonants(places))):
        if (one, other) not in pairs and (reason := other_script(places[one], places[other])):
            pairs.add(one, other, reason)
    for one, other in sorted(neighbours(places)):
        near = kilometres(places[one], places[other])
        if near is not None and near <= NEAR_KM:
            if (one, other) not in pairs:
                pairs.add(one, other, similar_name(places[one], places[other]))
            pairs.add(one, other, Reason(2, _("They lie %(km).1f km apart."), {"km": near}))
    for pair in pairs.found.values():
        pair.reasons += contrary(places[pair.low], places[pair.high])
    return pairs.strongest_first()


def known_places() -> dict[int, Known]:
    fields = ("pk", "level", "country_code", "parent", "latitude", "longitude", "folded", "name")
    places = {}
    for pk, level, country, parent, latitude, longitude, folded, name in (
        Place.objects.order_by().values_list(*fields).iterator()
    ):
        at = None if latitude is None else (float(latitude), float(longitude))
        places[pk] = Known(pk, level, country, parent, at, {folded.strip(): name})
    rows = PlaceName.objects.order_by().values_list("place", "folded", "text")
    for place, folded, text in rows.iterator():
        places[place].names.setdefault(folded.strip(), text)
    ids = PlaceIdentifier.objects.filter(scheme="wikidata").order_by()
    for place, value in ids.values_list("place", "value").iterator():
        places[place].wikidata.add(value)
    for known in places.values():
        known.names.pop("", None)
    return places


def by_name(places: dict[int, Known]) -> Iterator[tuple[Hashable, int]]:
    for known in places.values():
        for folded in known.names:
            yield (known.level, known.country, folded), known.pk


def by_consonants(places: dict[int, Known]) -> Iterator[tuple[Hashable, int]]:
    """Of names in scripts that write no vowels, and of all others in the same country."""
    for known in places.values():
        for skeleton in {skeleton_of(folded) for folded in known.names}:
            if len(skeleton) >= SHORTEST_SKELETON:
                yield (known.level, known.country, skeleton), known.pk


def skeleton_of(folded: str) -> str:
    bare = folded.translate(SKELETON)
    return "".join(sign for sign, before in zip(bare, f" {bare}", strict=False) if sign != before)


def shared_name(one: Known, other: Known) -> Reason:
    """Why they were grouped: the plainest of the names that fold alike."""
    shared = sorted(one.names.keys() & other.names.keys())
    texts = [(one.names[folded], other.names[folded]) for folded in shared]
    for mine, theirs in texts:
        if mine.casefold() == theirs.casefold():
            return Reason(3, _("Both are called “%(name)s”."), {"name": mine})
    for mine, theirs in texts:
        if script_of(mine) != script_of(theirs):
            return in_another_script(mine, theirs)
    mine, theirs = texts[0]
    said = _("“%(one)s” and “%(other)s” differ in marks or letters of one sound alone.")
    return Reason(2, said, {"one": mine, "other": theirs})


def in_another_script(mine: str, theirs: str) -> Reason:
    said = _("“%(one)s” may be “%(other)s” in another script.")
    return Reason(2, said, {"one": mine, "other": theirs})


def other_script(one: Known, other: Known) -> Reason | None:
    for (folded, mine), (folded_too, theirs) in product(one.names.items(), other.names.items()):
        vowelless = (script_of(mine) in WITHOUT_VOWELS) != (script_of(theirs) in WITHOUT_VOWELS)
        skeleton = skeleton_of(folded)
        if vowelless and len(skeleton) >= SHORTEST_SKELETON and skeleton == skeleton_of(folded_too):
            return in_another_script(mine, theirs)
    return None


def similar_name(one: Known, other: Known) -> Reason:
    shared = words_of(one) & words_of(other)
    names = {"one": next(iter(one.names.values())), "other": next(iter(other.names.values()))}
    if shared:
        said = _("“%(one)s” and “%(other)s” share a word.")
        return Reason(1, said, names)
    return Reason(1, _("“%(one)s” and “%(other)s” sound alike."), names)


def words_of(known: Known) -> set[str]:
    words = set(" ".join(known.names).split())
    return {word for word in words if len(word) >= SHORTEST_WORD} - COMMON_WORDS


def neighbours(places: dict[int, Known]) -> set[tuple[int, int]]:
    """Pairs of a level that share a word or the consonants of a name, in cells that touch.

    The cells are cubes in space, which know neither poles nor a date line.
    """
    cells: dict[Hashable, list[int]] = defaultdict(list)
    located = {known.pk: cell_of(known.at) for known in places.values() if known.at}
    marks = {pk: marks_of(places[pk]) for pk in located}
    for pk, cell in located.items():
        for mark in marks[pk]:
            cells[places[pk].level, cell, mark].append(pk)
    found: set[tuple[int, int]] = set()
    for pk, (x, y, z) in located.items():
        around = product((x - 1, x, x + 1), (y - 1, y, y + 1), (z - 1, z, z + 1))
        for cell, mark in product(around, marks[pk]):
            near = cells.get((places[pk].level, cell, mark), ())
            found.update((pk, other) for other in near[:MOST_IN_A_GROUP] if pk < other)
            found.update((other, pk) for other in near[:1] if other < pk)
    return found


def marks_of(known: Known) -> set[str]:
    skeletons = {skeleton_of(folded) for folded in known.names}
    return words_of(known) | {f"-{one}" for one in skeletons if len(one) >= SHORTEST_SKELETON}


def cell_of(at: tuple[float, float]) -> tuple[int, int, int]:
    latitude, longitude = map(radians, at)
    x = cos(latitude) * cos(longitude)
    y = cos(latitude) * sin(longitude)
    size = NEAR_KM / EARTH_KM
    return floor(x / size), floor(y / size), floor(sin(latitude) / size)


def kilometres(one: Known, other: Known) -> float | None:
    if one.at is None or other.at is None:
        return None
    north, east, north_too, east_too = map(radians, (*one.at, *other.at))
    half_up, half_across = sin((north_too - north) / 2), sin((east_too - east) / 2)
    chord = hypot(half_up, half_across * (cos(north) * cos(north_too)) ** 0.5)
    return 2 * EARTH_KM * asin(min(chord, 1.0))


def contrary(one: Known, other: Known) -> Iterator[Reason]:
    apart = kilometres(one, other)
    if apart is not None and apart > FAR_KM:
        yield Reason(-2, _("They lie %(km)d km apart."), {"km": apart})
    if one.wikidata and other.wikidata:
        ids = ", ".join(sorted(one.wikidata | other.wikidata))
        yield Reason(-2, _("Wikidata holds them to be two: %(ids)s."), {"ids": ids})
    if one.country != other.country:
        yield Reason(-2, _("They lie in two countries."))
    elif one.parent and other.parent and one.parent != other.parent:
        yield Reason(-1, _("They are on record as lying in different places."))


# --- Officials ----------------------------------------------------------------------------


def probable_officials() -> list[Pair]:
    """Those with a spelling of the same words, in the same order or in another."""
    spellings: dict[int, dict[str, str]] = defaultdict(dict)
    rows = Official.objects.order_by().values_list("pk", "folded", "name")
    others = Spelling.objects.order_by().values_list("official", "folded", "text")
    for pk, folded, text in chain(rows.iterator(), others.iterator()):
        spellings[pk].setdefault(folded.strip(), text)
    keys = (
        (in_any_order(folded), pk) for pk, known in spellings.items() for folded in known if folded
    )
    pairs = Pairs(Official)
    for one, other in alike(grouped(keys)):
        if (one, other) not in pairs:
            pairs.add(one, other, same_person(spellings[one], spellings[other]))
    add_offices(pairs)
    return pairs.strongest_first()


def in_any_order(folded: str) -> str:
    return " ".join(sorted(folded.split()))


def same_person(one: dict[str, str], other: dict[str, str]) -> Reason:
    for folded in sorted(one.keys() & other.keys()):
        if one[folded].casefold() == other[folded].casefold():
            return Reason(3, _("Both are written “%(name)s”."), {"name": one[folded]})
    for folded in sorted(one.keys() & other.keys()):
        said = _("“%(one)s” and “%(other)s” are one name in other letters.")
        return Reason(2, said, {"one": one[folded], "other": other[folded]})
    mine, theirs = next(
        (one[folded], other[folded_too])
        for folded, folded_too in product(sorted(one), sorted(other))
        if in_any_order(folded) == in_any_order(folded_too)
    )
    said = _("“%(one)s” has the words of “%(other)s” in another order.")
    return Reason(2, said, {"one": mine, "other": theirs})


def add_offices(pairs: Pairs) -> None:
    offices: dict[int, dict[int, str]] = defaultdict(dict)
    rows = Appointment.objects.order_by().values_list("official", "place", "place__name")
    for official, place, name in rows.iterator() if pairs.found else ():
        offices[official][place] = name
    for pair in pairs.found.values():
        one, other = offices[pair.low], offices[pair.high]
        if shared := sorted(one.keys() & other.keys()):
            said = _("Both have an office that speaks for %(place)s.")
            pair.reasons.append(Reason(2, said, {"place": one[shared[0]]}))
        elif one and other:
            pair.reasons.append(Reason(-2, _("Their offices speak for different places.")))
