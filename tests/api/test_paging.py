"""Pages by cursor: every row once, at the same price for each page, and no forged cursor."""

from base64 import b64encode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import AgreementFactory, PlaceFactory, khujand, qazvin

pytestmark = pytest.mark.django_db


@pytest.fixture
def seven(db):
    parties = [qazvin(), khujand()]
    made = [AgreementFactory(parties=parties, public=True) for _ in range(7)]
    return sorted(agreement.reference for agreement in made)


def references(pages):
    return [[row["reference"] for row in page] for page in pages]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 200])
def test_the_pages_hold_every_row_once_and_in_order(api, seven, size):
    pages = references(api.walk(f"agreements/?page_size={size}"))
    assert [reference for page in pages for reference in page] == seven
    assert all(len(page) == size for page in pages[:-1])


def test_one_can_go_back_as_one_came(api, seven):
    first = api.read("agreements/?page_size=3")
    second = api.client.get(first["next"]).json()
    assert first["previous"] is None
    assert api.client.get(second["previous"]).json()["results"] == first["results"]


def test_the_links_keep_the_query(api, seven):
    answer = api.read("agreements/?place=khujand&page_size=2&kind=sister_city")
    for part in ("place=khujand", "page_size=2", "kind=sister_city", "cursor="):
        assert part in answer["next"]


def test_a_new_row_moves_none_to_another_page(api, seven):
    first = api.read("agreements/?page_size=3")
    AgreementFactory(reference="TW-000000", public=True)
    assert references([api.client.get(first["next"]).json()["results"]]) == [seven[3:6]]


def test_fifty_rows_are_a_page_unless_asked_otherwise(api):
    PlaceFactory.create_batch(51)
    assert [len(page) for page in api.walk("places/")] == [50, 1]


def test_a_later_page_is_found_by_its_key_and_skips_nothing(api, seven):
    last = api.read("agreements/?page_size=6")["next"]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        api.client.get(last)
    listing = next(q["sql"] for q in queries if '"agreements_agreement"."reference" > ' in q["sql"])
    assert "OFFSET" not in listing
    assert not any("COUNT(" in query["sql"] for query in queries)


@pytest.mark.parametrize(
    "size", ["0", "201", "-1", "1.5", "ten", "9" * 30, "%2B5", "1e2", "٥", "%00"]
)
@pytest.mark.parametrize("address", ["agreements/", "places/", "officials/", "sectors/"])
def test_a_page_size_that_is_none_is_refused(api, address, size):
    refused = api.refused(f"{address}?page_size={size}")
    assert refused == {"page_size": ["Write a whole number from 1 to 200."]}


def cursor(text: str | bytes) -> str:
    return b64encode(text if isinstance(text, bytes) else text.encode()).decode()


FORGED = {
    "no base64": "???",
    "half of it": "cD1UVy0",
    "a letter of no alphabet": "%F0%9F%90%AB",
    "a NUL": "%00",
    "broken UTF-8": "%ff%fe",
    "nothing inside": cursor("x"),
    "a NUL inside": cursor("p=TW-AAAAA\0"),
    "an encoded NUL inside": cursor("p=TW-AAAA%00"),
    "bytes of no text": cursor(b"p=\xff\xfe"),
    "a huge offset": cursor(f"o={'9' * 30}&p=TW-AAAAAA"),
    "an offset": cursor("o=1000&p=TW-AAAAAA"),
    "no position": cursor("r=1"),
    "another direction": cursor("r=2&p=TW-AAAAAA"),
    "a huge direction": cursor(f"r={'9' * 5000}&p=TW-AAAAAA"),
    "two positions": cursor("p=TW-AAAAAA&p=TW-BBBBBB"),
    "letters of no reference": cursor("p=TW-IIIIII"),
    "a line after it": cursor("p=TW-AAAAAA\n"),
    "a number": cursor("p=1"),
    "very long": cursor("p=" + "T" * 3000),
    "small letters": cursor("p=tw-aaaaaa"),
    "other digits": cursor("p=TW-٠٠٠٠٠٠"),
    "an injection": cursor("p=TW-AAAAAA' OR 1=1--"),
    "two cursors": cursor("p=TW-AAAAAA") + "&cursor=" + cursor("p=TW-AAAAAA"),
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED.keys())
def test_a_forged_cursor_is_refused_by_its_name(api, seven, forged):
    assert list(api.refused(f"agreements/?cursor={forged}")) == ["cursor"]


@pytest.mark.parametrize("forged", ["p=Ünïcode", "p=a b", "p=a\0", "p=", "p=" + "a" * 81, "p=a/b"])
@pytest.mark.parametrize("address", ["places/", "officials/", "sectors/"])
def test_a_cursor_that_holds_no_slug_is_refused(api, address, forged):
    assert list(api.refused(f"{address}?cursor={cursor(forged)}")) == ["cursor"]


def test_a_cursor_at_a_row_that_is_gone_goes_on_after_it(api, seven):
    found = api.rows(f"agreements/?cursor={cursor('p=TW-000000')}")
    assert references([found]) == [seven]


def test_empty_paging_parameters_are_not_given(api, seven):
    assert len(api.rows("agreements/?cursor=&page_size=")) == 7
