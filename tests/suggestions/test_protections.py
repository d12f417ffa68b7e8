"""Bots and floods are kept out, and beside each an honest reader gets through."""

import re

import pytest
from django.test import Client

from agreements.models import Suggestion
from tests.suggestions.sending import SAID, Reader, ticket_of, waiting, was_kept

pytestmark = pytest.mark.django_db


def test_a_form_without_the_token_of_its_page_is_refused(reader):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/suggest/", {**SAID, "ticket": reader.open()}).status_code == 403
    assert waiting() == 0


def test_who_fills_in_what_nobody_sees_is_refused_and_a_reader_can_empty_it(reader):
    refused = reader.send(website="https://spam.example")
    assert refused.status_code == 400
    page = refused.content.decode()
    assert "it is a trap for spam" in page
    assert "for-machines" not in page
    assert SAID["text"] in page
    assert waiting() == 0
    assert was_kept(reader.send(ticket=ticket_of(refused)))


def test_quicker_than_three_seconds_is_refused_and_then_taken(reader):
    refused = reader.send(after=2)
    assert (refused.status_code, waiting()) == (400, 0)
    assert SAID["text"] in refused.content.decode()
    assert was_kept(reader.send(ticket=ticket_of(refused), after=2))


@pytest.mark.parametrize("ticket", ["", "forged", "WzEsMl0:1vNq:abc", "\0", "x" * 10_000])
def test_a_ticket_that_the_server_did_not_give_out_is_refused(reader, ticket):
    refused = reader.send(ticket=ticket)
    assert (refused.status_code, waiting()) == (400, 0)
    assert was_kept(reader.send(ticket=ticket_of(refused)))


def test_a_form_of_yesterday_is_refused_with_a_new_one_and_what_was_typed(reader):
    refused = reader.send(after=24 * 3_600 + 2)
    assert refused.status_code == 400
    assert "open for too long" in refused.content.decode()
    assert was_kept(reader.send(ticket=ticket_of(refused)))
    assert was_kept(reader.send(text="Another.", after=23 * 3_600))


def test_a_button_that_is_pressed_twice_sends_once_and_thanks_twice(reader):
    ticket = reader.open()
    assert all(was_kept(reader.send(ticket=ticket)) for _ in range(2))
    assert waiting() == 1


def test_a_form_is_taken_once_and_another_text_in_it_is_not_lost(reader):
    ticket = reader.open()
    reader.send(ticket=ticket)
    again = reader.send(ticket=ticket, text="And it was not in Khujand.")
    assert (again.status_code, waiting()) == (400, 1)
    assert "And it was not in Khujand." in again.content.decode()
    assert was_kept(reader.send(ticket=ticket_of(again), text="And it was not in Khujand."))


def test_the_same_text_of_the_same_page_waits_once(reader):
    reader.send("/about/")
    again = reader.send("/about/", text=f"  {SAID['text'].upper()}\n")
    assert (again.status_code, waiting()) == (400, 1)
    assert "waiting to be read already" in again.content.decode()
    assert was_kept(reader.send("/data/"))


def test_a_long_text_waits_once_from_whatever_page(reader):
    long = "Cheap watches for everybody, and a loan for your city at no interest at all! " * 2
    assert was_kept(reader.send("/about/", text=long))
    assert reader.send("/data/", text=long).status_code == 400
    assert waiting() == 1


def test_what_was_answered_may_be_said_again(reader):
    reader.send()
    Suggestion.objects.get().decline(by=None, note="The source says June.")
    assert was_kept(reader.send())


@pytest.mark.parametrize("links", [5, 6])
def test_five_links_are_enough_for_everybody(reader, links):
    text = " ".join(f"https://example.org/{number}" for number in range(links - 1))
    assert was_kept(reader.send(text=text)) is (links == 5)


def test_a_name_with_a_link_is_no_name(reader):
    assert reader.send(name="www.spam.example").status_code == 400
    assert was_kept(reader.send(name="Маҳин o’Brien"))


# --- Floods -------------------------------------------------------------------------------


def flood(reader: Reader, number: int) -> list[int]:
    return [reader.send(text=f"Text {one}", after=4).status_code for one in range(number)]


def test_one_address_sends_ten_an_hour_and_others_are_not_kept_waiting(reader, clock):
    assert flood(reader, 10) == [302] * 10
    refused = reader.send(text="One more.")
    assert (refused.status_code, waiting()) == (429, 10)
    assert 0 < int(refused["Retry-After"]) <= 3_600
    assert "One more." in refused.content.decode()
    neighbour = Reader(Client(REMOTE_ADDR="192.0.2.7"), clock)
    assert was_kept(neighbour.send(text="Of a neighbour."))
    clock.shift(int(refused["Retry-After"]))
    assert was_kept(reader.send(ticket=ticket_of(refused), text="One more."))


