"""Signing in with a real browser: keys, no script, and axe on every page of it."""

from itertools import product

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_admin import complaints
from tests.browser.test_pages import NARROW, WIDE, faults
from tests.factories import AdministratorFactory, staff
from tests.signing_in.factors import (
    LOGIN,
    PASSWORD,
    SECOND_FACTOR,
    SECOND_STEP,
    code,
    with_app,
    with_password,
)

# A fixture of the admin's test, which its name brings here.
FIXTURES = (complaints,)
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def parvin(db):
    return with_password(staff("editor"))


def type_password(page: Page, site: str, user, next_address: str = "") -> None:
    page.goto(f"{site}{LOGIN}?next={next_address}")
    page.get_by_label("Username").fill(user.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page: Page, site: str) -> None:
    page.goto(f"{site}/accounts/logout/")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{site}/")


@pytest.fixture
def key(page: Page) -> None:
    """A key of Chromium's own making, which answers by itself."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
    options |= {"hasUserVerification": True, "isUserVerified": True}
    options |= {"automaticPresenceSimulation": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_is_added_and_then_opens_alone_or_after_the_password(
    page: Page, live_server, parvin, key, settings, complaints
):
    settings.MFA_REQUIRED = True
    site = live_server.url
    type_password(page, site, parvin)
    expect(page.get_by_text("Staff sign in with a second factor here.")).to_be_visible()
    page.get_by_role("link", name="Add a key").click()
    page.get_by_label("Name").fill("Office computer")
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add the key").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.get_by_role("link", name="To the administration").click()
    expect(page.get_by_text("Welcome,")).to_be_visible()

    sign_out(page, site)
    page.goto(f"{site}/admin/cities/place/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{site}/admin/cities/place/")

    sign_out(page, site)
    type_password(page, site, parvin, "/admin/")
    page.get_by_role("button", name="Use a key or passkey").click()
    expect(page.get_by_text("Welcome,")).to_be_visible()
    assert complaints == []


def test_a_key_that_does_not_answer_is_told_of(page: Page, live_server, complaints):
    page.goto(live_server.url + LOGIN)
    # Without a key the browser would wait for one as long as it likes.
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new Error()); }")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("The key gave no answer")).to_be_visible()
    assert complaints == []


def test_without_a_script_a_password_and_an_app_let_in(live_server, parvin, browser, settings):
    settings.MFA_REQUIRED = True
    secret = with_app(parvin)
    page = browser.new_context(java_script_enabled=False).new_page()
    type_password(page, live_server.url, parvin)
    expect(page.get_by_role("button", name="passkey")).to_have_count(0)
    page.get_by_label("Code").fill(code(secret))
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("Welcome,")).to_be_visible()
    page.context.close()


# --- Every page ---------------------------------------------------------------------------

OPEN = (
    LOGIN,
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/1-nobody-sent-this/",
    "/accounts/password/reset/key/done/",
)
SIGNED_IN = (
    SECOND_FACTOR,
    "/accounts/logout/",
    "/accounts/password/change/",
    "/accounts/2fa/recovery-codes/",
    "/accounts/2fa/recovery-codes/generate/",
    "/accounts/2fa/totp/deactivate/",
    "/accounts/2fa/webauthn/",
    "/accounts/2fa/webauthn/add/",
)


class Looking:
    """At a page in both schemes and widths, as it stands now."""

    def __init__(self, page: Page, site: str, language: str) -> None:
        self.page, self.site, self.language, self.found = page, site, language, []
        page.set_extra_http_headers({"Accept-Language": language})

    def at(self, *addresses: str) -> None:
        for address in addresses:
            self.page.goto(self.site + address)
            self.around()

    def around(self) -> None:
        for scheme, width in product(("light", "dark"), (NARROW, WIDE)):
            self.page.emulate_media(color_scheme=scheme)
            self.page.set_viewport_size({"width": width, "height": 900})
            self.found += [f"{self.language} {scheme} {width} {f}" for f in faults(self.page)]


def fill_and_send(page: Page, **fields: str) -> None:
    """By the names of the fields, which are the same in every language."""
    for name, value in fields.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("main button.primary").click()
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("language", ["en", "fa"])
def test_axe_finds_no_fault_on_any_page_of_signing_in(
    page: Page, live_server, key, language, complaints
):
    administrator = with_password(AdministratorFactory(username="root", email="root@city.gov"))
    look = Looking(page, live_server.url, language)
    look.at(*OPEN, LOGIN)
    fill_and_send(page, login="root", password="a guess")
    look.around()
    fill_and_send(page, login="root", password=PASSWORD)
    look.at(SECOND_FACTOR, "/accounts/2fa/webauthn/", "/accounts/2fa/totp/activate/")
    fill_and_send(page, code="000000")
    look.around()
    fill_and_send(page, code=code(page.locator("#secret").text_content()))
    page.goto(f"{live_server.url}/accounts/2fa/webauthn/add/")
    fill_and_send(page, name="Office computer")
    page.wait_for_url(f"{live_server.url}{SECOND_FACTOR}")
    look.at(*SIGNED_IN)
    pk = administrator.authenticator_set.get(type="webauthn").pk
    look.at(*(f"/accounts/2fa/webauthn/keys/{pk}/{act}/" for act in ("edit", "remove")))
    look.at("/accounts/reauthenticate/", "/accounts/2fa/reauthenticate/")
    look.at("/accounts/2fa/webauthn/reauthenticate/")
    page.context.clear_cookies()
    page.goto(live_server.url + LOGIN)
    fill_and_send(page, login="root", password=PASSWORD)
    assert page.url == live_server.url + SECOND_STEP
    look.around()
    assert look.found == []
    assert complaints == []
