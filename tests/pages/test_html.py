"""From the home page along every link: nothing is broken, every page is reached and sound HTML.

Sound is: closed tags, unique ids, labels and links that lead on.
"""

from collections import Counter, deque
from html.parser import HTMLParser
from urllib.parse import parse_qs, urldefrag, urljoin, urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.urls import resolve, reverse
from django.utils.translation import get_language_from_path, override

from agreements.models import Agreement, Sector
from cities.models import Official, Place

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("story")]

SITE = "http://testserver"
VOID = {"br", "hr", "img", "input", "link", "meta"}
DRAWN = {"circle", "path", "rect"}
LISTS = ("agreement-list", "step-list", "place-list", "official-list", "sector-list")
FIXED = ("home", *LISTS, "figures", "map", "compare", "data", "about", "suggest")
RECORDS = ("agreement-detail", "place-detail", "official-detail", "sector-detail")
# Of pages that a filter makes, of reports and of what machines read, some of a kind.
SOME = 2
MOST_PARAMETERS = 1


class Outline(HTMLParser):
    """What can be wrong in a page that a browser would silently mend."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.ids: list[str] = []
        self.wanted: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag, attributes):
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attributes:
            if name == "id":
                self.ids.append(value)
            elif name in ("for", "aria-labelledby", "aria-describedby"):
                self.wanted += value.split()
            elif name == "href" and value.startswith("#"):
                self.wanted.append(value[1:])
            elif name in ("href", "src") or (name == "action" and ("method", "get") in attributes):
                self.links.append(value)

    def handle_startendtag(self, tag, attributes):
        if tag not in VOID | DRAWN:
            self.faults.append(f"<{tag}/> at {self.getpos()}")

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> at {self.getpos()}")

    def found(self) -> list[str]:
        twice = {one for one in self.ids if self.ids.count(one) > 1}
        lost = set(self.wanted) - set(self.ids)
        left = [*self.open, *(f"id {one} twice" for one in twice), *(f"no #{one}" for one in lost)]
        return self.faults + left


def addresses(language: str) -> list[str]:
    rows = [*Agreement.objects.all(), *Sector.objects.all(), *Official.objects.all()]
    with override(language):
        fixed = [reverse(name) for name in FIXED]
        return [*fixed, *(row.get_absolute_url() for row in [*rows, *Place.objects.all()])]


class Walk:
    """Everything within the site that a link leads to, in one language; of some kinds a few."""

    def __init__(self, language: str) -> None:
        self.client = Client()
        self.language = language
        self.faults: dict[str, list[str]] = {}
        self.seen: set[str] = set()
        self.kinds: Counter[tuple] = Counter()
        with override(language):
            self.ahead = deque([reverse("home")])
        # As somebody who comes from within the site: nobody leads them to another language.
        self.referer = {"referer": f"{SITE}/"}

    def go(self) -> "Walk":
        while self.ahead:
            address = self.ahead.popleft()
            if address not in self.seen and self.is_worth_it(address):
                self.seen.add(address)
                self.look(address)
        return self

    def is_worth_it(self, address: str) -> bool:
        """Whether to ask for it. Whatever is skipped is at least an address of the site."""
        path, _mark, query = address.partition("?")
        if path.startswith("/static/"):
            kind: tuple = (path,)
        else:
            with override(self.language):
                name = resolve(path).view_name
            if name in RECORDS and not query:
                return True
            names = frozenset(parse_qs(query, keep_blank_values=True))
            kind = (name, names)
            if len(names) > MOST_PARAMETERS:
                return False
        self.kinds[kind] += 1
        return self.kinds[kind] <= SOME

    def look(self, address: str) -> None:
        response = self.client.get(address, headers=self.referer)
        if response.status_code != 200 and not response.get("Location", "").startswith("/"):
            self.faults[address] = [str(response.status_code)]
        if not response.get("Content-Type", "").startswith("text/html"):
            return
        outline = Outline()
        outline.feed(response.content.decode())
        if found := outline.found():
            self.faults[address] = found
        for link in outline.links:
            self.note(urldefrag(urljoin(SITE + address, link)).url)

    def note(self, link: str) -> None:
        """Of what is read in one language, this walk follows its own."""
        within = link.removeprefix(SITE)
        speaks = get_language_from_path(urlsplit(within).path) or settings.LANGUAGE_CODE
        if link.startswith(SITE) and (speaks == self.language or within.startswith("/static/")):
            self.ahead.append(within)


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_every_link_leads_on_and_every_page_of_the_story_is_reached_and_sound(language):
    walk = Walk(language).go()
    assert walk.faults == {}
    assert set(addresses(language)) - walk.seen == set()
