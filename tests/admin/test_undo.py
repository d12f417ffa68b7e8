"""The page that undoes a mistaken step, and what is told of the mistake afterwards."""

import pytest

from agreements.models import Agreement, UndoneStep
from tests.admin.conflict_tables import tables
from tests.admin.sheets import change_url, sheet
from tests.admin.test_moves import act_url, page
from tests.factories import AgreementFactory, SourceFactory, on
from tests.pages.reading import words
from tests.rows import all_rows

REASON = "Only the council voted."


@pytest.fixture
def signed(qazvin, khujand, registrar):
    """Drafted in 2024, signed in 2025 by mistake, and public."""
    tie = AgreementFactory(
        status="drafted", happened_on="2024", parties=[qazvin, khujand], public=True
    )
    tie.move("sign", by=registrar, happened_on=on("2025-06"), citations=[(SourceFactory(), "")])
    return tie


def undo(client, agreement, reason: str = REASON):
    data = sheet(client.get(act_url(agreement, "undo"))) | {"reason": reason}
    return client.post(act_url(agreement, "undo"), data)


def test_it_shows_the_step_what_comes_after_and_what_changes_in_public(rustam, signed):
    before = all_rows()
    shown = words(rustam.get(act_url(signed, "undo")).content.decode())
    assert "Signed June 2025" in shown
    assert "After that it stands as drafted again, since: 2024." in shown
    assert "The public page says: Signed in June 2025, says Asia-Plus." in shown
    assert "will say: Drafted in 2024; no source is given for this step; no signature" in shown
    assert all_rows() == before


def test_a_registrar_undoes_it_with_a_reason(rustam, registrar, signed):
    assert undo(rustam, signed).status_code == 302
    assert Agreement.objects.get(pk=signed.pk).status == "drafted"
    undone = UndoneStep.objects.get()
    assert (undone.reason, undone.undone_by) == (REASON, registrar)


def test_it_is_listed_for_the_staff_as_recorded_by_mistake(rustam, aziza, signed):
    assert "Recorded by mistake" not in page(aziza, signed)
    undo(rustam, signed)
    shown = words(page(aziza, signed))
    assert "Recorded by mistake" in shown
    assert f"rustam: {REASON}" in shown


def test_a_reason_is_asked_at_the_field(rustam, signed):
    assert "reason" in undo(rustam, signed, " ").context["form"].errors
    assert not UndoneStep.objects.exists()


@pytest.mark.parametrize("who", ["parvin", "aziza"])
def test_nobody_else_undoes(request, who, signed):
    client = request.getfixturevalue(who)
    assert client.get(act_url(signed, "undo")).status_code == 403
    data = {"version": str(signed.version), "reason": REASON}
    assert client.post(act_url(signed, "undo"), data).status_code == 403
    assert act_url(signed, "undo") not in page(client, signed)
    assert not UndoneStep.objects.exists()


def test_the_first_step_has_no_way_back(rustam, tie):
    assert act_url(tie, "undo") not in page(rustam, tie)
    response = rustam.get(act_url(tie, "undo"), follow=True)
    assert "there is nothing to go back to" in response.content.decode()
    refused = rustam.post(act_url(tie, "undo"), {"version": "1", "reason": REASON})
    assert "there is nothing to go back to" in refused.content.decode()


def test_an_agreement_that_changed_meanwhile_is_shown_first(rustam, parvin, signed):
    data = sheet(rustam.get(act_url(signed, "undo"))) | {"reason": REASON}
    parvin.post(change_url(signed), sheet(parvin.get(change_url(signed))) | {"title": "A pact"})
    response = rustam.post(act_url(signed, "undo"), data)
    assert response.status_code == 409
    assert tables(response)["record"]["Title"][0] == "—"
    assert sheet(response)["reason"] == REASON
    assert rustam.post(act_url(signed, "undo"), sheet(response)).status_code == 302
    assert Agreement.objects.get(pk=signed.pk).status == "drafted"