def test_one_address_that_sends_nonsense_without_end_is_not_looked_at(reader):
    answers = [reader.client.post("/suggest/", {}).status_code for _ in range(31)]
    assert answers == [400] * 30 + [429]


def test_behind_a_proxy_readers_are_told_apart_by_what_it_says(reader, clock, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    one = Reader(Client(headers={"x-forwarded-for": "192.0.2.66, 192.0.2.1"}), clock)
    other = Reader(Client(headers={"x-forwarded-for": "192.0.2.66, 192.0.2.2"}), clock)
    assert flood(one, 11)[-1] == 429
    assert was_kept(other.send(text="Of the other."))


def test_many_addresses_together_are_held_too(reader, clock, monkeypatch):
    from twinning import suggestions

    few = suggestions.Throttle("few", most=3, seconds=3_600)
    monkeypatch.setattr(suggestions, "FROM_ALL", few)
    readers = [Reader(Client(REMOTE_ADDR=f"192.0.2.{n}"), clock) for n in range(4)]
    answers = [one.send(text=f"Text {n}").status_code for n, one in enumerate(readers)]
    assert answers == [302, 302, 302, 429]


def test_while_too_many_wait_it_is_said_before_anybody_writes(reader, settings):
    settings.SUGGESTIONS_MOST_WAITING = 2
    ticket = reader.open()
    flood(reader, 2)
    asked = reader.client.get("/suggest/")
    assert asked.status_code == 429
    assert "please come again in a few days" in asked.content.decode()
    assert "<textarea" not in asked.content.decode()
    sent = reader.send(ticket=ticket)
    assert (sent.status_code, waiting()) == (429, 2)
    assert SAID["text"] in sent.content.decode()
    Suggestion.objects.first().take_up(by=None)
    assert was_kept(reader.send(ticket=ticket_of(sent)))


def test_no_address_of_a_reader_is_in_the_row_nor_in_the_cache(reader):
    from django.core.cache import cache

    reader.client = Client(REMOTE_ADDR="192.0.2.77")
    reader.send()
    assert "192.0.2.77" not in repr(Suggestion.objects.values().get())
    assert "192.0.2.77" not in repr(getattr(cache, "_cache", {}))


# --- Whatever comes -----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["text", "source", "name", "email", "about", "website", "ticket"])
@pytest.mark.parametrize(
    "value",
    ["a\0b", "\ud800".encode("utf-8", "surrogatepass"), "x" * 9_000],
    ids=["nul", "half", "long"],
)
def test_a_text_that_no_reader_writes_is_refused_and_breaks_nothing(reader, name, value):
    sent = {**SAID, "about": "/", "ticket": reader.open()}
    reader.clock.shift(20)
    answer = reader.client.post("/suggest/", {**sent, name: value})
    assert answer.status_code in (400, 302)
    assert waiting() == (1 if answer.status_code == 302 else 0)


def test_half_a_sign_in_another_encoding_is_refused(reader):
    body = (
        b"--x\r\nContent-Disposition: form-data; name=text\r\n\r\n\\ud800\r\n"
        b"--x\r\nContent-Disposition: form-data; name=about\r\n\r\n/\\ud800\r\n--x--\r\n"
    )
    kind = "multipart/form-data; boundary=x; charset=unicode_escape"
    assert reader.client.post("/suggest/", body, content_type=kind).status_code == 400


@pytest.mark.parametrize("size", [3_000_000, 10_000_000])
def test_a_body_of_megabytes_is_refused(reader, size):
    assert 400 <= reader.send(text="x" * size).status_code < 500
    assert waiting() == 0


@pytest.mark.parametrize(
    "about",
    [
        "https://evil.example/",
        "//evil.example/",
        "places",
        "/\\evil",
        "/\r\nX: y",
        "/a\0",
        "/" * 999,
    ],
)
def test_only_a_path_of_this_site_is_taken(client, about):
    for address in ("/suggest/", "/suggest/thanks/"):
        answer = client.get(address, {"about": about})
        assert answer.status_code == 400
        assert '<code dir="ltr">about</code>' in answer.content.decode()
        assert not re.search(r"href=[^>]*evil", answer.content.decode())


def test_an_unknown_parameter_is_told(client):
    answer = client.get("/suggest/", {"abuot": "/"})
    assert answer.status_code == 400
    assert "abuot" in answer.content.decode()


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_nothing_but_get_and_post_is_taken(client, method):
    assert getattr(client, method)("/suggest/").status_code == 405
