"""Old addresses lead on for good, and nothing that was internal is told of by them."""

import re

import pytest
from django.core.management import call_command

from agreements.merging import merge_agreements
from agreements.models import Agreement
from cities.merging import merge_officials, merge_places
from cities.models import Place
from tests.factories import (
    AgreementFactory,
    CitationFactory,
    DocumentFactory,
    OfficialFactory,
    PlaceFactory,
    PlaceIdentifierFactory,
    PlaceNameFactory,
    a_file,
    nozari,
    staff,
)

pytestmark = pytest.mark.django_db

SAME = "Looked at both."


def merge(kept, other) -> None:
    merges = {"Place": merge_places, "Official": merge_officials, "Agreement": merge_agreements}
    rows = [type(row).objects.get(pk=row.pk) for row in (kept, other)]
    merges[type(kept).__name__](*rows, by=None, reason=SAME)


@pytest.fixture
def old_place(khujand):
    other = PlaceFactory(name="Hojand")
    PlaceIdentifierFactory(place=other, value="Q999")
    merge(khujand, other)


@pytest.mark.parametrize("method", ["get", "head"])
def test_the_page_of_a_merged_place_leads_on(client, old_place, method):
    response = getattr(client, method)("/places/hojand/")
    assert (response.status_code, response["Location"]) == (301, "/places/khujand/")
    assert client.get("/places/hojand-2/").status_code == 404


def test_the_page_of_a_merged_official_leads_on(client):
    merge(nozari(), OfficialFactory(name="M. Nowzari"))
    response = client.get("/officials/m-nowzari/")
    assert (response.status_code, response["Location"]) == (301, "/officials/mohammad-nozari/")


def test_the_api_leads_on_and_says_so_as_json(client, old_place):
    response = client.get("/api/v1/places/hojand/")
    address = "http://testserver/api/v1/places/khujand/"
    assert (response.status_code, response["Location"]) == (301, address)
    assert response.json()["url"] == address
    assert client.get("/api/v1/places/hojand/", {"x": "1"}).status_code == 400
    assert client.get("/api/v1/places/hojand-2/").status_code == 404
    merge(nozari(), OfficialFactory(name="M. Nowzari"))
    assert client.get("/api/v1/officials/m-nowzari/")["Location"].endswith("/mohammad-nozari/")


@pytest.mark.parametrize("key", ["hojand", "khujand", "Q999", "Q373808"])
def test_a_list_takes_the_old_address_and_every_id(client, old_place, khujand, key):
    tie = AgreementFactory(public=True, parties=[khujand, PlaceFactory()])
    found = client.get("/api/v1/agreements/", {"place": key}).json()["results"]
    assert [row["reference"] for row in found] == [tie.reference]
    assert client.get("/agreements/", {"place": key}).status_code == 200


def test_the_story_loaded_again_brings_no_merged_place_back(db):
    call_command("load_fixtures", verbosity=0)
    kept = PlaceFactory(name="Chudschand", country_code="TJ")
    other = type(kept).objects.get(slug="khujand")
    merge(kept, other)
    call_command("load_fixtures", verbosity=0)
    assert type(kept).objects.called("khujand").get() == kept


# --- Agreements ---------------------------------------------------------------------------


@pytest.fixture
def pair(qazvin, khujand):
    return [AgreementFactory(parties=[qazvin, khujand]) for _ in range(2)]


def publish(agreement) -> None:
    CitationFactory(agreement=agreement)
    Agreement.objects.get(pk=agreement.pk).publish(by=None)


def answers(client, agreement) -> list:
    """Of the page in both spellings and of the API: status and where they lead."""
    found = []
    for address in (
        f"/agreements/{agreement.reference}/",
        f"/api/v1/agreements/{agreement.reference}/",
    ):
        response = client.get(address)
        found.append((response.status_code, response.get("Location", "")))
    return found


def test_a_record_that_was_public_leads_on_to_one_that_is(client, pair):
    kept, other = pair
    publish(kept), publish(other)
    merge(kept, other)
    assert answers(client, other) == [
        (301, f"/agreements/{kept.reference}/"),
        (301, f"http://testserver/api/v1/agreements/{kept.reference}/"),
    ]
    small = client.get(f"/agreements/{other.reference.lower()}/", follow=True)
    assert small.redirect_chain[-1] == (f"/agreements/{kept.reference}/", 301)


NEVER = "TW-ZZZZZZ"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


