"""Every public page, by the name of its address, as a reader of the story meets it."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.resolvers import LocalePrefixPattern
from django.utils.translation import override

QZKH = {"reference": "TW-25QZKH"}
KHUJAND = {"slug": "khujand"}
# What is no page: files for programs, and pictures.
NO_PAGE = ("-feed", "-calendar", "-badge")

# The blanks of the address and what follows it.
Case = tuple[dict[str, str], str]


def asked(*queries: str) -> list[Case]:
    return [({}, query) for query in queries]


CASES: dict[str, list[Case]] = {
    "home": asked(""),
    "agreement-list": asked(
        "",
        "?q=Khujand&status=drafted&as_of=2025",
        "?status=signed&country=TJ&sort=name",
        "?q=Khujand&status=ended",
        "?colour=red",
    ),
    "agreement-detail": [
        (QZKH, ""),
        ({"reference": "TW-25QPTJ"}, ""),
        ({"reference": "TW-94AKMR"}, ""),
        (QZKH, "?as_of=2025-01"),
    ],
    "step-list": asked(
        "", "?from=2022&until=2022&to_status=suspended&to_status=ended", "?from=1900&until=1901"
    ),
    "place-list": asked("", "?q=leninabad"),
    "place-detail": [(KHUJAND, ""), ({"slug": "tajikistan"}, "")],
    "place-report": [(KHUJAND | {"year": "2025"}, "")],
    "place-finder": [(KHUJAND, "")],
    "compare": asked("", "?a=khujand&b=qazvin", "?a=nowhere&b=qazvin"),
    "official-list": asked(""),
    "official-detail": [({"slug": "nizomiddin-zohidi"}, "")],
    "sector-list": asked(""),
    "sector-detail": [({"slug": "culture"}, "")],
    "map": asked("", "?country=TJ&as_of=2020", "?q=nothing+at+all"),
    "figures": asked("", "?as_of=1999&country=TJ", "?colour=red"),
    "data": asked(""),
    "about": asked(""),
    "suggest": asked("?about=/places/khujand/"),
    "suggest-thanks": asked(""),
    "agreement-embed": [({"key": "TW-25QZKH"}, "")],
    "place-embed": [({"key": "khujand"}, "")],
}
MISSING = "no/such/page/"


def public_names() -> set[str]:
    """The names of all addresses that a reader's language stands before, save what is no page."""

    def names(patterns) -> Iterator[str]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from names(pattern.url_patterns)
            elif isinstance(pattern, URLPattern):
                yield pattern.name or str(pattern.pattern)

    resolvers = get_resolver().url_patterns
    spoken = [one for one in resolvers if isinstance(one.pattern, LocalePrefixPattern)]
    return {name for one in spoken for name in names([one]) if not name.endswith(NO_PAGE)}


def one_of_each(language: str, names: str) -> list[str]:
    """The first case of each of these names."""
    with override(language):
        firsts = [(name, *CASES[name][0]) for name in names.split()]
        return [reverse(name, kwargs=blanks) + query for name, blanks, query in firsts]


def addresses(language: str) -> list[str]:
    with override(language):
        found = [
            reverse(name, kwargs=blanks) + query
            for name, cases in CASES.items()
            for blanks, query in cases
        ]
        return [*found, reverse("home") + MISSING]
