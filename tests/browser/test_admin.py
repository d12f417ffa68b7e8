"""The admin in a real browser: how an agreement comes about, and axe on every screen."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page, expect

from agreements.models import Agreement, Event, Sector, Source
from cities.models import Institution, Official, Place
from tests.factories import (
    AdministratorFactory,
    AgreementFactory,
    AppointmentFactory,
    ApprovalFactory,
    CitationFactory,
    DocumentFactory,
    EventFactory,
    InitiativeFactory,
    InstitutionFactory,
    RelationFactory,
    SectorFactory,
    SignatureFactory,
    SourceFactory,
    SpellingFactory,
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
RECORDS = (Agreement, Event, Sector, Source, Place, Official, Institution)


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
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_text("Welcome,")).to_be_visible()


def choose(page: Page, label: str, words: str, found: str) -> None:
    """Search in a box for the words, and take what is found."""
    page.get_by_role("combobox", name=label).click()
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
    expect(standing.get_by_role("link", name="Sign")).to_have_count(0)
    assert complaints == []
    forged = f"{site}{reverse('admin:agreements_agreement_move', args=[tie.pk, 'sign'])}"
    assert page.goto(forged).status == 403
    complaints.clear()  # the browser says of a 403 that it is one

    sign_in(page, site, people["registrar"])
    page.goto(f"{site}{reverse('admin:agreements_agreement_change', args=[tie.pk])}")
    page.get_by_role("link", name="Sign").click()
    page.get_by_label("Happened on").fill("2025-06")
    choose(page, "Source", "asia", "Asia-Plus: Qazvin and Khujand sign")
    page.get_by_label("What it says").fill("Both mayors signed.")
    page.get_by_role("button", name="Sign").click()
    expect(page.get_by_text("The agreement is on record as signed.")).to_be_visible()
    page.get_by_role("link", name="Publish", exact=True).click()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("The agreement is public now.")).to_be_visible()
    assert complaints == []

    page.context.clear_cookies()
    assert page.goto(f"{site}/agreements/{tie.reference}/").status == 200
    expect(page.get_by_text("June 2025").first).to_be_visible()
    expect(page.get_by_text("Both mayors signed.").first).to_be_visible()


def one_of_everything() -> Agreement:
    tie = AgreementFactory(status="drafted", parties=[qazvin(), khujand()])
    tie.sectors.add(SectorFactory(name="Culture", slug="culture"))
    CitationFactory(agreement=tie)
    ApprovalFactory(agreement=tie)
    SignatureFactory(agreement=tie)
    DocumentFactory(agreement=tie)
    RelationFactory(from_agreement=tie)
    event = EventFactory(agreements=[tie])
    official = SpellingFactory().official
    AppointmentFactory(official=official)
    event.participants.add(official)
    InitiativeFactory(agreement=tie).institutions.add(InstitutionFactory())
    return tie


def screens(tie: Agreement, administrator) -> list[str]:
    found = ["/admin/", "/admin/agreements/", "/admin/password_change/"]
    for model in RECORDS:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        record = tie if model is Agreement else model.objects.first()
        found += [reverse(f"{name}_changelist"), reverse(f"{name}_changelist") + "?q=zzz"]
        found += [reverse(f"{name}_add")]
        found += [reverse(f"{name}_{view}", args=[record.pk]) for view in ("change", "history")]
        found += [reverse(f"{name}_delete", args=[record.pk])]
    found += [reverse("admin:auth_user_changelist"), reverse("admin:auth_group_changelist")]
    found += [reverse("admin:auth_user_change", args=[administrator.pk])]
    found += [reverse("admin:auth_user_add"), reverse("admin:auth_group_add")]
    for move in ("sign", "withdraw"):
        found.append(reverse("admin:agreements_agreement_move", args=[tie.pk, move]))
    for act in ("publish", "unpublish"):
        found.append(reverse(f"admin:agreements_agreement_{act}", args=[tie.pk]))
    return found


def faults(page: Page) -> list[str]:
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    violations = Axe().run(page, options=VIOLATIONS_ALONE).response["violations"]
    return [
        f"{page.url}: {violation['id']} at {[node['target'] for node in violation['nodes'][:2]]}"
        for violation in violations
    ]


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_fault_on_any_screen(
    page: Page, live_server, people, complaints, scheme, width
):
    tie = one_of_everything()
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{live_server.url}/admin/login/")
    found = faults(page)
    sign_in(page, live_server.url, people["administrator"])
    for address in screens(tie, people["administrator"]):
        page.goto(live_server.url + address)
        page.wait_for_load_state("networkidle")
        found += [f"{address}: {complaint}" for complaint in complaints]
        found += faults(page)
        complaints.clear()
    assert found == []


def test_axe_finds_no_fault_in_a_form_that_is_refused(page: Page, live_server, people, complaints):
    tie = one_of_everything()
    sign_in(page, live_server.url, people["registrar"])
    page.goto(f"{live_server.url}{reverse('admin:agreements_agreement_change', args=[tie.pk])}")
    page.get_by_label("Begins").fill("yesterday")
    tie.move("withdraw", by=None, happened_on=tie.status_since)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Somebody changed this while you had it open")).to_be_visible()
    assert faults(page) == []
