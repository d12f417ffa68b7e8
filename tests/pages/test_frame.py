"""Home, data, about, languages, errors: what stands around the records."""

import re

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.views.defaults import bad_request, server_error

from agreements.filters import AgreementFilterSet
from tests.factories import AgreementFactory, SectorFactory, khujand, qazvin
from tests.pages.reading import read, words

pytestmark = pytest.mark.django_db


def test_home_counts_by_status_only_what_the_reader_may_see(client, auditor):
    AgreementFactory(status="drafted", public=True)
    AgreementFactory(status="drafted")
    assert "drafted 1 agreement" in read(client, "/")
    client.force_login(auditor)
    assert "drafted 2 agreements" in read(client, "/")


def test_each_number_leads_to_the_list_behind_it(client):
    AgreementFactory(status="signed", public=True)
    html = client.get("/").content.decode()
    assert 'href="/agreements/?status=signed"' in html
    assert client.get("/agreements/?status=signed").context["page_obj"].paginator.count == 1


def test_home_shows_the_latest_steps_but_none_of_an_unknown_day(client):
    AgreementFactory(title="Dated", happened_on="2024", public=True)
    AgreementFactory(title="Undated", happened_on=None, public=True)
    AgreementFactory(title="Hush", happened_on="2025")
    page = read(client, "/")
    assert "2024 Dated" in page
    assert "Undated" not in page
    assert "Hush" not in page


def test_home_stands_on_an_empty_register(client):
    assert "0 agreements in all" in read(client, "/")


def test_home_leads_to_the_sectors(client):
    SectorFactory(name="Culture", slug="culture")
    assert 'href="/sectors/culture/"' in client.get("/").content.decode()


def test_data_explains_every_parameter_in_the_filters_own_words(client):
    page = read(client, "/data/")
    for name, filter_ in AgreementFilterSet.base_filters.items():
        assert f"{name} {filter_.extra['help_text']}" in page, name


def test_about_gives_the_numbers_from_the_settings(client, settings):
    settings.STALLED_AFTER_DAYS, settings.DORMANT_AFTER_DAYS = 77, 1234
    page = read(client, "/about/")
    assert "no step for 77 days" in page
    assert "for 1,234 days" in page


def test_robots_keep_out_of_the_administration(client):
    response = client.get("/robots.txt")
    assert response["Content-Type"].startswith("text/plain")
    assert b"Disallow: /admin/" in response.content


def test_a_persian_reader_gets_a_page_from_right_to_left(client):
    AgreementFactory(parties=[qazvin(), khujand()], public=True)
    response = client.get("/fa/agreements/")
    html = response.content.decode()
    assert '<html lang="fa" dir="rtl">' in html
    assert '<bdi lang="fa" dir="rtl">خجند</bdi>' in html
    assert '<bdi lang="en" dir="ltr">Qazvin</bdi>' in html
    assert "۲۰ اردیبهشت ۱۴۰۴" in html


def test_the_language_can_be_changed_and_is_kept(client):
    response = client.post("/i18n/setlang/", {"language": "fa", "next": "/places/?q=khujand"})
    assert response["Location"] == "/fa/places/?q=khujand"
    assert client.get("/")["Location"] == "/fa/"


def test_an_address_says_the_same_to_whoever_opens_it(client):
    client.post("/i18n/setlang/", {"language": "fa", "next": "/"})
    response = client.get("/about/", headers={"accept-language": "ru"})
    assert response["Content-Language"] == "en"
    assert '<html lang="en" dir="ltr">' in response.content.decode()


@pytest.mark.parametrize(("asked", "led"), [("fa", "/fa/"), ("tg-TJ,ru;q=0.5", "/tg/"), ("de", "")])
def test_whoever_comes_to_the_bare_address_is_led_to_a_page_they_can_read(client, asked, led):
    assert client.get("/", headers={"accept-language": asked}).get("Location", "") == led


def test_whoever_goes_home_within_the_site_stays_in_the_language(client):
    within = {"accept-language": "fa", "referer": "http://testserver/agreements/"}
    assert client.get("/", headers=within).status_code == 200


def test_a_page_names_its_addresses_in_every_language(client):
    html = client.get("/ru/places/").content.decode()
    for code, path in (("en", "/"), ("fa", "/fa/"), ("tg", "/tg/"), ("ru", "/ru/")):
        address = f"http://testserver{path}places/"
        assert f'<link rel="alternate" hreflang="{code}" href="{address}">' in html
    assert 'hreflang="x-default" href="http://testserver/places/"' in html
    assert '<link rel="canonical" href="http://testserver/ru/places/">' in html


def test_pages_carry_neither_cookie_nor_token(client):
    response = client.get("/agreements/")
    assert not response.cookies
    assert "csrfmiddlewaretoken" not in response.content.decode()


def test_the_language_form_leads_nowhere_else(client):
    response = client.post("/i18n/setlang/", {"language": "fa", "next": "https://evil.example/"})
    assert response["Location"] == "/fa/"


def test_a_form_without_its_token_is_explained():
    client = Client(enforce_csrf_checks=True)
    response = client.post("/accounts/login/", {"login": "rustam"})
    assert response.status_code == 403
    assert "The form was not accepted" in words(response.content.decode())


def test_readers_see_no_staff_bar_and_staff_without_a_role_see_none_either(
    client, django_user_model
):
    assert "You also see internal records" not in read(client, "/")
    client.force_login(django_user_model.objects.create_user("guest", is_staff=True))
    assert "You also see internal records" not in read(client, "/")


def test_a_missing_page_helps_onwards(client):
    page = read(client, "/no/such/page/", status=404)
    assert "There is no such page" in page
    assert "All agreements" in page


def test_error_pages_stand_without_any_context():
    request = RequestFactory().get("/")
    for view, said in ((server_error, "broke on our side"), (bad_request, "not understood")):
        response = view(request, exception=None) if view is bad_request else view(request)
        html = response.content.decode()
        assert said in html
        assert 'rel="stylesheet"' in html


def test_forbidden_speaks_plainly():
    request = RequestFactory().get("/")
    assert "not open to you" in render_to_string("403.html", {}, request=request)


@pytest.mark.parametrize("address", ["/", "/agreements/", "/places/", "/officials/", "/about/"])
def test_pages_have_neither_inline_styles_nor_scripts(client, address):
    html = client.get(address).content.decode()
    scripts = re.findall(r"<script([^>]*)>", html)
    # What tells machines of the page is data, which no browser runs.
    assert all("src=" in one or "application/ld+json" in one for one in scripts)
    assert " style=" not in html
    assert "<style" not in html
