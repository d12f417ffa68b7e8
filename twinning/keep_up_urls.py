"""Addresses by which others keep up with the register: feeds, calendars, embeds, the sitemap."""

from django.contrib.sitemaps import views as sitemaps
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from agreements import urls as _agreements  # noqa: F401  (it registers the form of references)
from twinning import badges, calendars, embeds, pictures
from twinning.feeds import feed
from twinning.scopes import View, scoped
from twinning.sitemaps import SECTIONS

KEYS = {
    "place": "places/<slug:key>",
    "country": "countries/<slug:key>",
    "sector": "sectors/<slug:key>",
    "agreement": "agreements/<reference:key>",
}


def for_each(what: str, view: View, first: str, last: str, kinds: str) -> list[URLPattern]:
    """An address for each kind, such as `feeds/places/<key>.atom`, named `place-feed`."""
    return [
        path(first + KEYS[kind] + last, scoped(view, kind), name=f"{kind}-{what}")
        for kind in kinds.split()
    ]


EVERY = "place country sector agreement"

# In the reader's language, which their address says.
readers = [
    path("feeds/agreements.atom", scoped(feed, "register"), name="register-feed"),
    *for_each("feed", feed, "feeds/", ".atom", EVERY),
    path("calendar.ics", scoped(calendars.calendar, "register"), name="register-calendar"),
    *for_each("calendar", calendars.calendar, "calendars/", ".ics", EVERY),
    *for_each("embed", embeds.agreement, "embed/", "/", "agreement"),
    *for_each("embed", embeds.place, "embed/", "/", "place"),
    *for_each("badge", badges.agreement, "", "/badge.svg", "agreement"),
    *for_each("badge", badges.place, "", "/badge.svg", "place"),
]
# The same in every language.
machines = [
    path("picture.png", scoped(pictures.register, "register"), name="register-picture"),
    *for_each("picture", pictures.agreement, "", "/picture.png", "agreement"),
    *for_each("picture", pictures.place, "", "/picture.png", "place"),
    path("sitemap.xml", require_safe(sitemaps.index), {"sitemaps": SECTIONS}, name="sitemap"),
    path(
        "sitemap-<slug:section>.xml",
        require_safe(sitemaps.sitemap),
        {"sitemaps": SECTIONS},
        name="django.contrib.sitemaps.views.sitemap",
    ),
]
