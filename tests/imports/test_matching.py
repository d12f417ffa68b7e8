"""Which place a row means: by id, else by exact name and country, else nobody guesses."""

import pytest

from agreements.models import Agreement
from cities.models import Place
from tests.factories import CountryFactory, PlaceFactory, PlaceIdentifierFactory, PlaceNameFactory
from tests.imports.lists import KHUJAND, SEATTLE, entered, looked_through, results, tie, told

pytestmark = pytest.mark.django_db


def offered(found) -> list[tuple[str, str]]:
    candidates = [one for outcome in found.outcomes for one in outcome.candidates]
    return [(one.place.slug, str(one.reason)) for one in candidates]


@pytest.mark.parametrize("named", ["Q5083", "5809844", SEATTLE, "seattle|us", "SEATTLE|US"])
def test_an_id_finds_a_place_and_so_does_its_exact_name_with_its_country(places, named):
    entered(tie(b=named))
    assert Agreement.objects.get().parties.filter(place=places["seattle"]).exists()


@pytest.mark.parametrize("name", ["Leninabad", "Худжанд", "Хуҷанд", "خجند", "khujand"])
def test_any_name_on_record_finds_it_former_ones_and_other_scripts_too(places, name):
    assert results(looked_through(tie(f"{name}|TJ"))) == ["new"]


def test_a_name_composed_otherwise_is_the_same_name(khujand):
    PlaceFactory(name="Münster", country_code="DE")
    assert results(looked_through(tie(b="Mu\u0308nster|DE"))) == ["new"]


def test_munster_is_not_munster_but_it_is_offered(khujand):
    PlaceFactory(name="Münster", country_code="DE")
    found = looked_through(tie(b="Munster|DE"))
    assert results(found) == ["unclear"]
    assert offered(found) == [("munster", "a name written much like it")]
    PlaceFactory(name="Munster", country_code="DE")
    entered(tie(b="Munster|DE"))
    assert Agreement.objects.get().parties.last().place.name == "Munster"


def test_the_same_name_in_another_country_is_offered_and_not_taken(places):
    found = looked_through(tie(b="Seattle|DE"))
    assert results(found) == ["unclear"]
    assert offered(found) == [("seattle", "same name, in US")]


def test_a_name_without_a_country_is_not_enough(places):
    found = looked_through(tie(b="Seattle"))
    assert results(found) == ["unclear"]
    assert "Say in which country" in told(found)[0]
    assert offered(found) == [("seattle", "same name")]


def test_of_two_of_one_name_and_country_none_is_taken(khujand):
    PlaceFactory.create_batch(2, name="Springfield", country_code="US")
    found = looked_through(tie(b="Springfield|US"))
    assert results(found) == ["unclear"]
    assert [reason for _slug, reason in offered(found)] == ["same name and country"] * 2
    assert "Several places" in told(found)[0]


def test_what_nobody_knows_has_no_candidates(khujand):
    found = looked_through(tie(b="Atlantis|GR"))
    assert (results(found), offered(found)) == (["unclear"], [])
    assert "ask for new places to be made" in told(found)[0]


def test_an_id_that_nobody_knows_does_not_keep_the_name_from_finding(places):
    found = looked_through(tie("Q999 Qazvin|IR"))
    assert results(found) == ["new"]
    assert "This id is not on record here" in told(found)[0]


def test_an_id_and_a_name_that_disagree_are_told_and_the_id_is_believed(places):
    found = looked_through(tie(b="Q5083 Portland|CA"))
    assert results(found) == ["new"]
    assert ["no such name" in told(found)[0], "lies in US" in told(found)[1]] == [True, True]


def test_an_id_against_the_id_on_record_is_not_taken(places):
    found = looked_through(tie(b="Q999 Seattle|US"))
    assert results(found) == ["unclear"]
    assert offered(found) == [("seattle", "same name and country, but its Wikidata id is Q5083")]


