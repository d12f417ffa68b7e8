"""The status is shown, and moved by buttons: what each asks, who may, and what is refused."""

import pytest
from django.urls import reverse

from agreements.lifecycle import MOVES, moves_from
from agreements.models import Agreement
from tests.admin.conflict_tables import tables
from tests.admin.sheets import change_url, sheet
from tests.factories import AgreementFactory, CitationFactory, SourceFactory, on
from tests.rows import all_rows


def move_url(agreement, move: str) -> str:
    return reverse("admin:agreements_agreement_move", args=[agreement.pk, move])


def act_url(agreement, act: str, *more) -> str:
    return reverse(f"admin:agreements_agreement_{act}", args=[agreement.pk, *more])


def page(client, agreement) -> str:
    return client.get(change_url(agreement)).content.decode()


def status_of(agreement) -> str:
    return Agreement.objects.get(pk=agreement.pk).status


def test_the_page_has_a_button_for_what_an_editor_may_do_and_for_nothing_else(parvin, tie):
    shown = page(parvin, tie)
    assert move_url(tie, "withdraw") in shown
    assert move_url(tie, "sign") not in shown
    assert "Sign: only a registrar can." in shown
    assert act_url(tie, "publish") not in shown


def test_the_page_has_the_registrars_buttons(rustam, tie):
    shown = page(rustam, tie)
    assert move_url(tie, "sign") in shown
    assert act_url(tie, "publish") in shown


def test_the_page_has_no_button_for_an_auditor(aziza, tie):
    shown = page(aziza, tie)
    assert "/move/" not in shown
    assert "Where it stands" in shown


def test_a_move_that_is_not_possible_yet_is_explained(rustam, qazvin):
    lone = AgreementFactory(status="drafted", parties=[qazvin])
    shown = page(rustam, lone)
    assert "Sign: An agreement needs two parties or more." in shown
    assert move_url(lone, "sign") not in shown


def test_the_status_is_no_input_of_the_form(root, tie):
    data = sheet(root.get(change_url(tie)))
    assert not {"status", "status_since", "visibility", "reference"} & data.keys()
    root.post(change_url(tie), data | {"status": "signed", "visibility": "public", "title": "New"})
    saved = Agreement.objects.get(pk=tie.pk)
    assert (saved.title, saved.status, saved.visibility) == ("New", "drafted", "internal")


def test_looking_at_a_move_writes_nothing(rustam, tie):
    before = all_rows()
    assert rustam.get(move_url(tie, "sign")).status_code == 200
    assert rustam.get(act_url(tie, "unpublish")).status_code == 200
    assert all_rows() == before


def test_a_registrar_signs_with_a_day_and_a_source(rustam, registrar, tie):
    source = SourceFactory()
    data = sheet(rustam.get(move_url(tie, "sign")))
    data |= {"happened_on": "2025-06", "source": source.pk, "says": "They signed."}
    assert rustam.post(move_url(tie, "sign"), data).status_code == 302
    step = tie.steps.last()
    assert (step.to_status, step.happened_on, step.recorded_by) == (
        "signed",
        on("2025-06"),
        registrar,
    )
    assert step.citations.get().says == "They signed."


def test_signing_without_a_source_is_refused_at_the_field(rustam, tie):
    data = sheet(rustam.get(move_url(tie, "sign"))) | {"happened_on": "2025-06"}
    response = rustam.post(move_url(tie, "sign"), data)
    assert "source" in response.context["form"].errors
    assert status_of(tie) == "drafted"


def test_a_day_to_come_is_refused_at_the_field_and_what_was_typed_is_kept(parvin, tie):
    data = sheet(parvin.get(move_url(tie, "withdraw")))
    response = parvin.post(
        move_url(tie, "withdraw"), data | {"happened_on": "2999", "note": "No budget."}
    )
    assert response.context["form"].errors["happened_on"] == ["This day has not come yet."]
    assert sheet(response)["note"] == "No budget."
    assert status_of(tie) == "drafted"


def test_a_move_without_any_day_is_refused(parvin, tie):
    data = sheet(parvin.get(move_url(tie, "withdraw")))
    response = parvin.post(move_url(tie, "withdraw"), data)
    assert "Say on which day" in response.content.decode()
    assert status_of(tie) == "drafted"


def test_to_end_asks_for_the_reason_and_who_acted_alone(rustam, qazvin, khujand):
    tie = AgreementFactory(status="signed", parties=[qazvin, khujand])
    data = sheet(rustam.get(move_url(tie, "end"))) | {"happened_on": "2026"}
    assert "end_reason" in rustam.post(move_url(tie, "end"), data).context["form"].errors
    data |= {"end_reason": "terminated", "acted_by": str(qazvin.pk)}
    assert rustam.post(move_url(tie, "end"), data).status_code == 302
    step = tie.steps.last()
    assert (step.to_status, step.end_reason, step.acted_by) == ("ended", "terminated", qazvin)


def test_a_stranger_to_the_agreement_does_not_act_alone(rustam, qazvin, khujand):
    tie = AgreementFactory(status="signed")
    data = sheet(rustam.get(move_url(tie, "suspend")))
    response = rustam.post(
        move_url(tie, "suspend"), data | {"happened_on": "2026", "acted_by": str(qazvin.pk)}
    )
    assert "acted_by" in response.context["form"].errors


