"""No query at all is an error of the server, whichever the database."""

from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.django_db

LISTS = {
    "agreements/": (
        "status",
        "kind",
        "sector",
        "country",
        "place",
        "with_country",
        "with_place",
        "in_force",
        "as_of",
        "q",
        "evidence",
        "one_sided",
        "stalled",
        "dormant",
        "expired",
        "cursor",
        "page_size",
    ),
    "steps/": (
        *("from", "until", "to_status", "move", "undated", "kind", "sector", "country", "place"),
        *("cursor", "page_size"),
    ),
    "places/": ("q", "level", "country", "cursor", "page_size"),
    "officials/": ("q", "place", "country", "cursor", "page_size"),
    "sectors/": ("cursor", "page_size"),
}
ASKED = [(address, name) for address, names in LISTS.items() for name in names]

HOSTILE = {
    "a NUL": "%00",
    "a NUL inside": "khu%00jand",
    "ten thousand words": "word+" * 10_000,
    "two hundred characters of words": "a+" * 100,
    "a huge number": "9" * 400,
    "just past 64 bits": "9223372036854775808",
    "just under them": "-9223372036854775809",
    "an exponent": "1e400",
    "not a number": "NaN",
    "broken UTF-8": "%ff%fe",
    "half a surrogate": "%ed%a0%80",
    "a bidi control": "%E2%80%AE",
    "wildcards": "%25_%5C",
    "quotes": "'%22%3B--",
    "a day that never was": "2025-02-30",
    "the year nought": "0000",
    "a year of five digits": "10000",
    "the first day": "0001-01-01",
    "the last day": "9999-12-31",
    "a camel": "%F0%9F%90%AB",
    "a format": "%25s%25(x)s{0}{x.__class__}",
    "a line break": "%0D%0ASet-Cookie:a=b",
    "brackets": "[]",
    "an empty one twice": "&x=",
}


@pytest.mark.parametrize(("address", "name"), ASKED)
def test_no_hostile_value_is_an_error_of_the_server(api, ties, address, name):
    for what, value in HOSTILE.items():
        response = api.get(f"{address}?{name}={value}")
        assert response.status_code in {200, 400}, what
        assert len(response.getvalue()) < 50_000


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_hostile_name_is_an_error_of_the_server(api, value):
    for address in (*LISTS, "", "agreements/export.json", "places/khujand/"):
        assert api.get(f"{address}?{value}=1").status_code in {200, 400}


def test_a_parameter_given_101_times_gets_one_clear_answer(api):
    assert list(api.refused("agreements/?" + "status=signed&" * 101)) == ["__all__"]


def test_a_choice_may_be_given_again_and_again(api, ties):
    assert api.names("status=signed&" * 99) == api.names("status=signed")


VALUES = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["signed", "true", "false", "2020", "2025-05", "TJ", "khujand", "culture"]),
)


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.sampled_from(ASKED), VALUES), min_size=1, max_size=6))
def test_no_query_at_all_is_an_error_of_the_server(api, asked):
    address = asked[0][0][0]
    query = "&".join(f"{name}={quote(value, errors='surrogatepass')}" for (_, name), value in asked)
    assert api.get(f"{address}?{query}").status_code in {200, 400}
