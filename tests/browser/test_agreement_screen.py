"""The sections of the agreement's screen in a real browser, with scripts and without."""

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from tests.admin.sheets import change_url
from tests.factories import AgreementFactory, InitiativeFactory, staff

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def screen(live_server, db) -> str:
    """The address of the screen of an agreement with an initiative."""
    tie = AgreementFactory()
    InitiativeFactory(agreement=tie, title="A shared orchard")
    return live_server.url + change_url(tie)


@pytest.fixture
def cookie(live_server, db) -> dict:
    client = Client()
    client.force_login(staff("editor"))
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    return {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}


def test_a_link_of_the_bar_opens_its_section(page: Page, screen, cookie):
    page.context.add_cookies([cookie])
    page.goto(screen)
    title = page.locator("#id_initiatives-0-title")
    expect(title).not_to_be_visible()
    link = page.get_by_role("navigation", name="Sections").get_by_role("link", name="Initiatives")
    link.focus()
    page.keyboard.press("Enter")
    expect(title).to_be_in_viewport()
    expect(link).to_have_attribute("aria-current", "true")
    page.locator("#initiatives-group summary").click()
    expect(title).not_to_be_visible()
    link.click()
    expect(title).to_be_visible()


def test_an_address_that_names_a_section_opens_it(page: Page, screen, cookie):
    page.context.add_cookies([cookie])
    page.goto(f"{screen}#initiatives-group")
    expect(page.locator("#id_initiatives-0-title")).to_be_in_viewport()


def test_the_bar_leads_there_without_scripts_too_and_stays_in_sight(browser, screen, cookie):
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies([cookie])
    page = context.new_page()
    page.goto(screen)
    bar = page.get_by_role("navigation", name="Sections")
    bar.get_by_role("link", name="History").click()
    expect(page.get_by_role("heading", name="History")).to_be_in_viewport()
    expect(bar).to_be_in_viewport()
    page.locator("#initiatives-group summary").click()
    expect(page.locator("#id_initiatives-0-title")).to_be_visible()
    context.close()
