"""Guesses are counted, for the name and for the address that they come from."""

import pytest
from django.core.cache import cache
from django.test import Client

from tests.factories import UserFactory
from tests.signing_in.factors import (
    code,
    enter_code,
    enter_password,
    is_signed_in,
    letters,
    with_password,
)

pytestmark = pytest.mark.django_db


def test_after_five_wrong_passwords_the_right_one_waits_and_others_do_not(parvin):
    guessing, at_home = Client(), Client(REMOTE_ADDR="192.0.2.7")
    for _ in range(5):
        assert enter_password(guessing, parvin, "a guess").status_code == 200
    assert enter_password(guessing, parvin, "a guess").status_code == 429
    assert enter_password(at_home, parvin).status_code == 429
    assert enter_password(at_home, with_password(UserFactory())).status_code == 302


def test_an_address_that_guesses_many_names_waits_and_others_do_not(parvin):
    guessing, at_home = Client(), Client(REMOTE_ADDR="192.0.2.7")
    for name in range(10):
        enter_password(guessing, UserFactory.build(username=f"name-{name}"), "a guess")
    assert enter_password(guessing, parvin).status_code == 429
    assert enter_password(at_home, parvin).status_code == 302


def test_whoever_sends_forms_without_end_is_answered_on_a_page(parvin, client):
    answers = {client.post("/accounts/login/").status_code for _ in range(30)}
    assert answers == {200}
    answer = client.post("/accounts/login/")
    assert answer.status_code == 429
    assert "Too many tries" in answer.text


def test_after_five_wrong_codes_the_right_one_waits(parvin, secret, client):
    enter_password(client, parvin)
    for _ in range(5):
        assert enter_code(client, "000000").status_code == 200
    assert enter_code(client, code(secret)).status_code == 429
    assert not is_signed_in(client)


def test_signing_in_rightly_is_never_throttled_soon(parvin, client):
    for _ in range(12):
        assert enter_password(client, parvin).status_code == 302
        client.post("/accounts/logout/")


def test_nobody_is_flooded_with_letters(parvin, client):
    for _ in range(8):
        client.post("/accounts/password/reset/", {"email": "parvin@city.gov"})
    assert len(letters()) == 5


def test_behind_a_proxy_readers_are_told_apart_by_what_it_says(parvin, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    guessing = Client(headers={"x-forwarded-for": "192.0.2.66, 192.0.2.1"})
    at_home = Client(headers={"x-forwarded-for": "192.0.2.66, 192.0.2.2"})
    for name in range(10):
        enter_password(guessing, UserFactory.build(username=f"name-{name}"), "a guess")
    assert enter_password(guessing, parvin).status_code == 429
    assert enter_password(at_home, parvin).status_code == 302


@pytest.mark.parametrize("address", ["", "not an address"])
def test_an_address_that_nobody_tells_keeps_nobody_out(parvin, address):
    assert enter_password(Client(REMOTE_ADDR=address), parvin).status_code == 302


def test_what_is_counted_is_counted_in_the_cache(parvin, client):
    enter_password(client, parvin, "a guess")
    cache.clear()
    for _ in range(5):
        assert enter_password(client, parvin, "a guess").status_code == 200
