"""The desk by the keyboard alone: nothing on it needs a mouse, and one sees where one is."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from agreements.models import Agreement
from tests.browser.keys import follow, press, type_at, unreachable
from tests.browser.test_admin import PASSWORD, complaints, people, sign_in
from tests.factories import AgreementFactory, SourceFactory, khujand, qazvin

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Fixtures of the admin's other test, which a name brings here.
FIXTURES = (complaints, people)
LIST = "/admin/agreements/agreement/"


@pytest.fixture
def tie(db) -> Agreement:
    return AgreementFactory(
        status="drafted",
        happened_on="2020",
        parties=[qazvin(), khujand()],
        sources=[SourceFactory(publisher="Asia-Plus", title="Both mayors sign")],
    )


def choose(page: Page, selector: str, words: str) -> None:
    """In a box that searches: open it, type, take what it found first."""
    press(page, selector)
    page.keyboard.type(words)
    expect(page.locator(".select2-results__option--highlighted")).to_contain_text("Asia-Plus")
    page.keyboard.press("Enter")


def test_a_registrar_signs_in_signs_and_publishes_without_a_mouse(
    page: Page, live_server, people, tie, complaints
):
    page.goto(f"{live_server.url}/admin/login/")
    type_at(page, "#id_login", people["registrar"].username)
    type_at(page, "#id_password", PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Today’s work")).to_be_visible()
    follow(page, f".desk a[href*='/{tie.pk}/change/']")
    follow(page, f"a[href$='/{tie.pk}/move/sign/']")
    type_at(page, "#id_happened_on", "2025-06")
    choose(page, ".select2-selection", "mayors")
    follow(page, "input[type=submit]:not([name])")
    expect(page.get_by_text("The agreement is on record as signed.")).to_be_visible()
    follow(page, f"a[href$='/{tie.pk}/publish/']")
    follow(page, "input[type=submit]:not([name])")
    expect(page.get_by_text("The agreement is public now.")).to_be_visible()
    tie.refresh_from_db()
    assert (tie.status, tie.is_public) == ("signed", True)
    assert complaints == []


def test_many_are_chosen_and_done_without_a_mouse(page: Page, live_server, people, tie):
    sign_in(page, live_server.url, people["registrar"])
    page.goto(live_server.url + LIST)
    press(page, "select[name=action]", "m")  # “Mark what is chosen as verified”
    press(page, "input.action-select", "Space")
    page.keyboard.press("Home")
    while not page.evaluate("document.activeElement.matches('button[name=index]')"):
        page.keyboard.press("Shift+Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator(".bulk-rows")).to_be_visible()


def test_every_control_is_reached_and_seen_to_be(page: Page, live_server, people, tie):
    sign_in(page, live_server.url, people["registrar"])
    found = []
    pages = [
        reverse(f"admin:agreements_agreement_{n}", args=[tie.pk]) for n in ("change", "byparty")
    ]
    pages += [reverse("admin:agreements_agreement_move", args=[tie.pk, "sign"])]
    for address in ("/admin/", LIST, *pages):
        page.goto(live_server.url + address)
        found += [f"{address}: {said}" for said in unreachable(page)]
    assert found == []
