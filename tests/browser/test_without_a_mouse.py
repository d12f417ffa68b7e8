"""What readers come for, by the keyboard alone."""

import pytest
from playwright.sync_api import Page, expect

from agreements.models import Suggestion
from tests.browser import public
from tests.browser.keys import follow, press, tab_to, type_at, unreachable
from tests.browser.test_pages import complaints, unpublished_afterwards  # noqa: F401
from tests.factories import AgreementFactory, PlaceFactory, khujand, on, qazvin
from twinning import suggestion_form

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(transactional_db, live_server) -> str:
    """A draft of 2021 between two cities of the story, and a tie that was ended in 2022."""
    for place, latitude, longitude in ((khujand(), 40, 70), (qazvin(), 36, 50)):
        type(place).objects.filter(pk=place.pk).update(latitude=latitude, longitude=longitude)
    drafted = {"status": "drafted", "happened_on": "2021", "reference": "TW-25QZKH"}
    AgreementFactory(parties=[qazvin(), khujand()], public=True, **drafted)
    far = PlaceFactory(name="Here", latitude=10, longitude=10), PlaceFactory(name="Yonder")
    tie = AgreementFactory(status="signed", happened_on="1994", parties=far, public=True)
    tie.move("end", by=None, happened_on=on("2022-05-01"), end_reason="terminated")
    AgreementFactory(status="signed", public=True)
    return live_server.url


def heading(page: Page):
    return page.get_by_role("heading", level=1)


def test_from_the_home_page_to_an_agreement(site, page: Page, complaints):  # noqa: F811
    page.goto(site)
    type_at(page, "#home-q", "Leninabad")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    follow(page, ".record a[href$='/TW-25QZKH/']")
    expect(heading(page)).to_have_text("Qazvin – Khujand")
    press(page, ".another-day > summary")
    type_at(page, "#as-of-day", "2022")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url == f"{site}/agreements/TW-25QZKH/?as_of=2022"
    assert complaints == []


def test_a_facet_is_chosen_and_removed(site, page: Page, complaints):  # noqa: F811
    page.goto(site)
    follow(page, ".site-nav a[href='/agreements/']")
    follow(page, ".facet a[href*='status=drafted']")
    expect(page.locator(".record .status-signed")).to_have_count(0)
    follow(page, ".chosen a")
    assert page.url.rstrip("?") == f"{site}/agreements/"
    expect(page.locator(".record .status-signed").first).to_be_visible()
    assert complaints == []


def test_the_tables_of_the_map_say_and_lead_to_what_it_shows(site, page: Page):
    page.goto(f"{site}/map/")
    tab_to(page, "[aria-label='Table of places']")
    follow(page, ".map-tables a[href*='place=khujand']")
    assert page.url == f"{site}/agreements/?place=khujand"
    page.goto(f"{site}/map/")
    tab_to(page, "[aria-label='Table of pairs']")
    follow(page, "[aria-label='Table of pairs'] a")
    expect(heading(page)).to_have_text("Qazvin – Khujand")


def test_what_happened_in_a_year(site, page: Page):
    page.goto(site)
    follow(page, ".site-nav a[href='/steps/']")
    follow(page, ".step-years a[href*='from=2022']")
    follow(page, ".steps a[href^='/agreements/']")
    expect(heading(page)).to_have_text("Here – Yonder")


def test_something_wrong_is_told(site, page: Page, monkeypatch):
    monkeypatch.setattr(suggestion_form, "SOONEST", 0)
    page.goto(f"{site}/places/khujand/")
    follow(page, ".something-wrong a")
    type_at(page, "#id_text", "It lies on the Syr Darya.")
    type_at(page, "#id_source", "https://example.org/atlas")
    follow(page, "main form button")
    expect(heading(page)).to_have_text("Thank you")
    assert Suggestion.objects.get().source == "https://example.org/atlas"


def test_the_language_is_changed_and_the_page_is_the_same(site, page: Page, complaints):  # noqa: F811
    page.goto(f"{site}/agreements/?status=drafted")
    follow(page, ".languages button[value=fa]")
    assert page.url == f"{site}/fa/agreements/?status=drafted"
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    follow(page, ".languages button[value=ru]")
    assert page.url == f"{site}/ru/agreements/?status=drafted"
    assert complaints == []


def test_every_control_of_the_main_pages_is_reached_and_seen_to_be(site, page: Page):
    found = []
    for address in public.one_of_each("en", "home agreement-detail compare suggest"):
        page.goto(site + address)
        found += [f"{address}: {said}" for said in unreachable(page)]
    assert found == []
