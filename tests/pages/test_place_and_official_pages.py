"""Places, officials and sectors, with what hangs on them."""

import pytest

from tests.factories import (
    AgreementFactory,
    EventFactory,
    InitiativeFactory,
    InstitutionFactory,
    PlaceFactory,
    PlaceNameFactory,
    SectorFactory,
    SignatureFactory,
    khujand,
    nozari,
    on,
    qazvin,
    tajikistan,
    zohidi,
)
from tests.pages.reading import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def ties(db):
    """Khujand: one public draft with Qazvin, one internal agreement."""
    AgreementFactory(status="drafted", parties=[qazvin(), khujand()], public=True)
    AgreementFactory(parties=[khujand(), PlaceFactory(name="Hiddenburg")])


def test_a_place_has_its_names_through_time_in_their_own_script(client):
    place = khujand()
    html = client.get(place.get_absolute_url()).content.decode()
    assert '<bdi lang="tg" dir="ltr">Хуҷанд</bdi>' in html
    assert '<bdi lang="fa" dir="rtl">خجند</bdi>' in html
    assert "Leninabad Russian · former · 1936 – 1991" in read(client, place.get_absolute_url())


def test_a_name_runs_as_its_script_does_whatever_its_language(client):
    place = PlaceFactory(name="Istaravshan")
    PlaceNameFactory(place=place, text="استروشن", language="tg", script="Arab")
    PlaceNameFactory(place=place, text="Ostarowshan", language="fa", script="Latn")
    html = client.get(place.get_absolute_url()).content.decode()
    assert '<bdi lang="tg-Arab" dir="rtl">استروشن</bdi>' in html
    assert '<bdi lang="fa-Latn" dir="ltr">Ostarowshan</bdi>' in html


def test_official_names_come_before_former_ones(client):
    names = client.get(khujand().get_absolute_url()).context["names"]
    assert [name.kind for name in names] == ["official", "official", "official", "former"]


def test_a_place_lists_its_agreements_and_partners_by_status(client, ties):
    page = read(client, "/places/khujand/")
    assert "drafted 1 Qazvin – Khujand sister city or twinning · since 10 May 2025" in page
    assert "Qazvin Iran drafted" in page


def test_a_place_tells_nothing_of_internal_agreements(client, ties):
    assert "Hiddenburg" not in read(client, "/places/khujand/")
    assert "Khujand City, Tajikistan" in read(client, "/places/")
    assert "1 agreement" in read(client, "/places/?q=khujand")
    assert "no agreement of its own on record" in read(client, "/places/?q=hiddenburg")


def test_staff_see_the_internal_partner_too(client, ties, auditor):
    client.force_login(auditor)
    assert "Hiddenburg" in read(client, "/places/khujand/")
    assert "2 agreements" in read(client, "/places/?q=khujand")


def test_a_place_says_where_it_lies_and_what_lies_in_it(client, ties):
    assert "City in Tajikistan" in read(client, "/places/khujand/")
    assert "Places in it Khujand" in read(client, tajikistan().get_absolute_url())


def test_a_country_leads_on_to_the_agreements_of_its_places(client, ties):
    html = client.get(tajikistan().get_absolute_url()).content.decode()
    assert 'href="/agreements/?country=TJ"' in html


def test_a_place_shows_facts_ids_institutions_and_officials(client):
    place = qazvin()
    place.population, place.population_year = 402748, 2016
    place.latitude, place.longitude = "36.289", "50"
    place.save()
    InstitutionFactory(place=place, name="Qazvin University")
    nozari()
    page = read(client, place.get_absolute_url())
    assert "402,748 (2016)" in page
    assert "36.289, 50 " in page
    assert "Qazvin University university" in page
    assert "Mohammad Nozari Governor" in page


def test_a_place_without_agreements_says_so(client):
    assert "No agreement of this place is on record." in read(
        client, PlaceFactory().get_absolute_url()
    )


@pytest.mark.parametrize("address", ["/places/nowhere/", "/officials/nobody/", "/sectors/magic/"])
def test_what_does_not_exist_is_not_found(client, address):
    assert "There is no such page" in read(client, address, status=404)


@pytest.mark.parametrize("address", ["/places/?level=village", "/officials/?place=atlantis"])
def test_lists_name_the_parameter_that_they_do_not_understand(client, address):
    assert "does not understand" in read(client, address, status=400)


def test_an_official_is_found_by_another_spelling(client):
    nozari()
    zohidi()
    page = read(client, "/officials/?q=Nowzari")
    assert "1 official" in page
    assert "Mohammad Nozari Governor, Qazvin" in page


def test_an_official_shows_offices_and_public_deeds_alone(client):
    official = zohidi()
    public = AgreementFactory(parties=[qazvin(), khujand()], public=True)
    hidden = AgreementFactory(title="Hush")
    SignatureFactory(agreement=public, official=official, signed_on=on("2025"))
    SignatureFactory(agreement=hidden, official=official)
    EventFactory(title="Open talks", agreements=[public, hidden], participants=[official])
    EventFactory(title="Closed talks", agreements=[hidden], participants=[official])
    page = read(client, official.get_absolute_url())
    assert "Ambassador Tajikistan · accredited to Iran" in page
    assert "Qazvin – Khujand Mayor · for Qazvin · 2025" in page
    assert "Open talks" in page
    assert "Hush" not in page
    assert "Closed talks" not in page


def test_a_sector_counts_and_lists_only_what_is_public(client):
    sector = SectorFactory(name="Culture", slug="culture")
    public = AgreementFactory(title="Open pact", public=True, sectors=[sector])
    hidden = AgreementFactory(title="Hush", sectors=[sector])
    InitiativeFactory(agreement=public, sector=sector, title="Film week")
    InitiativeFactory(agreement=hidden, sector=sector, title="Secret week")
    assert "Culture 1 agreement" in read(client, "/sectors/")
    page = read(client, "/sectors/culture/")
    assert "Open pact" in page
    assert "1 initiative " in page
    assert "Secret week" not in page
    assert "Hush" not in page
