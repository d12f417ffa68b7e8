"""The API's pages of what was searched for: best first, each row once, and no forged cursor."""

from base64 import b64encode

import pytest

from tests.factories import (
    AgreementFactory,
    OfficialFactory,
    PlaceFactory,
)

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/"
NAMES = ("Overbern", "New Bern", "Bernau", "Bern", "Bernhausen", "Bern")


def walk(client, address: str, key: str = "slug") -> list[str]:
    """The key of every row of every page."""
    found, url = [], ROOT + address
    while url:
        answer = client.get(url).json()
        found += [row[key] for row in answer["results"]]
        url = answer["next"]
    return found


@pytest.fixture
def berns(db):
    made = [PlaceFactory(name=name) for name in NAMES]
    for place, number in ((made[5], 2), (made[4], 1)):
        for _ in range(number):
            AgreementFactory(parties=[place, PlaceFactory()], public=True)
    return [made[at].slug for at in (5, 3, 4, 2, 1, 0)]


@pytest.mark.parametrize("size", [1, 2, 3, 6, 200])
def test_places_come_best_first_and_each_once(client, berns, size):
    assert walk(client, f"places/?q=bern&page_size={size}") == berns


def test_agreements_come_best_first_and_then_by_their_references(client, db):
    made = [
        AgreementFactory(parties=[PlaceFactory(name=name), PlaceFactory()], public=True).reference
        for name in NAMES
    ]
    wanted = [*sorted((made[3], made[5])), *sorted((made[2], made[4])), made[1], made[0]]
    for size in (1, 4, 200):
        assert walk(client, f"agreements/?q=bern&page_size={size}", "reference") == wanted


def test_officials_come_best_first(client, db):
    for name in ("Ali Nozari", "Nozari"):
        OfficialFactory(name=name)
    assert walk(client, "officials/?q=nozari&page_size=1") == ["nozari", "ali-nozari"]


def test_one_can_go_back_as_one_came(client, berns):
    first = client.get(f"{ROOT}places/?q=bern&page_size=2").json()
    second = client.get(first["next"]).json()
    third = client.get(second["next"]).json()
    assert client.get(third["previous"]).json()["results"] == second["results"]
    assert client.get(second["previous"]).json()["results"] == first["results"]


def test_the_export_keeps_its_order_by_reference(client, db):
    for name in NAMES:
        AgreementFactory(parties=[PlaceFactory(name=name), PlaceFactory()], public=True)
    rows = b"".join(client.get(f"{ROOT}agreements/export.json?q=bern").streaming_content)
    listed = [line.split(b'"')[3] for line in rows.splitlines()[1:-1]]
    assert listed == sorted(listed)
    assert len(listed) == len(NAMES)


@pytest.mark.parametrize(
    "text",
    [
        "p=bern",
        "p=9TW-AAAAA",
        "p=1TW-AAAAAA\0",
        "p=TW-AAAAAA",
        "p=1" + "a" * 91,
        "p=1a b",
        "o=5&p=1a",
        "",
    ],
)
@pytest.mark.parametrize("address", ["agreements/", "places/"])
def test_a_cursor_of_another_list_is_refused(client, berns, address, text):
    cursor = b64encode(text.encode()).decode() or "???"
    answer = client.get(f"{ROOT}{address}", {"q": "bern", "cursor": cursor})
    takes_slugs = address == "places/" and text in ("p=9TW-AAAAA",)
    assert answer.status_code == (200 if takes_slugs else 400)


def test_a_cursor_of_a_search_is_none_of_the_whole_list(client, berns):
    AgreementFactory.create_batch(3, public=True, title="Charter")
    found = client.get(f"{ROOT}agreements/?q=charter&page_size=1").json()["next"]
    assert client.get(found).status_code == 200
    assert client.get(found.replace("&q=charter", "")).status_code == 400
