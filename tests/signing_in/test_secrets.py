"""What is kept of a second factor, and what becomes of it when keys change or phones are lost."""

import json

import pytest
from django.contrib.admin.models import LogEntry

from tests.factories import AdministratorFactory
from tests.signing_in.factors import (
    LOGIN,
    SECOND_FACTOR,
    SECOND_STEP,
    code,
    enter_code,
    enter_password,
    is_signed_in,
    letters,
    recovery_codes,
)

pytestmark = pytest.mark.django_db
NEW = "the key of today " * 4


def test_no_secret_is_in_the_database_in_the_clear(parvin, secret):
    kept = json.dumps([row.data for row in parvin.authenticator_set.all()])
    assert secret not in kept
    assert not any(written in kept for written in recovery_codes(parvin))


def test_a_forerunner_of_the_secret_key_still_reads(parvin, secret, client, settings):
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], NEW
    enter_password(client, parvin)
    assert enter_code(client, code(secret)).status_code == 302


def test_a_changed_secret_key_is_told_and_lets_nobody_in(parvin, secret, client, settings, caplog):
    settings.SECRET_KEY = NEW
    enter_password(client, parvin)
    answer = enter_code(client, code(secret))
    assert "secret key has changed" in answer.text
    assert "SECRET_KEY_FALLBACKS" in caplog.text
    assert not is_signed_in(client)


def test_codes_that_cannot_be_read_are_told_of_on_the_page(parvin, secret, client, settings):
    settings.SECRET_KEY = NEW
    parvin.authenticator_set.filter(type="totp").delete()
    enter_password(client, parvin)
    page = client.get("/accounts/2fa/recovery-codes/", follow=True)
    assert page.redirect_chain == [(SECOND_FACTOR, 302)]
    assert "secret key has changed" in page.text


def test_whose_factor_is_removed_between_the_steps_begins_anew(parvin, secret, client):
    enter_password(client, parvin)
    parvin.authenticator_set.all().delete()
    assert client.get(LOGIN, follow=True).redirect_chain == [(SECOND_STEP, 302), (LOGIN, 302)]
    assert enter_password(client, parvin)["Location"] == "/admin/"


def removal(account) -> str:
    return f"/admin/auth/user/{account.pk}/second-factor/"


def test_a_lost_factor_is_removed_by_an_administrator_with_a_reason(parvin, secret, client):
    client.force_login(AdministratorFactory(username="root"))
    assert removal(parvin) in client.get(f"/admin/auth/user/{parvin.pk}/change/").text
    assert client.post(removal(parvin), {"reason": " "}).status_code == 200
    assert parvin.authenticator_set.count() == 2
    client.post(removal(parvin), {"reason": "Lost the phone; I saw her passport."})
    assert not parvin.authenticator_set.exists()
    assert "passport" in LogEntry.objects.get().change_message
    assert "passport" in client.get(f"/admin/auth/user/{parvin.pk}/history/").text
    [letter] = letters()
    assert letter.to == ["parvin@city.gov"]
    assert "root" in letter.body
    assert "passport" not in letter.body


def test_nobody_else_removes_it_and_nothing_is_removed_twice(parvin, secret, client):
    client.force_login(parvin)
    assert client.post(removal(parvin), {"reason": "Mine"}).status_code == 403
    assert parvin.authenticator_set.count() == 2
    client.force_login(AdministratorFactory())
    for _ in range(2):
        client.post(removal(parvin), {"reason": "Lost"})
    assert LogEntry.objects.count() == len(letters()) == 1
    assert client.get(removal(parvin)).status_code == 200
    assert client.get("/admin/auth/user/999999/second-factor/").status_code == 404


# --- Keys ---------------------------------------------------------------------------------

DEEP = "[" * 100_000
NONSENSE = (
    "", "1", "null", '"x"', "[]", "{}", DEEP, '{"response": 1}', '{"response": []}',
    '{"id": 1, "rawId": 2, "type": "public-key", "response": {}}',
    '{"response": {"userHandle": "MQ"}}', '{"response": {"userHandle": 5}}',
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "AA",'
    ' "authenticatorData": "AA", "signature": "AA", "userHandle": "MQ"}}',
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "e30",'
    ' "attestationObject": "oA", "userHandle": "enp6enp6enp6enp6eg"}}',
    '{"a": "\\u0000"}', '{"a": "\\ud800"}', "\0",
)  # fmt: skip


@pytest.mark.parametrize("answer", NONSENSE, ids=range(len(NONSENSE)))
def test_nonsense_in_place_of_a_key_is_refused(parvin, secret, client, answer):
    data = {"credential": answer, "name": "x"}
    client.get("/accounts/2fa/webauthn/login/", headers={"accept": "application/json"})
    assert client.post("/accounts/2fa/webauthn/login/", data)["Location"] == LOGIN
    enter_password(client, parvin)
    assert client.post("/accounts/2fa/authenticate/", data).status_code == 200
    assert not is_signed_in(client)
    enter_code(client, code(secret))
    client.get("/accounts/2fa/webauthn/add/")
    assert client.post("/accounts/2fa/webauthn/add/", data).status_code == 200
    assert not parvin.authenticator_set.filter(type="webauthn").exists()