def test_two_ids_of_two_places_are_not_taken(places):
    found = looked_through(tie(b="Q373808") | {"b_geonames": "5809844"}, tie())
    assert results(found) == ["unclear", "new"]
    assert "two ids are of two places" in told(found)[0]


def test_a_place_has_no_tie_with_itself_however_it_is_named(places):
    found = looked_through(tie(KHUJAND, "Q373808"), tie(KHUJAND, "Leninabad|TJ"))
    assert results(found) == ["refused", "refused"]
    assert "A place has no tie with itself" in told(found)[0]


def test_perth_and_perth_are_two(db):
    PlaceFactory(name="Perth", country_code="AU")
    PlaceFactory(name="Perth", country_code="GB")
    assert results(entered(tie("Perth|AU", "Perth|GB"))) == ["new"]


# New places


def test_places_are_made_only_when_asked(khujand):
    before = Place.objects.count()
    assert results(looked_through(tie(b="Seattle|US"))) == ["unclear"]
    found = looked_through(tie(b="Q5083 Seattle|US"), make_places=True)
    assert (results(found), Place.objects.count()) == (["new"], before)


def test_a_place_is_made_of_name_country_and_id_below_its_country(khujand):
    country = CountryFactory(name="United States", country_code="US")
    entered(tie(b="Q5083 Seattle|US"), make_places=True)
    made = Place.objects.get(name="Seattle")
    assert (made.parent, made.country_code, made.level) == (country, "US", "city")
    assert [str(one.value) for one in made.identifiers.all()] == ["Q5083"]


def test_a_new_place_of_two_rows_is_made_once_whatever_they_name_it_by(khujand, qazvin):
    rows = [
        tie(b="Seattle|US"),
        tie("Qazvin|IR", "Q5083 Seattle|US"),
        tie("Qazvin|IR", "Q5083 Emerald City|US", start="1990"),
    ]
    found = entered(*rows, make_places=True)
    assert "refused" not in results(found)
    assert Place.objects.filter(country_code="US").count() == 1


def test_two_new_places_with_an_id_between_them_are_not_made_into_one(khujand):
    rows = [
        tie(b="Q1001 Springfield|US", b_geonames="77"),
        tie(b="Q1002 Springfield|US", b_geonames="77"),
        tie(b="77 Springfield|US"),
    ]
    found = entered(*rows, make_places=True, leave_out_refused=True)
    assert results(found) == ["new", "unclear", "unchanged"]
    assert Place.objects.filter(name="Springfield").count() == 1


def test_no_place_is_made_beside_one_of_much_the_same_name(khujand):
    PlaceFactory(name="Münster", country_code="DE")
    assert results(looked_through(tie(b="Munster|DE"), make_places=True)) == ["unclear"]


def test_a_row_that_is_left_out_makes_no_place(khujand):
    found = entered(
        tie("Nowhere", "Q5083 Seattle|US"),
        tie(b="Q9 Lviv|UA"),
        make_places=True,
        leave_out_refused=True,
    )
    assert [place.name for place in found.new_places.values()] == ["Lviv"]
    assert not Place.objects.filter(name="Seattle").exists()


def test_places_that_differ_by_id_alone_stay_two(khujand):
    for value in ("Q1", "Q2"):
        made = PlaceFactory(name="Perth", country_code="AU")
        PlaceIdentifierFactory(place=made, value=value)
    assert results(entered(tie("Q1", "Q2"))) == ["new"]


def test_a_name_of_another_place_is_no_reason_to_take_it(khujand):
    other = PlaceFactory(name="Portland", country_code="US")
    PlaceNameFactory(place=other, text="Seattle")
    seattle = PlaceFactory(name="Seattle", country_code="US")
    found = looked_through(tie())
    assert results(found) == ["unclear"]
    assert {slug for slug, _reason in offered(found)} == {other.slug, seattle.slug}
