"""Places by the thousand: what ``Place.save`` does for one, done for many in a few queries."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from operator import attrgetter
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from cities.models import Place, PlaceIdentifier, PlaceName
from cities.slugs import addresses, taken_slugs
from common.bulk import create_with_history

AT_ONCE = 1000
OWN_FIELDS = (
    *("name", "name_language", "slug", "level"),
    *("country_code", "latitude", "longitude", "about"),
)
# What only the database can judge, or what is made here.
NOT_TYPED = ("id", "place", "parent", "folded", "version")


@dataclass(frozen=True)
class NewName:
    text: str
    language: str = "en"
    script: str = "Latn"
    kind: str = PlaceName.Kind.ALTERNATIVE


@dataclass(frozen=True)
class NewPlace:
    """A place to be made; ``key`` is the caller's own word for it.

    ``parent`` is a place on record or the key of another new one. Where several would have the
    same address, the one with the greatest ``weight`` gets the plainest.
    """

    key: str
    name: str
    name_language: str = "en"
    level: str = Place.Level.CITY
    parent: Place | str | None = None
    country_code: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    about: str = ""
    slug: str = ""
    weight: int = 0
    names: Sequence[NewName] = ()
    identifiers: Sequence[tuple[str, str]] = field(default=())

    def place(self) -> Place:
        return Place(**{name: getattr(self, name) for name in OWN_FIELDS})


class PlaceRefused(ValidationError):
    """What is wrong with one of many places; ``key`` says with which."""

    def __init__(self, key: str, error: ValidationError) -> None:
        super().__init__(error)
        self.key = key

    def __str__(self) -> str:
        return f"{self.key}: {' '.join(self.messages)}"


@contextmanager
def naming(key: str):
    try:
        yield
    except ValidationError as error:
        raise PlaceRefused(key, error) from error


def make_places(
    rows: Iterable[NewPlace], tell: Callable[[int], None] | None = None
) -> dict[str, Place]:
    """Make them all or none, with names, ids and history; the places by their keys.

    ``tell`` is called now and then with how many are made.
    """
    rows = list(rows)
    places = {row.key: checked(row) for row in rows}
    if len(places) < len(rows):
        raise ValueError("Each new place needs a key of its own.")
    give_slugs(rows, places)
    try:
        with transaction.atomic():
            insert(rows, places, tell)
    except IntegrityError:
        name_the_refused(rows)
        raise
    return places


def checked(row: NewPlace) -> Place:
    """The row as a place, refused as a form would refuse it."""
    place = row.place()
    with naming(row.key):
        place.clean_fields(exclude=NOT_TYPED)
        for part in parts(row, place):
            part.clean_fields(exclude=NOT_TYPED)
            part.clean()
    return place


def parts(row: NewPlace, place: Place) -> list[models.Model]:
    """Its ids and its names."""
    ids = [PlaceIdentifier(place=place, scheme=s, value=value) for s, value in row.identifiers]
    return [*ids, *(PlaceName(place=place, **vars(name)) for name in row.names)]


def give_slugs(rows: list[NewPlace], places: dict[str, Place]) -> None:
    """The rule of ``free_slug``, with one look at the slugs that are taken."""
    taken = taken_slugs(Place)
    taken |= {row.slug for row in rows}
    for row in sorted(rows, key=attrgetter("weight"), reverse=True):
        place = places[row.key]
        if not place.slug:
            place.slug = next(slug for slug in addresses(*place.slug_parts) if slug not in taken)
            taken.add(place.slug)


def insert(
    rows: list[NewPlace], places: dict[str, Place], tell: Callable[[int], None] | None
) -> None:
    made = 0
    # What others lie in comes first.
    for level in sorted(Place.RANKS, key=Place.RANKS.__getitem__, reverse=True):
        of_level = [row for row in rows if row.level == level]
        for some in in_parts(of_level):
            for row in some:
                settle(places[row.key], row, places)
            create_with_history([places[row.key] for row in some])
            belongings = [part for row in some for part in parts(row, places[row.key])]
            for model in (PlaceIdentifier, PlaceName):
                create_with_history([part for part in belongings if isinstance(part, model)])
            made += len(some)
            if tell:
                tell(made)


def in_parts(rows: list[NewPlace]) -> Iterator[list[NewPlace]]:
    for start in range(0, len(rows), AT_ONCE):
        yield rows[start : start + AT_ONCE]


def settle(place: Place, row: NewPlace, places: dict[str, Place]) -> None:
    place.parent = places[row.parent] if isinstance(row.parent, str) else row.parent
    with naming(row.key):
        place.clean()


def name_the_refused(rows: list[NewPlace]) -> None:
    """The database refused the lot: make them one by one, and leave none, to find which it was."""
    made: dict[str, Any] = {}
    with transaction.atomic():
        for row in sorted(rows, key=lambda row: -Place.RANKS[row.level]):
            place = made[row.key] = row.place()
            place.parent = made[row.parent] if isinstance(row.parent, str) else row.parent
            with naming(row.key):
                save(place)
                for part in parts(row, place):
                    save(part)
        transaction.set_rollback(True)


def save(record: models.Model) -> None:
    record.full_clean()
    record.save()
