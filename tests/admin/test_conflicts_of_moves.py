"""A move whose agreement changed meanwhile: what changed is shown, and what was typed stays."""

from django.urls import reverse

from agreements.models import Agreement
from tests.admin.conflict_tables import tables
from tests.admin.sheets import sheet
from tests.factories import CitationFactory, on


def move_url(tie, move) -> str:
    return reverse("admin:agreements_agreement_move", args=[tie.pk, move])


def typed(client, tie, move) -> dict:
    form = sheet(client.get(move_url(tie, move)))
    return form | {"happened_on": "2025-06", "note": "What I typed."}


def test_what_changed_meanwhile_is_shown_and_the_move_goes_on(parvin, tie):
    mine = typed(parvin, tie, "withdraw")
    Agreement.objects.get().save()
    changed = Agreement.objects.get()
    changed.summary = "His summary."
    changed.save()
    response = parvin.post(move_url(tie, "withdraw"), mine)
    assert response.status_code == 409
    was, now = tables(response)["record"]["Summary"]
    assert (was, now[:23]) == ("—", "His summary. a command,")
    assert sheet(response)["note"] == "What I typed."
    assert parvin.post(move_url(tie, "withdraw"), sheet(response)).status_code == 302
    assert Agreement.objects.get().status == "withdrawn"


def test_a_move_that_is_no_longer_possible_keeps_what_was_typed(rustam, tie):
    mine = typed(rustam, tie, "withdraw")
    Agreement.objects.get().move("withdraw", by=None, happened_on=on("2025-05"))
    response = rustam.post(move_url(tie, "withdraw"), mine)
    page = response.content.decode()
    assert response.status_code == 409
    assert "so this cannot be done any more" in page
    assert sheet(response)["note"] == "What I typed."
    again = rustam.post(move_url(tie, "withdraw"), sheet(response))
    assert again.status_code == 200
    assert sheet(again)["note"] == "What I typed."
    assert tie.steps.count() == 2


def test_who_publishes_what_is_public_already_is_told(rustam, tie):
    CitationFactory(agreement=tie)
    address = reverse("admin:agreements_agreement_publish", args=[tie.pk])
    mine = sheet(rustam.get(address))
    Agreement.objects.get().publish(by=None)
    response = rustam.post(address, mine)
    assert response.status_code == 409
    assert "Somebody else did it already" in response.content.decode()
    assert tables(response)["record"]["Visibility"][0] == "internal"
