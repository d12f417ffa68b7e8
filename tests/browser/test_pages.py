"""The pages in a real browser: the main paths, and axe on every page in every language."""

import os
from itertools import product

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Page, Request, Response, expect

from agreements.models import Agreement
from tests.browser import public
from tests.factories import AgreementFactory
from twinning.story import load

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# What a browser itself says of a page whose status is 400 or 404, as some here are meant to be.
EXPECTED = "Failed to load resource"
VIOLATIONS_ALONE = {"resultTypes": ["violations"], "preload": False}
NARROW, WIDE = 320, 1280
# Two looks of each language, so that every two of language, scheme and width come together;
# AXE_ALL=1 takes all four.
STRAIGHT = (("light", WIDE), ("dark", NARROW))
CROSSED = (("light", NARROW), ("dark", WIDE))
LOOKS = {"en": STRAIGHT, "fa": CROSSED, "tg": STRAIGHT, "ru": CROSSED}
if os.environ.get("AXE_ALL") == "1":
    LOOKS = dict.fromkeys(LOOKS, tuple(product(("light", "dark"), (NARROW, WIDE))))


@pytest.fixture(autouse=True)
def unpublished_afterwards(transactional_db):
    """The database never deletes the history of what is published, not even to clear up."""
    yield
    Agreement.objects.update(visibility="internal")


@pytest.fixture
def site(live_server) -> str:
    load(settings.BASE_DIR / "fixtures" / "story")
    return live_server.url


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser complains of, such as a breach of the content security policy.

    A file that is missing, and whatever is asked of another site, is a complaint as well.
    """
    heard: list[str] = []

    def asked(request: Request) -> None:
        if not request.url.startswith(("http://localhost:", "http://127.0.0.1:", "data:")):
            heard.append(f"asked of another site: {request.url}")

    def answered(response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            heard.append(f"{response.status}: {response.url}")

    page.on("console", lambda message: message.type == "error" and heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("request", asked)
    page.on("response", answered)
    return heard


def faults(page: Page) -> list[str]:
    """Violations that axe finds, and a page that is wider than its window."""
    found = [
        f"{page.url}: {violation['id']} at {violation['nodes'][0]['target']}"
        for violation in Axe().run(page, options=VIOLATIONS_ALONE).response["violations"]
    ]
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        found.append(f"{page.url}: wider than its window")
    return found


def test_every_public_address_has_a_case():
    assert set(public.CASES) == public.public_names()


@pytest.mark.parametrize("language", LOOKS)
def test_no_page_has_a_fault_in_any_scheme_or_width(site, page: Page, complaints, language):
    found = []
    for path in public.addresses(language):
        page.goto(site + path, referer=f"{site}/")
        if page.evaluate("document.documentElement.lang") != language:
            found.append(f"{path} speaks another language")
        # What is folded away is looked at as well.
        page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
        for scheme, width in LOOKS[language]:
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 900})
            found += [f"{scheme} {width} {fault}" for fault in faults(page)]
        found += [f"{path}: {said}" for said in complaints if EXPECTED not in said]
        complaints.clear()
    assert not found, "\n".join(found)


def test_a_reader_finds_the_story_from_the_home_page(site, page: Page, complaints):
    page.goto(site)
    page.get_by_label("A place, in any spelling or script").fill("Leninabad")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Qazvin – Khujand").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Qazvin – Khujand")
    expect(page.locator("[aria-current=step]")).to_contain_text("Drafted")
    page.get_by_role("link", name="Khujand", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Khujand")
    expect(page.get_by_role("region", name="Table of partners")).to_contain_text("Samarkand")
    assert complaints == []


def test_a_filter_is_chosen_and_taken_away_without_a_script(site, browser):
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{site}/agreements/")
    narrowing = page.get_by_role("navigation", name="Narrow the list down")
    narrowing.get_by_role("link", name="drafted").click()
    expect(page.locator(".record .status-signed")).to_have_count(0)
    expect(page.get_by_role("link", name="Qazvin – Khujand")).to_be_visible()
    narrowing.get_by_role("link", name="Remove the filter: drafted").click()
    expect(page.locator(".record .status-signed").first).to_be_visible()
    page.context.close()


def test_a_narrow_window_folds_the_facets_away(site, page: Page):
    page.set_viewport_size({"width": NARROW, "height": 900})
    page.goto(f"{site}/agreements/")
    chosen = page.get_by_role("link", name="drafted")
    expect(chosen).to_be_hidden()
    page.locator(".facets-fold > summary").press("Enter")
    expect(chosen).to_be_visible()
    chosen.press("Enter")
    expect(page.locator(".record .status-signed")).to_have_count(0)


def test_the_keyboard_skips_to_the_content(live_server, page: Page):
    page.goto(f"{live_server.url}/about/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    skip.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_the_language_turns_the_page_round(live_server, page: Page):
    page.goto(f"{live_server.url}/about/")
    page.get_by_role("button", name="فارسی").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page).to_have_url(f"{live_server.url}/fa/about/")


def test_on_paper_the_controls_are_gone_and_addresses_are_written_out(live_server, page: Page):
    agreement = AgreementFactory(status="signed", public=True)
    page.goto(live_server.url + agreement.get_absolute_url())
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation")).to_be_hidden()
    written = "getComputedStyle(document.querySelector('.sources a'), '::after').content"
    assert "https://" in page.evaluate(written)
