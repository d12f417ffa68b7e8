"""Loads the world to start from (``fixtures/world``): countries, places, lists of their ties.

All of it in one transaction. What is on record already is left as it is, found by its country
code or its Wikidata id; so loading it again changes nothing, and undoes nobody's work.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction

from agreements.imports import (
    ImportRefused,
    Options,
    Plan,
    enter,
    plan,
    read_mapping,
    source_on_record,
)
from cities.bulk import NewName, NewPlace, PlaceRefused, make_places
from cities.models import Place, PlaceIdentifier, PlaceName
from common.bulk import count_all, create_with_history
from common.sheets import SheetError, open_sheet

# The dated ties first, so that a tie begins on the day that is known of it.
LISTS = ("ties-dated", "ties-2016", "ties-2022")
# Places that the data gives no country for.
UNPLACED = "left-out.csv"
BARE = f"of one of the two places only an id and a label are known, no country ({UNPLACED})"
# The languages of the interface and of the neighbours, with their scripts.
SCRIPTS = {"fa": "Arab", "tg": "Cyrl", "ru": "Cyrl"}
WIKIDATA = PlaceIdentifier.Scheme.WIKIDATA

Row = dict[str, str]
# Called with what is being done, how much of it is done, and of how much (0: not known).
Progress = Callable[[str, int, int], None]


class WorldError(Exception):
    """What is wrong and where."""


@dataclass
class Loaded:
    """What a load has made, and what it has not."""

    countries: int = 0
    regions: int = 0
    cities: int = 0
    names: int = 0
    ids: int = 0
    plans: list[Plan] = field(default_factory=list)

    @property
    def ties(self) -> int:
        return sum(plan.counts.get("new", 0) for plan in self.plans)

    @property
    def changes_nothing(self) -> bool:
        made = self.countries + self.regions + self.cities + self.names + self.ids
        return not made and all(plan.changes_nothing for plan in self.plans)


def load(folder: Path, progress: Progress | None = None) -> Loaded:
    """Load the folder's files, all or nothing."""
    loaded = Loaded()
    with telling(), transaction.atomic():
        countries = load_countries(rows_of(folder / "countries.csv"), loaded)
        load_places(rows_of(folder / "places.csv"), countries, loaded, progress)
        for name in LISTS:
            loaded.plans.append(load_ties(folder, name, progress))
    if not loaded.changes_nothing:
        count_all()
    return loaded


@contextmanager
def telling() -> Iterator[None]:
    try:
        yield
    except (SheetError, ImportRefused, PlaceRefused) as error:
        raise WorldError(str(error)) from error
    except OSError as error:
        raise WorldError(f"{error.filename}: {error.strerror}") from error


def rows_of(path: Path) -> list[Row]:
    return [line.cells for line in open_sheet(path, path.name)]


# --- Countries ----------------------------------------------------------------------------


def load_countries(rows: list[Row], loaded: Loaded) -> dict[str, Place]:
    """The countries by their codes; those on record get the names and the id that they lack."""
    on_record = {p.country_code: p for p in Place.objects.of_level([Place.Level.COUNTRY])}
    known = [row for row in rows if row["code"] in on_record]
    complete([(on_record[row["code"]], row) for row in known], loaded)
    made = make_places(new_country(row) for row in rows if row["code"] not in on_record)
    loaded.countries = len(made)
    return on_record | made


def new_country(row: Row) -> NewPlace:
    also = [text for text in row["also_en"].split(" | ") if text]
    return NewPlace(
        key=row["code"],
        name=row["name_en"],
        level=Place.Level.COUNTRY,
        country_code=row["code"],
        names=[*names(row), *(NewName(text) for text in also)],
        identifiers=[(WIKIDATA, row["wikidata"])] if row["wikidata"] else [],
    )


def names(row: Row) -> list[NewName]:
    """Its names besides the English one."""
    return [
        NewName(row[f"name_{language}"], language, script)
        for language, script in SCRIPTS.items()
        if row.get(f"name_{language}")
    ]


