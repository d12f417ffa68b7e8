"""Every page of the story is sound HTML: closed tags, unique ids, labels and links that lead on."""

from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from agreements.models import Agreement, Sector
from cities.models import Official, Place

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("story")]

VOID = {"br", "hr", "img", "input", "link", "meta"}
DRAWN = {"circle", "path", "rect"}
LISTS = ("agreement-list", "step-list", "place-list", "official-list", "sector-list")
FIXED = ("home", *LISTS, "figures", "map", "compare", "data", "about", "suggest", "suggest-thanks")


class Outline(HTMLParser):
    """What can be wrong in a page that a browser would silently mend."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.ids: list[str] = []
        self.wanted: list[str] = []

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


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_every_page_of_the_story_is_there_and_sound(language):
    client = Client()
    faults = {}
    for address in addresses(language):
        response = client.get(address)
        assert response.status_code == 200, address
        outline = Outline()
        outline.feed(response.content.decode())
        if found := outline.found():
            faults[address] = found
    assert faults == {}
