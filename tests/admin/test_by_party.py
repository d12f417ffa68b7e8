"""What each party approved and signed, entered in one place: all of a page or nothing of it."""

import pytest
from django.urls import reverse

from agreements.admin.byparty import summary
from agreements.models import Agreement, Approval, Citation, Signature
from agreements.models.deeds import Approval as Deed
from tests.admin.conftest import signed_in
from tests.admin.sheets import change_url, sheet
from tests.desk_factories import ClerkshipFactory
from tests.factories import (
    AgreementFactory,
    ApprovalFactory,
    CitationFactory,
    OfficialFactory,
    PartyFactory,
    PlaceFactory,
    SignatureFactory,
    SourceFactory,
    staff,
)
from tests.rows import all_rows

SAVED, SHOWN, CONFLICT = 302, 200, 409


def url(tie) -> str:
    return reverse("admin:agreements_agreement_byparty", args=[tie.pk])


def opened(client, tie) -> dict:
    return sheet(client.get(url(tie)))


def said(response) -> str:
    """All that the refused page says, in one text."""
    form = response.context["form"]
    texts = list(form.errors)
    for formset in form.formsets():
        if formset.is_bound:
            texts += formset.non_form_errors()
            texts += [text for row in formset.errors for texts_ in row.values() for text in texts_]
    return "\n".join(map(str, texts))


@pytest.fixture
def qazvins(tie):
    """The party Qazvin."""
    return tie.parties.first()


def test_an_approval_its_source_and_a_signature_are_entered_in_one_save(parvin, tie, qazvins):
    source, nozari = SourceFactory(), OfficialFactory(name="Mohammad Nozari")
    khujands = tie.parties.last()
    row, signed = f"approvals-{qazvins.pk}-0", f"signatures-{khujands.pk}-0"
    data = opened(parvin, tie) | {
        f"{row}-body": "City council of Qazvin",
        f"{row}-outcome": "approved",
        f"{row}-decided_on": "2025-05",
        f"{row}-source": str(source.pk),
        f"{row}-says": "The council voted.",
        f"{signed}-official": str(nozari.pk),
    }
    assert parvin.post(url(tie), data)["Location"] == change_url(tie)
    approval = tie.approvals.get()
    assert (approval.party, approval.outcome, str(approval.decided_on)) == (
        qazvins,
        Deed.Outcome.APPROVED,
        "2025-05",
    )
    cited = Citation.objects.get()
    assert (cited.agreement, cited.approval, cited.source) == (tie, approval, source)
    assert cited.says == "The council voted."
    assert tie.signatures.get().party == khujands
    assert approval.history.get().history_user.username == "parvin"


def test_an_untouched_page_saves_nothing(parvin, tie):
    ApprovalFactory(agreement=tie), SignatureFactory(agreement=tie)
    before = all_rows()
    assert parvin.post(url(tie), opened(parvin, tie)).status_code == SAVED
    assert all_rows() == before


def test_a_source_alone_is_no_edit_of_the_approval(parvin, tie, qazvins):
    approval = ApprovalFactory(agreement=tie)
    row = f"approvals-{qazvins.pk}-0"
    data = opened(parvin, tie) | {f"{row}-source": str(SourceFactory().pk)}
    assert parvin.post(url(tie), data).status_code == SAVED
    assert (Approval.objects.get().version, approval.citations.count()) == (1, 1)
    # The same page sent once more says nothing new.
    assert "on record here already" in said(parvin.post(url(tie), data))
    assert approval.citations.count() == 1


def test_one_bad_row_keeps_all_others_from_being_saved(parvin, tie, qazvins):
    khujands = tie.parties.last()
    data = opened(parvin, tie) | {
        f"approvals-{qazvins.pk}-0-body": "City council",
        f"signatures-{khujands.pk}-0-signed_on": "yesterday",
    }
    before = all_rows()
    assert parvin.post(url(tie), data).status_code == SHOWN
    assert all_rows() == before


def test_what_a_source_says_needs_the_source(parvin, tie, qazvins):
    row = f"approvals-{qazvins.pk}-0"
    data = opened(parvin, tie) | {f"{row}-body": "City council", f"{row}-says": "They voted."}
    assert "which source it is" in said(parvin.post(url(tie), data))
    assert not Approval.objects.exists()


def test_a_deleted_approval_leaves_its_source_with_the_agreement(parvin, tie, qazvins):
    approval = ApprovalFactory(agreement=tie)
    cited = CitationFactory(agreement=tie, approval=approval)
    data = opened(parvin, tie) | {f"approvals-{qazvins.pk}-0-DELETE": "on"}
    assert parvin.post(url(tie), data).status_code == SAVED
    assert not Approval.objects.exists()
    assert Citation.objects.get(pk=cited.pk).approval is None


