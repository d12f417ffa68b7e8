"""A reader says what is wrong: it waits for the staff, and the page shows nothing of it."""

import pytest
from django.test import Client

from agreements.models import Suggestion
from tests.factories import AgreementFactory, OfficialFactory, SourceFactory, staff
from tests.pages.reading import words
from tests.suggestions.sending import SAID, ticket_of, waiting, was_kept

pytestmark = pytest.mark.django_db


@pytest.fixture
def public(qazvin, khujand):
    return AgreementFactory(parties=[qazvin, khujand], sources=[SourceFactory()], public=True)


def test_a_suggestion_waits_with_its_record_its_page_and_its_source(reader, public):
    answer = reader.send(public.get_absolute_url(), name="Mahin", email="mahin@example.org")
    assert was_kept(answer)
    kept = Suggestion.objects.get()
    assert (kept.about, kept.path) == (public, public.get_absolute_url())
    assert (kept.text, kept.source) == (SAID["text"], SAID["source"])
    assert (kept.name, kept.email, kept.language) == ("Mahin", "mahin@example.org", "en")
    assert kept.is_waiting


def test_the_reader_is_thanked_and_led_back(reader, khujand):
    answer = reader.send("/places/khujand/")
    page = reader.client.get(answer["Location"])
    assert "Thank you" in words(page.content.decode())
    assert 'href="/places/khujand/"' in page.content.decode()
    assert reader.client.get("/suggest/thanks/").status_code == 200


def test_to_load_the_thanks_again_sends_nothing_again(reader):
    answer = reader.send()
    for _ in range(3):
        reader.client.get(answer["Location"])
    assert waiting() == 1


def test_nobody_reads_on_the_site_what_was_suggested(reader, public):
    reader.send(public.get_absolute_url(), text="Marmalade", name="Mahin")
    for address in (public.get_absolute_url(), "/", "/api/v1/agreements/", "/suggest/"):
        page = Client().get(address).content.decode()
        assert "Marmalade" not in page
        assert "Mahin" not in page


@pytest.mark.parametrize("lacking", ["text", "source"])
def test_what_is_wrong_and_the_source_are_needed_and_the_rest_is_kept(reader, lacking):
    answer = reader.send("/about/", **{lacking: " "}, name="Mahin")
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "This field is required." in page
    assert all(said in page for name, said in SAID.items() if name != lacking)
    assert 'value="Mahin"' in page
    assert 'name="about" value="/about/"' in page
    assert waiting() == 0


def test_a_form_that_was_refused_can_be_mended_and_sent(reader):
    refused = reader.send(source="")
    assert was_kept(reader.send(ticket=ticket_of(refused), after=1))


@pytest.mark.parametrize("path", ["/agreements/", "/about/", "/", "/no/such/page/", "/api/v1/"])
def test_a_page_of_no_record_is_told_by_its_path(reader, path):
    assert was_kept(reader.send(path))
    kept = Suggestion.objects.get()
    assert (kept.about, kept.path) == (None, path)


def test_it_is_about_the_place_or_the_official_whose_page_it_was(reader, khujand):
    official = OfficialFactory(name="Zohidi")
    reader.send("/places/khujand/")
    reader.send("/places/khujand/report/2025/", text="The report is wrong.")
    reader.send(official.get_absolute_url())
    found = list(Suggestion.objects.order_by("pk"))
    assert [one.about for one in found] == [khujand, khujand, official]


def test_the_page_says_what_it_is_about_by_its_name(reader, public):
    page = reader.client.get("/suggest/", {"about": public.get_absolute_url()})
    assert "About: Qazvin – Khujand" in words(page.content.decode())


def test_every_page_leads_to_the_form_with_its_own_path_and_has_no_token_for_it(client, public):
    for address in ("/", "/places/khujand/", public.get_absolute_url(), "/about/"):
        page = client.get(address).content.decode()
        assert page.count(f'href="/suggest/?about={address}"') == 1, address
        assert 'name="ticket"' not in page
    assert "/suggest/?about=/no/such/" in client.get("/no/such/").content.decode()
    for address in ("/suggest/", "/suggest/thanks/", "/accounts/login/"):
        assert "/suggest/?about" not in client.get(address).content.decode(), address


def test_the_form_is_kept_by_no_cache_and_found_by_no_robot(client):
    answer = client.get("/suggest/")
    assert "private" in answer["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in answer.content.decode()
    assert "Disallow: /suggest/" in client.get("/robots.txt").content.decode()


def test_a_page_in_another_language_leads_to_the_form_in_that_language(reader, khujand):
    page = reader.client.get("/fa/places/khujand/").content.decode()
    assert 'href="/fa/suggest/?about=/fa/places/khujand/"' in page
    ticket = reader.open("/fa/places/khujand/")
    reader.clock.shift(20)
    sent = {**SAID, "about": "/fa/places/khujand/", "ticket": ticket}
    answer = reader.client.post("/fa/suggest/", sent)
    assert answer["Location"] == "/fa/suggest/thanks/?about=%2Ffa%2Fplaces%2Fkhujand%2F"
    kept = Suggestion.objects.get()
    assert (kept.about, kept.language) == (khujand, "fa")
    assert kept.path == "/fa/places/khujand/"


@pytest.mark.parametrize("path", ["/xx/places/khujand/", "/en/places/khujand/", "/fa/admin/"])
def test_an_address_in_a_language_that_there_is_not_is_about_no_record(reader, khujand, path):
    assert was_kept(reader.send(path))
    assert Suggestion.objects.get().about is None


# --- What is internal ---------------------------------------------------------------------


def test_an_internal_agreement_is_answered_as_one_that_there_is_not(reader, tie):
    hidden = reader.client.get("/suggest/", {"about": tie.get_absolute_url()})
    missing = reader.client.get("/suggest/", {"about": "/agreements/TW-000000/"})
    texts = [words(answer.content.decode()) for answer in (hidden, missing)]
    assert texts[0].replace(tie.reference, "TW-000000") == texts[1]
    assert was_kept(reader.send(tie.get_absolute_url()))
    assert Suggestion.objects.get().about is None


def test_staff_who_see_it_can_suggest_about_it(reader, tie):
    reader.client.force_login(staff("auditor"))
    assert was_kept(reader.send(tie.get_absolute_url()))
    assert Suggestion.objects.get().about == tie
