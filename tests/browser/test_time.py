"""Other days, what happened, and the figures, in a real browser: by keyboard, and with axe."""

from itertools import product

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_pages import (  # noqa: F401
    EXPECTED,
    NARROW,
    WIDE,
    complaints,
    faults,
    site,
    unpublished_afterwards,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = (
    "/figures/",
    "/figures/?as_of=1999&country=TJ",
    "/figures/?colour=red",
    "/steps/",
    "/steps/?from=2022&until=2022&to_status=suspended&to_status=ended",
    "/steps/?from=1900&until=1901",
    "/agreements/?as_of=2020-01-01",
)


def test_no_page_of_time_has_a_fault_in_any_scheme_or_width(site, page: Page, complaints):  # noqa: F811
    found = []
    for language, pages in (("en", PAGES), ("fa", PAGES[::3])):
        prefix = "" if language == "en" else f"/{language}"
        for path in pages:
            page.goto(site + prefix + path)
            for details in page.locator("main details").all():
                details.evaluate("one => { one.open = true }")
            for scheme, width in product(("light", "dark"), (NARROW, WIDE)):
                page.emulate_media(color_scheme=scheme)
                page.set_viewport_size({"width": width, "height": 900})
                found += [f"{language} {scheme} {width} {fault}" for fault in faults(page)]
    assert found == []
    assert [said for said in complaints if EXPECTED not in said] == []


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
