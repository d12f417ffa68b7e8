"""One page in every look: light and dark, narrow and wide. It is loaded once for all of them."""

from collections.abc import Iterator
from itertools import product

from playwright.sync_api import Page

from tests.browser.test_admin import faults

LANGUAGES = ("en", "fa")
NARROW, WIDE = 320, 1280


def speak(page: Page, site: str, language: str) -> None:
    """From the next page on."""
    spoken = {"name": "django_language", "value": language, "url": site}
    page.context.add_cookies([spoken])


def around(page: Page) -> Iterator[str]:
    for scheme, width in product(("light", "dark"), (NARROW, WIDE)):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        # The admin's colours fade into each other: halfway they have no contrast.
        page.evaluate("Promise.allSettled(document.getAnimations().map(one => one.finished))")
        yield f"{scheme} {width}"


def faults_around(page: Page) -> list[str]:
    """What axe finds in any look, and where the page is wider than its window."""
    found = []
    for look in around(page):
        found += [f"{look} {fault}" for fault in faults(page)]
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            found.append(f"{look} {page.url} is wider than its window")
    return found
