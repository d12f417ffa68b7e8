"""In with a name, a password and a second factor; not with less, and nowhere else than meant."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client

from tests.factories import UserFactory, staff
from tests.signing_in.factors import (
    LOGIN,
    PASSWORD,
    SECOND_STEP,
    SET_UP_APP,
    code,
    enter_code,
    enter_password,
    is_signed_in,
    recovery_codes,
    with_app,
    with_password,
)

WELL_KNOWN = "known to all"


def test_a_password_signs_in_where_no_factor_is_set_up(parvin, client):
    assert enter_password(client, parvin)["Location"] == "/admin/"
    assert is_signed_in(client)


def test_a_wrong_password_signs_nobody_in_and_tells_nothing(parvin, client):
    wrong = enter_password(client, parvin, "something else")
    unknown = enter_password(client, User(username="nobody"), "something else")
    faults = [answer.context["form"].non_field_errors() for answer in (wrong, unknown)]
    assert list(faults[0]) == list(faults[1]) != []
    assert not is_signed_in(client)


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_admins_own_sign_in_is_closed(parvin, client, method):
    data = {"username": parvin.username, "password": "a long way to Khujand"}
    answer = getattr(client, method)("/admin/login/?next=/admin/cities/place/", data)
    assert answer.status_code == 302
    assert answer["Location"].startswith(LOGIN)
    assert not is_signed_in(client)


def test_an_app_is_asked_after_the_password_and_lets_in(parvin, secret, client):
    assert enter_password(client, parvin, next="/admin/cities/place/")["Location"] == SECOND_STEP
    assert not is_signed_in(client)
    assert client.get("/admin/").status_code == 302
    assert enter_code(client, code(secret))["Location"] == "/admin/cities/place/"
    assert is_signed_in(client)


def test_a_code_may_be_typed_with_persian_digits_and_blanks(parvin, secret, client):
    enter_password(client, parvin)
    persian = code(secret).translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹"))
    assert enter_code(client, f"{persian[:3]} {persian[3:]}").status_code == 302


@pytest.mark.parametrize("written", ["", "000000", "12345", "1" * 400, "²²²²²²", "\0", "'--"])
def test_a_wrong_code_lets_nobody_in(parvin, secret, client, written):
    enter_password(client, parvin)
    assert enter_code(client, written).status_code == 200
    assert not is_signed_in(client)


def test_a_code_is_of_no_use_without_the_password(secret, client):
    assert enter_code(client, code(secret))["Location"] == LOGIN
    assert not is_signed_in(client)


def test_a_code_opens_once_whatever_the_cache_remembers(parvin, secret, client):
    written = code(secret)
    enter_password(client, parvin)
    assert enter_code(client, written).status_code == 302
    client.post("/accounts/logout/")
    cache.clear()  # as for another process of the server
    enter_password(client, parvin)
    for again in (written, code(secret, ahead=-1)):
        assert enter_code(client, again).status_code == 200
    assert not is_signed_in(client)
    assert enter_code(client, code(secret, ahead=1)).status_code == 302


def test_a_recovery_code_opens_once(parvin, secret, client):
    first, second = recovery_codes(parvin)[:2]
    for written, lets_in in ((first, True), (first, False), (second, True)):
        enter_password(client, parvin)
        assert (enter_code(client, written).status_code == 302) is lets_in
        client.post("/accounts/logout/")
    assert len(recovery_codes(parvin)) == 8


def test_a_session_ends_when_the_account_is_switched_off(parvin, secret, client):
    enter_password(client, parvin)
    User.objects.filter(pk=parvin.pk).update(is_active=False)
    assert enter_code(client, code(secret))["Location"] == LOGIN  # between the two steps
    assert not is_signed_in(client)
    User.objects.filter(pk=parvin.pk).update(is_active=True)
    client.force_login(parvin)
    assert client.get("/admin/").status_code == 200
    User.objects.filter(pk=parvin.pk).update(is_active=False)
    assert client.get("/admin/").status_code == 302
    assert not is_signed_in(client)


def test_other_sessions_end_with_a_new_password_and_ones_own_goes_on(parvin, client):
    elsewhere = Client()
    for browser in (client, elsewhere):
        enter_password(browser, parvin)
    new = {"password1": "twice as long as before", "password2": "twice as long as before"}
    wrong = {"oldpassword": "a guess", **new}
    assert client.post("/accounts/password/change/", wrong).status_code == 200
    right = {"oldpassword": "a long way to Khujand", **new}
    assert client.post("/accounts/password/change/", right)["Location"] == "/admin/"
    assert is_signed_in(client)
    assert not is_signed_in(elsewhere)


def test_the_demonstration_signs_in_with_the_password_alone_while_it_lasts(db, client, settings):
    demo = with_password(staff("auditor", email="auditor@demo.invalid"), WELL_KNOWN)
    settings.DEMO = True
    assert enter_password(client, demo, WELL_KNOWN)["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
    settings.DEMO = False
    assert client.get("/admin/").status_code == 302
    assert enter_password(client, demo, WELL_KNOWN).status_code == 200
    assert not is_signed_in(client)


def test_who_is_not_of_the_staff_comes_to_the_pages_and_not_to_the_admin(db, client):
    reader = with_password(UserFactory())
    assert enter_password(client, reader)["Location"] == "/"
    assert client.get("/admin/", follow=True).status_code == 403


ELSEWHERE = (
    "https://evil.example/",
    "//evil.example/",
    r"/\evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "http://[",
    "https://testserver@evil.example/",
    "/\t/evil.example",
    "\0",
)


@pytest.mark.parametrize("address", ELSEWHERE)
def test_signing_in_and_out_leads_to_no_other_site(parvin, client, address):
    assert client.get(LOGIN, {"next": address}).status_code == 200
    led = [
        client.get("/admin/login/", {"next": address}),
        enter_password(client, parvin, next=address),
    ]
    led += [client.get(LOGIN, {"next": address}), client.get("/admin/login/", {"next": address})]
    led += [client.post("/accounts/logout/", {"next": address})]
    for answer in led:
        assert answer.status_code == 302
        assert answer["Location"].split("?")[0] in ("/", "/admin/", LOGIN)
        assert "evil" not in answer["Location"]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "signup/",
        "email/",
        "inactive/",
        "confirm-email/",
        "password/set/",
        "login/code/",
        "3rdparty/",
        "2fa/trust/",
        "2fa/webauthn/signup/",
        "sessions/",
    ],
)
def test_nobody_signs_up_and_no_other_door_is_there(parvin, client, address):
    assert client.get(f"/accounts/{address}").status_code == 404
    client.force_login(parvin)
    assert (
        client.post(f"/accounts/{address}", {"username": "x", "email": "x@x.org"}).status_code
        == 404
    )


def test_an_app_is_set_up_with_its_first_code_and_codes_for_a_lost_phone(parvin, client, at_once):
    enter_password(client, parvin)
    shown = client.get(SET_UP_APP).context["form"].secret
    assert client.post(SET_UP_APP, {"code": "000000"}).status_code == 200
    assert not parvin.authenticator_set.exists()
    done = client.post(SET_UP_APP, {"code": code(shown)})
    assert done["Location"] == "/accounts/2fa/recovery-codes/"
    page = client.get(done["Location"]).text
    assert all(written in page for written in recovery_codes(parvin))
    download = client.get("/accounts/2fa/recovery-codes/download/")
    assert "attachment" in download["Content-Disposition"]
    assert all(written in download.text for written in recovery_codes(parvin))


GUARDED = ("recovery-codes/", "recovery-codes/download/", "totp/deactivate/", "webauthn/add/")


def test_codes_are_shown_and_factors_changed_only_after_the_password_again(
    parvin, secret, client, time_machine
):
    enter_password(client, parvin)
    enter_code(client, code(secret))
    assert client.get("/accounts/2fa/recovery-codes/").status_code == 200
    time_machine.move_to(datetime.now(UTC) + timedelta(minutes=6))
    asked = [client.get(f"/accounts/2fa/{address}") for address in GUARDED]
    asked += [client.post("/accounts/2fa/recovery-codes/generate/")]
    asked += [client.post("/accounts/2fa/totp/deactivate/")]
    for answer in asked:
        assert answer["Location"].startswith("/accounts/reauthenticate/?next=")
    assert parvin.authenticator_set.count() == 2
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert client.post("/accounts/2fa/totp/deactivate/").status_code == 302
    assert not parvin.authenticator_set.exists()


def test_a_session_from_before_the_factor_changes_nothing_by_the_password(parvin, client):
    enter_password(client, parvin)  # by whoever knows the password
    with_app(parvin)
    for address in GUARDED:
        answer = client.get(f"/accounts/2fa/{address}")
        assert answer["Location"].startswith("/accounts/2fa/reauthenticate/?next=")
    tried = client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert tried["Location"] == "/accounts/2fa/reauthenticate/"
    assert client.get("/accounts/2fa/recovery-codes/").status_code == 302
