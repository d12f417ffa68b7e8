"""What fits best comes first, and what is internal moves nothing."""

import pytest

from agreements.models import Agreement
from cities.models import Official, Place
from tests.factories import (
    AgreementFactory,
    OfficialFactory,
    PlaceFactory,
    PlaceIdentifierFactory,
    PlaceNameFactory,
    SpellingFactory,
)

pytestmark = pytest.mark.django_db


def places(text: str) -> list[str]:
    return [place.name for place in Place.objects.order_by("name", "slug").search(text)]


def test_münster_is_not_munster_and_each_comes_first_as_it_is_written():
    for name in ("Munster", "Münster"):
        PlaceFactory(name=name)
    assert places("Münster") == ["Münster", "Munster"]
    assert places("Munster") == ["Munster", "Münster"]
    assert places("munster") == ["Munster", "Münster"]
    assert Place.objects.filter(name="Münster").count() == 1


def test_the_name_itself_then_its_beginning_then_a_word_then_a_part():
    for name in ("Overbern", "New Bern", "Bernau", "Bern"):
        PlaceFactory(name=name)
    assert places("bern") == ["Bern", "Bernau", "New Bern", "Overbern"]


def test_the_best_of_all_names_counts():
    for name in ("Khujandi Park", "Aktau"):
        PlaceFactory(name=name)
    PlaceNameFactory(place=Place.objects.get(name="Aktau"), text="Хуҷанд")
    assert places("khujand") == ["Aktau", "Khujandi Park"]


def test_several_words_are_ranked_by_the_worst_of_them():
    for name in ("Clarasantana", "Santa Clara"):
        PlaceFactory(name=name)
    assert places("clara santa") == places("santa clara") == ["Santa Clara", "Clarasantana"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("k", ["K Town"]),  # one letter is a word
        ("kh", ["Khujand", "Old Khiva"]),  # two begin one
        ("uja", ["Khujand"]),  # three are any part
        ("khi o", ["Old Khiva"]),  # while the second word is typed
        ("hu", []),
        ("o", []),
    ],
)
def test_short_words_are_looked_for_where_words_begin(text, found):
    for name in ("Khujand", "Old Khiva", "K Town"):
        PlaceFactory(name=name)
    assert places(text) == found


@pytest.fixture
def three_springfields(db):
    """The first by name has no tie, the second one, the third two, all of them public."""
    made = [PlaceFactory(name="Springfield", slug=f"springfield-{n}") for n in (1, 2, 3)]
    for place in (made[1], made[2], made[2]):
        AgreementFactory(parties=[place, PlaceFactory()], public=True)
    return made


def test_of_places_that_fit_alike_the_more_connected_comes_first(three_springfields):
    first, second, third = three_springfields
    assert list(Place.objects.search("Springfield")) == [third, second, first]


def test_internal_agreements_connect_nothing_not_even_for_those_who_see_them(
    three_springfields, client, auditor
):
    first, second, third = three_springfields
    for _ in range(3):
        AgreementFactory(parties=[first, PlaceFactory()])
    assert list(Place.objects.search("Springfield")) == [third, second, first]
    client.force_login(auditor)
    page = client.get("/places/", {"q": "springfield"}).context["page_obj"]
    assert list(page) == [third, second, first]


def test_a_wikidata_id_finds_its_place_and_no_other():
    khujand = PlaceFactory(name="Khujand")
    PlaceIdentifierFactory(place=khujand, value="Q373808")
    PlaceIdentifierFactory(value="Q3738080")
    PlaceIdentifierFactory(scheme="geonames", value="373808")
    assert list(Place.objects.search("Q373808")) == [khujand]
    assert list(Place.objects.search("q373808")) == [khujand]
    assert not Place.objects.search("373808").exists()


def test_officials_come_best_first():
    for name in ("Ali Nozari", "Nozari", "Bahram Nozarian"):
        OfficialFactory(name=name)
    SpellingFactory(official=OfficialFactory(name="Zahra Amini"), text="Nozari", language="en")
    found = [official.name for official in Official.objects.search("nozari")]
    assert found == ["Nozari", "Zahra Amini", "Ali Nozari", "Bahram Nozarian"]


# --- Agreements ---------------------------------------------------------------------------


def tie(*names: str, **fields) -> Agreement:
    parties = [Place.objects.filter(name=n).first() or PlaceFactory(name=n) for n in names]
    return AgreementFactory(parties=parties, public=True, **fields)


def agreements(text: str) -> list[Agreement]:
    return list(Agreement.objects.visible_to(None).newest_first().search(text))


def test_agreements_come_by_the_best_name_of_a_party_then_the_newest():
    part = tie("Overbern", "Paris", happened_on="2025")
    old = tie("Bern", "Lima", happened_on="1999")
    new = tie("Bern", "Oslo", happened_on="2020")
    assert agreements("bern") == [new, old, part]


def test_words_may_be_spread_over_the_parties_in_either_order():
    wanted = tie("Qazvin", "Khujand")
    wider = tie("Qazvin Province", "Khujand District", happened_on="2025-06")
    tie("Qazvin", "Lima")
    assert agreements("Qazvin Khujand") == agreements("khujand qazvin") == [wanted, wider]


def test_the_title_and_the_name_in_the_text_are_ranked_like_names():
    titled = tie("Lima", "Oslo", title="Bern", happened_on="1990")
    named = tie("Rome", "Paris", happened_on="1991")
    named.parties.filter(position=1).update(name_then="Bernau")
    other = tie("Overbern", "Quito", happened_on="2020")
    assert agreements("bern") == [titled, named, other]


@pytest.mark.parametrize(
    "text", ["TW-4K2M9P", "tw4k2m9p", "TW 4K2M9P", "tw-4k2m9p", "TW-4K", "tw4k", "TW-4"]
)
def test_a_reference_finds_its_agreement_whole_or_by_its_beginning(text):
    wanted = tie("Lima", "Oslo", reference="TW-4K2M9P")
    tie("Rome", "Paris", reference="TW-94K2M9")
    assert agreements(text) == [wanted]


def test_the_letters_that_all_references_begin_with_find_none_of_them():
    tie("Lima", "Oslo")
    twente = tie("Twente", "Paris")
    assert agreements("tw") == [twente]
    assert agreements("TW-") == [twente]


def test_the_whole_reference_comes_before_names_that_look_like_it():
    named = tie("TW-4K2M9P", "Oslo", happened_on="2025")
    wanted = tie("Lima", "Oslo", reference="TW-4K2M9P", happened_on="1990")
    assert set(agreements("TW-4K2M9P")) == {wanted, named}
    assert agreements("tw4k2m9p")[0] == wanted


def test_what_is_internal_is_found_by_staff_alone(auditor):
    secret = AgreementFactory(parties=[PlaceFactory(name="Lima"), PlaceFactory()])
    assert agreements("lima") == []
    assert list(Agreement.objects.visible_to(auditor).search("lima")) == [secret]
