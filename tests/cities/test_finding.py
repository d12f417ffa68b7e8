"""Places and people are found under any of their names, and two of one name stay two."""

import pytest
from django.utils.translation import override

from cities.models import Official, Place
from tests.factories import (
    OfficialFactory,
    PlaceFactory,
    PlaceNameFactory,
    nozari,
    on,
    zohidi,
)

pytestmark = pytest.mark.django_db

# --- Search -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "Khujand",
        "KHUJAND",
        "khu",
        "Leninabad",
        "Хуҷанд",
        "хуҷанд",
        "Худжанд",
        "خجند",
        "leninabad khujand",
    ],
)
def test_khujand_is_found_under_every_name_that_it_has_or_had(words, khujand, qazvin):
    assert list(Place.objects.search(words)) == [khujand]


@pytest.mark.parametrize("words", ["", "   ", "–", "Istaravshan", "Khujand Istaravshan"])
def test_what_is_no_name_of_a_place_finds_none(words, khujand):
    assert not Place.objects.search(words).exists()


@pytest.mark.parametrize("words", ["%", "_", "k%d", "'; --"])
def test_signs_of_the_database_mean_nothing_in_a_search(words, khujand):
    assert not Place.objects.search(words).filter(name__contains=words).exists()


@pytest.mark.parametrize("words", ["Nozari", "nowzari", "Mohammad Nowzari"])
def test_the_governor_is_found_under_each_spelling(words):
    governor, _ = nozari(), zohidi()
    assert list(Official.objects.search(words)) == [governor]


def test_a_name_that_is_changed_is_found_anew(khujand):
    khujand.names.get(text="Leninabad").delete()
    name = khujand.names.get(text="Хуҷанд")
    name.text = "Хӯҷанд"
    name.save()
    assert not Place.objects.search("Leninabad").exists()
    assert Place.objects.search("Хӯҷанд").get() == khujand


@pytest.mark.parametrize("key", ["khujand", "Q373808"])
def test_a_place_is_called_by_its_address_or_its_wikidata_id(key, khujand, qazvin):
    assert Place.objects.called(key).get() == khujand


@pytest.mark.parametrize("key", ["Khujand", "Хуҷанд", "373808", ""])
def test_a_place_is_not_called_by_a_name(key, khujand):
    assert not Place.objects.called(key).exists()


# --- Addresses ----------------------------------------------------------------------------


def test_two_towns_of_one_folded_name_stay_two():
    westphalia = PlaceFactory(name="Münster", country_code="DE")
    alsace = PlaceFactory(name="Munster", country_code="FR")
    assert (westphalia.slug, alsace.slug) == ("munster", "munster-fr")
    assert set(Place.objects.search("Münster")) == {westphalia, alsace}
    assert Place.objects.called("munster").get() == westphalia


def test_an_address_takes_country_then_level_then_a_number():
    slugs = [PlaceFactory(name="Qazvin", country_code="IR").slug for _ in range(4)]
    assert slugs == ["qazvin", "qazvin-ir", "qazvin-ir-city", "qazvin-ir-city-2"]


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Хуҷанд", "khujand"), ("São Paulo", "sao-paulo"), ("قزوین", "qzwyn"), ("–", "unnamed")],
)
def test_names_of_every_script_make_plain_addresses(name, slug):
    assert PlaceFactory(name=name).slug == slug


def test_an_address_stays_when_the_name_changes():
    place = PlaceFactory(name="Leninabad")
    place.name = "Khujand"
    place.save()
    assert Place.objects.get().slug == "leninabad"


def test_a_very_long_name_has_an_address_that_fits():
    places = PlaceFactory.create_batch(3, name="x" * 200, country_code="IR")
    assert len({place.slug for place in places}) == 3
    assert all(len(place.slug) <= 80 for place in places)


def test_two_people_of_one_name_have_two_addresses():
    assert [OfficialFactory(name="Ali Karimov").slug for _ in range(2)] == [
        "ali-karimov",
        "ali-karimov-2",
    ]


# --- The reader's language ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "shown"),
    [("en", "Khujand"), ("fa", "خجند"), ("ru", "Худжанд"), ("tg", "Хуҷанд"), ("de", "Khujand")],
)
def test_a_place_is_shown_by_its_official_name_in_the_readers_language(language, shown, khujand):
    with override(language):
        assert Place.objects.with_names().get(slug="khujand").shown_name == shown


def test_a_name_of_the_past_is_not_shown_as_todays():
    place = PlaceFactory(name="Volgograd")
    span = {"used_from": on("1925"), "used_to": on("1961")}
    PlaceNameFactory(place=place, text="Сталинград", language="ru", **span)
    with override("ru"):
        assert Place.objects.with_names().get().shown_name == "Volgograd"


def test_what_readers_call_a_place_is_shown_where_it_has_no_official_name_in_their_language():
    place = PlaceFactory(name="Khujand")
    PlaceNameFactory(place=place, text="خجند", language="fa", kind="alternative")
    PlaceNameFactory(place=place, text="لنین‌آباد", language="fa", kind="former")
    with override("fa"):
        assert Place.objects.with_names().get().shown_name == "خجند"


def test_another_english_spelling_does_not_take_the_place_of_the_name():
    place = PlaceFactory(name="Khujand")
    PlaceNameFactory(place=place, text="Khojent", language="en", kind="alternative")
    with override("en"):
        assert Place.objects.with_names().get().shown_name == "Khujand"
