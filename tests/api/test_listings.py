"""What lists say, in the API: the row behind a citation, and whose claim an agreement is."""

import pytest

from tests.factories import AgreementFactory, CitationFactory, ListingFactory, khujand, on, qazvin

pytestmark = pytest.mark.django_db


@pytest.fixture
def tie(db):
    return AgreementFactory(title="Tie", status="signed", parties=[qazvin(), khujand()])


def listed(tie, **more):
    listing = ListingFactory(citation__agreement=tie, row=14, **more)
    tie.publish(by=None)
    return listing


def test_a_citation_tells_the_row_of_the_list_behind_it(api, tie):
    listed(tie, listed_by=khujand(), gone_since=on("2022"), stated={"start": "1998", "Room": "12"})
    (source,) = api.read(f"agreements/{tie.reference}/")["sources"]
    assert source["listing"] == {
        "row": 14,
        "state": "2016",
        "sides": "one",
        "listed_by": "khujand",
        "first_listed_on": "2016",
        "last_listed_on": "2016",
        "gone_since": "2022",
        "contradicts": "",
        "stated": {"start": "1998"},
    }


def test_a_citation_of_no_list_has_no_row(api, tie):
    CitationFactory(agreement=tie)
    tie.publish(by=None)
    (source,) = api.read(f"agreements/{tie.reference}/")["sources"]
    assert source["listing"] is None


def test_the_export_tells_the_same_as_the_detail(api, tie):
    listed(tie, sides="both", contradicts="Ended here.")
    (exported,) = api.read("agreements/export.json")["agreements"]
    assert exported["sources"] == api.read(f"agreements/{tie.reference}/")["sources"]


@pytest.mark.parametrize("address", ["agreements/", "agreements/?as_of=2026"])
def test_lists_tell_whose_claim_it_is(api, tie, address):
    listed(tie, listed_by=khujand())
    assert [row["claimed_by"] for row in api.rows(address)] == ["khujand"]
    CitationFactory(agreement=tie)
    assert [row["claimed_by"] for row in api.rows(address)] == [None]


def test_a_claim_is_found_by_its_parameter(api, tie):
    listed(tie, listed_by=khujand())
    AgreementFactory(title="Other", public=True)
    assert api.names("one_sided=true") == {"Tie"}
    assert api.names("one_sided=false") == {"Other"}
    assert "one_sided" in api.refused("agreements/?one_sided=perhaps")


def test_the_listing_of_an_internal_agreement_is_not_told(api, tie, auditor):
    ListingFactory(citation__agreement=tie, listed_by=khujand())
    assert api.names("one_sided=true") == set()
    assert api.as_(auditor).names("one_sided=true") == {"Tie"}
