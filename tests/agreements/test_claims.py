"""One side's claims: what one party's side alone lists, for a set of rows and for a row alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.models import Agreement
from tests.agreements.test_time_properties import drawn, undone_after
from tests.factories import (
    AgreementFactory,
    CitationFactory,
    DocumentFactory,
    ListingFactory,
    PlaceFactory,
    khujand,
    qazvin,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def tie(db):
    return AgreementFactory(title="Tie", parties=[qazvin(), khujand()])


def claimed() -> list[str]:
    """The titles that the rule finds, after asking each row as well."""
    found = set(Agreement.objects.one_sided())
    contrary = set(Agreement.objects.not_one_sided())
    everything = set(Agreement.objects.all())
    assert found == {row for row in everything if row.is_one_sided()}
    assert found | contrary == everything
    assert not found & contrary
    for row in Agreement.objects.with_claimant():
        assert row.claimant_found == (row.claimed_by and row.claimed_by.pk)
    return sorted(row.title for row in found)


def lists(tie, by=None, **more):
    return ListingFactory(citation__agreement=tie, listed_by=by, **more)


def test_what_one_side_alone_lists_is_its_claim(tie):
    lists(tie, by=khujand())
    assert claimed() == ["Tie"]
    assert tie.claimed_by == khujand()


def test_what_nothing_speaks_for_is_nobodys_claim(tie):
    assert claimed() == []


@pytest.mark.parametrize("sides", ["both", "unknown"])
def test_a_list_that_does_not_say_who_alone_makes_no_claim_of_one_side(tie, sides):
    lists(tie, sides=sides)
    assert claimed() == []


def test_two_lists_of_the_same_side_are_still_its_claim_and_of_both_sides_are_not(tie):
    lists(tie, by=khujand())
    lists(tie, by=khujand())
    assert claimed() == ["Tie"]
    lists(tie, by=qazvin())
    assert claimed() == []


def test_any_other_word_makes_it_more_than_a_claim(tie):
    lists(tie, by=khujand())
    CitationFactory(agreement=tie)
    assert claimed() == []


def test_a_text_makes_it_more_than_a_claim(tie):
    lists(tie, by=khujand())
    DocumentFactory(agreement=tie)
    assert claimed() == []


def test_a_side_that_is_no_party_claims_nothing(tie):
    lists(tie, by=PlaceFactory())
    assert claimed() == []


def test_what_is_claimed_stays_claimed_when_the_list_drops_it(tie):
    listing = lists(tie, by=khujand())
    listing.gone_since = listing.last_listed_on
    listing.save()
    assert claimed() == ["Tie"]


# A row of a list by its side (0 or 1), one by both sides, or another source.
WORDS = st.lists(st.sampled_from([0, 1, "both", "other"]), max_size=4)


@drawn
@given(WORDS, WORDS, st.booleans())
def test_set_and_row_say_the_same_of_any_words(first, second, link):
    with undone_after():
        places = PlaceFactory.create_batch(2)
        for words in (first, second):
            tie = AgreementFactory(parties=places)
            for word in words:
                if word == "other":
                    CitationFactory(agreement=tie)
                elif word == "both":
                    lists(tie, sides="both")
                else:
                    lists(tie, by=places[word])
        if link:
            DocumentFactory(agreement=tie)
        alone = [set(words) in ({0}, {1}) for words in (first, second)]
        assert len(claimed()) == alone[0] + (alone[1] and not link)
