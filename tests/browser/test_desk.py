"""The first screen and an act on many, by hand in a real browser; axe finds no fault on either."""

import pytest
from playwright.sync_api import Page, expect

from agreements.models import Agreement
from tests.admin.test_desk import fill
from tests.browser.looks import LANGUAGES, faults_around, speak
from tests.browser.test_admin import complaints, people, sign_in
from tests.factories import AgreementFactory, khujand, qazvin

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Fixtures of the admin's other test, which a name brings here.
FIXTURES = (complaints, people)
LIST = "/admin/agreements/agreement/"


def test_a_registrar_goes_from_todays_work_to_what_waits_and_publishes_it(
    page: Page, live_server, people, complaints
):
    tie = AgreementFactory(parties=[qazvin(), khujand()], status="drafted")
    bare = AgreementFactory(status="signed")
    sign_in(page, live_server.url, people["registrar"])
    page.goto(f"{live_server.url}/admin/")
    waiting = page.get_by_role("region", name="Not yet published")
    expect(waiting).to_contain_text("Read it through, and publish it.")
    waiting.get_by_role("link", name="Not yet published").click()
    expect(page).to_have_url(f"{live_server.url}{LIST}?queue=unpublished")
    page.locator("#action-toggle").check()
    page.locator("select[name=action]").select_option(label="Publish what is chosen")
    page.get_by_role("button", name="Go").click()
    expect(page.get_by_text("Nothing on record says that it was signed")).to_be_visible()
    page.get_by_role("button", name="Yes, do it to this one").click()
    expect(page.get_by_text("1 published, 1 refused")).to_be_visible()
    assert complaints == []
    assert set(Agreement.objects.filter(visibility="public")) == {tie}
    assert bare.reference in page.content()


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_no_fault_on_the_first_screen_nor_where_many_are_asked_about(
    page: Page, live_server, people, complaints, language
):
    fill(people["editor"], people["registrar"])
    sign_in(page, live_server.url, people["registrar"])
    speak(page, live_server.url, language)
    page.goto(f"{live_server.url}/admin/")
    found = faults_around(page)
    for act in ("publish", "assign_sector"):
        page.goto(live_server.url + LIST)
        page.locator("#action-toggle").check()
        page.locator("select[name=action]").select_option(act)
        page.locator("button[name=index]").click()
        expect(page.locator(".bulk-rows").first).to_be_visible()
        found += faults_around(page)
    assert found == []
    assert complaints == []