def same_as_never(client, address: str, reference: str) -> bool:
    """Whether the answer is just that to a reference which was never given out."""
    told, nothing = client.get(address), client.get(address.replace(reference, NEVER))
    said = [TOKEN.sub("", answer.content.decode()) for answer in (told, nothing)]
    same = said[0].replace(reference, NEVER) == said[1]
    return same and told.status_code == nothing.status_code == 404


@pytest.mark.parametrize("public", ["the kept one alone", "the other alone", "neither"])
def test_no_address_tells_of_what_was_or_is_internal(client, pair, public):
    kept, other = pair
    if public != "neither":
        publish(kept if public == "the kept one alone" else other)
    merge(kept, other)
    for address in (f"/agreements/{other.reference}/", f"/api/v1/agreements/{other.reference}/"):
        assert same_as_never(client, address, other.reference)
    page = client.get(f"/agreements/{kept.reference}/")
    assert other.reference not in page.content.decode()


def test_what_is_unpublished_later_is_led_to_no_more(client, pair):
    kept, other = pair
    publish(kept), publish(other)
    merge(kept, other)
    Agreement.objects.get(pk=kept.pk).unpublish(by=None)
    assert [status for status, _ in answers(client, other)] == [404, 404]
    client.force_login(staff("auditor"))
    assert [status for status, _ in answers(client, other)] == [301, 301]


def test_staff_are_not_led_from_what_was_never_public(client, pair):
    kept, other = pair
    publish(kept)
    merge(kept, other)
    client.force_login(staff("registrar"))
    assert [status for status, _ in answers(client, other)] == [404, 404]


def test_a_chain_leads_only_those_on_who_knew_its_beginning(client, pair, qazvin, khujand):
    known, unknown = pair
    last = AgreementFactory(parties=[qazvin, khujand])
    publish(known), publish(last)
    merge(unknown, known)
    merge(last, unknown)
    assert answers(client, known)[0] == (301, f"/agreements/{last.reference}/")
    assert answers(client, unknown)[0][0] == 404


@pytest.mark.parametrize("was_public", [True, False])
def test_the_address_of_a_text_leads_on_as_that_of_its_agreement(
    client, pair, was_public, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    kept, other = pair
    document = DocumentFactory(agreement=other, file=a_file(b"text"))
    old = document.get_absolute_url()
    publish(kept)
    if was_public:
        publish(other)
    merge(kept, other)
    new = old.replace(other.reference, kept.reference)
    assert client.get(new).status_code == 200
    response = client.get(old)
    assert (response.status_code, response.get("Location")) == (
        (301, new) if was_public else (404, None)
    )


def test_lists_counts_and_the_export_hold_the_kept_one_alone(client, pair, khujand):
    kept, other = pair
    publish(kept), publish(other)
    merge(kept, other)
    for user in (None, staff("registrar")):
        if user:
            client.force_login(user)
        export = client.get("/api/v1/agreements/export.json").getvalue().decode()
        for text in (
            export,
            client.get("/agreements/").content.decode(),
            client.get("/places/khujand/").content.decode(),
            client.get("/api/v1/agreements/").content.decode(),
        ):
            assert kept.reference in text
            assert other.reference not in text
        assert client.get("/places/").context["agreement_counts"][khujand.pk] == 1


def test_search_finds_the_kept_one_by_every_name_of_both(client, khujand):
    other = PlaceFactory(name="Hojand", country_code="TJ")
    PlaceNameFactory(place=other, text="Chudschand", language="de", script="Latn")
    tie = AgreementFactory(public=True, parties=[other, PlaceFactory()])
    merge(khujand, other)
    for word in ("hojand", "chudsch", "Leninabad", "Хуҷанд"):
        assert list(Place.objects.search(word)) == [khujand]
        found = client.get("/api/v1/agreements/", {"q": word}).json()["results"]
        assert [row["reference"] for row in found] == [tie.reference]


def test_search_finds_no_merged_agreement(client, pair):
    kept, other = pair
    Agreement.objects.filter(pk=other.pk).update(summary="Found nowhere.")
    publish(kept), publish(other)
    merge(kept, other)
    for user in (None, staff("registrar")):
        if user:
            client.force_login(user)
        for word in (other.reference, "khujand"):
            found = client.get("/api/v1/agreements/", {"q": word}).json()["results"]
            assert other.reference not in [row["reference"] for row in found]
