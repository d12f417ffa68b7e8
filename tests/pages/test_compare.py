"""Two places side by side, partners that a place might have, and who lists a tie."""

import pytest
from django.test import Client

from tests.factories import (
    AgreementFactory,
    CitationFactory,
    PlaceFactory,
    SectorFactory,
    SourceFactory,
    khujand,
    qazvin,
)
from tests.pages.reading import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def places():
    """Khujand and Qazvin, with Samarkand as a partner of both."""
    one, other, both = khujand(), qazvin(), PlaceFactory(name="Samarkand", country_code="UZ")
    culture = SectorFactory(name="Culture")
    for place in (one, other):
        AgreementFactory(parties=[place, both], sectors=[culture], status="signed", public=True)
    return one, other, both


def test_the_two_are_told_with_what_both_have(client, places):
    page = read(client, "/compare/?a=khujand&b=Qazvin")
    assert "1 partner of both Samarkand" in page
    assert "Sectors of both Culture" in page
    assert "No agreement between them is on record." in page


def test_what_ties_them_is_listed(client, places):
    AgreementFactory(title="Their own", parties=list(places[:2]), public=True)
    assert "Between the two Their own" in read(client, "/compare/?a=khujand&b=qazvin")


def test_what_is_internal_ties_nobody(client, places):
    hidden = PlaceFactory(name="Hush")
    secrets = SectorFactory(name="Secrets")
    for place in places[:2]:
        AgreementFactory(parties=[place, hidden], sectors=[secrets])
    AgreementFactory(title="Between us", parties=list(places[:2]))
    page = read(client, "/compare/?a=khujand&b=qazvin")
    assert not {"Hush", "Secrets", "Between us"} & set(page.split())
    assert "1 partner of both" in page
    assert "Hush" not in read(client, "/places/khujand/finder/")


def test_a_name_of_several_places_is_asked_about(client, places):
    PlaceFactory(name="Khujand", country_code="AF")
    page = read(client, "/compare/?a=Khujan&b=qazvin")
    assert "Which place is meant by “ Khujan ”?" in page


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("a=atlantis&b=qazvin", "There is no place “atlantis” here."),
        ("a=qazvin&b=qazvin", "Choose two places that are not the same."),
        ("a=qazvin&c=khujand", "c :"),
        ("a=%00&b=qazvin", "a :"),
        ("a=qazvin&a=khujand", "a :"),
    ],
)
def test_what_cannot_be_compared_is_said(client, places, query, said):
    page = read(client, f"/compare/?{query}", status=400)
    assert said.replace(" :", ":") in page


def test_the_finder_names_its_reasons(client, places):
    page = read(client, "/places/khujand/finder/")
    assert "Qazvin Iran 1 ( Samarkand ) Culture Compare" in page


def test_whoever_is_a_partner_already_is_not_proposed(client, places):
    AgreementFactory(parties=list(places[:2]), public=True)
    assert "Qazvin" not in read(client, "/places/khujand/finder/")


def test_a_region_is_proposed_to_no_city(client, places):
    region = PlaceFactory(name="Sughd", level="region", country_code="TJ")
    AgreementFactory(parties=[region, places[2]], public=True)
    assert "Sughd" not in read(client, "/places/khujand/finder/")


@pytest.mark.parametrize("address", ["/compare/?a=khujand&b=qazvin", "/places/khujand/finder/"])
def test_thirty_partners_take_as_many_queries_as_three(
    client, places, address, django_assert_max_num_queries
):
    few = queries(client, address, django_assert_max_num_queries)
    for place in PlaceFactory.create_batch(12):
        for one in places[:2]:
            AgreementFactory(parties=[one, place], public=True)
        AgreementFactory(parties=[place, PlaceFactory()], public=True)
    assert queries(client, address, django_assert_max_num_queries) == few


def queries(client: Client, address: str, at_most) -> int:
    with at_most(60) as counted:
        assert client.get(address).status_code == 200
    return len(counted)


@pytest.mark.parametrize(
    ("speaking", "told"),
    [
        ("both", "both"),
        ("khujand", "Khujand alone"),
        ("samarkand", "Samarkand alone"),
        ("none", "neither"),
    ],
)
def test_a_partner_is_told_with_whose_record_holds_the_tie(client, speaking, told):
    one, other = khujand(), PlaceFactory(name="Samarkand")
    tie = AgreementFactory(parties=[one, other], public=True)
    for place in (one, other):
        if speaking in ("both", place.slug):
            CitationFactory(agreement=tie, source=SourceFactory(speaks_for=place))
    page = read(client, "/places/khujand/")
    assert told in page[page.index("Who lists it Sectors") :]
