"""No more than the source says: what of a row is believed, and what is only told."""

import pytest
from django.utils import timezone

from agreements.models import Agreement, Listing
from tests.factories import on
from tests.imports.lists import KHUJAND, SEATTLE, entered, looked_through, results, tie, told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places")]


def the_agreement() -> Agreement:
    return Agreement.objects.get()


def test_a_tie_of_a_list_was_signed_on_an_unknown_day_and_on_record_by_its_state():
    assert results(entered(tie())) == ["new"]
    agreement, step = the_agreement(), the_agreement().steps.get()
    assert (agreement.status, agreement.status_since) == ("signed", None)
    assert (step.happened_on, step.on_record_by) == (None, on("2016"))
    assert agreement.visibility == "internal"
    assert agreement.citations.get().says == "Lists the tie."


def test_a_start_is_the_day_of_signing_as_exact_as_given():
    entered(tie(start="1973-05"))
    step = the_agreement().steps.get()
    assert (step.happened_on, step.on_record_by) == (on("1973-05"), None)


def test_an_end_in_the_past_is_an_end_for_an_unknown_reason():
    entered(tie(start="1973", end="1990"))
    end = the_agreement().steps.last()
    assert (end.to_status, end.happened_on, end.end_reason) == ("ended", on("1990"), "unknown")


def test_an_end_without_a_start_ends_what_stood_by_then():
    entered(tie(end="1990"))
    opening, end = the_agreement().steps.all()
    assert (opening.on_record_by, end.happened_on) == (on("1990"), on("1990"))


@pytest.mark.parametrize(
    ("dates", "signed", "says", "wrong"),
    [
        (("1973", "1973"), "1973", "gives 1973 for its end as well", "end: The end is the same"),
        (("1973", "1970"), None, "gives 1973 for its beginning and 1970", "before the start"),
        (("2990", ""), None, "gives 2990 for its beginning", "start: This is in the future"),
        (("2019", ""), None, "gives 2019 for its beginning", "start: The list is of 2016"),
        (("1973", "2990"), "1973", "gives 2990 for its end", "end: This is in the future"),
    ],
)
def test_what_cannot_be_is_told_and_not_believed(dates, signed, says, wrong):
    found = entered(tie(start=dates[0], end=dates[1]))
    agreement = the_agreement()
    assert (agreement.status, agreement.status_since) == ("signed", on(signed) if signed else None)
    assert says in agreement.citations.get().says
    assert len(told(found)) == 1
    assert wrong in told(found)[0]
    assert not found.refused
    assert Listing.objects.get().stated["start"] == dates[0]


def test_this_year_has_begun_and_next_year_has_not():
    this = timezone.localdate().year
    found = looked_through(
        tie(start=str(this)), tie(b="Qazvin|IR", start=str(this + 1)), listed_on=str(this)
    )
    assert [line.partition(":")[0] for line in told(found)] == ["start"]


@pytest.mark.parametrize(
    ("start", "words"),
    [
        ("1998 or 1999", "two years, 1998 and 1999"),
        ("2025-02-30", "Month 2 of 2025 has 28 days"),
        ("2025-14-01", "There is no month 14"),
        ("0000", "There is no year 0"),
        ("0", "There is no year 0"),
        ("10.05.2025", "Write the year first"),
        ("13.05.2025", "Write the year first: 2025-05-13."),
        ("c. 1998", "If the year 1998 is certain"),
        ("long ago", "Write a year, a month or a day"),
    ],
)
def test_what_is_no_date_is_refused_with_what_to_write(start, words):
    found = looked_through(tie(start=start))
    assert results(found) == ["refused"]
    assert words in told(found)[0]


@pytest.mark.parametrize(
    ("listed_by", "sides", "lister"),
    [
        ("both", "both", None),
        ("a_only", "one", "Khujand"),
        ("B_ONLY", "one", "Seattle"),
        ("", "unknown", None),
    ],
)
def test_who_lists_it_is_kept(listed_by, sides, lister):
    entered(tie(listed_by=listed_by))
    listing = Listing.objects.get()
    assert listing.sides == sides
    assert (listing.listed_by and listing.listed_by.name) == lister
    assert ("only" in listing.citation.says) == (sides == "one")


def test_two_rows_that_each_side_lists_alone_are_listed_by_both():
    found = entered(tie(listed_by="a_only"), tie(SEATTLE, KHUJAND, listed_by="a_only"))
    assert results(found) == ["new", "unchanged"]
    assert Listing.objects.get().sides == "both"


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"listed_by": "yes"}, "listed_by"),
        ({"kind": "love"}, "kind"),
        ({"note": "x" * 1001}, "note"),
        ({"b_wikidata": "https://www.wikidata.org/wiki/Q5083"}, "b_wikidata"),
        ({"b_geonames": "5809844a"}, "b_geonames"),
        ({"b_name": "Seattle[1]"}, "b_name"),
        ({"b_name": "File:Flag of Seattle.png"}, "b_name"),
        ({"b_name": "Seattle {{!}} US"}, "b_name"),
        ({"b_name": "<b>Seattle</b>"}, "b_name"),
        ({"b_name": "x" * 201}, "b_name"),
        ({"b_country": "the_United_States"}, "b_country"),
        ({"a_country": "USSR"}, "a_country"),
        ({"b_name": "", "b_country": ""}, "b_name"),
    ],
)
def test_a_cell_that_cannot_be_read_refuses_its_row_and_is_named(cells, column):
    found = looked_through(tie(**cells), tie())
    assert results(found) == ["refused", "new"]
    assert [reason.column for reason in found.outcomes[0].reasons] == [column]


def test_a_country_goes_by_its_code_or_a_name_on_record_with_blanks_and_in_any_case():
    for country in ("TJ", "tj", " Tajikistan", "TAJIKISTAN "):
        assert results(looked_through(tie(f"Khujand|{country}"))) == ["new"]
    assert "RU, UA, TJ" in told(looked_through(tie("Khujand|USSR")))[0]
    assert "If Tajikistan is meant, write TJ" in told(looked_through(tie("Khujand|Tajikistn")))[0]
