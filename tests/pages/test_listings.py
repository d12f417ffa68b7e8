"""What lists say, on the pages: whose claim it is, where it stood, and what no longer stands."""

import pytest

from agreements.models import Agreement
from tests.factories import (
    AgreementFactory,
    CitationFactory,
    ListingFactory,
    SourceFactory,
    TieImportFactory,
    khujand,
    on,
    qazvin,
)
from tests.pages.reading import read

pytestmark = pytest.mark.django_db


def tie(**more) -> Agreement:
    """Signed on an unknown day, on record in a list of 2016."""
    fields = {"status": "signed", "on_record_by": "2016", "parties": [qazvin(), khujand()]}
    source = SourceFactory(publisher="Wikidata", kind="register")
    return AgreementFactory(**{**fields, "sources": [source], "public": True, **more})


def list_it(tie, **more):
    """The opening's own source is the list, and this is its row."""
    citation = tie.citations.first()
    run = TieImportFactory(source=citation.source)
    return ListingFactory(**{"citation": citation, "run": run, "row": 14, **more})


def page_of(client, tie) -> str:
    return read(client, tie.get_absolute_url())


def test_a_claim_of_one_side_is_said_to_be_one(client):
    one = tie()
    list_it(one, listed_by=khujand())
    page = page_of(client, one)
    assert "Only Khujand’s side lists this tie; it is that side’s claim." in page
    assert "Row 14 of the list as it stood in 2016. Only Khujand’s own side lists it." in page


@pytest.mark.parametrize(
    ("sides", "said"),
    [("both", "Both sides list it."), ("unknown", "Who lists it is not known.")],
)
def test_what_is_no_claim_of_one_side_is_not_said_to_be(client, sides, said):
    one = tie()
    list_it(one, sides=sides)
    page = page_of(client, one)
    assert said in page
    assert "that side’s claim" not in page


def test_a_claim_that_better_evidence_joined_is_a_claim_no_more(client):
    one = tie()
    list_it(one, listed_by=khujand())
    CitationFactory(agreement=one)
    page = page_of(client, one)
    assert "Only Khujand’s own side lists it." in page
    assert "it is that side’s claim" not in page


def test_an_unknown_day_on_the_word_of_a_list_is_said(client):
    one = tie()
    list_it(one)
    assert "Signed on an unknown day, on the word of a list." in page_of(client, one)


def test_a_known_day_or_another_source_is_no_mere_word_of_a_list(client):
    dated, reported = tie(on_record_by=None, happened_on="1998"), tie()
    list_it(dated)
    list_it(reported)
    CitationFactory(agreement=reported)
    for one in (dated, reported):
        assert "on the word of a list" not in page_of(client, one)


def test_what_the_list_dropped_stays_and_is_marked(client):
    one = tie()
    list_it(one, gone_since=on("2022"))
    page = page_of(client, one)
    assert "No longer listed since 2022." in page
    assert "In force Yes" in page


def test_what_is_still_listed_says_from_when_to_when(client):
    one = tie()
    list_it(one, last_listed_on=on("2022-06"))
    assert "Listed since 2016, and still in June 2022." in page_of(client, one)


def test_a_contradiction_stands_beside_the_row(client):
    one = tie(status="drafted")
    list_it(one, contradicts="The list has it as a tie; here it is drafted, not signed.")
    page = page_of(client, one)
    assert "Contradicts the register: The list has it as a tie; here it is drafted" in page


def test_words_of_a_list_cannot_become_markup(client):
    one = tie()
    list_it(one, contradicts="<script>alert(1)</script>")
    assert "<script>alert" not in client.get(one.get_absolute_url()).content.decode()


def test_lists_mark_a_claim_of_one_side_in_words(client):
    claim, known = tie(title="Claimed"), tie(title="Known")
    list_it(claim, listed_by=khujand())
    list_it(known, sides="both")
    for address in ("/agreements/", "/places/khujand/"):
        assert read(client, address).count("claim of Khujand alone") == 1


def test_the_filter_finds_the_claims_and_the_others(client):
    claim, known = tie(title="Claimed"), tie(title="Known")
    list_it(claim, listed_by=khujand())
    list_it(known, sides="both")
    assert "Claimed" in read(client, "/agreements/?one_sided=true")
    assert "Claimed" not in read(client, "/agreements/?one_sided=false")
    assert "Known" not in read(client, "/agreements/?one_sided=true")
