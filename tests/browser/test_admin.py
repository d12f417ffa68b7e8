"""The admin in a real browser: how an agreement comes about; and what such tests share."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from agreements.models import Agreement
from tests.factories import (
    AdministratorFactory,
    SourceFactory,
    khujand,
    qazvin,
    staff,
)
from tests.people import WITH_A_ROLE
from twinning.roles import make_roles

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "only-for-one-test"
# Preloading would have axe itself write styles into the page, which the policy refuses.
VIOLATIONS_ALONE = {"resultTypes": ["violations"], "preload": False}


@pytest.fixture
def people(db):
    """One of each role and an administrator, who share a password."""
    make_roles()
    everyone = {role: staff(role) for role in WITH_A_ROLE}
    everyone["administrator"] = AdministratorFactory(username="root")
    for user in everyone.values():
        user.set_password(PASSWORD)
        user.save()
    yield everyone
    # What is public is not deleted, and this test's rows must go.
    Agreement.objects.update(visibility="internal")


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser complains of, such as a breach of the content security policy."""
    heard: list[str] = []
    page.on("console", lambda said: said.type == "error" and heard.append(said.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


def sign_in(page: Page, site: str, user) -> None:
    page.context.clear_cookies()
    page.goto(f"{site}/admin/login/")
    page.get_by_label("Username").fill(user.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("Welcome,")).to_be_visible()


def open_choice(page: Page, where: Page | Locator, label: str) -> None:
    """By the box that the script makes of the bare choice, which is there a moment before."""
    made = page.locator(".select2-selection")
    where.get_by_role("combobox", name=label).and_(made).first.click()


def choose(page: Page, label: str, words: str, found: str) -> None:
    """Search in a box for the words, and take what is found."""
    open_choice(page, page, label)
    page.get_by_role("searchbox", name=label).fill(words)
    page.get_by_role("option", name=found, exact=True).click()


def draft(page: Page, site: str) -> Agreement:
    page.goto(f"{site}{reverse('admin:agreements_agreement_add')}")
    page.get_by_label("Kind", exact=False).select_option("sister_city")
    page.get_by_label("Where it stands").select_option("drafted")
    page.get_by_label("Since").fill("2025-05-10")
    choose(page, "Place (Party 1)", "qazvin", "Qazvin")
    choose(page, "Place (Party 2)", "leninabad", "Khujand")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_role("heading", name="Qazvin – Khujand")).to_be_visible()
    return Agreement.objects.get()


def test_an_editor_drafts_a_registrar_signs_and_publishes_and_all_can_read_it(
    page: Page, live_server, people, complaints
):
    qazvin(), khujand()
    SourceFactory(publisher="Asia-Plus", title="Qazvin and Khujand sign")
    site = live_server.url

    sign_in(page, site, people["editor"])
    tie = draft(page, site)
    standing = page.get_by_role("region", name="Where it stands")
    expect(standing.get_by_role("link", name="Withdraw")).to_be_visible()
    expect(standing.get_by_role("link", name="Sign", exact=True)).to_have_count(0)
    assert complaints == []
    forged = f"{site}{reverse('admin:agreements_agreement_move', args=[tie.pk, 'sign'])}"
    assert page.goto(forged).status == 403
    complaints.clear()  # the browser says of a 403 that it is one

    sign_in(page, site, people["registrar"])
    page.goto(f"{site}{reverse('admin:agreements_agreement_change', args=[tie.pk])}")
    page.get_by_role("link", name="Sign", exact=True).click()
    page.get_by_label("Happened on").fill("2025-06")
    choose(page, "Source", "asia", "Asia-Plus: Qazvin and Khujand sign")
    page.get_by_label("What it says").fill("Both mayors signed.")
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_text("The agreement is on record as signed.")).to_be_visible()
    page.get_by_role("link", name="Publish", exact=True).click()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("The agreement is public now.")).to_be_visible()
    assert complaints == []

    page.context.clear_cookies()
    assert page.goto(f"{site}/agreements/{tie.reference}/").status == 200
    expect(page.get_by_text("June 2025").first).to_be_visible()
    expect(page.get_by_text("Both mayors signed.").first).to_be_visible()


def faults(page: Page) -> list[str]:
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    violations = Axe().run(page, options=VIOLATIONS_ALONE).response["violations"]
    return [
        f"{page.url}: {violation['id']} at {[node['target'] for node in violation['nodes'][:2]]}"
        for violation in violations
    ]
