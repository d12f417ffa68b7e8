"""Pictures of the main pages to look at, in `test-results/pages/`; each run makes them anew."""

from pathlib import Path

import pytest
from django.urls import reverse
from django.utils.translation import override
from playwright.sync_api import Page

from tests.browser.looks import around
from tests.browser.test_pages import complaints, site, unpublished_afterwards  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MAIN = {
    "home": ("home", {}, ""),
    "list": ("agreement-list", {}, "?country=TJ"),
    "agreement": ("agreement-detail", {"reference": "TW-25QZKH"}, ""),
    "place": ("place-detail", {"slug": "khujand"}, ""),
    "map": ("map", {}, ""),
    "compare": ("compare", {}, "?a=khujand&b=qazvin"),
}


@pytest.mark.parametrize("language", ["en", "fa"])
def test_the_main_pages_are_pictured_in_every_look(
    site,  # noqa: F811
    page: Page,
    complaints,  # noqa: F811
    pytestconfig,
    language,
):
    kept_in = Path(pytestconfig.getoption("--output")) / "pages"
    for title, (name, blanks, query) in MAIN.items():
        with override(language):
            page.goto(site + reverse(name, kwargs=blanks) + query, referer=f"{site}/")
        for look in around(page):
            picture = kept_in / f"{title}-{language}-{look.replace(' ', '-')}.png"
            page.screenshot(path=picture, full_page=True)
            assert picture.stat().st_size > 10_000
    assert complaints == []