def test_a_move_of_an_agreement_that_changed_meanwhile_is_refused_with_what_changed(
    rustam, parvin, tie
):
    data = sheet(rustam.get(move_url(tie, "withdraw"))) | {"happened_on": "2025-06", "note": "No."}
    parvin.post(change_url(tie), sheet(parvin.get(change_url(tie))) | {"title": "A pact"})
    response = rustam.post(move_url(tie, "withdraw"), data)
    assert response.status_code == 409
    was, now = tables(response)["record"]["Title"]
    assert (was, now[:13]) == ("—", "A pact parvin")
    assert sheet(response)["note"] == "No."
    assert status_of(tie) == "drafted"
    assert rustam.post(move_url(tie, "withdraw"), sheet(response)).status_code == 302
    assert status_of(tie) == "withdrawn"


def test_of_two_who_make_one_move_the_second_is_told(rustam, parvin, tie):
    data = sheet(parvin.get(move_url(tie, "withdraw"))) | {"happened_on": "2025-06"}
    assert rustam.post(move_url(tie, "withdraw"), data).status_code == 302
    response = parvin.post(move_url(tie, "withdraw"), data)
    assert response.status_code == 409
    again = parvin.post(move_url(tie, "withdraw"), sheet(response))
    assert "An agreement that is withdrawn cannot be withdrawn." in again.content.decode()
    assert tie.steps.count() == 2


@pytest.mark.parametrize("version", ["", "x", "\0", "9" * 30, "0"])
def test_a_move_needs_the_version_that_it_started_from(parvin, tie, version):
    data = {"happened_on": "2025-06", "version": version}
    assert parvin.post(move_url(tie, "withdraw"), data).status_code in (200, 409)
    assert status_of(tie) == "drafted"


@pytest.mark.parametrize("role", ["parvin", "rustam", "aziza"])
@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize(
    "status", ["proposed", "drafted", "signed", "suspended", "ended", "withdrawn"]
)
def test_every_move_from_every_status_by_every_role(request, role, move, status):
    client = request.getfixturevalue(role)
    agreement = AgreementFactory(status=status, happened_on="2020")
    CitationFactory(agreement=agreement)
    data = {
        "version": "1",
        "happened_on": "2025",
        "end_reason": "expired",
        "source": SourceFactory().pk,
    }
    response = client.post(move_url(agreement, move), data)
    may = {"parvin": {"draft", "withdraw", "revive"}, "rustam": set(MOVES), "aziza": set()}[role]
    possible = MOVES[move] in moves_from(status)
    expected = 403 if move not in may else 302 if possible else 200
    assert response.status_code == expected
    assert status_of(agreement) == (MOVES[move].to_status if expected == 302 else status)


def test_a_forged_address_signs_nothing(parvin, tie):
    assert parvin.get(move_url(tie, "sign")).status_code == 403
    data = {"version": "1", "happened_on": "2025", "source": SourceFactory().pk}
    assert parvin.post(move_url(tie, "sign"), data).status_code == 403
    assert status_of(tie) == "drafted"


@pytest.mark.parametrize("move", ["fly", "publish", "opening"])
def test_a_move_that_is_not_in_the_table_is_not_found(rustam, tie, move):
    assert rustam.get(move_url(tie, move)).status_code == 404


def test_publishing_is_the_registrars_and_by_post(rustam, parvin, aziza, tie):
    assert parvin.post(act_url(tie, "publish"), {"version": "1"}).status_code == 403
    assert aziza.post(act_url(tie, "publish"), {"version": "1"}).status_code == 403
    data = sheet(rustam.get(act_url(tie, "publish")))
    assert not Agreement.objects.get(pk=tie.pk).is_public
    assert rustam.post(act_url(tie, "publish"), data).status_code == 302
    assert Agreement.objects.get(pk=tie.pk).is_public
    data = sheet(rustam.get(act_url(tie, "unpublish")))
    assert rustam.post(act_url(tie, "unpublish"), data).status_code == 302
    assert not Agreement.objects.get(pk=tie.pk).is_public


def test_what_lacks_evidence_is_not_published(rustam, qazvin, khujand):
    tie = AgreementFactory(status="signed", parties=[qazvin, khujand])
    response = rustam.post(act_url(tie, "publish"), {"version": "1"})
    assert "add a source" in response.content.decode()
    assert not Agreement.objects.get(pk=tie.pk).is_public


def test_publishing_an_agreement_that_changed_meanwhile_is_refused(rustam, parvin, tie):
    data = sheet(rustam.get(act_url(tie, "publish")))
    parvin.post(change_url(tie), sheet(parvin.get(change_url(tie))) | {"summary": "Doubtful."})
    response = rustam.post(act_url(tie, "publish"), data)
    assert response.status_code == 409
    was, now = tables(response)["record"]["Summary"]
    assert (was, now[:16]) == ("—", "Doubtful. parvin")


def test_the_history_is_told_on_the_page(parvin, tie, registrar):
    tie.move("withdraw", by=registrar, happened_on=on("2025-06"), note="No budget.")
    shown = page(parvin, tie)
    assert "Withdrawn" in shown
    assert "No budget." in shown
    assert "rustam" in shown
