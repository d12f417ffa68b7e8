"""Where the second factor is required, no screen of the admin opens without it."""

import pytest

from tests.addresses import make_world, walk
from tests.factories import AgreementFactory, UserFactory
from tests.people import WITH_A_ROLE, person
from tests.signing_in.factors import (
    SECOND_FACTOR,
    SET_UP_APP,
    code,
    enter_code,
    enter_password,
    with_app,
    with_password,
)

pytestmark = pytest.mark.django_db
STAFF = (*WITH_A_ROLE, "administrator", "staff without a role")


@pytest.fixture(autouse=True)
def required(settings):
    settings.MFA_REQUIRED = True


@pytest.mark.parametrize("who", STAFF)
def test_staff_without_a_factor_are_led_to_set_one_up_and_then_come_in(who, client, at_once):
    user = with_password(person(who))
    enter_password(client, user)
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain == [(SECOND_FACTOR, 302)]
    assert "Set up an app or a key" in answer.text
    secret = client.get(SET_UP_APP).context["form"].secret
    client.post(SET_UP_APP, {"code": code(secret)})
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("who", STAFF)
def test_staff_with_a_factor_come_in_by_it(who, client):
    user = with_password(person(who))
    secret = with_app(user)
    enter_password(client, user)
    enter_code(client, code(secret))
    assert client.get("/admin/").status_code == 200


def test_no_address_of_the_admin_opens_without_it(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    world, user = make_world(), person("administrator")
    client.force_login(user)
    names = {name for name in walk() if name.startswith("admin")}
    assert len(names) > 50
    for name in names - {"admin:login", "admin:logout"}:
        for ask in (client.get, client.post):
            answer = ask(world.address(name))
            asked_by_script = name in ("admin:autocomplete", "admin:jsi18n")
            assert answer.status_code == (403 if asked_by_script else 302), name
            assert asked_by_script or answer["Location"] == SECOND_FACTOR, name


def test_scripts_of_the_admin_are_refused_in_their_own_way(client):
    client.force_login(person("editor"))
    for headers in ({"x-requested-with": "XMLHttpRequest"}, {"accept": "application/json"}):
        answer = client.get("/admin/agreements/agreement/", headers=headers)
        assert answer.status_code == 403
        assert "second factor" in answer.json()["detail"]


def test_a_session_from_before_the_factor_was_set_up_is_asked_for_it(parvin, client):
    enter_password(client, parvin)  # by whoever knows the password
    secret = with_app(parvin)
    answer = client.get("/admin/cities/place/?q=x")
    assert (
        answer["Location"]
        == "/accounts/2fa/reauthenticate/?next=%2Fadmin%2Fcities%2Fplace%2F%3Fq%3Dx"
    )
    assert client.post(answer["Location"], {"code": "000000"}).status_code == 200
    assert client.get("/admin/").status_code == 302
    back = client.post(answer["Location"], {"code": code(secret)})
    assert back["Location"] == "/admin/cities/place/?q=x"
    assert client.get("/admin/").status_code == 200


def test_who_removes_the_last_factor_is_led_to_set_up_another(parvin, secret, client):
    enter_password(client, parvin)
    enter_code(client, code(secret))
    client.post("/accounts/2fa/totp/deactivate/")
    assert client.get("/admin/")["Location"] == SECOND_FACTOR


def test_recovery_codes_alone_are_no_factor(parvin, secret, client):
    parvin.authenticator_set.filter(type="totp").delete()
    enter_password(client, parvin)
    assert client.get("/admin/")["Location"] == SECOND_FACTOR


def test_pages_and_api_and_the_way_out_stay_open(client):
    agreement = AgreementFactory(status="signed", public=True)
    client.force_login(person("editor"))
    for address in ("/", agreement.get_absolute_url(), "/api/v1/agreements/", "/health/"):
        assert client.get(address).status_code == 200, address
    for address in (SECOND_FACTOR, "/accounts/password/change/", "/static/favicon.svg"):
        assert client.get(address).status_code == 200, address
    assert client.post("/admin/logout/")["Location"] == "/"
    assert client.get("/admin/")["Location"].startswith("/admin/login/")


def test_readers_with_an_account_are_not_asked_for_one(client):
    client.force_login(with_password(UserFactory()))
    assert "Set up an app or a key" not in client.get(SECOND_FACTOR).text


def test_where_it_is_not_required_the_admin_opens_by_the_password(parvin, client, settings):
    settings.MFA_REQUIRED = False
    enter_password(client, parvin)
    assert client.get("/admin/").status_code == 200
