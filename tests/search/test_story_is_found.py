"""Whatever name a reader types, the place of the story comes first: on pages, in the API and in
the staff's autocomplete."""

import pytest
from django.test import Client
from django.urls import reverse

from agreements.models import Agreement
from cities.models import Official, Place
from tests.factories import staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("story")]

KHUJAND = (
    *("Khujand", "Khudjand", "Khodjent", "Khojand", "Leninabad", "Ленинабад", "Худжанд"),
    *("Хуҷанд", "خجند", "KHUJAND", "khuj", "Ходжент", "خُجَند", "Q373808"),
)
GOVERNOR = ("Nozari", "Nowzari", "نوذری", "nozari mohammad", "نوذرى", "NOWZ")
SISTER_CITIES = "TW-25QZKH"


@pytest.mark.parametrize("name", KHUJAND)
def test_khujand_is_the_first_place_on_the_page(client, name):
    page = client.get(reverse("place-list"), {"q": name}).context["page_obj"]
    assert page.object_list[0].slug == "khujand"


@pytest.mark.parametrize("name", KHUJAND)
def test_khujand_is_the_first_place_in_the_api(client, name):
    found = client.get(reverse("api-place-list"), {"q": name}).json()["results"]
    assert found[0]["slug"] == "khujand"


@pytest.mark.parametrize("name", KHUJAND)
def test_khujand_is_the_first_that_staff_are_offered(name):
    parvin = Client()
    parvin.force_login(staff("editor"))
    asked = {"app_label": "agreements", "model_name": "party", "field_name": "place", "term": name}
    found = parvin.get(reverse("admin:autocomplete"), asked).json()["results"]
    assert found[0]["id"] == str(Place.objects.get(slug="khujand").pk)


@pytest.mark.parametrize("name", KHUJAND)
def test_every_agreement_that_a_name_of_khujand_finds_first_is_khujands(client, name):
    found = client.get(reverse("agreement-list"), {"q": name}).context["rows"]
    assert "khujand" in {party.place.slug for party in found[0].agreement.parties.all()}


@pytest.mark.parametrize("name", GOVERNOR)
def test_the_governor_is_found_under_each_spelling(client, name):
    page = client.get(reverse("official-list"), {"q": name}).context["page_obj"]
    api = client.get(reverse("api-official-list"), {"q": name}).json()["results"]
    assert page.object_list[0].slug == api[0]["slug"] == "mohammad-nozari"
    assert Official.objects.search(name).count() == 1


@pytest.mark.parametrize("text", ["Qazvin Khujand", "خجند قزوین", "leninabad ghazvin", "tw-25qz"])
def test_the_draft_of_qazvin_and_khujand_is_found_by_both_or_by_its_reference(text):
    found = Agreement.objects.visible_to(None).newest_first().search(text)
    assert found[0].reference == SISTER_CITIES


def test_an_agreement_is_found_by_the_name_that_its_text_gives_a_party():
    [tie] = Agreement.objects.visible_to(None).filter(parties__name_then="Stalingrad")[:1]
    assert tie in Agreement.objects.visible_to(None).search("Stalingrad")
    assert tie in Agreement.objects.visible_to(None).search("stalingr coventr")
