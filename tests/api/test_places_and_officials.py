"""Places, officials and sectors as JSON."""

import pytest

from tests.factories import (
    AppointmentFactory,
    InstitutionFactory,
    OfficialFactory,
    PlaceFactory,
    PlaceIdentifierFactory,
    RegionFactory,
    SectorFactory,
    khujand,
    nozari,
    on,
    qazvin,
    tajikistan,
    zohidi,
)
from tests.sector_factories import SectorNameFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def places(db):
    khujand(), qazvin()
    RegionFactory(name="Sughd", slug="sughd", country_code="TJ", parent=tajikistan())


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("", ["iran", "khujand", "qazvin", "sughd", "tajikistan"]),
        ("q=Leninabad", ["khujand"]),
        ("q=خجند", ["khujand"]),
        ("q=nowhere", []),
        ("level=region", ["sughd"]),
        ("level=city&level=region", ["khujand", "qazvin", "sughd"]),
        ("country=TJ", ["khujand", "sughd", "tajikistan"]),
        ("country=tj&level=city", ["khujand"]),
        ("country=FR", []),
    ],
)
def test_places_are_found_by_what_is_asked(api, places, query, slugs):
    assert api.slugs(f"places/?{query}") == slugs


@pytest.mark.parametrize("query", ["level=village", "country=XX", "q=a&q=b", "place=khujand"])
def test_what_no_place_can_be_is_refused(api, places, query):
    assert list(api.refused(f"places/?{query}")) == [query.split("=")[0]]


def test_a_place_tells_where_it_lies_and_who_else_knows_it(api):
    place = khujand()
    PlaceIdentifierFactory(place=place, scheme="geonames", value="1514879")
    place.latitude, place.longitude = "40.283", "69.617"
    place.population, place.population_year = 181_600, 2022
    place.save()
    assert api.rows("places/?level=city") == [
        {
            "slug": "khujand",
            "url": "http://testserver/api/v1/places/khujand/",
            "page": "http://testserver/places/khujand/",
            "name": "Khujand",
            "level": "city",
            "country_code": "TJ",
            "parent": "tajikistan",
            "latitude": 40.283,
            "longitude": 69.617,
            "population": 181600,
            "population_year": 2022,
            "wikidata": "Q373808",
            "geonames": "1514879",
        }
    ]


def test_what_is_not_known_of_a_place_is_null(api):
    PlaceFactory(slug="lonely")
    (row,) = api.rows("places/")
    unknown = ("parent", "latitude", "longitude", "population", "wikidata", "geonames")
    assert all(row[name] is None for name in unknown)


def test_the_detail_of_a_place_tells_its_names_and_their_years(api):
    khujand()
    names = {name["text"]: name for name in api.read("places/khujand/")["names"]}
    assert names["Leninabad"] == {
        "text": "Leninabad",
        "language": "ru",
        "script": "Latn",
        "kind": "former",
        "used_from": "1936",
        "used_to": "1991",
    }
    assert set(names) == {"Хуҷанд", "Худжанд", "خجند", "Leninabad"}


def test_the_detail_of_a_place_tells_its_institutions_and_officials(api):
    InstitutionFactory(place=qazvin(), name="University of arts", kind="university")
    nozari()
    told = api.read("places/qazvin/")
    assert [institution["name"] for institution in told["institutions"]] == ["University of arts"]
    (office,) = told["appointments"]
    assert (office["title"], office["official"]["slug"]) == ("Governor", "mohammad-nozari")


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("", ["mohammad-nozari", "nizomiddin-zohidi"]),
        ("q=Nowzari", ["mohammad-nozari"]),
        ("q=zohidi+nozari", []),
        ("place=qazvin", ["mohammad-nozari"]),
        ("place=tajikistan", ["nizomiddin-zohidi"]),
        ("country=IR", ["mohammad-nozari"]),
        ("country=FR", []),
    ],
)
def test_officials_are_found_by_what_is_asked(api, query, slugs):
    nozari(), zohidi()
    assert api.slugs(f"officials/?{query}") == slugs


def test_an_official_with_two_offices_in_a_place_is_found_once(api):
    official = nozari()
    AppointmentFactory(official=official, title="Deputy governor", place=qazvin())
    assert api.slugs("officials/?place=qazvin&country=IR") == ["mohammad-nozari"]


@pytest.mark.parametrize("query", ["place=atlantis", "country=XX", "level=city", "q=a&q=b"])
def test_what_no_official_can_be_is_refused(api, query):
    assert list(api.refused(f"officials/?{query}")) == [query.split("=")[0]]


def test_an_official_tells_the_offices_and_the_place_that_receives(api):
    zohidi()
    (office,) = api.rows("officials/")[0]["appointments"]
    assert office["title"] == "Ambassador"
    assert (office["place"]["slug"], office["accredited_to"]["slug"]) == ("tajikistan", "iran")
    assert (office["began_on"], office["ended_on"]) == (None, None)


def test_the_detail_of_an_official_tells_every_spelling(api):
    official = nozari()
    official.appointments.update(began_on=on("2024-11"))
    told = api.read("officials/mohammad-nozari/")
    assert [spelling["text"] for spelling in told["spellings"]] == ["Mohammad Nowzari"]
    assert told["appointments"][0]["began_on"] == "2024-11"


def test_an_official_without_an_office_is_told_too(api):
    OfficialFactory(slug="nobody-yet")
    assert api.read("officials/nobody-yet/")["appointments"] == []


def test_sectors_are_listed_and_told(api):
    culture = SectorFactory(name="Culture", slug="culture", description="Shared language.")
    SectorNameFactory(sector=culture, language="fa", text="فرهنگ")
    told = {
        "slug": "culture",
        "url": "http://testserver/api/v1/sectors/culture/",
        "page": "http://testserver/sectors/culture/",
        "name": "Culture",
        "names": {"fa": "فرهنگ"},
        "description": "Shared language.",
    }
    assert api.rows("sectors/") == [told]
    assert api.read("sectors/culture/") == told
