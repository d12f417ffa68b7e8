"""Pages and API tell the same: the same query finds the same rows, and refuses the same words."""

import pytest
from django.test import Client

from tests.api.asking import ROOT, Asking
from tests.api.ties import FINDS, lay_ties
from tests.factories import AgreementFactory, PlaceFactory, nozari, zohidi

pytestmark = pytest.mark.django_db

MORE_THAN_A_PAGE = 30
# Each query with another: together they find less, or are refused because one repeats the other.
TOGETHER = [f"{one}&{other}" for one, other in zip(FINDS, reversed(FINDS), strict=True)][::3]
BAD = (
    "status=foo",
    "sector=magic",
    "country=XX",
    "place=atlantis",
    "in_force=perhaps",
    "as_of=2025-02-30",
    "colour=red",
    "decade=1995",
    "decade=nineties",
    "q=a&q=b",
    "q=%00",
    "q=!!!",
    "q=a+b+c+d+e+f+g+h+i+j+k+l+m",
    "stauts=signed&kind=twin",
)
PLACES = ("", "q=Leninabad", "level=city", "country=TJ&level=country", "q=nowhere")
OFFICIALS = ("", "q=Nowzari", "place=qazvin", "country=TJ", "country=FR", "q=o")


@pytest.fixture
def ties(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    made = lay_ties()
    parties = PlaceFactory.create_batch(2)
    for number in range(MORE_THAN_A_PAGE):
        AgreementFactory(parties=parties, public=bool(number % 5))
    return made


@pytest.fixture(params=["anonymous", "auditor"])
def client(request, db) -> Client:
    client = Client()
    if request.param != "anonymous":
        client.force_login(request.getfixturevalue(request.param))
    return client


def on_pages(client: Client, address: str, query: str, key: str) -> list[str]:
    """What all pages of the list hold, one after the other."""
    found, number = [], 1
    while number:
        response = client.get(f"/{address}?{query}&page={number}")
        assert response.status_code == 200, query
        page = response.context["page_obj"]
        found += [getattr(row, key) for row in page.object_list]
        number = page.has_next() and page.next_page_number()
    return found


def in_api(client: Client, address: str, query: str, key: str) -> list[str]:
    pages = Asking(client).walk(f"{address}?{query}&page_size=20")
    return [row[key] for page in pages for row in page]


def both(client: Client, address: str, query: str, key: str) -> tuple[list[str], list[str]]:
    """What pages and API find, sorted: each has an order of its own."""
    return (
        sorted(on_pages(client, address, query, key)),
        sorted(in_api(client, address, query, key)),
    )


def test_the_same_query_finds_the_same_agreements(client, ties):
    for query in FINDS:
        pages, api = both(client, "agreements/", query, "reference")
        assert pages == api, query
        assert len(set(api)) == len(api)


def test_two_queries_at_once_find_the_same_agreements_or_are_refused_alike(client, ties):
    for query in TOGETHER:
        page, api = client.get(f"/agreements/?{query}"), client.get(f"{ROOT}agreements/?{query}")
        assert page.status_code == api.status_code, query
        if page.status_code == 200:
            pages, rows = both(client, "agreements/", query, "reference")
            assert pages == rows, query


def test_the_export_holds_what_the_list_finds(client, ties):
    for query in FINDS:
        export = Asking(client).read(f"agreements/export.json?{query}")
        exported = [row["reference"] for row in export["agreements"]]
        assert exported == in_api(client, "agreements/", query, "reference"), query


@pytest.mark.parametrize("query", BAD)
def test_what_is_refused_is_refused_in_the_same_words(client, ties, query):
    page, api = client.get(f"/agreements/?{query}"), client.get(f"{ROOT}agreements/?{query}")
    assert (page.status_code, api.status_code) == (400, 400)
    assert page.context["refused"] == api.json()
    assert not page.context["page_obj"].object_list


@pytest.mark.parametrize("query", PLACES)
def test_the_same_query_finds_the_same_places(client, ties, query):
    pages, api = both(client, "places/", query, "slug")
    assert pages == api


@pytest.mark.parametrize("query", OFFICIALS)
def test_the_same_query_finds_the_same_officials(client, query):
    nozari(), zohidi()
    pages, api = both(client, "officials/", query, "slug")
    assert pages == api


def test_the_reader_without_a_role_is_shown_fewer(ties, auditor):
    everybody, staff = Client(), Client()
    staff.force_login(auditor)
    hidden = len(in_api(staff, "agreements/", "", "reference"))
    hidden -= len(in_api(everybody, "agreements/", "", "reference"))
    assert hidden == 1 + MORE_THAN_A_PAGE // 5
