"""What is not in the language of the page is marked as such, and sectors are named in it."""

import re
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from agreements.models import Agreement, Sector
from cities.models import Official, Place
from cities.templatetags.places import marked, recorded

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("story")]

VOID = {"br", "hr", "img", "input", "link", "meta"}
# What is no prose: a computer's words, and the head, where nothing can be marked.
UNREAD = {"head", "script", "style", "code", "pre"}
# Three words of Latin letters or more, one after the other.
PROSE = re.compile(r"(?:[A-Za-z]{2,}[,.:;’'\-–]*\s+){2,}[A-Za-z]{2,}")
FIXED = ("home", "agreement-list", "step-list", "place-list", "official-list", "sector-list")
MORE = ("figures", "map", "compare", "data", "about", "suggest", "suggest-thanks")
OTHER_LANGUAGES = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


class Unmarked(HTMLParser):
    """Foreign prose in no element that names its language."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language
        self.open: list[tuple[str, bool]] = []
        self.found: list[str] = []

    def handle_starttag(self, tag, attributes):
        if tag not in VOID:
            above = bool(self.open) and self.open[-1][1]
            spoken = dict(attributes).get("lang")
            accounted_for = above if spoken is None else spoken != self.language
            self.open.append((tag, accounted_for or tag in UNREAD))

    def handle_startendtag(self, tag, attributes):
        pass

    def handle_endtag(self, tag):
        if tag not in VOID:
            self.open.pop()

    def handle_data(self, data):
        if self.open and not self.open[-1][1]:
            self.found += PROSE.findall(data)


def unmarked(html: str, language: str) -> list[str]:
    page = Unmarked(language)
    page.feed(html)
    return page.found


def read(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def addresses(language: str) -> list[str]:
    tied = Place.objects.filter(seats__isnull=False) | Place.objects.exclude(about="")
    rows = [*Agreement.objects.all(), *Sector.objects.all(), *Official.objects.all()]
    few = ("qazvin", "khujand")
    with override(language):
        return [
            *(reverse(name) for name in (*FIXED, *MORE)),
            *(row.get_absolute_url() for row in [*rows, *tied.distinct()]),
            *(reverse(page, args=[key]) for page in ("place-finder", "place-embed") for key in few),
            reverse("place-report", args=["khujand", 2025]),
            f"{reverse('compare')}?a=qazvin&b=khujand",
            f"{reverse('agreement-list')}?sector=economy&place=khujand&status=ended",
            f"{reverse('step-list')}?sector=economy",
        ]


@pytest.mark.parametrize("language", OTHER_LANGUAGES)
def test_no_foreign_prose_is_left_unmarked(client, language):
    found = {
        f"{address}: {text}"
        for address in addresses(language)
        for text in unmarked(read(client, address), language)
    }
    assert not found, "\n".join(sorted(found))


def test_what_is_looked_for_would_be_found():
    assert unmarked("<p>Chamber of Commerce</p>", "fa")
    assert unmarked('<p lang="en"><b lang="fa">Chamber of Commerce</b></p>', "fa")
    assert not unmarked('<p><bdi lang="en">Chamber <b>of trade and</b></bdi></p>', "fa")


@pytest.mark.parametrize(
    ("language", "name"),
    [("fa", "اقتصاد و بازرگانی"), ("tg", "Иқтисод ва савдо"), ("ru", "Экономика и торговля")],
)
def test_a_sector_is_named_in_the_readers_language_wherever_it_is_shown(client, language, name):
    tie = Agreement.objects.filter(sectors__slug="economy", visibility="public").first()
    place = tie.parties.first().place
    with override(language):
        pages = [
            *(reverse(page) for page in ("home", "agreement-list", "step-list", "figures")),
            *(reverse("sector-list"), reverse("sector-detail", args=["economy"])),
            *(tie.get_absolute_url(), place.get_absolute_url()),
            f"{reverse('agreement-list')}?sector=economy&status=ended",
        ]
    for address in pages:
        html = read(client, address)
        assert name in html, address
        assert "Economy and trade" not in html, address


def test_a_sector_without_such_a_name_is_shown_in_english_and_marked(client):
    Sector.objects.get(slug="economy").names.all().delete()
    for page in ("/fa/", "/fa/agreements/", "/fa/sectors/economy/", "/fa/figures/"):
        assert '<bdi lang="en" dir="ltr">Economy and trade</bdi>' in read(client, page)


def test_english_readers_and_other_languages_names_do_not_meet(client):
    html = read(client, "/sectors/")
    assert "Economy and trade" in html
    assert "اقتصاد" not in html


def test_feeds_and_calendars_name_the_sector_too(client):
    with override("fa"):
        ways = [reverse(f"sector-{what}", args=["economy"]) for what in ("feed", "calendar")]
    for address in ways:
        assert "اقتصاد و بازرگانی" in read(client, address), address


def test_what_staff_wrote_is_marked_for_readers_of_another_language_alone():
    with override("en"):
        assert recorded("Chamber <of>") == '<bdi dir="auto">Chamber &lt;of&gt;</bdi>'
    with override("fa"):
        assert recorded("Chamber") == '<bdi lang="en" dir="auto">Chamber</bdi>'
        assert recorded("Азия") == '<bdi dir="auto">Азия</bdi>'
        said = marked("به گفتهٔ \u2068Asia <Plus>\u2069 در \u2068۲۰۲۵\u2069.")
    name = '<bdi lang="en" dir="auto">Asia &lt;Plus&gt;</bdi>'
    assert said == f'به گفتهٔ {name} در <bdi dir="auto">۲۰۲۵</bdi>.'
