"""A step that was recorded by mistake is undone; the record of it stays, for the staff alone."""

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.test import Client

from agreements.models import Agreement, MoveRefused, StatusChange, UndoneStep
from common.versions import StaleVersion
from tests.desk_factories import ClerkshipFactory
from tests.factories import AgreementFactory, SourceFactory, on
from tests.rows import all_rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def tie(registrar):
    """Drafted in 2024, and signed in 2025 by mistake."""
    return signed_by_mistake(AgreementFactory(status="drafted", happened_on="2024"), registrar)


@pytest.fixture
def public(registrar):
    tie = AgreementFactory(status="drafted", happened_on="2024", public=True)
    return signed_by_mistake(tie, registrar)


def signed_by_mistake(tie: Agreement, registrar) -> Agreement:
    said = [(SourceFactory(publisher="The Wrong Paper"), "It was signed.")]
    tie.move("sign", by=registrar, happened_on=on("2025-06"), note="Ink.", citations=said)
    return tie


def test_it_stands_again_where_it_stood_before(tie, registrar):
    tie.undo(by=registrar, reason="Only the council voted.")
    now = Agreement.objects.get(pk=tie.pk)
    assert (now.status, now.status_since) == ("drafted", on("2024"))
    assert [step.to_status for step in now.steps.all()] == ["drafted"]
    assert tie.status == "drafted"


def test_the_step_stays_on_record_with_who_undid_it_and_why(tie, registrar):
    step = tie.steps.last()
    undone = tie.undo(by=registrar, reason="  Only the council voted. ")
    kept = (undone.move, undone.from_status, undone.to_status, undone.happened_on, undone.note)
    assert kept == ("sign", "drafted", "signed", on("2025-06"), "Ink.")
    assert (undone.recorded_by, undone.recorded_at) == (registrar, step.recorded_at)
    assert (undone.undone_by, undone.reason) == (registrar, "Only the council voted.")


def test_the_trigger_lets_an_undone_step_of_a_public_agreement_go(public, registrar):
    public.undo(by=registrar, reason="Only the council voted.")
    now = Agreement.objects.get(pk=public.pk)
    assert (now.status, now.is_public, now.steps.count()) == ("drafted", True, 1)


def test_the_trigger_lets_no_other_step_of_a_public_agreement_go(public, registrar):
    public.undo(by=registrar, reason="Only the council voted.")
    said = [(SourceFactory(), "")]
    public.move("sign", by=registrar, happened_on=on("2025-07"), citations=said)
    for step in public.steps.all():
        with pytest.raises(IntegrityError, match="never deleted"), transaction.atomic():
            StatusChange.objects.filter(pk=step.pk)._raw_delete(using="default")


def test_sources_of_the_step_stay_with_the_agreement(public, registrar):
    public.undo(by=registrar, reason="Only the council voted.")
    citation = public.citations.get()
    assert (citation.step, citation.says) == (None, "It was signed.")


def test_the_next_move_takes_its_place(tie, registrar):
    tie.undo(by=registrar, reason="Only the council voted.")
    tie.move("withdraw", by=registrar, happened_on=on("2025-07"))
    assert [step.sequence for step in tie.steps.all()] == [1, 2]
    tie.undo(by=registrar, reason="Not that either.")
    assert tie.status == "drafted"
    assert tie.undone_steps.count() == 2


def test_the_first_step_is_where_the_record_begins(tie, registrar):
    tie.undo(by=registrar, reason="Only the council voted.")
    with pytest.raises(MoveRefused, match="nothing to go back to"):
        tie.undo(by=registrar, reason="And that?")
    assert tie.steps.count() == 1


@pytest.mark.parametrize("role", ["editor", "auditor"])
def test_only_a_registrar_undoes(request, role, tie):
    before = all_rows()
    with pytest.raises(PermissionDenied):
        tie.undo(by=request.getfixturevalue(role), reason="I know better.")
    assert all_rows() == before


def test_a_registrar_of_another_office_does_not(tie, registrar):
    bound = ClerkshipFactory(user=User.objects.get(pk=registrar.pk)).user
    with pytest.raises(PermissionDenied):
        tie.undo(by=bound, reason="I know better.")
    assert tie.steps.count() == 2


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_reason_is_needed(tie, registrar, reason):
    with pytest.raises(MoveRefused, match="what was wrong"):
        tie.undo(by=registrar, reason=reason)
    assert tie.steps.count() == 2


def test_a_stale_copy_undoes_nothing(tie, registrar):
    stale = Agreement.objects.get(pk=tie.pk)
    tie.move("suspend", by=registrar, happened_on=on("2025-07"))
    with pytest.raises(StaleVersion):
        stale.undo(by=registrar, reason="Only the council voted.")
    assert (tie.steps.count(), UndoneStep.objects.count()) == (3, 0)


def test_a_merged_record_stays_as_it_was(tie, registrar):
    other = AgreementFactory()
    models.QuerySet(Agreement).filter(pk=tie.pk).update(merged_into=other)
    tie.refresh_from_db()
    with pytest.raises(MoveRefused, match="merged"):
        tie.undo(by=registrar, reason="Only the council voted.")


def test_the_public_reads_nothing_of_the_mistake(public, registrar, client):
    public.undo(by=registrar, reason="Only the council voted.")
    page = client.get(public.get_absolute_url()).content.decode()
    data = client.get(f"/api/v1/agreements/{public.reference}/").content.decode()
    for answer in (page, data):
        assert "Only the council voted." not in answer
        assert "Ink." not in answer
        assert "2025-06" not in answer
    assert not Agreement.objects.having_status(["signed"], on("2025-12-31").last_day).exists()
    assert Agreement.objects.in_force().count() == 0


def test_only_staff_know_that_it_was_there(public, registrar, auditor, anonymous):
    undone = public.undo(by=registrar, reason="Only the council voted.")
    assert list(UndoneStep.objects.visible_to(auditor)) == [undone]
    for reader in (anonymous, None):
        assert not UndoneStep.objects.visible_to(reader).exists()


def test_what_was_signed_by_mistake_is_listed_as_drafted_again(public, registrar):
    public.undo(by=registrar, reason="Only the council voted.")
    found = Client().get("/api/v1/agreements/", {"status": "drafted"}).json()["results"]
    assert [row["reference"] for row in found] == [public.reference]