def test_further_rows_come_by_saving_and_going_on(parvin, tie, qazvins):
    data = opened(parvin, tie) | {f"approvals-{qazvins.pk}-0-body": "City council"}
    response = parvin.post(url(tie), data | {"_continue": "1"})
    assert response["Location"] == url(tie)
    assert f"approvals-{qazvins.pk}-1-body" in opened(parvin, tie)


def test_two_people_who_edit_one_row_see_theirs_and_yours(parvin, rustam, tie, qazvins):
    ApprovalFactory(agreement=tie)
    row = f"approvals-{qazvins.pk}-0"
    mine = opened(parvin, tie) | {f"{row}-note": "By 12 votes."}
    rustam.post(url(tie), opened(rustam, tie) | {f"{row}-note": "By 13 votes."})
    response = parvin.post(url(tie), mine)
    assert response.status_code == CONFLICT
    assert "Theirs and yours" in response.content.decode()
    assert Approval.objects.get().note == "By 13 votes."
    assert parvin.post(url(tie), sheet(response)).status_code == SAVED
    assert Approval.objects.get().note == "By 12 votes."


def test_two_people_who_edit_two_rows_both_keep_theirs(parvin, rustam, tie, qazvins):
    ApprovalFactory(agreement=tie), SignatureFactory(agreement=tie)
    mine = opened(parvin, tie) | {f"approvals-{qazvins.pk}-0-note": "Mine."}
    his = opened(rustam, tie) | {f"signatures-{qazvins.pk}-0-office": "His."}
    assert rustam.post(url(tie), his).status_code == SAVED
    assert parvin.post(url(tie), mine).status_code == SAVED
    assert (Approval.objects.get().note, Signature.objects.get().office) == ("Mine.", "His.")


def test_a_party_entered_meanwhile_is_no_hindrance(parvin, tie, qazvins):
    data = opened(parvin, tie) | {f"approvals-{qazvins.pk}-0-body": "City council"}
    PartyFactory(agreement=tie)
    assert parvin.post(url(tie), data).status_code == SAVED
    assert Approval.objects.exists()


def test_what_was_typed_for_a_party_taken_off_meanwhile_is_not_lost_unseen(parvin, tie, qazvins):
    third = PartyFactory(agreement=tie)
    data = opened(parvin, tie) | {
        f"approvals-{qazvins.pk}-0-body": "City council",
        f"signatures-{third.pk}-0-office": "Mayor of the third",
    }
    third.delete()
    response = parvin.post(url(tie), data)
    assert response.status_code == CONFLICT
    assert "Mayor of the third" in said(response)
    assert not Approval.objects.exists()
    assert parvin.post(url(tie), sheet(response)).status_code == SAVED


# --- Who may ------------------------------------------------------------------------------


def test_an_auditor_sees_all_and_can_send_nothing(aziza, tie):
    cited = CitationFactory(agreement=tie, approval=ApprovalFactory(agreement=tie))
    page = aziza.get(url(tie)).content.decode()
    assert "City council: pending" in page
    assert cited.source.title in page
    assert 'id="byparty_form"' not in page
    assert aziza.post(url(tie), {}).status_code == 403


def test_a_merged_record_is_shown_and_not_written(parvin, tie):
    Agreement.objects.filter(pk=tie.pk).update(merged_into=AgreementFactory())
    assert 'id="byparty_form"' not in parvin.get(url(tie)).content.decode()
    response = parvin.post(url(tie), {})
    assert (response.status_code, "merged into another" in response.content.decode()) == (409, True)


def test_a_clerk_of_another_office_finds_nothing(tie):
    clerk = staff("editor", username="elsewhere")
    ClerkshipFactory(user=clerk, place=PlaceFactory())
    assert signed_in(clerk).get(url(tie)).status_code == 404
    assert signed_in(clerk).post(url(tie), {}).status_code == 404


def test_a_clerk_cites_no_source_that_is_not_theirs_to_see(tie, qazvin, qazvins):
    clerk = staff("editor")
    ClerkshipFactory(user=clerk, place=qazvin)
    client, row = signed_in(clerk), f"approvals-{qazvins.pk}-0"
    theirs = CitationFactory(agreement=AgreementFactory()).source
    data = opened(client, tie) | {f"{row}-body": "Council", f"{row}-source": str(theirs.pk)}
    assert "Select a valid choice" in said(client.post(url(tie), data))
    assert client.post(url(tie), data | {f"{row}-source": ""}).status_code == SAVED


