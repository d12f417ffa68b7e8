"""Two of the staff send the same form at once, a hundred times: one is saved, one is told (409)."""

import pytest
from django.test import Client
from django.urls import reverse

from agreements.models import Agreement
from cities.models import Official
from common.versions import StaleVersion
from tests.admin.sheets import change_url, open_sheet
from tests.factories import AgreementFactory, OfficialFactory, staff
from tests.test_races import PAIRS, race, winners

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def browsers() -> tuple[Client, Client]:
    """Rustam and a colleague, each signed in at a browser of their own."""
    clients = Client(raise_request_exception=False), Client(raise_request_exception=False)
    for client, name in zip(clients, ("rustam", "karim"), strict=True):
        client.force_login(staff("registrar", username=name))
    return clients


def send(client: Client, address: str, form: dict) -> None:
    """Saved and led on, or told; any other answer fails the test."""
    response = client.post(address, form)
    if response.status_code == 409:
        raise StaleVersion(Official())
    assert response.status_code == 302, response.status_code


def test_of_a_hundred_pairs_of_forms_each_keeps_one_and_tells_the_other(browsers):
    official = OfficialFactory(name="Mohammad Nozari")
    empty = open_sheet(browsers[0], official)

    def save(version, who, number):
        form = empty | {"version": version, "about": f"{number} by {who}"}
        send(browsers[who], change_url(official), form)

    won = winners(race(lambda number: Official.objects.get().version, save))
    kept = official.history.order_by("history_id").values_list("about", flat=True)
    assert list(kept) == ["", *(f"{number} by {who}" for number, who in enumerate(won))]
    assert Official.objects.get().version == 1 + PAIRS


def test_of_a_hundred_pairs_of_moves_on_the_screen_each_is_made_once(browsers):
    agreement = AgreementFactory(status="proposed")

    def there_and_back(version, who, number):
        move = ("withdraw", "revive")[number % 2]
        address = reverse("admin:agreements_agreement_move", args=[agreement.pk, move])
        form = {"version": version, "happened_on": "2025-05-10", "note": f"by {who}"}
        send(browsers[who], address, form)

    won = winners(race(lambda number: Agreement.objects.get().version, there_and_back))
    _, *steps = agreement.steps.all()
    assert [step.note for step in steps] == [f"by {who}" for who in won]
    assert Agreement.objects.get().status == steps[-1].to_status