def complete(pairs: list[tuple[Place, Row]], loaded: Loaded) -> None:
    """Add a name in each language, and the id, where none was ever on record for the place.

    Ever: what somebody took away stays away.
    """
    of_these = [place.pk for place, _row in pairs]
    named = PlaceName.history.filter(place__in=of_these).values_list("place_id", "language")
    spoken = {*named, *((place.pk, place.name_language) for place, _row in pairs)}
    lacking = [
        PlaceName(place=place, **vars(name))
        for place, row in pairs
        for name in names(row)
        if (place.pk, name.language) not in spoken
    ]
    known_by = PlaceIdentifier.history.filter(scheme=WIKIDATA)
    ids, places = set(), set()
    for value, place in known_by.values_list("value", "place_id"):
        ids.add(value)
        places.add(place)
    new_ids = [
        PlaceIdentifier(place=place, scheme=WIKIDATA, value=row["wikidata"])
        for place, row in pairs
        if row["wikidata"] and row["wikidata"] not in ids and place.pk not in places
    ]
    create_with_history(lacking)
    create_with_history(new_ids)
    loaded.names += len(lacking)
    loaded.ids += len(new_ids)


# --- Regions and cities -------------------------------------------------------------------


def load_places(
    rows: list[Row], countries: dict[str, Place], loaded: Loaded, progress: Progress | None
) -> None:
    """Make those that were never on record. What somebody took away stays away."""
    complete(regions_meant(rows), loaded)
    ever = set(PlaceIdentifier.history.filter(scheme=WIKIDATA).values_list("value", flat=True))
    missing = [row for row in rows if row["wikidata"] not in ever]
    coming = {row["wikidata"] for row in missing}
    regions = regions_on_record()
    new = [new_place(row, parent(row, countries, regions, coming)) for row in missing]

    def tell(done: int) -> None:
        if progress and new:
            progress("Recording places", done, len(new))

    make_places(new, tell)
    levels = Counter(row["level"] for row in missing)
    loaded.regions, loaded.cities = levels[Place.Level.REGION], levels[Place.Level.CITY]


def regions_meant(rows: list[Row]) -> list[tuple[Place, Row]]:
    """Regions on record without an id here: a country has one first-level region of a name."""
    bare = Place.objects.of_level([Place.Level.REGION]).exclude(identifiers__scheme=WIKIDATA)
    by_name = {(place.country_code, place.name): place for place in bare}
    return [
        (by_name[row["country"], row["name"]], row)
        for row in rows
        if row["level"] == Place.Level.REGION and (row["country"], row["name"]) in by_name
    ]


def regions_on_record() -> dict[str, Place]:
    found = PlaceIdentifier.objects.filter(scheme=WIKIDATA, place__level=Place.Level.REGION)
    return {row.value: row.place for row in found.select_related("place")}


def parent(
    row: Row, countries: dict[str, Place], regions: dict[str, Place], coming: set[str]
) -> Place | str | None:
    """Its region where that is known and on record, else its country."""
    if row["region"] in coming:
        return row["region"]
    return regions.get(row["region"]) or countries.get(row["country"])


def new_place(row: Row, lies_in: Place | str | None) -> NewPlace:
    try:
        return NewPlace(
            key=row["wikidata"],
            name=row["name"],
            name_language=row["language"],
            level=row["level"],
            parent=lies_in,
            country_code=row["country"],
            latitude=degrees(row["latitude"]),
            longitude=degrees(row["longitude"]),
            about=row["note"],
            # Of no known year, so it is not recorded; but of namesakes the larger comes first.
            weight=int(row["listed_population"] or 0),
            names=names(row),
            identifiers=[(WIKIDATA, row["wikidata"])],
        )
    except ValueError as error:
        raise PlaceRefused(row["wikidata"], ValidationError(str(error))) from error


def degrees(text: str) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        raise ValueError(f"“{text}” is no number of degrees, such as 40.283.") from None


# --- Ties ---------------------------------------------------------------------------------


def load_ties(folder: Path, name: str, progress: Progress | None) -> Plan:
    described = folder / f"{name}.toml"
    about = read_mapping(described.read_bytes(), described.name)
    if about.listed_on is None:
        raise WorldError(f"{described.name}: listed_on is missing")
    options = Options(
        source=source_on_record(about.source, described.name),
        listed_on=about.listed_on,
        publish=True,
        leave_out_refused=True,
        mapping=about.mapping,
    )
    file = folder / f"{name}.csv"
    planned = plan([open_sheet(file, file.name)], options, progress)
    if not planned.changes_nothing:
        enter(planned, progress=progress)
    return planned


def left_out(folder: Path, plans: list[Plan]) -> Counter[tuple[str, str]]:
    """How many rows were not entered, by list and by reason."""
    unplaced = {row["wikidata"] for row in rows_of(folder / UNPLACED)}
    found: Counter[tuple[str, str]] = Counter()
    for each in plans:
        for outcome in each.refused:
            reason = outcome.reasons[0]
            said = BARE if reason.value in unplaced else str(reason.message)
            found[each.file_name, said] += 1
    return found
