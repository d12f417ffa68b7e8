"""A clerk makes the address of a calendar, and ends it."""

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from tests.browser import test_admin
from tests.browser.test_admin import faults, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
people, complaints = test_admin.people, test_admin.complaints


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_address_is_made_copied_and_revoked(scheme, page: Page, live_server, people, complaints):
    page.emulate_media(color_scheme=scheme)
    sign_in(page, live_server.url, people["editor"])
    page.get_by_role("link", name="Preferences").click()
    page.get_by_role("button", name="Make an address").click()
    field = page.get_by_label("The address of your calendar")
    expect(field).to_have_attribute("readonly", "")
    path = field.input_value().removeprefix(live_server.url)
    assert Client().get(path).status_code == 200
    assert faults(page) == []
    page.get_by_role("button", name="Revoke").click()
    expect(page.get_by_text("The address is revoked")).to_be_visible()
    expect(field).to_have_count(0)
    assert Client().get(path).status_code == 404
    assert faults(page) == []
    assert complaints == []
