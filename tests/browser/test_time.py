"""Other days, what happened, and the figures, in a real browser, by keyboard."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_pages import (  # noqa: F401
    site,
    unpublished_afterwards,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_what_ended_or_was_suspended_in_2022_takes_two_clicks(site, page: Page):  # noqa: F811
    page.goto(site)
    page.get_by_role("navigation", name="Main").get_by_role("link", name="What happened").click()
    page.get_by_role("row", name="2022").get_by_role("link").last.click()
    expect(page.get_by_text("In 2022:")).to_be_visible()
    expect(page.locator(".steps")).to_contain_text("Akureyri – Murmansk")
    assert set(page.locator(".step .status-word").all_inner_texts()) <= {"ended", "suspended"}


def test_the_slider_of_years_is_moved_by_keys_and_writes_into_the_field(site, page: Page):  # noqa: F811
    page.goto(f"{site}/figures/?country=TJ&as_of=2020-01-01")
    slider = page.get_by_role("slider", name="Year")
    expect(slider).to_have_value("2020")
    slider.press("ArrowLeft")
    field = page.locator("#as-of-day")
    expect(field).to_have_value("2019")
    field.press("Enter")
    expect(page).to_have_url(f"{site}/figures/?country=TJ&as_of=2019")
    expect(page.get_by_text("as of 31 December 2019")).to_be_visible()


def test_a_day_is_chosen_without_a_script(site, browser):  # noqa: F811
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{site}/agreements/?country=TJ")
    page.get_by_text("What stood on another day?").click()
    form = page.get_by_role("form", name="Look at another day")
    expect(form.locator("[type=range]")).to_be_hidden()
    form.get_by_role("link", name="2000").click()
    expect(page).to_have_url(f"{site}/agreements/?country=TJ&as_of=2000")
    page.get_by_role("form", name="Look at another day").get_by_role("link", name="today").click()
    expect(page).to_have_url(f"{site}/agreements/?country=TJ")
    page.context.close()


def test_a_column_is_a_link_to_the_list_behind_it(site, page: Page):  # noqa: F811
    page.goto(f"{site}/figures/")
    column = page.get_by_role("link", name="1999: ", exact=False).first
    number = column.get_attribute("aria-label").rpartition(" ")[2]
    column.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=2, name=f"{number} agreements")).to_be_visible()
