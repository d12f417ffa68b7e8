"""Two clerks over one record, each in a browser: the second sees both, and chooses by keyboard."""

from itertools import product

import pytest
from playwright.sync_api import Page, expect

from cities.models import Place
from tests.admin.sheets import change_url
from tests.browser.keys import tab_to
from tests.browser.test_admin import complaints, faults, people, sign_in  # noqa: F401
from tests.factories import khujand

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HERS = "An old city on the Syr Darya, once called Leninabad."
HIS = "An old city on the river Syr Darya, called Leninabad until 1991."


def type_into(page: Page, selector: str, text: str) -> None:
    page.locator(selector).fill(text)


def refused_page(page: Page, new_context, site: str, people) -> Place:  # noqa: F811
    """The editor's page, refused because the registrar saved first."""
    place = khujand()
    sign_in(page, site, people["editor"])
    page.goto(site + change_url(place))
    type_into(page, "#id_about", HERS)
    type_into(page, "#id_country_code", "UZ")
    type_into(page, "#id_names-0-text", "Ленинободи кӯҳна")

    other = new_context().new_page()
    sign_in(other, site, people["registrar"])
    other.goto(site + change_url(place))
    type_into(other, "#id_about", HIS)
    type_into(other, "#id_country_code", "KZ")
    type_into(other, "#id_names-0-text", "Ленинобод")
    other.get_by_role("button", name="Save", exact=True).click()
    other.wait_for_url("**/place/")

    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="Theirs and yours")).to_be_visible()
    return place


def test_the_second_of_two_clerks_chooses_field_by_field_without_a_mouse(
    page: Page,
    new_context,
    live_server,
    people,  # noqa: F811
    complaints,  # noqa: F811
):
    place = refused_page(page, new_context, live_server.url, people)
    table = page.get_by_role("table", name="Place “Khujand”")
    expect(table.get_by_role("row", name="About the place")).to_contain_text("once")
    tab_to(page, "input[name=choice-country_code]")
    page.keyboard.press("ArrowDown")
    expect(page.locator("input[name=choice-country_code][value=theirs]")).to_be_checked()
    tab_to(page, "input[name=names-0-choice-text]")
    page.keyboard.press("ArrowDown")
    tab_to(page, "input[name=_save]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/place/")
    place.refresh_from_db()
    assert (place.about, place.country_code) == (HERS, "KZ")
    assert place.names.filter(text="Ленинобод").exists()
    # The browser says of a 409 that it is one.
    assert [said for said in complaints if "409" not in said] == []


def send_again(page: Page, site: str, language: str) -> None:
    """Refused once more, in that language."""
    page.context.add_cookies([{"name": "django_language", "value": language, "url": site}])
    for version in page.locator("input[name$=version]").all():
        version.evaluate("input => { input.value = '1'; }")
    with page.expect_navigation():
        page.locator("input[name=_save]").click()
    expect(page.locator("table[id^=conflict-]")).to_have_count(2)


def test_axe_finds_no_fault_where_two_clerks_met(page: Page, new_context, live_server, people):  # noqa: F811
    refused_page(page, new_context, live_server.url, people)
    for language, scheme, width in product(("en", "fa"), ("light", "dark"), (320, 1280)):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        send_again(page, live_server.url, language)
        assert faults(page) == []
        tables = page.locator(".conflicts").bounding_box()
        assert tables["x"] >= 0
        assert tables["x"] + tables["width"] <= width
