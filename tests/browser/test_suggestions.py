"""“Something wrong?” by the keyboard alone, without a script, and as axe sees it."""

from itertools import product

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page, expect

from agreements.models import Suggestion
from tests.browser.test_admin import people, sign_in  # noqa: F401
from tests.browser.test_pages import complaints, faults  # noqa: F401
from tests.desk_factories import SuggestionFactory
from tests.factories import khujand
from twinning import suggestion_form

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PATIENCE = 3_500  # milliseconds: longer than a machine waits


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_a_reader_suggests_by_the_keyboard_and_without_a_script(live_server, browser):
    khujand()
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{live_server.url}/places/khujand/")
    page.get_by_role("link", name="Something wrong?").focus()
    press(page, "Enter")
    expect(page.get_by_text("About: Khujand")).to_be_visible()
    page.get_by_label("What is wrong?").focus()
    page.keyboard.type("It lies on the Syr Darya, not on the Amu Darya.")
    press(page, "Tab")
    expect(page.get_by_label("How do you know?")).to_be_focused()
    page.keyboard.type("I live there.")
    press(page, "Tab")
    expect(page.get_by_label("Your name")).to_be_focused()
    press(page, "Tab")
    expect(page.get_by_label("Your e-mail address")).to_be_focused()
    # The trap for machines is no stop on the way.
    press(page, "Tab")
    expect(page.get_by_role("button", name="Send to the staff")).to_be_focused()
    page.wait_for_timeout(PATIENCE)
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    page.get_by_role("link", name="Back to the page").click()
    expect(page).to_have_url(f"{live_server.url}/places/khujand/")
    assert Suggestion.objects.get().about.slug == "khujand"
    page.context.close()


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_the_form_has_no_fault_empty_refused_or_full(
    live_server,
    page: Page,
    complaints,  # noqa: F811
    monkeypatch,
    language,
):
    monkeypatch.setattr(suggestion_form, "SOONEST", 0)
    site = live_server.url + ("" if language == "en" else f"/{language}")
    khujand()
    found = []

    def look() -> None:
        for scheme, width in product(("light", "dark"), (320, 1280)):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 900})
            found.extend(f"{scheme} {width} {fault}" for fault in faults(page))

    page.goto(f"{site}/suggest/?about=/places/khujand/")
    look()
    page.locator("#id_text").fill("خجند در کجاست؟")
    page.locator("#id_source").fill("https://1 https://2 https://3 https://4 https://5 https://6")
    page.locator("#id_website").evaluate("box => box.value = 'filled by an extension'")
    page.locator("main form button").click()
    expect(page.locator("#id_website")).to_be_visible()
    expect(page.locator("#id_text")).to_have_value("خجند در کجاست؟")
    look()
    page.locator("#id_source").fill("https://example.org/")
    page.locator("#id_website").fill("")
    page.locator("main form button").click()
    expect(page.locator("main form")).to_have_count(0)
    look()
    monkeypatch.setattr(settings, "SUGGESTIONS_MOST_WAITING", 1)
    page.goto(f"{site}/suggest/?about=/places/khujand/")
    look()
    page.goto(f"{site}/suggest/?about=nowhere")
    look()
    assert found == []
    assert [said for said in complaints if "Failed to load resource" not in said] == []


def test_a_clerk_finds_it_on_the_first_screen_and_declines_it(page: Page, live_server, people):  # noqa: F811
    SuggestionFactory(place=khujand(), path="/places/khujand/", text="It is called Leninabad.")
    sign_in(page, live_server.url, people["editor"])
    waiting = page.get_by_role("region", name="Suggestions from readers")
    waiting.get_by_role("link", name="Khujand").click()
    expect(page.get_by_text("It is called Leninabad.")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name="Decline").click()
    expect(page.get_by_text("Say why it is declined.")).to_be_visible()
    assert faults(page) == []
    page.get_by_label("Note").fill("That was until 1991; the page says so.")
    page.get_by_role("button", name="Decline").click()
    expect(page.get_by_text("The suggestion is declined.")).to_be_visible()
    page.goto(live_server.url + reverse("admin:index"))
    expect(waiting).to_have_count(0)
