"""What becomes of a row, the first time and with every later state of the list."""

import pytest

from agreements.imports import ImportRefused
from agreements.models import Agreement, Citation, Listing
from tests.factories import AgreementFactory, on
from tests.imports.lists import (
    KHUJAND,
    QAZVIN,
    SEATTLE,
    entered,
    looked_through,
    results,
    tie,
    told,
)
from tests.rows import all_rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places")]


def between(khujand, seattle, **fields) -> Agreement:
    return AgreementFactory(parties=[khujand, seattle], **{"status": "signed", **fields})


# The first time


def test_one_tie_is_one_agreement_whichever_side_stands_first_and_however_often():
    found = entered(tie(), tie(SEATTLE, KHUJAND), tie("Q373808", "Q5083"))
    assert results(found) == ["new", "unchanged", "unchanged"]
    assert [str(one.says) for one in found.outcomes[1:]] == ["The same tie as row 2."] * 2
    assert Agreement.objects.count() == Listing.objects.count() == 1


def test_two_beginnings_of_one_pair_are_two_ties_and_one_within_the_other_is_not():
    found = entered(tie(start="1973"), tie(SEATTLE, KHUJAND, start="1991"), tie(start="1991-05"))
    assert sorted(results(found)) == ["new", "new", "unchanged"]
    assert {str(one.status_since) for one in Agreement.objects.all()} == {"1973", "1991-05"}


@pytest.mark.parametrize("later", ["1973", "1973-06"])
def test_what_was_over_before_the_other_began_is_another_tie(later):
    rows = [tie(end="1950"), tie(start=later), tie(SEATTLE, KHUJAND)]
    assert results(entered(*rows)) == ["new", "new", "unchanged"]
    assert sorted(one.status for one in Agreement.objects.all()) == ["ended", "signed"]
    assert set(results(entered(*rows))) == {"unchanged"}
    within = [tie(b=QAZVIN, start="1973-06"), tie(b=QAZVIN, start="1973", end="1973-05")]
    assert results(entered(*within, whole_list=False)) == ["new", "new"]


def test_rows_that_end_one_tie_at_two_times_end_it_at_none():
    found = entered(tie(start="1973", end="1990"), tie(start="1973", end="1995"))
    assert Agreement.objects.get().status == "signed"
    assert (
        told(found)[0] == "end: The rows of this tie give different ends, 1990, 1995. "
        "None is believed."
    )


def test_the_list_is_added_to_an_agreement_on_record_which_is_left_alone(khujand, seattle):
    known = between(khujand, seattle, happened_on="1973-05-10", public=True)
    found = entered(tie(start="1973"))
    assert results(found) == ["joined"]
    assert found.outcomes[0].agreement_reference == known.reference
    now = Agreement.objects.get()
    assert (now.version, now.status_since) == (known.version, on("1973-05-10"))
    assert now.citations.filter(source__key="the-list", listing__row=2).exists()


def test_an_agreement_of_another_kind_or_with_a_third_party_is_another(khujand, seattle, qazvin):
    between(khujand, seattle, kind="friendship")
    AgreementFactory(parties=[khujand, seattle, qazvin], status="signed")
    assert results(looked_through(tie())) == ["new"]


@pytest.mark.parametrize(
    ("status", "happened_on", "row", "words"),
    [
        ("proposed", "2010", {}, "in the register it is proposed"),
        ("drafted", "2010", {}, "in the register it is drafted"),
        ("withdrawn", "2010", {}, "in the register it is withdrawn"),
        ("ended", "2010", {}, "The list has it still; in the register it ended 2010."),
        ("signed", "1990", {"start": "1973"}, "begun 1973; in the register it was signed 1990"),
        ("signed", "2019", {}, "The list had it before it was signed, 2019"),
        ("signed", "1973", {"start": "1973", "end": "1990"}, "ended 1990; in the register it st"),
    ],
)
def test_what_contradicts_is_told_beside_the_register_which_stands(
    khujand, seattle, status, happened_on, row, words
):
    known = between(khujand, seattle, status=status, happened_on=happened_on)
    found = entered(tie(**row))
    assert results(found) == ["contradicts"]
    assert words in told(found)[0]
    assert words in Listing.objects.get().contradicts
    known.refresh_from_db()
    assert (known.status, known.version, known.steps.count()) == (status, 1, 1)


def test_what_begins_after_an_end_on_record_is_a_second_tie(khujand, seattle):
    between(khujand, seattle, status="ended", happened_on="1990")
    assert results(entered(tie(start="1995"))) == ["new"]
    assert Agreement.objects.count() == 2


def test_of_two_agreements_on_record_the_list_joins_the_one_of_its_time(khujand, seattle):
    between(khujand, seattle, status="ended", happened_on="1980")
    of_then = between(khujand, seattle, happened_on="1995")
    found = entered(tie(start="1995-06"))
    assert [one.agreement_reference for one in found.outcomes] == [of_then.reference]


# Run again


