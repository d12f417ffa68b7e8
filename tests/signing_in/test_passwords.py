"""A forgotten password: the same answer for all, and a letter for those who have an account."""

import re

import pytest
from django.contrib.auth.models import User

from tests.factories import UserFactory, staff
from tests.signing_in.factors import (
    SECOND_STEP,
    enter_password,
    is_signed_in,
    letters,
    with_app,
    with_password,
)
from twinning.adapters import AccountAdapter

pytestmark = pytest.mark.django_db
RESET = "/accounts/password/reset/"
NEW = {"password1": "twice as long as before", "password2": "twice as long as before"}


def forgotten(client, address: str):
    return client.post(RESET, {"email": address})


def link_in(letter) -> str:
    return re.search(r"http://testserver(\S+)", letter.body)[1]


@pytest.fixture
def everybody(parvin):
    with_password(UserFactory(email="left@city.gov", is_active=False))
    with_password(staff("auditor", email="auditor@demo.invalid"))
    without = UserFactory(email="key-alone@city.gov")
    without.set_unusable_password()
    without.save()


ADDRESSES = {
    "parvin@city.gov": 1,
    "PARVIN@city.gov": 1,
    "left@city.gov": 0,
    "auditor@demo.invalid": 0,
    "key-alone@city.gov": 0,
    "nobody@city.gov": 0,
}


@pytest.mark.parametrize(("address", "sent"), ADDRESSES.items())
def test_the_answer_tells_not_who_has_an_account(
    everybody, client, address, sent, django_assert_num_queries
):
    with django_assert_num_queries(1):
        answer = forgotten(client, address)
    assert (answer.status_code, answer["Location"]) == (302, f"{RESET}done/")
    assert not answer.cookies
    assert [letter.to for letter in letters()] == [["parvin@city.gov"]] * sent


def test_as_much_is_written_for_an_unknown_address(everybody, client, monkeypatch):
    written, write = [], AccountAdapter.render_mail
    monkeypatch.setattr(
        AccountAdapter, "render_mail", lambda *given: written.append(given) or write(*given)
    )
    forgotten(client, "parvin@city.gov")
    forgotten(client, "nobody@city.gov")
    assert len(written) == 2


def test_a_mail_server_that_is_down_is_not_noticed(parvin, client, settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert forgotten(client, "parvin@city.gov").status_code == 302
    letters()
    assert "ConnectionRefusedError" in caplog.text
    assert "parvin" not in caplog.text


def test_the_letter_sets_a_new_password_once_and_the_factor_is_asked_for_still(parvin, client):
    with_app(parvin)
    forgotten(client, "parvin@city.gov")
    link = link_in(letters()[0])
    form = client.get(link)["Location"]
    assert link.split("-", 1)[1] not in form  # the key is in no Referer
    assert client.post(form, {**NEW, "password1": "12345"}).status_code == 200
    assert client.post(form, NEW).status_code == 302
    assert not is_signed_in(client)
    assert enter_password(client, parvin, NEW["password1"])["Location"] == SECOND_STEP
    assert client.get(link).context["token_fail"]
    assert "set anew" in letters()[1].body


@pytest.mark.parametrize("change", [{"is_active": False}, {"email": "other@city.gov"}])
def test_a_link_does_not_outlive_the_account_or_its_address(parvin, client, change):
    forgotten(client, "parvin@city.gov")
    User.objects.filter(pk=parvin.pk).update(**change)
    assert client.get(link_in(letters()[0])).context["token_fail"]


@pytest.mark.parametrize(
    "key", ["1-x", "zzzzzzzzzzzzz-ab1-cd2", "0-set-password", "1-set-password"]
)
def test_a_forged_link_opens_nothing(parvin, client, key):
    for answer in (client.get(f"{RESET}key/{key}/"), client.post(f"{RESET}key/{key}/", NEW)):
        assert answer.context["token_fail"]
    parvin.refresh_from_db()
    assert parvin.check_password("a long way to Khujand")


def test_who_changes_something_of_an_account_is_told_of_by_mail(parvin, client):
    enter_password(client, parvin)
    old = {"oldpassword": "a long way to Khujand"}
    client.post("/accounts/password/change/", {**old, **NEW})
    [letter] = letters()
    assert letter.to == ["parvin@city.gov"]
    assert "127.0.0.1" in letter.body
