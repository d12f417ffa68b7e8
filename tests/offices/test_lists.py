"""What each of the staff finds in lists, exports and autocompletes: cell by cell, over HTTP."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agreements.models import Agreement
from tests.factories import AgreementFactory
from tests.offices.world import PEOPLE, ROLES, keeps, sees

pytestmark = pytest.mark.django_db

WHO = [(role, office) for role in ROLES for office in ("none", "qazvin", "isfahan")]
WHO += [("registrar", "province"), ("registrar", "country"), ("administrator", "isfahan")]
CHOSEN = {"app_label": "agreements", "model_name": "relation", "field_name": "to_agreement"}
OWN_PAGES = [("signed", "internal"), ("signed", "public")]
CELLS = 888  # 12 people × 12 agreements × 6 lists, and 12 people × 2 agreements on their own pages


def admin_list(client) -> set[str]:
    rows = client.get(reverse("admin:agreements_agreement_changelist")).context["cl"].result_list
    return {agreement.reference for agreement in rows}


def admin_export(client) -> set[str]:
    answer = client.get(reverse("admin:agreements_agreement_export_csv"))
    lines = answer.getvalue().decode().splitlines()[1:]
    return {line.split(",")[0].strip('"') for line in lines}


def autocomplete(client) -> set[str]:
    found = client.get(reverse("admin:autocomplete"), CHOSEN).json()["results"]
    keys = [one["id"] for one in found]
    return set(Agreement.objects.filter(pk__in=keys).values_list("reference", flat=True))


def public_list(client) -> set[str]:
    rows = client.get(reverse("agreement-list")).context["rows"]
    return {row.agreement.reference for row in rows}


def api_list(client) -> set[str]:
    found = client.get(reverse("api-agreement-list"), {"page_size": 100}).json()["results"]
    return {row["reference"] for row in found}


def api_export(client) -> set[str]:
    answer = json.loads(client.get(reverse("api-agreement-export")).getvalue())
    return {row["reference"] for row in answer["agreements"]}


# Whether a list has the agreements that somebody keeps, or all that they may see.
LISTS = {
    admin_list: "kept",
    admin_export: "kept",
    autocomplete: "kept",
    public_list: "seen",
    api_list: "seen",
    api_export: "seen",
}


def expected(rule: str, who: tuple[str, str], visibility: str) -> bool:
    return keeps(who) if rule == "kept" else sees(who, visibility)


def test_every_cell_is_asserted(world):
    agreements = len(world.agreements)
    assert len(WHO) * (agreements * len(LISTS) + len(OWN_PAGES)) == CELLS


@pytest.mark.parametrize("who", WHO, ids="-".join)
@pytest.mark.parametrize("listed", LISTS, ids=lambda one: one.__name__)
def test_a_list_has_what_the_office_keeps_or_may_see(listed, who, world, clients):
    found = listed(clients[who])
    for (status, visibility), agreement in world.agreements.items():
        has = agreement.reference in found
        assert has == expected(LISTS[listed], who, visibility), (status, visibility)


@pytest.mark.parametrize("who", WHO, ids="-".join)
def test_the_public_page_opens_to_whoever_may_see_the_agreement(who, world, clients):
    for stand in OWN_PAGES:
        answer = clients[who].get(world.agreements[stand].get_absolute_url())
        assert answer.status_code == (200 if sees(who, stand[1]) else 404), stand


def test_every_list_is_asked_by_people_of_every_role():
    assert {role for role, _office in WHO} == {role for role, _office in PEOPLE}


def test_what_is_shown_to_one_is_not_kept_for_the_next(world, clients):
    """A page drawn from what somebody may see is no page for a shared cache."""
    internal = world.agreements["signed", "internal"]
    for who in (("editor", "none"), ("editor", "isfahan"), ("editor", "qazvin")):
        answer = clients[who].get(reverse("api-agreement-list"), {"page_size": 100})
        assert (internal.reference in answer.content.decode()) == keeps(who)
        assert "Cookie" in answer.headers.get("Vary", "")


def test_a_list_costs_an_office_the_same_however_many_agreements_there_are(world, clients):
    client = clients["editor", "province"]
    address = reverse("admin:agreements_agreement_changelist")
    client.get(address)
    places = [world.places[name] for name in ("qazvin", "khujand")]
    costs = []
    for _time in range(2):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        costs.append(len(asked))
        AgreementFactory.create_batch(15, parties=places)
    assert costs[0] == costs[1]