def test_the_same_list_again_changes_nothing():
    rows = [tie(start="1973"), tie(b=QAZVIN, listed_by="a_only"), tie(b=QAZVIN)]
    entered(*rows)
    before = all_rows()
    again = entered(*rows)
    assert set(results(again)) == {"unchanged"}
    assert all_rows() == before


def test_a_later_state_with_the_same_rows_is_listed_still():
    entered(tie())
    citation = Citation.objects.get()
    found = entered(tie(), listed_on="2022")
    assert (results(found), str(found.outcomes[0].says)) == (
        ["unchanged"],
        "Listed still, in 2022.",
    )
    listing = Listing.objects.get()
    assert (listing.first_listed_on, listing.last_listed_on) == (on("2016"), on("2022"))
    citation.refresh_from_db()
    assert citation.version == 1


def test_a_row_that_is_new_in_a_later_state_is_new():
    entered(tie())
    assert results(entered(tie(), tie(b=QAZVIN), listed_on="2022")) == ["unchanged", "new"]


def test_what_is_listed_no_longer_is_kept_and_marked():
    entered(tie(), tie(b=QAZVIN))
    found = entered(tie(), listed_on="2022")
    assert results(found) == ["unchanged", "gone"]
    listing = Listing.objects.get(gone_since__isnull=False)
    assert (listing.gone_since, listing.last_listed_on) == (on("2022"), on("2016"))
    agreement = listing.citation.agreement
    assert (agreement.status, agreement.version) == ("signed", 1)
    assert results(entered(tie(), listed_on="2022")) == ["unchanged"]


def test_what_is_listed_again_is_back():
    entered(tie(), tie(b=QAZVIN))
    entered(tie(), listed_on="2020")
    found = entered(tie(), tie(b=QAZVIN), listed_on="2022")
    assert results(found) == ["unchanged", "back"]
    assert not Listing.objects.filter(gone_since__isnull=False).exists()


def test_of_a_part_of_the_list_nothing_is_gone():
    entered(tie(), tie(b=QAZVIN))
    assert results(entered(tie(), listed_on="2022", whole_list=False)) == ["unchanged"]


@pytest.mark.parametrize(
    "cells", [{"start": "1998 or 1999"}, {"b_country": "the_Iran"}, {"b_wikidata": "Q"}]
)
def test_a_row_that_is_left_out_is_not_gone_for_the_list_has_it(cells):
    entered(tie(), tie(b=QAZVIN))
    wrong = tie(b=QAZVIN) | cells
    found = entered(tie(), wrong, listed_on="2022", leave_out_refused=True)
    assert results(found) == ["unchanged", "refused"]
    assert "gone" in results(looked_through(tie(), listed_on="2022"))


def test_a_row_that_says_otherwise_is_changed_and_the_agreement_is_not():
    entered(tie(listed_by="a_only"))
    found = entered(tie(listed_by="both", note="Renewed."), listed_on="2022")
    assert results(found) == ["changed"]
    listing = Listing.objects.get()
    assert (listing.sides, listing.stated["note"]) == ("both", "Renewed.")
    assert "Renewed." in listing.citation.says
    assert (listing.citation.agreement.version, listing.history.count()) == (1, 2)


def test_a_start_that_the_list_gives_later_is_its_word_and_changes_no_step():
    entered(tie())
    assert results(entered(tie(start="1973"), listed_on="2022")) == ["changed"]
    assert Agreement.objects.get().steps.get().happened_on is None
    assert Citation.objects.get().says == "Lists the tie, begun 1973."


def test_an_end_that_the_list_gives_later_contradicts_until_somebody_moves():
    entered(tie(start="1973"))
    assert results(entered(tie(start="1973", end="2019"), listed_on="2022")) == ["contradicts"]
    agreement = Agreement.objects.get()
    assert agreement.status == "signed"
    agreement.move("end", by=None, happened_on=on("2019"), end_reason="unknown")
    assert results(entered(tie(start="1973", end="2019"), listed_on="2022")) == ["changed"]
    assert Listing.objects.get().contradicts == ""


def test_an_older_state_is_refused_as_a_whole():
    entered(tie(), listed_on="2022")
    with pytest.raises(ImportRefused, match="entered as it stood in 2022; an older state"):
        looked_through(tie(), listed_on="2016")


def test_a_second_tie_that_a_later_state_adds_is_new():
    entered(tie(start="1973", end="1990"))
    found = entered(tie(start="1973", end="1990"), tie(start="2001"), listed_on="2022")
    assert results(found) == ["unchanged", "new"]
    assert results(entered(tie(start="1973", end="1990"), tie(start="2001"), listed_on="2022")) == [
        "unchanged",
        "unchanged",
    ]


def test_names_too_long_for_a_key_are_told_apart(khujand):
    from tests.factories import PlaceFactory

    names = [f"{'x' * 150}{n}" for n in range(3)]
    for name in names:
        PlaceFactory(name=name, country_code="US")
    rows = [tie(f"{names[0]}|US", f"{name}|US") for name in names[1:]]
    assert results(entered(*rows)) == ["new", "new"]
    assert results(entered(*rows)) == ["unchanged", "unchanged"]
    assert Listing.objects.values("key").distinct().count() == 2
