"""What cannot be true of a place: told at the form, and refused by the database without one."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError

from cities.models import Place
from tests.factories import (
    AppointmentFactory,
    CountryFactory,
    InstitutionFactory,
    PlaceFactory,
    PlaceIdentifierFactory,
    PlaceNameFactory,
    RegionFactory,
    SpellingFactory,
    iran,
    on,
    tajikistan,
)

pytestmark = pytest.mark.django_db


def told(row) -> str:
    with pytest.raises(ValidationError) as refusal:
        row.full_clean()
    return " ".join(refusal.value.messages)


def refused_below(act, *args, **kwargs):
    with pytest.raises(IntegrityError), transaction.atomic():
        act(*args, **kwargs)


IMPOSSIBLE = {
    "a latitude of 95": ({"latitude": 95, "longitude": 69}, "less than or equal to 90"),
    "a latitude of -90.1": ({"latitude": "-90.1", "longitude": 69}, "or equal to -90"),
    "a longitude of 181": ({"latitude": 40, "longitude": 181}, "less than or equal to 180"),
    "a longitude of -180.1": ({"latitude": 40, "longitude": "-180.1"}, "or equal to -180"),
    "a latitude alone": ({"latitude": 40}, "latitude and longitude together"),
    "a longitude alone": ({"longitude": 69}, "latitude and longitude together"),
    "a population of no year": ({"population": 181_600}, "population and its year together"),
    "a year of no population": ({"population_year": 2022}, "population and its year together"),
    "a level of its own": ({"level": "village"}, "not a valid choice"),
    "a country without a code": ({"level": "country"}, "needs its country code"),
}


@pytest.mark.parametrize("case", IMPOSSIBLE)
def test_what_cannot_be_is_refused(case):
    fields, words = IMPOSSIBLE[case]
    assert words in told(PlaceFactory.build(**fields))
    refused_below(PlaceFactory, **fields)
    assert not Place.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"latitude": 90, "longitude": 180},
        {"latitude": -90, "longitude": -180},
        {"latitude": 0, "longitude": 0},
        {"population": 0, "population_year": 1986},
        {"country_code": "XK"},
    ],
)
def test_the_edges_of_what_can_be_are_taken(fields):
    place = PlaceFactory(**fields)
    place.full_clean()


def test_a_population_is_not_negative():
    refused_below(PlaceFactory, population=-1, population_year=2020)


@pytest.mark.parametrize("code", ["ZZ", "tj", "TJK", "T", "1A"])
def test_a_country_code_is_one_of_the_standard(code):
    with pytest.raises(ValidationError) as refusal:
        PlaceFactory.build(country_code=code).full_clean()
    assert "country_code" in refusal.value.message_dict


# --- What lies in what --------------------------------------------------------------------


def test_a_city_lies_in_a_region_that_lies_in_a_country():
    region = RegionFactory(parent=tajikistan())
    city = PlaceFactory(parent=region)
    city.full_clean()
    assert city.parent.parent == tajikistan()


def test_a_city_may_lie_in_a_country_straight_away():
    PlaceFactory(parent=tajikistan()).full_clean()


@pytest.mark.parametrize(
    ("outer", "inner"),
    [(PlaceFactory, PlaceFactory), (RegionFactory, RegionFactory), (PlaceFactory, RegionFactory)],
)
def test_a_place_lies_only_in_one_of_a_higher_level(outer, inner):
    above = outer()
    assert "higher level" in told(inner.build(parent=above))
    refused_below(inner, parent=above)


def test_a_country_lies_in_nothing():
    region = RegionFactory()
    assert "higher level" in told(CountryFactory.build(parent=iran()))
    refused_below(CountryFactory, parent=iran())
    refused_below(CountryFactory, parent=region)


def test_a_place_does_not_lie_in_itself():
    region = RegionFactory()
    region.parent = region
    assert "higher level" in told(region)
    refused_below(region.save)
    refused_below(Place.objects.filter(pk=region.pk).update, parent=region)


def test_a_place_is_not_its_own_ancestor():
    country = iran()
    region = RegionFactory(parent=country)
    city = PlaceFactory(parent=region)
    refused_below(Place.objects.filter(pk=country.pk).update, parent=city)
    refused_below(Place.objects.filter(pk=region.pk).update, parent=city)
    refused_below(models.QuerySet(Place).filter(pk=country.pk).update, parent=region)
    assert Place.objects.get(pk=country.pk).parent is None


def test_a_region_with_cities_does_not_become_a_city():
    region = RegionFactory()
    PlaceFactory(parent=region)
    region.level = "city"
    assert "same level" in told(region)
    refused_below(region.save)
    refused_below(Place.objects.filter(pk=region.pk).update, level="city")


def test_a_city_in_a_region_does_not_become_a_region():
    city = PlaceFactory(parent=RegionFactory())
    city.level = "region"
    assert "higher level" in told(city)
    refused_below(city.save)


def test_a_country_with_regions_does_not_become_a_region():
    country = iran()
    RegionFactory(parent=country)
    country.level = "region"
    assert "same level" in told(country)
    refused_below(country.save)


def test_one_country_to_a_code():
    tajikistan()
    double = {"name": "Tadschikistan", "country_code": "TJ"}
    assert "country with this code" in told(CountryFactory.build(**double))
    refused_below(CountryFactory, **double)
    PlaceFactory(country_code="TJ").full_clean()


def test_a_country_with_cities_is_not_deleted():
    city = PlaceFactory(parent=tajikistan())
    with pytest.raises(ProtectedError):
        city.parent.delete()


# --- Names, ids, offices ------------------------------------------------------------------


def test_a_name_is_not_used_from_1991_to_1936(khujand):
    backwards = {"place": khujand, "text": "X", "used_from": on("1991"), "used_to": on("1936")}
    assert "cannot end before" in told(PlaceNameFactory.build(**backwards))
    refused_below(PlaceNameFactory, **backwards)


def test_a_name_may_be_used_for_one_year(khujand):
    PlaceNameFactory(place=khujand, used_from=on("1991-02"), used_to=on("1991")).full_clean()


def test_a_name_is_recorded_once_in_a_language_and_kind(khujand):
    again = {"place": khujand, "text": "Хуҷанд", "language": "tg", "kind": "official"}
    assert "on record already" in told(PlaceNameFactory.build(**again))
    refused_below(PlaceNameFactory, **again)


@pytest.mark.parametrize(("field", "value"), [("language", "Tajik"), ("script", "cyrillic")])
def test_languages_and_scripts_are_codes(field, value, khujand):
    with pytest.raises(ValidationError) as refusal:
        PlaceNameFactory.build(place=khujand, **{field: value}).full_clean()
    assert field in refusal.value.message_dict


def test_an_id_elsewhere_belongs_to_one_place(khujand):
    taken = {"place": PlaceFactory(), "value": "Q373808"}
    assert "Another place" in told(PlaceIdentifierFactory.build(**taken))
    refused_below(PlaceIdentifierFactory, **taken)


@pytest.mark.parametrize(
    ("scheme", "value"),
    [("wikidata", "373808"), ("wikidata", "Q0"), ("geonames", "Q1514879"), ("geonames", "")],
)
def test_an_id_has_the_form_of_its_register(scheme, value, khujand):
    row = PlaceIdentifierFactory.build(place=khujand, scheme=scheme, value=value)
    with pytest.raises(ValidationError) as refusal:
        row.full_clean()
    assert "value" in refusal.value.message_dict


def test_nobody_is_accredited_to_the_place_they_speak_for():
    office = AppointmentFactory(place=tajikistan(), accredited_to=iran())
    office.accredited_to = office.place
    assert "Nobody is accredited" in told(office)
    refused_below(office.save)


def test_an_office_does_not_end_before_it_begins():
    office = AppointmentFactory(began_on=on("2024"), ended_on=on("2024-03"))
    office.ended_on = on("2023")
    assert "cannot end before" in told(office)
    refused_below(office.save)


def test_a_spelling_is_recorded_once():
    spelling = SpellingFactory(text="Nowzari")
    again = {"official": spelling.official, "text": "Nowzari"}
    assert "on record already" in told(SpellingFactory.build(**again))
    refused_below(SpellingFactory, **again)


def test_a_place_has_one_institution_of_a_name(khujand):
    there = {"place": khujand, "name": "Khujand State University"}
    InstitutionFactory(**there)
    assert "already" in told(InstitutionFactory.build(**there))
    refused_below(InstitutionFactory, **there)
    InstitutionFactory(name="Khujand State University")


@pytest.mark.parametrize(("script", "direction"), [("Arab", "rtl"), ("Cyrl", "ltr")])
def test_a_name_knows_its_direction(script, direction):
    assert PlaceNameFactory.build(script=script).direction == direction
    assert SpellingFactory.build(script=script).direction == direction
