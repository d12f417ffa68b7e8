"""The world to start from: its files say nothing that they cannot know, and load whole or not."""

import csv
import re
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from agreements.models import Agreement, Listing
from cities.countries import CODES
from cities.models import Place, PlaceIdentifier, PlaceName
from cities.slugs import addresses
from tests.factories import PlaceIdentifierFactory, khujand, on
from tests.rows import all_rows
from twinning.story import load as load_story
from twinning.story import read
from twinning.world import LISTS, UNPLACED, load

WORLD = Path(settings.BASE_DIR) / "fixtures" / "world"
STORY = Path(settings.BASE_DIR) / "fixtures" / "story"
QID = re.compile(r"Q[1-9][0-9]*")


def table(name: str) -> list[dict[str, str]]:
    with (WORLD / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


COUNTRIES, PLACES, LEFT_OUT = table("countries.csv"), table("places.csv"), table(UNPLACED)
TIES = {name: table(f"{name}.csv") for name in LISTS}

# --- The files ----------------------------------------------------------------------------


def test_every_country_of_the_standard_has_a_name_in_the_four_languages():
    assert {row["code"] for row in COUNTRIES} == CODES
    for language in ("en", "fa", "tg", "ru"):
        assert all(row[f"name_{language}"] for row in COUNTRIES)


def test_an_id_is_one_place_alone():
    ids = [row["wikidata"] for row in (*COUNTRIES, *PLACES, *LEFT_OUT)]
    assert all(map(QID.fullmatch, ids))
    assert len(set(ids)) == len(ids)


def test_every_place_lies_in_a_country_and_says_where_its_facts_are_from():
    assert {row["country"] for row in PLACES} <= CODES
    assert all(row["source"] and row["name"] for row in PLACES)
    assert {row["level"] for row in PLACES} == {"city", "region"}


def test_a_region_named_by_a_city_is_a_region_of_the_same_country():
    regions = {row["wikidata"]: row["country"] for row in PLACES if row["level"] == "region"}
    assert all(regions[row["region"]] == row["country"] for row in PLACES if row["region"])


def test_what_the_story_has_too_gets_the_same_address_whichever_is_loaded_first():
    names = {row["wikidata"]: row["name"] for row in PLACES}
    story = [row for _where, row in read(STORY)["place"] if row.get("wikidata") in names]
    assert len(story) > 40
    assert [r["slug"] for r in story if next(addresses(names[r["wikidata"]])) != r["slug"]] == []


@pytest.mark.parametrize("name", LISTS)
def test_each_tie_is_of_two_places_that_are_known_or_left_out(name):
    known = {row["wikidata"] for row in (*COUNTRIES, *PLACES, *LEFT_OUT)}
    pairs = [(row["a_wikidata"], row["b_wikidata"]) for row in TIES[name]]
    assert {place for pair in pairs for place in pair} <= known
    assert all(a != b for a, b in pairs)
    assert len({frozenset(pair) for pair in pairs}) == len(pairs)


# --- Loading a part of it -----------------------------------------------------------------

FEW = {"Q60", "Q84", "Q612", "Q85", "Q64", "Q65", "Q959", "Q16520", "Q16552", "Q99"}


def copied(folder: Path, name: str, keep) -> None:
    rows = [row for row in table(name) if keep(row)]
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def slice_of_it(tmp_path):
    """Ten places, and the ties of which they are one side; most others are not on record."""
    copied(tmp_path, "countries.csv", lambda row: True)
    copied(tmp_path, "places.csv", lambda row: row["wikidata"] in FEW)
    copied(tmp_path, UNPLACED, lambda row: True)
    for name in LISTS:
        shutil.copy(WORLD / f"{name}.toml", tmp_path)
        copied(tmp_path, f"{name}.csv", lambda row: {row["a_wikidata"], row["b_wikidata"]} <= FEW)
    return tmp_path


@pytest.fixture
def loaded(db, slice_of_it):
    return load(slice_of_it)


def tie(one: str, other: str) -> Agreement:
    return Agreement.objects.filter(parties__place__slug=one).get(parties__place__slug=other)


def lists_of(agreement: Agreement) -> set[str]:
    return set(agreement.citations.values_list("source__key", flat=True))


def test_a_tie_is_signed_on_the_word_of_its_lists_and_public(loaded):
    found = tie("new-york-city", "london")
    assert (found.status, found.status_since, found.visibility) == ("signed", None, "public")
    assert lists_of(found) == {"wikidata-ties-2016", "wikidata-ties-2022"}
    assert found.steps.get().on_record_by == on("2016-09-10")


def test_what_one_side_lists_is_its_claim(loaded):
    claims = Listing.objects.filter(sides="one")
    assert {str(claim.listed_by) for claim in claims} == {"Dubai"}


def test_an_end_equal_to_its_beginning_is_not_believed(loaded):
    found = tie("vladivostok", "san-diego")
    assert (found.status, str(found.status_since)) == ("signed", "1991")
    assert found.steps.count() == 1


def test_places_have_their_country_or_region_and_the_larger_the_plainer_address(loaded):
    assert Place.objects.get(slug="los-angeles").parent.name == "California"
    assert Place.objects.get(slug="berlin").parent.country_code == "DE"
    names = Place.objects.get(slug="tajikistan").names.values_list("text", flat=True)
    assert {"تاجیکستان", "Тоҷикистон", "Таджикистан"} <= set(names)


def test_what_is_known_by_its_id_is_left_as_it_is(db, slice_of_it):
    mine = khujand()
    known = PlaceIdentifierFactory(place=mine, value="Q60")
    load(slice_of_it)
    assert PlaceIdentifier.objects.get(value="Q60") == known
    assert not Place.objects.filter(name="New York City").exists()


def test_loaded_again_it_writes_nothing(loaded, slice_of_it):
    before = all_rows()
    assert load(slice_of_it).changes_nothing
    assert all_rows() == before


def test_the_story_may_come_after_the_world(db):
    there = khujand()
    there.names.all().delete()
    PlaceName.history.all().delete()
    load_story(STORY)
    assert there.names.filter(text="Хуҷанд").exists()
    assert there.institutions.exists()
    there.names.all().delete()
    assert not any(load_story(STORY).values())
    assert not there.names.exists()  # what somebody took away stays away


def test_a_load_that_fails_leaves_nothing(db, slice_of_it):
    before = all_rows()
    broken = (slice_of_it / "ties-2022.csv").read_text(encoding="utf-8") + "Q60\n"
    (slice_of_it / "ties-2022.csv").write_text(broken, encoding="utf-8")
    with pytest.raises(CommandError, match=r"ties-2022\.csv, row \d+"):
        call_command("load_world", slice_of_it, verbosity=0)
    assert all_rows() == before


def test_what_cannot_be_placed_is_reported_with_the_reason(db, slice_of_it, capsys):
    bare = LEFT_OUT[0]["wikidata"]
    with (slice_of_it / "ties-2022.csv").open("a", encoding="utf-8") as file:
        file.write(f"Q60,{bare}\n")
    call_command("load_world", slice_of_it)
    assert "1 rows of ties-2022.csv: of one of the two places only an id" in capsys.readouterr().out
