"""The screens that the guide for clerks tells of: how one gets there, and what to look at."""

from collections.abc import Callable
from datetime import UTC, datetime
from math import ceil, floor
from typing import Any

import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from agreements.models import Agreement, Citation, Initiative, Party, Request
from tests.admin.sheets import change_url, list_url
from tests.browser.test_clerks_day import (
    choose,
    enter_signatures,
    record_an_approval,
    rows,
)
from tests.browser.test_signing_in import type_password
from tests.desk_factories import SuggestionFactory
from tests.factories import (
    AgreementFactory,
    InitiativeFactory,
    PlaceFactory,
    SectorFactory,
    SourceFactory,
    khujand,
    nozari,
    on,
    qazvin,
    staff,
)
from tests.signing_in.factors import SECOND_FACTOR, code, with_app, with_password

THE_MORNING = datetime(2026, 6, 15, 9, 30, tzinfo=UTC)
WIDTH, HEIGHT = 1280, 720
TALLEST, MARGIN = 860, 6
# Where on the page an element's content lies, without the room that it only keeps free and
# without what is put out of sight.
EXTENT = """part => {
    const range = document.createRange();
    range.selectNodeContents(part);
    const [inner, own] = [range, part].map((one) => one.getBoundingClientRect());
    const [x, y] = [Math.max(inner.x, own.x), Math.max(inner.y, own.y)];
    const width = Math.min(inner.right, own.right) - x;
    const height = Math.min(inner.bottom, own.bottom) - y;
    return {x: x + scrollX, y: y + scrollY, width, height};
}"""
# What somebody who looks at the page can press, follow or fill in, and what stands over it.
LABELS = """() => {
    const wanted = 'a, button, label, legend, summary, h1, h2, h3, th, option, .fieldset-heading';
    const plain = (text) => text.replace(/[\\u2068\\u2069]/g, '').replace(/\\s+/g, ' ').trim();
    const found = new Set();
    for (const part of document.querySelectorAll(wanted)) {
        const shown = part.matches('option') ? part.closest('select') : part;
        if (shown && shown.checkVisibility()) {
            found.add(plain(part.textContent).replace(/:$/, '').replace(/ \\d+$/, ''));
            found.add(plain(part.title || part.getAttribute('aria-label') || ''));
        }
    }
    for (const button of document.querySelectorAll('input[type=submit]')) {
        found.add(plain(button.value));
    }
    return [...found].filter(Boolean);
}"""


class Desk:
    """A browser at the register: what was seen on each screen, and the pictures taken."""

    def __init__(self, page: Page, site: str, clock: time_machine.Traveller) -> None:
        self.page, self.site, self.clock = page, site, clock
        self.labels: dict[str, set[str]] = {}
        self.pictures: dict[str, bytes] = {}
        self.people = {
            role: staff(role, email=f"{role}@register.example") for role in ("editor", "registrar")
        }
        self.tie = fill(self.people["editor"])
        page.set_viewport_size({"width": WIDTH, "height": HEIGHT})

    def later(self, minutes: int) -> None:
        self.clock.shift(60 * minutes)

    def is_of(self, role: str) -> None:
        """Sit down as this one of the staff, signed in already."""
        client = Client()
        client.force_login(self.people[role])
        cookie = settings.SESSION_COOKIE_NAME
        value = client.cookies[cookie].value
        self.page.context.add_cookies([{"name": cookie, "value": value, "url": self.site}])

    def at(self, address: str) -> Page:
        self.page.goto(self.site + address)
        return self.page

    def at_the(self, view: str, *more: Any) -> Page:
        """A page of the agreement of Qazvin and Khujand."""
        return self.at(reverse(f"admin:agreements_agreement_{view}", args=[self.tie.pk, *more]))

    def see(self, screen: str) -> None:
        self.labels.setdefault(screen, set()).update(self.page.evaluate(LABELS))

    def picture(self, screen: str, *parts: Locator) -> None:
        """Of these parts of the page, or of what is on the screen; no taller than ``TALLEST``."""
        self.see(screen)
        self.page.evaluate("document.activeElement.blur()")
        clip = around([part.evaluate(EXTENT) for part in parts]) if parts else None
        how = {"clip": clip, "full_page": True} if clip else {}
        self.pictures[screen] = self.page.screenshot(animations="disabled", **how)

    def press(self, button: str) -> None:
        self.go_by(self.page.get_by_role("button", name=button, exact=True))

    def follow(self, link: str) -> None:
        self.go_by(self.page.get_by_role("link", name=link, exact=True))

    def go_by(self, way_on: Locator) -> None:
        with self.page.expect_navigation():
            way_on.click()

    def main(self) -> Locator:
        return self.page.locator("#content, main:not(#content-start)").first


