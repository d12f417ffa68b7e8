"""What looks alike is found, with its reasons; what is two by rule is not; nothing is decided."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

from agreements.duplicates import probable_agreements
from cities.duplicates import (
    EARTH_KM,
    Known,
    Strength,
    kilometres,
    probable_officials,
    probable_places,
    skeleton_of,
)
from cities.models import DistinctPair, PlaceIdentifier
from tests.factories import (
    AgreementFactory,
    AppointmentFactory,
    OfficialFactory,
    PlaceFactory,
    PlaceIdentifierFactory,
    PlaceNameFactory,
    RegionFactory,
    SpellingFactory,
    qazvin,
)
from tests.rows import all_rows

pytestmark = pytest.mark.django_db


def found(pairs) -> list[tuple[int, int]]:
    return [(pair.low, pair.high) for pair in pairs]


def told(pairs) -> str:
    (pair,) = pairs
    return " ".join(map(str, pair.reasons))


def city(name, code="DE", at=None, **fields):
    if at:
        fields |= {"latitude": at[0], "longitude": at[1]}
    return PlaceFactory(name=name, country_code=code, **fields)


# --- Places -------------------------------------------------------------------------------


def test_places_of_one_name_in_one_country_may_be_one():
    one, other = city("Munster"), city("Münster")
    assert found(probable_places()) == [(one.pk, other.pk)]
    assert "“Munster” and “Münster” differ in marks" in told(probable_places())


def test_any_name_counts_of_any_time_and_in_any_script(khujand):
    city("Leninabad", "TJ")
    assert "Both are called “Leninabad”." in told(probable_places())


def test_a_name_in_another_script_counts():
    city("Khujand", "TJ")
    PlaceNameFactory(place=city("Kuhak", "TJ"), text="Хуҷанд", language="tg")
    assert "“Khujand” may be “Хуҷанд” in another script." in told(probable_places())


def test_a_name_in_a_script_without_vowels_meets_its_like_in_the_consonants():
    one = city("Qazvin", "IR")
    PlaceNameFactory(place=city("Ghazwin", "IR"), text="قزوین", language="fa", script="Arab")
    assert "“Qazvin” may be “قزوین” in another script." in told(probable_places())
    assert probable_places()[0].low == one.pk


def test_places_of_one_name_in_two_countries_are_two_unless_they_lie_together():
    city("Valga", "EE", (57.777, 26.047)), city("Valga", "FI")
    assert found(probable_places()) == []
    near = city("Valga", "LV", (57.775, 26.035))
    (pair,) = probable_places()
    assert pair.high == near.pk
    assert "They lie 0.7 km apart." in told([pair])
    assert "two countries" in told([pair])


def test_a_city_and_its_region_of_one_name_are_two():
    region = RegionFactory(name="Sughd", country_code="TJ")
    city("Sughd", "TJ", parent=region)
    assert probable_places() == []


@pytest.mark.parametrize(
    ("name", "at", "alike"),
    [
        ("Khujand City", (40.30, 69.62), True),  # 2 km
        ("Chudschand", (40.283, 69.62), False),
        ("Khojand", (40.283, 69.63), True),  # sounds alike
        ("Khujand City", (40.33, 69.62), False),  # 5 km
        ("Buston", (40.283, 69.617), False),
        ("Gafurov City", (40.283, 69.617), False),
    ],
)
def test_what_lies_close_and_is_called_alike_may_be_one(name, at, alike):
    city("Khujand", "TJ", (40.283, 69.617))
    city(name, "TJ", at)
    assert bool(probable_places()) is alike


def test_the_date_line_and_the_poles_part_nobody():
    city("Taveuni", "FJ", (-16.8, 179.999)), city("Taveuni Town", "FJ", (-16.8, -179.999))
    city("Amundsen", "AQ", (-89.999, 0)), city("Amundsen Station", "AQ", (-89.999, 120))
    assert len(probable_places()) == 2


def test_what_speaks_against_it_is_said_and_weighs():
    kansas, missouri = (RegionFactory(name=name, country_code="US") for name in ("KS", "MO"))
    for region, at, qid in (
        (kansas, (39.106, -94.676), "Q486472"),
        (missouri, (39.1, -94.578), "Q41819"),
    ):
        PlaceIdentifierFactory(place=city("Kansas City", "US", at, parent=region), value=qid)
    (pair,) = probable_places()
    assert pair.strength == Strength.DOUBTFUL
    assert [str(reason) for reason in pair.speaking_against] == [
        "Wikidata holds them to be two: Q41819, Q486472.",
        "They are on record as lying in different places.",
    ]


def test_the_likeliest_come_first():
    far, away = city("Springfield", "US", (39.8, -89.6)), city("Springfield", "US", (42.1, -72.6))
    one, other = city("Bukhara", "UZ", (39.77, 64.42)), city("Bukhara", "UZ", (39.77, 64.43))
    pairs = probable_places()
    assert found(pairs) == [(one.pk, other.pk), (far.pk, away.pk)]
    assert [pair.strength for pair in pairs] == [Strength.LIKELY, Strength.DOUBTFUL]


def test_a_pair_that_was_told_apart_does_not_come_back():
    one, other = city("Munster"), city("Münster")
    DistinctPair.objects.tell_apart(other, one, by=None, reason="200 km apart.")
    DistinctPair.objects.tell_apart(one, other, by=None, reason="Again.")
    assert probable_places() == []
    assert DistinctPair.objects.get().reason == "200 km apart."


def test_a_pair_told_apart_among_officials_says_nothing_of_places():
    one, other = city("Munster"), city("Münster")
    officials = OfficialFactory.create_batch(2)
    DistinctPair.objects.create(
        kind="cities.official", low=min(one.pk, other.pk), high=max(one.pk, other.pk)
    )
    assert len(probable_places()) == 1
    assert officials


def test_a_name_of_hundreds_is_told_as_pairs_with_the_first():
    for _ in range(30):
        city("San José", "MX")
    assert len(probable_places()) == 29


def test_finding_changes_nothing_and_asks_the_same_for_three_and_thirty(
    django_assert_max_num_queries,
):
    def fill(number: int) -> None:
        for index in range(number):
            place = city(f"Town {index % 2}", at=(index, index))
            PlaceNameFactory(place=place), PlaceIdentifierFactory(place=place)
            AppointmentFactory(official=OfficialFactory(name="Ali Rahmon"), place=place)
            SpellingFactory(text="Rahmon Ali")

    def look() -> None:
        probable_places(), probable_officials(), probable_agreements()

    fill(3)
    with django_assert_max_num_queries(20) as few:
        look()
    fill(27)
    before = all_rows()
    with django_assert_max_num_queries(len(few)):
        look()
    assert all_rows() == before


def test_a_kilometre_is_a_kilometre():
    khujand, dushanbe = (Known(1, "", "", None, at) for at in ((40.28, 69.62), (38.56, 68.78)))
    assert kilometres(khujand, dushanbe) == pytest.approx(204, abs=2)
    poles = (Known(1, "", "", None, (lat, 0.0)) for lat in (90.0, -90.0))
    assert kilometres(*poles) == pytest.approx(EARTH_KM * 3.14159, rel=1e-4)


@pytest.mark.parametrize(
    ("one", "other"), [("khujand", "khojend"), ("qazvin", "qzwyn"), ("tehran", "thrn")]
)
def test_a_skeleton_is_what_is_left_without_vowels(one, other):
    assert skeleton_of(one) == skeleton_of(other)


# --- Officials ----------------------------------------------------------------------------


def test_officials_of_one_spelling_may_be_one_the_more_so_in_one_place():
    one, other = (OfficialFactory(name=name) for name in ("Mohammad Nozari", "M. Nowzari"))
    SpellingFactory(official=other, text="Mohammad Nozari")
    (pair,) = probable_officials()
    assert (pair.low, pair.high, pair.strength) == (one.pk, other.pk, Strength.POSSIBLE)
    for official in (one, other):
        AppointmentFactory(official=official, place=qazvin())
    (pair,) = probable_officials()
    assert pair.strength == Strength.LIKELY
    assert "Both have an office that speaks for Qazvin." in told([pair])


def test_words_in_another_order_count():
    OfficialFactory(name="Emomali Rahmon"), OfficialFactory(name="Rahmon Emomali")
    assert "has the words of" in told(probable_officials())


def test_offices_at_different_places_speak_against_it():
    for name in ("Ali Rezaei", "Ali Rezaei"):
        AppointmentFactory(official=OfficialFactory(name=name))
    assert probable_officials()[0].strength == Strength.DOUBTFUL


def test_officials_of_other_names_are_two():
    OfficialFactory(name="Emomali Rahmon"), OfficialFactory(name="Emomali Sharif")
    assert probable_officials() == []


# --- Agreements ---------------------------------------------------------------------------


@pytest.fixture
def tie(qazvin, khujand):
    return AgreementFactory(status="signed", parties=[qazvin, khujand])


def test_open_agreements_of_the_same_parties_and_kind_may_be_one(tie, qazvin, khujand):
    again = AgreementFactory(status="signed", parties=[khujand, qazvin])
    (pair,) = probable_agreements()
    assert (pair.low, pair.high, pair.strength) == (tie.pk, again.pk, Strength.LIKELY)
    assert "Since the same time: 10 May 2025, 10 May 2025." in told([pair])


def test_two_ties_of_a_pair_at_different_times_are_told_as_doubtful(tie, qazvin, khujand):
    AgreementFactory(status="signed", happened_on="1998", parties=[qazvin, khujand])
    (pair,) = probable_agreements()
    assert pair.strength == Strength.DOUBTFUL


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "friendship"},
        {"status": "ended"},
        {"status": "withdrawn"},
        {"parties": "others"},
        {"parties": "one more"},
    ],
)
def test_agreements_that_differ_are_two(tie, qazvin, khujand, fields):
    parties = {"others": [qazvin, PlaceFactory()], "one more": [qazvin, khujand, PlaceFactory()]}
    given = {"status": "signed", **fields}
    given["parties"] = parties.get(given.get("parties"), [qazvin, khujand])
    AgreementFactory(**given)
    assert probable_agreements() == []


def test_agreements_of_one_party_say_nothing(qazvin):
    AgreementFactory(parties=[qazvin]), AgreementFactory(parties=[qazvin])
    assert probable_agreements() == []


# --- The command --------------------------------------------------------------------------


def run(*args: str) -> str:
    out = StringIO()
    call_command("find_duplicates", *args, stdout=out)
    return out.getvalue()


def test_the_command_tells_pairs_and_reasons_and_changes_nothing():
    city("Munster"), city("Münster")
    before = all_rows()
    said = run()
    assert "Places: 1\n  Munster (munster) – Münster (munster-de): perhaps one." in said
    assert "Officials: 0" in said
    assert "Agreements: 0" in said
    assert all_rows() == before


def test_the_command_tells_machines_too(tie, qazvin, khujand):
    again = AgreementFactory(parties=[qazvin, khujand], status="signed")
    (line,) = run("agreements", "--json").splitlines()
    data = json.loads(line)
    assert data["kind"] == "agreements"
    assert [record["key"] for record in data["records"]] == [tie.reference, again.reference]
    assert (data["strength"], data["against"]) == ("likely", [])


def test_the_command_refuses_what_it_does_not_know():
    with pytest.raises(CommandError, match="rivers"):
        run("rivers")


def test_reasons_are_put_into_words_when_they_are_read():
    city("Bukhara"), city("Bukhara")
    (pair,) = probable_places()
    with override("fa"):
        assert str(pair.reasons[0])
    assert PlaceIdentifier.objects.count() == 0
