"""Which column is which: by its heading, or by a mapping file; told clearly where it is neither."""

from datetime import date

import pytest

from agreements.imports import CANONICAL, Mapping, read_mapping, source_on_record
from agreements.imports.columns import layout
from common.sheets import SheetError
from tests.factories import SourceFactory, on
from tests.imports.lists import sheet_of


def read(header: str, row: str = "", **mapping) -> dict[str, str]:
    row = row or ",".join("x" for _ in header.split(","))
    sheet = sheet_of(f"{header}\n{row}\n".encode())
    return layout(sheet, Mapping(**mapping)).headings


def refused(header: str, **mapping) -> str:
    with pytest.raises(SheetError) as raised:
        read(header, **mapping)
    return str(raised.value)


def test_every_column_goes_by_its_own_name():
    assert read(",".join(CANONICAL)) == dict(zip(CANONICAL, CANONICAL, strict=True))


@pytest.mark.parametrize(
    ("header", "names"),
    [
        ("qid_a,qid_b,direction_2016", ["a_wikidata", "b_wikidata", "listed_by"]),
        ("Place A,Country A,Place B,Country B", ["a_name", "a_country", "b_name", "b_country"]),
        ("CITY,Country,Partner,Partner country", ["a_name", "a_country", "b_name", "b_country"]),
        ("city_a,city_b,Since,Until", ["a_name", "b_name", "start", "end"]),
        ("a,b,geonames a", None),
    ],
)
def test_a_column_goes_by_what_people_call_it(header, names):
    if names is None:
        assert "side a" in refused("a,b,population")
    else:
        assert read(header) == dict(zip(names, header.split(","), strict=True))


def test_what_no_tie_has_is_set_aside_and_told():
    sheet = sheet_of(b"qid_a,qid_b,population\nQ1,Q2,5\n")
    found = layout(sheet, Mapping())
    assert found.unread == ("population",)
    assert found.read({"qid_a": "Q1", "qid_b": "Q2", "population": "5"})["population"] == "5"


def test_a_mapping_says_which_column_is_which_and_what_all_rows_share():
    header = "Partnerstadt,Land,Jahr"
    found = read(
        header,
        columns={"b_name": "Partnerstadt", "b_country": "land", "start": "Jahr"},
        constants={"a_wikidata": "Q373808"},
    )
    assert found == {"b_name": "Partnerstadt", "b_country": "Land", "start": "Jahr"}


def test_where_the_first_side_is_constant_a_city_is_the_other_side():
    assert read("city,country", constants={"a_wikidata": "Q373808"}) == {
        "b_name": "city",
        "b_country": "country",
    }


@pytest.mark.parametrize(
    ("header", "mapping", "words"),
    [
        ("a_name,start", {}, "No column says which place is side b"),
        ("a_name,b_name,since,begin", {}, "“since” and “begin” would both be read as start"),
        ("a_name,b_name", {"columns": {"start": "Jahr"}}, "a column “Jahr”, and there is none"),
        ("a_name,b_name", {"constants": {"a_name": "Khujand"}}, "Take one of the two away"),
    ],
)
def test_columns_that_cannot_be_read_are_told_with_the_file(header, mapping, words):
    said = refused(header, **mapping)
    assert words in said
    assert "ties.csv, row 1" in said


# Mapping files

WHOLE = """
listed_on = "2024-05"
kind = "friendship"
[columns]
start = "Jahr"
[constants]
a_wikidata = "Q373808"
[source]
key = "khujand-office"
publisher = "Khujand city administration"
title = "Our sister cities"
published_on = 2024-05-10
"""


@pytest.mark.django_db
def test_a_mapping_file_says_it_all():
    found = read_mapping(WHOLE.encode(), "khujand.toml")
    assert found.mapping == Mapping({"start": "Jahr"}, {"a_wikidata": "Q373808"})
    assert (found.listed_on, found.kind) == (on("2024-05"), "friendship")
    source = source_on_record(found.source, "khujand.toml")
    assert (source.pk, source.kind, source.published_on) == (None, "register", on("2024-05-10"))


@pytest.mark.django_db
def test_a_list_on_record_is_taken_and_not_made_again():
    known = SourceFactory(key="khujand-office", kind="register")
    assert source_on_record({"key": "khujand-office", "title": "Other"}, "x.toml") == known


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfe", "khujand.toml: The mapping is not in UTF-8"),
        (b"start = ", "khujand.toml: This is no TOML"),
        (b"[colums]\nstart = 'x'", "“colums”: Nothing is called that here"),
        (b"[columns]\nbegin = 'x'", "“columns.begin”: Nothing is called that here"),
        (b"[columns]\nstart = ['x']", "“columns.start”: Write one text here"),
        (b"columns = 'x'", "Write a line [columns]"),
        (b"listed_on = '2024-13'", "“listed_on”: Write a year, a month or a day"),
        (b"kind = 'love'", "“kind”: There are the kinds sister_city"),
    ],
)
def test_a_mapping_file_that_cannot_be_read_is_told_with_its_place(content, words):
    with pytest.raises(SheetError) as raised:
        read_mapping(content, "khujand.toml")
    assert words in str(raised.value)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("described", "words"),
    [
        ({}, "Give the list a short name of its own"),
        ({"key": "a list", "publisher": "P", "title": "T"}, "key: "),
        ({"key": "list", "publisher": "P"}, "title: "),
        ({"key": "list", "published_on": str(date(2024, 5, 1))[:-2] + "99"}, "published_on"),
    ],
)
def test_a_list_that_is_not_described_is_told(described, words):
    with pytest.raises(SheetError) as raised:
        source_on_record(described, "khujand.toml")
    assert words in str(raised.value)