def around(boxes: list[dict[str, float]]) -> dict[str, float]:
    """The clip that has all of these in it, with a margin, in whole pixels."""
    x, y = (max(floor(min(box[side] for box in boxes)) - MARGIN, 0) for side in ("x", "y"))
    right = ceil(max(box["x"] + box["width"] for box in boxes)) + MARGIN
    bottom = ceil(max(box["y"] + box["height"] for box in boxes)) + MARGIN
    return {"x": x, "y": y, "width": min(right, WIDTH) - x, "height": min(bottom - y, TALLEST)}


def fill(by: Any) -> Agreement:
    """What the pictures show: Qazvin and Khujand, and towns that there are not."""
    nozari()
    SectorFactory(name="Culture", slug="culture")
    north, south, east = (PlaceFactory(name=f"{side} Town") for side in ("North", "South", "East"))
    signed = {"status": "signed", "happened_on": "2021-09"}
    AgreementFactory(**signed, parties=[north, south], expires_on=on("2026-08-31"), public=True)
    AgreementFactory(**signed, parties=[north, east])
    AgreementFactory(status="proposed", happened_on="2026-05", parties=[south, east])
    source = SourceFactory(title="Qazvin and Khujand to be sisters", published_on=on("2025-05-14"))
    parties = [qazvin(), khujand()]
    tie = AgreementFactory(status="drafted", parties=parties, sources=[source], by=by)
    InitiativeFactory(agreement=tie, title="Exchange of students", due_on=on("2025-12"))
    for model in (Agreement, Party, Citation, Initiative):
        model.history.update(history_user=by)
    return tie


# --- The pages of the guide, each with the way through its screens ------------------------------

WAYS: dict[str, Callable[[Desk], None]] = {}


def way(page: str) -> Callable[[Callable[[Desk], None]], Callable[[Desk], None]]:
    def keep(walk: Callable[[Desk], None]) -> Callable[[Desk], None]:
        WAYS[page] = walk
        return walk

    return keep


@way("signing-in")
def signing_in(desk: Desk) -> None:
    parvin = with_password(desk.people["editor"])
    secret = with_app(parvin)
    desk.at("/accounts/login/")
    desk.see("password")
    type_password(desk.page, desk.site, parvin)
    desk.picture("second-step", desk.main())
    desk.page.get_by_label("Code").fill(code(secret))
    desk.press("Sign in")
    expect(desk.page.get_by_role("heading", name="Today’s work")).to_be_visible()
    desk.see("first-screen")
    desk.at(SECOND_FACTOR)
    desk.see("second-factor")


@way("first-screen")
def first_screen(desk: Desk) -> None:
    desk.is_of("registrar")
    Request.ask(desk.tie, "sign", by=desk.people["editor"], note="Both have signed.")
    desk.at("/admin/")
    desk.picture("first-screen")
    desk.follow("Stalled before signing")
    desk.see("list")


@way("new-agreement")
def new_agreement(desk: Desk) -> None:
    desk.is_of("editor")
    desk.at(list_url(desk.tie))
    desk.see("list")
    desk.at(reverse("admin:agreements_agreement_add"))
    page = desk.page
    page.get_by_label("Kind").select_option("sister_city")
    page.get_by_label("Where it stands").select_option("drafted")
    page.get_by_label("Since").fill("2025-05-10")
    choose(page, desk.main(), "Place (Party 1)", "qazvin", "Qazvin")
    choose(page, desk.main(), "Place (Party 2)", "khujand", "Khujand")
    begins = page.get_by_role("group", name="Where the record begins")
    desk.picture("new-agreement", begins, page.locator("#parties-group"))
    desk.at(change_url(desk.tie) + "#citations-group")
    desk.see("agreement")
    desk.at(reverse("admin:agreements_source_add"))
    desk.see("source")


@way("approvals-and-signatures")
def approvals_and_signatures(desk: Desk) -> None:
    desk.is_of("editor")
    desk.at(change_url(desk.tie))
    desk.see("agreement")
    desk.at_the("byparty")
    desk.see("by-party")
    record_an_approval(desk.page)
    approvals = rows(desk.page, "Approvals for Qazvin")
    row = approvals.locator(".inline-related").first
    desk.picture("approval", approvals.get_by_role("heading").first, row)
    enter_signatures(desk.page)
    desk.picture("on-record", desk.page.get_by_role("region", name="Approvals and signatures"))


