"""A clerk's day: what is due is found, completed, asked for, signed, published and read by all."""

import pytest
from playwright.sync_api import Locator, Page, expect

from agreements.models import Agreement
from tests.browser.test_admin import complaints, open_choice
from tests.browser.test_signing_in import type_password
from tests.factories import AgreementFactory, SourceFactory, khujand, nozari, qazvin, staff
from tests.signing_in.factors import code, with_app, with_password

# A fixture of the admin's test, which its name brings here.
FIXTURES = (complaints,)
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TIE = "Qazvin – Khujand"


@pytest.fixture
def tie(db):
    """Drafted long ago; an article says so."""
    nozari()
    drafted = SourceFactory(title="Qazvin and Khujand to be sisters")
    yield AgreementFactory(status="drafted", parties=[qazvin(), khujand()], sources=[drafted])
    # What is public is not deleted, and this test's rows must go.
    Agreement.objects.update(visibility="internal")


def enter(page: Page, site: str, role: str) -> None:
    """Sign in as the one of the staff who has this role, with an authenticator app."""
    user = with_password(staff(role))
    secret = with_app(user)
    type_password(page, site, user, "/admin/")
    page.get_by_label("Code").fill(code(secret))
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Today’s work")).to_be_visible()


def leave(page: Page) -> None:
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("button", name="Log out")).to_have_count(0)


def open_from(page: Page, queue: str, advice: str) -> None:
    """Go from a queue of the first screen to the agreement that waits in it."""
    waiting = page.get_by_role("region", name=queue)
    expect(waiting).to_contain_text(advice)
    waiting.get_by_role("link", name=TIE).click()
    expect(page.get_by_role("heading", name=TIE)).to_be_visible()


def open_approvals_and_signatures(page: Page) -> None:
    summary = page.get_by_role("region", name="Approvals and signatures")
    expect(summary.get_by_text("No approval on record")).to_have_count(2)
    summary.get_by_role("link", name="Enter approvals and signatures").click()
    expect(page.get_by_role("heading", name=f"Approvals and signatures: {TIE}")).to_be_visible()


def write(where: Locator, label: str, words: str) -> None:
    """By its role, which the row that Django keeps out of sight for further ones has not."""
    where.get_by_role("textbox", name=label).fill(words)


def rows(page: Page, heading: str) -> Locator:
    """The approvals, or the signatures, of one party."""
    return page.get_by_role("group", name=heading)


def choose(page: Page, where: Locator, label: str, words: str, found: str) -> None:
    """Search in a box for the words, and take what is found."""
    open_choice(page, where, label)
    page.get_by_role("searchbox", name=label).fill(words)
    page.get_by_role("option", name=found, exact=True).click()


def add_source(page: Page, where: Locator, title: str) -> None:
    """Enter a source that is not on record yet, in the window beside the field."""
    with page.expect_popup() as opened:
        where.get_by_role("link", name="Add another source").first.click()
    window = opened.value
    window.get_by_label("Publisher").fill("Qazvin")
    window.get_by_label("Title").fill(title)
    window.get_by_label("Kind").select_option(label="decision or minutes")
    with window.expect_event("close"):
        window.get_by_role("button", name="Save", exact=True).click()
    expect(where).to_contain_text(title)


def record_an_approval(page: Page) -> None:
    here = rows(page, "Approvals for Qazvin")
    write(here, "Body", "City council of Qazvin")
    here.get_by_role("combobox", name="Outcome").select_option("approved")
    write(here, "Decided on", "2025-06-01")
    add_source(page, here, "Minutes of 1 June 2025")
    write(here, "What it says", "The council approves the draft.")
    page.get_by_role("button", name="Save, and go on with further rows").click()
    expect(page.get_by_text("1 row was saved.")).to_be_visible()


def enter_signatures(page: Page) -> None:
    qazvins = rows(page, "Signatures for Qazvin")
    choose(page, qazvins, "Signed by", "nozari", "Mohammad Nozari")
    write(qazvins, "In the office of", "Governor")
    khujands = rows(page, "Signatures for Khujand")
    write(khujands, "In the office of", "Mayor of Khujand")
    for here in (qazvins, khujands):
        write(here, "Signed on", "2025-06-12")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("2 rows were saved.")).to_be_visible()


def ask_the_registrar(page: Page) -> None:
    standing = page.get_by_role("region", name="Where it stands")
    expect(standing.get_by_role("link", name="Sign", exact=True)).to_have_count(0)
    standing.get_by_role("link", name="Ask a registrar: Sign").click()
    page.get_by_label("Note").fill("Both signatures are on record.")
    page.get_by_role("button", name="Ask a registrar: Sign").click()
    expect(page.get_by_role("heading", name="Asked for: Sign")).to_be_visible()


def sign(page: Page) -> None:
    asked = page.get_by_role("region", name="Asked for: Sign")
    expect(asked).to_contain_text("Both signatures are on record.")
    asked.get_by_role("link", name="Sign", exact=True).click()
    page.get_by_label("Happened on").fill("2025-06-12")
    form = page.get_by_role("main")
    add_source(page, form, "Protocol of 12 June 2025")
    write(form, "What it says", "Both have signed.")
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_text("The agreement is on record as signed.")).to_be_visible()
    expect(page.get_by_role("heading", name="Asked for")).to_have_count(0)


def look_and_publish(page: Page) -> None:
    page.get_by_role("link", name="Preview of the public page").click()
    preview = page.get_by_role("complementary", name="Preview")
    expect(preview).to_contain_text("Only staff can see this agreement yet.")
    preview.get_by_role("link", name="Publish").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("The agreement is public now.")).to_be_visible()


def read_as_anybody(page: Page, address: str) -> None:
    assert page.goto(address).status == 200
    expect(page.get_by_role("link", name="Edit this record")).to_have_count(0)
    says = page.get_by_role("article")
    for text in (
        "The council approves the draft.",
        "City council of Qazvin",
        "Minutes of 1 June 2025",
        "Mohammad Nozari",
        "Mayor of Khujand",
        "Both have signed.",
        "Protocol of 12 June 2025",
    ):
        expect(says.get_by_text(text).first).to_be_visible()
    expect(page.get_by_role("region", name="Where it stands")).to_contain_text("12 June 2025")
    expect(says).not_to_contain_text("Both signatures are on record.")


def test_what_is_due_is_completed_signed_published_and_read_by_all(
    page: Page, live_server, tie, complaints, settings
):
    settings.MFA_REQUIRED = True
    public = f"{live_server.url}{tie.get_absolute_url()}"

    enter(page, live_server.url, "editor")
    open_from(page, "Stalled before signing", "Ask how it stands; record the next step")
    open_approvals_and_signatures(page)
    record_an_approval(page)
    enter_signatures(page)
    ask_the_registrar(page)
    leave(page)
    assert page.goto(public).status == 404
    complaints.clear()  # the browser says of a 404 that it is one

    enter(page, live_server.url, "registrar")
    open_from(page, "Asked of you", "Do it, or decline it and say why.")
    sign(page)
    look_and_publish(page)
    leave(page)

    read_as_anybody(page, public)
    assert complaints == []
