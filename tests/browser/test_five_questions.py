"""What readers come with, each answered in two clicks from the home page, in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_pages import complaints, site, unpublished_afterwards  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def home(site, page: Page, complaints):  # noqa: F811
    page.goto(site)
    yield page
    assert complaints == []


def test_where_does_qazvin_khujand_stand_and_who_says_so(home: Page):
    home.get_by_label("A place, in any spelling or script").fill("Qazvin Khujand")
    home.get_by_role("button", name="Search").click()
    home.get_by_role("link", name="Qazvin – Khujand").click()
    expect(home.locator("[aria-current=step]")).to_contain_text("Drafted")
    expect(home.locator(".standing")).to_contain_text("no signature is on record")
    expect(home.locator(".voices")).to_contain_text("Does not say that it was signed")


def test_who_are_khujands_partners_and_since_when(home: Page):
    home.get_by_label("A place, in any spelling or script").fill("Хуҷанд")
    home.get_by_role("button", name="Search").click()
    home.locator(".places-found").get_by_role("link", name="Khujand", exact=True).click()
    table = home.get_by_role("region", name="Table of partners")
    for partner in ("Shymkent", "Bukhara", "Samarkand", "Nishapur", "Tabriz"):
        expect(table.get_by_role("row", name=partner)).to_contain_text("on record by")


def test_what_was_in_force_between_iran_and_tajikistan_in_2020(home: Page):
    home.get_by_label("Between", exact=True).select_option(label="Iran")
    home.get_by_label("and", exact=True).select_option(label="Tajikistan")
    home.get_by_label("on", exact=True).fill("2020-01-01")
    home.locator(".between").get_by_role("button", name="Show").click()
    expect(home.get_by_role("heading", level=2).filter(has_text="agreement")).to_be_visible()
    expect(home.locator(".record").first).to_contain_text("Tajikistan")
    expect(home.locator(".notice")).to_contain_text("1 January 2020")


def test_what_ended_or_was_suspended_in_2022(home: Page):
    home.get_by_role("link", name="What happened", exact=True).click()
    home.get_by_role("row", name="2022").get_by_role("link").last.click()
    expect(home.locator(".steps > li").first).to_contain_text("2022")
    expect(home.locator(".step-counts")).to_contain_text("suspended")


def test_what_was_promised_in_agriculture_and_what_came_of_it(home: Page):
    home.get_by_role("link", name="Agriculture").click()
    promise = home.locator(".entries > li").filter(has_text="poultry").first
    expect(promise.locator(".state")).to_have_text("proposed")
    promise.get_by_role("link").click()
    expect(home.locator("main")).to_contain_text("poultry")