@way("moves-and-requests")
def moves_and_requests(desk: Desk) -> None:
    desk.is_of("editor")
    desk.at(change_url(desk.tie))
    desk.picture("standing", desk.page.get_by_role("region", name="Where it stands"))
    desk.follow("Ask a registrar: Sign")
    desk.page.get_by_label("Note").fill("Both signatures are on record.")
    desk.see("asking")
    desk.press("Ask a registrar: Sign")
    desk.see("asked")
    desk.is_of("registrar")
    desk.at(change_url(desk.tie))
    desk.see("asked-of-you")
    desk.at_the("move", "sign")
    desk.picture("sign", desk.main())


@way("publishing")
def publishing(desk: Desk) -> None:
    desk.is_of("registrar")
    desk.at(change_url(desk.tie))
    desk.see("agreement")
    desk.at_the("preview")
    desk.picture("preview")
    desk.at_the("publish")
    desk.see("publish")
    desk.press("Publish")
    desk.see("agreement")
    desk.at_the("unpublish")
    desk.see("unpublish")


@way("mistakes")
def mistakes(desk: Desk) -> None:
    desk.later(minutes=25)
    desk.tie.move("withdraw", by=desk.people["editor"], happened_on=on("2026-06"))
    desk.later(minutes=90)
    desk.is_of("registrar")
    desk.at(change_url(desk.tie))
    desk.see("agreement")
    desk.at_the("undo")
    desk.page.get_by_label("What was wrong").fill("It was another agreement that was withdrawn.")
    desk.picture("undo", desk.main())
    desk.press("Undo a step")
    desk.see("agreement")
    desk.at_the("history")
    desk.picture("edits", desk.main())


@way("two-people")
def two_people(desk: Desk) -> None:
    desk.is_of("editor")
    page = desk.at(change_url(desk.tie))
    page.get_by_label("Summary").fill("Friendship, culture and students.")
    page.get_by_label("Title", exact=False).first.fill("Qazvin and Khujand")
    theirs = Agreement.objects.get(pk=desk.tie.pk)
    theirs.summary = "Friendship and trade."
    theirs._history_user = desk.people["registrar"]
    theirs.save()
    desk.press("Save")
    desk.picture("conflict", page.get_by_role("region", name="Theirs and yours"))


@way("many-at-once")
def many_at_once(desk: Desk) -> None:
    desk.is_of("registrar")
    page = desk.at(list_url(desk.tie))
    desk.see("list")
    page.locator("#action-toggle").check()
    page.locator("select[name=action]").select_option(label="Publish what is chosen")
    desk.press("Go")
    desk.picture("bulk", desk.main())


@way("documents")
def documents(desk: Desk) -> None:
    desk.is_of("editor")
    page = desk.at(change_url(desk.tie) + "#documents-group")
    page.get_by_role("button", name="Add another Document").click()
    desk.picture("documents", page.locator("#documents-group"))


@way("lists-and-duplicates")
def lists_and_duplicates(desk: Desk) -> None:
    desk.is_of("registrar")
    desk.at(list_url(desk.tie))
    desk.see("list")
    desk.at(reverse("admin:cities_distinctpair_changelist"))
    desk.see("duplicates")


@way("reminders")
def reminders(desk: Desk) -> None:
    desk.is_of("editor")
    desk.at("/admin/")
    desk.see("first-screen")
    desk.at(reverse("admin-preferences"))
    desk.picture("preferences", desk.main())


@way("suggestions")
def suggestions(desk: Desk) -> None:
    desk.is_of("editor")
    about = SuggestionFactory(place=khujand(), path="/places/khujand/")
    desk.at("/admin/")
    desk.see("desk-of-suggestions")
    desk.at(change_url(about))
    desk.see("suggestion")
    desk.page.get_by_label("Note").fill("Mended, with its source.")
    desk.press("Take up")
    desk.see("suggestion-answered")


@way("offices")
def offices(desk: Desk) -> None:
    desk.is_of("registrar")
    desk.at(reverse("admin:cities_clerkship_changelist"))
    desk.see("seats")
    page = desk.at(reverse("admin:cities_clerkship_add"))
    choose(page, desk.main(), "Person", "parvin", "parvin")
    choose(page, desk.main(), "Office of", "khujand", "Khujand")
    desk.picture("seat", desk.main())


@way("annual-report")
def annual_report(desk: Desk) -> None:
    desk.is_of("editor")
    place = qazvin()
    desk.at(change_url(place))
    desk.see("place")
    desk.at(reverse("admin-report", args=[place.slug, 2025]))
    desk.picture("report", desk.main())
