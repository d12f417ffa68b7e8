"""Frames and badges on the page of another site, in a real browser."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import quote, unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from agreements.models import Agreement
from tests.factories import AgreementFactory, khujand, qazvin

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class City(BaseHTTPRequestHandler):
    """A site of another origin: it answers with what its address brings along."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(unquote(urlsplit(self.path).query).encode())

    def log_message(self, *said):
        pass


@pytest.fixture(scope="module")
def city() -> str:
    server = ThreadingHTTPServer(("127.0.0.1", 0), City)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/?"
    server.shutdown()
    server.server_close()


@pytest.fixture
def agreement(transactional_db):
    yield AgreementFactory(status="signed", parties=[qazvin(), khujand()], public=True)
    # The database never deletes the history of what is published, not even to clear up.
    Agreement.objects.update(visibility="internal")


@pytest.fixture
def complaints(page: Page) -> list[str]:
    heard: list[str] = []
    page.on("console", lambda said: said.type in ("error", "warning") and heard.append(said.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


def framed(address: str) -> str:
    return quote(f'<iframe src="{address}" title="it" width="600" height="400"></iframe>')


@pytest.mark.parametrize("language", ["", "/fa"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("what", ["agreement", "place"])
def test_a_frame_is_shown_elsewhere_without_a_complaint(
    what, scheme, language, page: Page, live_server, city, agreement, complaints
):
    page.emulate_media(color_scheme=scheme)
    records = {"agreement": agreement.get_absolute_url(), "place": "/places/khujand/"}
    path = f"{language}/embed{records[what]}"
    page.goto(city + framed(live_server.url + path))
    inside = page.frame_locator("iframe")
    expect(inside.locator("h1")).to_contain_text("خجند" if language else "Khujand")
    assert complaints == []
    page.set_viewport_size({"width": 320, "height": 600})
    page.goto(live_server.url + path)
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.context.cookies() == []


def test_what_is_no_frame_is_not_shown_elsewhere(page: Page, live_server, city, agreement):
    page.goto(city + framed(live_server.url + agreement.get_absolute_url()))
    expect(page.frame_locator("iframe").locator("body")).to_contain_text("refused")
    expect(page.frame_locator("iframe").locator("article")).to_have_count(0)


def test_a_badge_is_shown_elsewhere_in_its_colours(
    page: Page, live_server, city, agreement, complaints
):
    badge = f"{live_server.url}{agreement.get_absolute_url()}badge.svg"
    page.goto(city + quote(f'<img src="{badge}" alt="badge">'))
    drawn = "() => document.images[0].complete && document.images[0].naturalWidth > 100"
    page.wait_for_function(drawn)
    assert complaints == []
    page.goto(badge)
    tone = "getComputedStyle(document.querySelector('.tone')).fill"
    assert page.evaluate(tone) == "rgb(10, 106, 67)"
    assert complaints == []


def test_data_for_machines_runs_no_script_and_breaks_no_policy(
    page: Page, live_server, agreement, complaints
):
    for path in ("/", "/data/", agreement.get_absolute_url(), "/places/khujand/"):
        page.goto(live_server.url + path)
        assert page.locator('script[type="application/ld+json"]').count() >= 1
    assert complaints == []


def test_what_to_copy_is_marked_by_one_press(page: Page, live_server, agreement):
    page.goto(live_server.url + agreement.get_absolute_url())
    page.get_by_text("Share and embed").click()
    page.locator(".snippet").first.click()
    marked = page.evaluate("getSelection().toString()")
    assert marked.startswith("<a href=") or marked == ""
    expect(page.locator(".snippet").last).to_contain_text("<iframe src=")
