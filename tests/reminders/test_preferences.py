"""What each of the staff chooses for themselves, on one page."""

import re

import pytest
from django.test import Client

from agreements.calendars import key_of
from agreements.models import Preferences
from tests.admin.conftest import signed_in
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
PAGE = "/admin/preferences/"


def post(user, **fields):
    return signed_in(user).post(PAGE, {"version": "0", **fields})


def address_in(response) -> str:
    return re.search(r'value="(http://testserver/calendar/[^"]+)"', response.text)[1]


def test_it_is_linked_from_every_screen_of_the_admin(parvin):
    assert f'href="{PAGE}"' in signed_in(parvin).get("/admin/").text


def test_to_look_writes_nothing_and_shows_that_the_digest_is_on(parvin):
    page = signed_in(parvin).get(PAGE).text
    assert 'name="digest"' in page
    assert "checked" in page
    assert "parvin@example.org" in page
    assert not Preferences.objects.exists()


def test_the_digest_is_switched_off_and_its_language_chosen(parvin):
    assert post(parvin, save="", language="fa").status_code == 302
    row = Preferences.objects.get(user=parvin)
    assert (row.digest, row.language, row.version) == (False, "fa", 1)
    post(parvin, save="", digest="on", version="1")
    row.refresh_from_db()
    assert (row.digest, row.language, row.version) == (True, "", 2)


def test_everybody_writes_their_own_alone(parvin, rustam):
    other = Preferences.objects.create(user=rustam, language="fa")
    signed_in(parvin).post(PAGE, {"version": 0, "save": "", "user": rustam.pk, "language": "en"})
    other.refresh_from_db()
    assert other.language == "fa"
    assert Preferences.objects.get(user=parvin).language == "en"


def test_an_address_is_shown_once_and_leads_to_the_calendar(parvin):
    made = post(parvin, make="")
    address = address_in(made)
    assert "no-store" in made["Cache-Control"]
    assert Client().get(address).status_code == 200
    assert Preferences.objects.get().calendar_key == key_of(address[-47:-4])
    assert "/calendar/" not in signed_in(parvin).get(PAGE).text


def test_a_new_address_ends_the_old_and_a_revoked_one_leads_nowhere(parvin):
    old = address_in(post(parvin, make=""))
    new = address_in(post(parvin, make="", version="1"))
    assert [Client().get(one).status_code for one in (old, new)] == [404, 200]
    post(parvin, revoke="", version="2")
    assert Client().get(new).status_code == 404


@pytest.mark.parametrize("act", ["save", "make", "revoke"])
def test_whoever_comes_second_is_told_and_writes_nothing(act, parvin):
    Preferences.objects.create(user=parvin, language="fa")
    answer = post(parvin, language="en", **{act: ""})
    assert answer.status_code == 409
    assert "changed elsewhere" in answer.text
    row = Preferences.objects.get()
    assert (row.language, row.calendar_key) == ("fa", "")


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"save": "", "make": ""},
        {"save": "", "version": ""},
        {"save": "", "version": "-1"},
        {"save": "", "version": "9" * 40},
        {"make": "", "version": "٠"},
        {"drop": ""},
    ],
)
def test_a_form_that_is_none_is_refused_and_nothing_is_written(fields, parvin):
    assert post(parvin, **fields).status_code == 400
    assert not Preferences.objects.exists()


@pytest.mark.parametrize("language", ["xx", "fa\0", "\ud800"])
def test_a_language_that_is_none_is_told_of_at_the_field(language, parvin):
    answer = post(parvin, save="", language=language.encode("utf-8", "surrogatepass"))
    assert answer.status_code == 200
    assert "errorlist" in answer.text
    assert not Preferences.objects.exists()


def test_who_has_no_role_is_told_so_and_gets_no_address():
    nobody = UserFactory(is_staff=True)
    page = signed_in(nobody).get(PAGE)
    assert "no role yet" in page.text
    assert 'name="make"' not in page.text
    assert post(nobody, make="").status_code == 403


def test_a_form_from_another_site_makes_no_address(parvin):
    client = Client(enforce_csrf_checks=True)
    client.force_login(parvin)
    assert client.post(PAGE, {"make": "", "version": "0"}).status_code == 403
    assert not Preferences.objects.exists()


def test_the_second_factor_is_asked_for_as_everywhere_in_the_admin(parvin, settings):
    settings.MFA_REQUIRED = True
    for answer in (signed_in(parvin).get(PAGE), post(parvin, make="")):
        assert answer.status_code == 302
    assert not Preferences.objects.exists()


def test_no_other_method_is_taken(parvin):
    assert signed_in(parvin).put(PAGE).status_code == 405