# --- Bad input ----------------------------------------------------------------------------


@pytest.mark.parametrize("source", ["0", "999999", "9" * 40, "x", "-1", "\0", "1.5"])
def test_a_source_that_is_none_is_an_error_in_the_form(parvin, tie, qazvins, source):
    row = f"approvals-{qazvins.pk}-0"
    data = opened(parvin, tie) | {f"{row}-body": "City council", f"{row}-source": source}
    response = parvin.post(url(tie), data)
    assert response.status_code == SHOWN
    assert "Select a valid choice" in said(response)
    assert not Approval.objects.exists()


def test_rows_of_elsewhere_are_neither_changed_nor_moved(parvin, tie, qazvins):
    foreign = ApprovalFactory()
    row = f"approvals-{qazvins.pk}"
    data = opened(parvin, tie) | {
        f"{row}-INITIAL_FORMS": "1",
        f"{row}-0-id": str(foreign.pk),
        f"{row}-0-version": "1",
        f"{row}-0-body": "Mine now",
    }
    before = all_rows()
    assert parvin.post(url(tie), data).status_code in (SHOWN, CONFLICT)
    assert all_rows() == before


def test_a_party_of_elsewhere_is_refused(parvin, tie):
    foreign = PartyFactory()
    data = opened(parvin, tie) | {f"approvals-{foreign.pk}-0-body": "Foreign"}
    before = all_rows()
    assert parvin.post(url(tie), data).status_code == CONFLICT
    assert all_rows() == before


@pytest.mark.parametrize("told", ["-1", "x", "", "21", "999999999", "9" * 30, "\0", "١"])
def test_a_count_of_rows_that_cannot_be_is_refused(parvin, tie, qazvins, told):
    row = f"approvals-{qazvins.pk}"
    data = opened(parvin, tie) | {f"{row}-0-body": "City council", f"{row}-TOTAL_FORMS": told}
    before = all_rows()
    response = parvin.post(url(tie), data)
    assert response.status_code in (SHOWN, 400, SAVED)
    if response.status_code != SAVED:
        assert all_rows() == before


def test_a_form_without_its_rows_is_refused(parvin, tie, qazvins):
    assert parvin.post(url(tie), {}).status_code == 400
    data = opened(parvin, tie) | {f"approvals-{qazvins.pk}-0-body": "City council"}
    without = {key: text for key, text in data.items() if not key.endswith("_FORMS")}
    assert "ManagementForm" in said(parvin.post(url(tie), without))
    assert not Approval.objects.exists()


# --- How much it asks, and what the agreement's own screen says -----------------------------


def fill(tie, parties: int) -> None:
    for _number in range(parties):
        party = PartyFactory(agreement=tie)
        for _row in range(2):
            approval = ApprovalFactory(agreement=tie, party=party)
            CitationFactory(agreement=tie, approval=approval)
            official, place = OfficialFactory(), PlaceFactory()
            SignatureFactory(agreement=tie, party=party, official=official, signed_in=place)


def test_many_parties_and_rows_ask_no_more_than_few(parvin, tie, django_assert_max_num_queries):
    fill(tie, 2)
    with django_assert_max_num_queries(25) as few:
        data = opened(parvin, tie)
    with django_assert_max_num_queries(35) as few_sent:
        parvin.post(url(tie), data)
    fill(tie, 12)
    with django_assert_max_num_queries(len(few)):
        data = opened(parvin, tie)
    with django_assert_max_num_queries(len(few_sent)):
        parvin.post(url(tie), data)


def test_very_many_parties_stand_on_several_pages(parvin, tie):
    PartyFactory.create_batch(20, agreement=tie)
    last = tie.parties.last()
    assert f"approvals-{last.pk}-0-body" not in opened(parvin, tie)
    page = f"{url(tie)}?p=2"
    data = sheet(parvin.get(page)) | {f"approvals-{last.pk}-0-body": "City council"}
    assert parvin.post(page, data).status_code == SAVED
    assert Approval.objects.get().party == last


def test_the_summary_says_what_is_missing_of_whom(parvin, tie, editor):
    approval = ApprovalFactory(agreement=tie, outcome="approved")
    qazvin, khujand = summary(tie, editor).seats
    assert qazvin.approvals == [approval]
    assert [str(one) for one in qazvin.missing] == ["no signature on record"]
    assert len(khujand.missing) == 2
    page = parvin.get(change_url(tie)).content.decode()
    assert "No signature on record" in page
    assert url(tie) in page
