"""The sitemap, in parts: every public page in every language, for crawlers.

It gives no times of change: they would tell of edits to what is not public.
"""

from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse

from agreements.models import Agreement, Sector
from cities.models import Official, Place
from twinning.scopes import ANYBODY

# Addresses in a part. Each of them names the page in all languages, which makes a part large long
# before it comes to the 50,000 addresses that crawlers take.
MOST_OF_A_PART = 2_000
PAGES = (
    *("home", "agreement-list", "place-list", "official-list", "sector-list"),
    *("data", "about", "compare"),
)


class InEachLanguage:
    """The items once for every language, without reading more of them than are asked for."""

    def __init__(self, items: Any, languages: list[str]) -> None:
        self.items, self.languages = items, languages

    def __len__(self) -> int:
        count = len(self.items) if isinstance(self.items, tuple) else self.items.count()
        return count * len(self.languages)

    def __getitem__(self, part: slice) -> list[tuple[Any, str]]:
        several = len(self.languages)
        first, last = part.start // several, -(-part.stop // several)
        found = [(item, code) for item in self.items[first:last] for code in self.languages]
        skipped = part.start - first * several
        return found[skipped : skipped + part.stop - part.start]


class Part(Sitemap):
    """``items`` are what the address of a page is made of: slugs or references."""

    limit = MOST_OF_A_PART
    i18n = True
    alternates = True
    page = ""

    def _items(self) -> InEachLanguage:
        return InEachLanguage(self.items(), [code for code, _name in settings.LANGUAGES])

    def location(self, key: str) -> str:
        return reverse(self.page, args=[key])

    def get_urls(self, *args: Any, **kwargs: Any) -> list[dict[str, Any]]:
        """With the site's own language for readers of any other; by itself Django would take an
        “/en/” out of the middle of an address as well."""
        urls = super().get_urls(*args, **kwargs)
        for url in urls:
            own = next(a for a in url["alternates"] if a["lang_code"] == settings.LANGUAGE_CODE)
            url["alternates"].append({**own, "lang_code": "x-default"})
        return urls


class Pages(Part):
    def items(self) -> tuple[str, ...]:
        return PAGES

    def location(self, key: str) -> str:
        return reverse(key)


class Agreements(Part):
    page = "agreement-detail"

    def items(self) -> QuerySet[Agreement, Any]:
        visible = Agreement.objects.visible_to(ANYBODY)
        return visible.order_by("reference").values_list("reference", flat=True)


class Places(Part):
    page = "place-detail"

    def items(self) -> QuerySet[Place, Any]:
        return Place.objects.order_by("slug").values_list("slug", flat=True)


class Officials(Part):
    page = "official-detail"

    def items(self) -> QuerySet[Official, Any]:
        return Official.objects.order_by("slug").values_list("slug", flat=True)


class Sectors(Part):
    page = "sector-detail"

    def items(self) -> QuerySet[Sector, Any]:
        return Sector.objects.order_by("slug").values_list("slug", flat=True)


SECTIONS = {
    "pages": Pages,
    "agreements": Agreements,
    "places": Places,
    "officials": Officials,
    "sectors": Sectors,
}
