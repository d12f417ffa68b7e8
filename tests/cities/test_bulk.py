"""Places made by the thousand are the same as places saved one by one."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, models
from django.test.utils import CaptureQueriesContext

from cities.bulk import NewName, NewPlace, PlaceRefused, make_places
from cities.models import Place, PlaceIdentifier, PlaceName
from tests.factories import CountryFactory, PlaceFactory, PlaceIdentifierFactory

pytestmark = pytest.mark.django_db

TAJIKISTAN = NewPlace(
    key="TJ",
    name="Tajikistan",
    level="country",
    country_code="TJ",
    names=[NewName("Тоҷикистон", "tg", "Cyrl", "official"), NewName("تاجیکستان", "fa", "Arab")],
)
KHUJAND = NewPlace(
    key="Khujand",
    name="Khujand",
    parent="TJ",
    country_code="TJ",
    latitude=Decimal("40.283333"),
    longitude=Decimal("69.616667"),
    identifiers=[("wikidata", "Q373808"), ("geonames", "1514879")],
)
BY_ITSELF = {"id", "place", "place_id", "parent", "parent_id", "history_id", "history_date"}


def one_by_one(*rows: NewPlace) -> None:
    made: dict = {}
    for row in rows:
        place = made[row.key] = row.place()
        place.parent = made.get(row.parent)
        place.save()
        for scheme, value in row.identifiers:
            PlaceIdentifier.objects.create(place=place, scheme=scheme, value=value)
        for name in row.names:
            PlaceName.objects.create(place=place, **vars(name))


def everything() -> dict[str, list[dict]]:
    """All rows of places and of their history, field by field, but for keys and moments."""
    found = {}
    for model in (Place, PlaceIdentifier, PlaceName):
        for kept in (model, model.history.model):
            fields = [f.attname for f in kept._meta.fields if f.attname not in BY_ITSELF]
            found[kept.__name__] = sorted(map(repr, kept.objects.order_by().values(*fields)))
    return found


def test_many_at_once_are_field_by_field_what_each_would_be_alone():
    one_by_one(TAJIKISTAN, KHUJAND)
    alone = everything()
    Place.objects.exclude(parent=None).delete()
    Place.objects.all().delete()
    for model in (Place, PlaceIdentifier, PlaceName):
        model.history.all().delete()
    make_places([KHUJAND, TAJIKISTAN])
    assert everything() == alone
    assert len(alone["HistoricalPlaceName"]) == 2


def test_places_lie_in_what_is_made_with_them():
    places = make_places([KHUJAND, TAJIKISTAN])
    assert Place.objects.get(name="Khujand").parent == places["TJ"]
    assert places["TJ"].history.get().history_type == "+"
    assert places["Khujand"].history.get().parent_id == places["TJ"].pk
    assert Place.objects.search("tojikiston").get() == places["TJ"]


def test_the_larger_namesake_gets_the_plain_address():
    PlaceFactory(name="Perth", slug="perth-gb")
    places = make_places(
        [
            NewPlace("Scotland", "Perth", country_code="GB", weight=47_000),
            NewPlace("Australia", "Perth", country_code="AU", weight=2_000_000),
            NewPlace("Tasmania", "Perth", country_code="AU", weight=3_000),
            NewPlace("Ontario", "Perth", country_code="CA"),
        ]
    )
    assert {key: place.slug for key, place in places.items()} == {
        "Scotland": "perth-gb-city",
        "Australia": "perth",
        "Tasmania": "perth-au",
        "Ontario": "perth-ca",
    }


def test_a_given_address_is_kept_for_its_place():
    places = make_places([NewPlace("a", "Munich", weight=9), NewPlace("b", "Town", slug="munich")])
    assert [place.slug for place in places.values()] == ["munich-city", "munich"]


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"country_code": "SU"}, "“SU” is no ISO 3166-1 country code"),
        ({"latitude": Decimal(91), "longitude": Decimal(0)}, "less than or equal to 90"),
        ({"latitude": Decimal(40)}, "latitude and longitude together"),
        ({"name": ""}, "cannot be blank"),
        ({"level": "village"}, "not a valid choice"),
        ({"identifiers": [("wikidata", "373808")]}, "A Wikidata id is Q and digits"),
        ({"identifiers": [("wikidata", "Q7")]}, "Another place has this id"),
        ({"names": [NewName("Муром", "russian")]}, "ISO 639"),
        ({"parent": "Khujand"}, "a place lies in one of a higher level"),
        ({"level": "country", "country_code": "TJ"}, "has a country with this code already"),
    ],
)
def test_a_wrong_one_is_named_and_none_is_made(wrong, why):
    PlaceIdentifierFactory(value="Q7")
    murom = NewPlace(**{"key": "row 14", "name": "Murom", **wrong})
    with pytest.raises(PlaceRefused, match=why) as refused:
        make_places([TAJIKISTAN, KHUJAND, murom])
    assert refused.value.key == "row 14"
    assert not Place.objects.filter(name="Khujand").exists()


def test_nothing_is_made_of_nothing():
    assert make_places([]) == {}


def test_keys_are_not_given_twice():
    with pytest.raises(ValueError, match="key of its own"):
        make_places([TAJIKISTAN, TAJIKISTAN])


def test_thirty_take_as_many_queries_as_three():
    country = CountryFactory()

    def queries(number: int) -> int:
        rows = [
            NewPlace(str(n), "Town", parent=country, identifiers=[("wikidata", f"Q{number}{n}")])
            for n in range(1, number + 1)
        ]
        with CaptureQueriesContext(
            connection,
        ) as asked:
            make_places(rows)
        return len(asked)

    assert queries(3) == queries(30)


@pytest.mark.sqlite
def test_an_old_sqlite_that_tells_no_keys_gets_the_same_rows(monkeypatch):
    PlaceFactory(name="Leninabad").delete()
    features = type(connection.features)
    monkeypatch.setattr(features, "can_return_rows_from_bulk_insert", False)
    places = make_places([TAJIKISTAN, KHUJAND])
    khujand = Place.objects.get(name="Khujand")
    assert khujand == places["Khujand"]
    assert [row.name for row in khujand.history.all()] == ["Khujand"]
    assert {row.pk for row in Place.history.filter(name="Leninabad")} != {khujand.pk}


def test_a_database_that_refuses_for_a_reason_of_its_own_is_heard(monkeypatch):
    def full(self, rows, **options):
        raise IntegrityError("no room")

    monkeypatch.setattr(models.QuerySet, "bulk_create", full)
    with pytest.raises(IntegrityError, match="no room"):
        make_places([TAJIKISTAN])
    assert not Place.objects.exists()


@pytest.mark.postgres
def test_postgresql_counts_a_table_that_has_doubled():
    make_places([NewPlace(str(n), f"Town {n}") for n in range(600)])
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'cities_place'")
        assert cursor.fetchone()[0] >= 600
