"""Whatever is searched for is answered, quickly and in words, and breaks nothing."""

import time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agreements.models import Agreement
from cities.models import Official, Place
from tests.factories import AgreementFactory, PlaceFactory, SourceFactory, khujand, qazvin, staff

pytestmark = pytest.mark.django_db

LISTS = ("place-list", "official-list", "agreement-list")
SIGNS = (
    *('"', '""', "*", "khu*", '"khu"', "NEAR(a b)", "folded:khu", "a AND b", "a OR", "NOT", "^khu"),
    *("-khu", "{folded}:a", "a + b", "%", "_", "\\", "khu%", "' OR 1=1 --", "';", "(", ")", "a\tb"),
)
REFUSED = {
    "!!!": "Search for letters or digits",
    "😀 …": "Search for letters or digits",
    " ".join("abcdefghijklmnopqrstuvwxy"): "at most 12 words; these are 25",
    "x" * 201: "at most 200 characters; these are 201",
    "word " * 10_000: "at most 200 characters",
    "khu\0jand": "no text can hold",
}


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: ascii(text[:20]))
@pytest.mark.parametrize("name", LISTS)
def test_what_cannot_be_searched_for_is_refused_in_words(client, name, text):
    began = time.monotonic()
    page, api = (
        client.get(reverse(name), {"q": text}),
        client.get(reverse(f"api-{name}"), {"q": text}),
    )
    assert (page.status_code, api.status_code) == (400, 400)
    assert REFUSED[text] in page.context["refused"]["q"][0]
    assert REFUSED[text] in api.json()["q"][0]
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("text", SIGNS)
@pytest.mark.parametrize("name", LISTS)
def test_signs_that_mean_something_to_a_database_mean_nothing(client, name, text):
    AgreementFactory(parties=[qazvin(), khujand()], public=True)
    for address in (reverse(name), reverse(f"api-{name}")):
        assert client.get(address, {"q": text}).status_code in (200, 400)


def test_words_that_are_commands_elsewhere_are_words_here():
    near, andover = PlaceFactory(name="Near East"), PlaceFactory(name="Andover or Not")
    assert list(Place.objects.search("NEAR")) == [near]
    assert list(Place.objects.search("and OR not")) == [andover]


@pytest.mark.parametrize("text", ["k " * 12, "a b c d e f g h i j k l", "x" * 200, "word " * 12])
def test_what_is_just_not_too_much_is_answered(client, text):
    AgreementFactory(parties=[qazvin(), khujand()], public=True)
    for name in LISTS:
        response = client.get(reverse(name), {"q": text.strip()})
        assert list(response.context["page_obj"]) == []


@pytest.mark.parametrize("rows", [Place.objects, Official.objects, Agreement.objects])
@pytest.mark.parametrize(
    "text", [*REFUSED, "", "  ", "\ud800jand"], ids=lambda text: ascii(text[:20])
)
def test_a_queryset_takes_any_text_and_finds_nothing_by_nonsense(rows, text):
    found = list(rows.search(text))
    assert found == []


# --- The staff's screens ------------------------------------------------------------------


@pytest.fixture
def parvin(db):
    client = Client()
    client.force_login(staff("editor"))
    return client


def messages(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


@pytest.mark.parametrize("text", [text for text in REFUSED if "\0" not in text], ids=len)
def test_staff_are_told_what_cannot_be_searched_for(parvin, text):
    khujand()
    listed = parvin.get(reverse("admin:cities_place_changelist"), {"q": text})
    assert listed.status_code == 200
    assert listed.context["cl"].result_count == 0
    assert REFUSED[text] in messages(listed)


def test_autocomplete_of_nonsense_is_empty_and_leaves_no_message_for_later(parvin):
    khujand()
    asked = {"app_label": "agreements", "model_name": "party", "field_name": "place"}
    answer = parvin.get(reverse("admin:autocomplete"), {**asked, "term": "a " * 5000})
    assert answer.json()["results"] == []
    assert messages(parvin.get(reverse("admin:index"))) == ""


def test_a_source_is_searched_by_its_address_whose_signs_are_no_fault(parvin):
    SourceFactory(url="https://example.org/?a=b")
    listed = parvin.get(reverse("admin:agreements_source_changelist"), {"q": "?a="})
    assert listed.context["cl"].result_count == 1
    many = parvin.get(reverse("admin:agreements_source_changelist"), {"q": "a " * 90})
    assert "at most 12 words" in messages(many)


def test_staff_see_the_best_first_unless_they_chose_a_column(parvin):
    for name in ("Bernau", "Bern", "Overbern"):
        PlaceFactory(name=name)
    address = reverse("admin:cities_place_changelist")
    best = parvin.get(address, {"q": "bern"}).context["cl"].result_list
    chosen = parvin.get(address, {"q": "bern", "o": "-1"}).context["cl"].result_list
    assert [place.name for place in best] == ["Bern", "Bernau", "Overbern"]
    assert [place.name for place in chosen] == ["Overbern", "Bernau", "Bern"]


# --- Anything at all ----------------------------------------------------------------------


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=220))
def test_no_text_is_an_error_of_the_server(client, text):
    for name in LISTS:
        assert client.get(reverse(f"api-{name}"), {"q": text}).status_code in (200, 400)


# --- What it costs ------------------------------------------------------------------------


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("prefix", ["", "api-"])
def test_a_search_asks_as_often_for_thirty_rows_as_for_three(client, name, prefix):
    from tests.factories import OfficialFactory

    def lay(number: int) -> None:
        for place in PlaceFactory.create_batch(number, name="Springfield"):
            AgreementFactory(parties=[place, PlaceFactory()], public=True)
            OfficialFactory(name="Springfield")

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(reverse(prefix + name), {"q": "spring"}).status_code == 200
        return len(asked)

    lay(3)
    for_three = queries()
    lay(27)
    assert queries() == for_three
