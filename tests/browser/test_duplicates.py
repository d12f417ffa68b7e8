"""The duplicates desk in a real browser: two records are merged by hand, and axe finds no fault."""

import pytest
from playwright.sync_api import Page, expect

from agreements.models import Agreement
from cities.models import DistinctPair, Place
from tests.browser.looks import LANGUAGES, faults_around, speak
from tests.browser.test_admin import complaints, people, sign_in
from tests.factories import AgreementFactory, OfficialFactory, PlaceFactory, PlaceNameFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Fixtures of the admin's other test, which a name brings here.
FIXTURES = (complaints, people)
DESK = "/admin/cities/distinctpair/"


def alike() -> list[Place]:
    """Two places, two officials and two agreements that look alike."""
    places = [PlaceFactory(name="Khujand", country_code="TJ") for _ in range(2)]
    PlaceNameFactory(place=places[1], text="خجند", language="fa", script="Arab")
    [OfficialFactory(name="Mohammad Nozari") for _ in range(2)]
    parties = [places[0], PlaceFactory(name="Qazvin", country_code="IR")]
    [AgreementFactory(parties=parties, status="signed") for _ in range(2)]
    PlaceFactory(name="Munster"), PlaceFactory(name="Münster")
    return places


def test_a_registrar_merges_two_places_and_tells_two_others_apart(
    page: Page, live_server, people, complaints
):
    kept, other = alike()
    sign_in(page, live_server.url, people["registrar"])
    page.get_by_role("link", name="Probable duplicates").click()
    page.get_by_role("link", name="Compare Khujand (khujand) and Khujand (khujand-tj)").click()
    page.get_by_role("radio").first.check()
    page.get_by_label("How you know that they are one").fill("The same at GeoNames.")
    page.get_by_role("button", name="Merge the two").click()
    expect(page.get_by_text("The two are one now")).to_be_visible()
    page.get_by_role("link", name="Compare Munster (munster) and Münster (munster-city)").click()
    page.get_by_label("How you know that they are two").fill("200 km apart.")
    page.get_by_role("button", name="These are two").click()
    expect(page.get_by_text("No two records look alike.")).to_be_visible()
    assert complaints == []
    assert not Place.objects.filter(pk=other.pk).exists()
    assert kept.names.get().text == "خجند"
    page.goto(f"{live_server.url}/places/{other.slug}/")
    expect(page).to_have_url(f"{live_server.url}/places/{kept.slug}/")


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_no_fault_at_the_desk(page: Page, live_server, people, complaints, language):
    pair = alike()
    DistinctPair.objects.tell_apart(
        *Place.objects.filter(name__startswith="M"), by=None, reason="Far apart."
    )
    tie = Agreement.objects.first()
    sign_in(page, live_server.url, people["administrator"])
    speak(page, live_server.url, language)
    found = []
    low, high = sorted(place.pk for place in pair)
    for address in (
        *(f"{DESK}?kind={kind}" for kind in ("places", "officials", "agreements", "apart")),
        f"{DESK}agreements/{tie.pk}/{tie.pk + 1}/",
        f"{DESK}places/{low}/{high}/",
    ):
        page.goto(live_server.url + address)
        found += faults_around(page)
    page.locator("button[value=merge]").click()
    assert found + faults_around(page) == []
    assert complaints == []
