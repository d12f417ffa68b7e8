"""A status changes by a move and by nothing else; the history is only ever added to."""

import pytest
from django.core.exceptions import FieldError
from django.db import IntegrityError, connection, models, transaction
from django.forms import modelform_factory
from rest_framework.serializers import ModelSerializer

from agreements.models import Agreement, StatusChange
from common.versions import StaleVersion
from tests.factories import AgreementFactory, on

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement():
    return AgreementFactory(status="proposed", happened_on="2025")


def by_update(agreement):
    Agreement.objects.filter(pk=agreement.pk).update(status="signed")


def by_update_of_the_day(agreement):
    Agreement.objects.filter(pk=agreement.pk).update(status_since=on("1999"))


def by_a_plain_queryset(agreement):
    models.QuerySet(Agreement).filter(pk=agreement.pk).update(status="signed")


def by_a_plain_queryset_of_the_day(agreement):
    models.QuerySet(Agreement).filter(pk=agreement.pk).update(status_since=on("1999"))


def by_sql(agreement):
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE agreements_agreement SET status = 'signed' WHERE id = %s", [agreement.pk]
        )


def by_save(agreement):
    agreement.status = "signed"
    agreement.save()


def by_save_of_one_field(agreement):
    agreement.status = "signed"
    agreement.save(update_fields=["status"])


def by_save_of_the_day(agreement):
    agreement.status_since = on("1999")
    agreement.save()


def by_update_or_create(agreement):
    Agreement.objects.update_or_create(pk=agreement.pk, defaults={"status": "signed"})


def by_bulk_update(agreement):
    agreement.status = "signed"
    Agreement.objects.bulk_update([agreement], ["status"])


def by_an_upsert(agreement):
    copy = Agreement(pk=agreement.pk, reference=agreement.reference, kind="other", status="signed")
    models.QuerySet(Agreement).bulk_create(
        [copy], update_conflicts=True, update_fields=["status"], unique_fields=["id"]
    )


def by_a_move_in_a_stale_copy(agreement):
    stale = Agreement.objects.get(pk=agreement.pk)
    agreement.summary = "Somebody else was here."
    agreement.save()
    stale.move("draft", by=None, happened_on=on("2025"))


def by_a_step_alone(agreement):
    StatusChange(
        agreement=agreement, sequence=2, move="sign", from_status="drafted", to_status="signed"
    ).save()


def by_a_step_out_of_the_table(agreement):
    step = {"move": "draft", "from_status": "proposed", "to_status": "signed"}
    models.QuerySet(StatusChange).bulk_create(
        [StatusChange(agreement=agreement, sequence=2, effective_from="2025-01-01", **step)]
    )


def by_a_second_opening(agreement):
    step = {"move": "", "from_status": "", "to_status": "signed", "sequence": 2}
    models.QuerySet(StatusChange).bulk_create(
        [StatusChange(agreement=agreement, effective_from="2025-01-01", **step)]
    )


WAYS_ROUND = [value for name, value in list(globals().items()) if name.startswith("by_")]


@pytest.mark.parametrize("way", WAYS_ROUND, ids=lambda way: way.__name__)
def test_there_is_no_way_round_a_move(agreement, way):
    with pytest.raises((ValueError, IntegrityError, StaleVersion)), transaction.atomic():
        way(Agreement.objects.get(pk=agreement.pk))
    now = Agreement.objects.get(pk=agreement.pk)
    assert (now.status, str(now.status_since)) == ("proposed", "2025")
    assert now.steps.count() == 1


def test_a_stale_copy_cannot_save_its_old_status_back(agreement):
    stale = Agreement.objects.get(pk=agreement.pk)
    agreement.move("draft", by=None, happened_on=on("2025"))
    stale.summary = "Typed meanwhile."
    with pytest.raises(StaleVersion), transaction.atomic():
        stale.save()
    assert Agreement.objects.get().status == "drafted"


@pytest.mark.parametrize("name", ["status", "status_since", "reference", "visibility", "version"])
def test_no_form_over_the_model_has_the_field(name):
    assert name not in modelform_factory(Agreement, fields="__all__").base_fields
    with pytest.raises(FieldError):
        modelform_factory(Agreement, fields=[name])


@pytest.mark.parametrize("name", ["status", "status_since", "reference", "visibility", "version"])
def test_no_serializer_over_the_model_takes_the_field(name):
    meta = type("Meta", (), {"model": Agreement, "fields": [name]})
    serializer = type("AgreementSerializer", (ModelSerializer,), {"Meta": meta})
    assert serializer().fields[name].read_only


def test_an_edit_of_other_fields_leaves_the_status_alone(agreement):
    agreement.summary = "Working to establish ties."
    agreement.save()
    Agreement.objects.update(summary="Said again.")
    assert Agreement.objects.get().status == "proposed"


def test_agreements_are_not_recorded_in_bulk_without_their_first_steps():
    with pytest.raises(ValueError, match="one by one"):
        Agreement.objects.bulk_create([Agreement(kind="other", status="signed")])
    assert not Agreement.objects.exists()


def test_a_row_that_is_saved_new_begins_with_its_step():
    agreement = Agreement(kind="friendship", status="drafted")
    agreement.save()
    step = agreement.steps.get()
    assert (step.move, step.to_status, step.happened_on) == ("", "drafted", None)


# --- The history --------------------------------------------------------------------------


def test_a_step_is_not_saved_again(agreement):
    step = agreement.steps.get()
    step.note = "It was not so."
    with pytest.raises(ValueError, match="only ever added to"):
        step.save()


def test_steps_are_not_updated(agreement):
    with pytest.raises(ValueError, match="only ever added to"):
        StatusChange.objects.update(note="It was not so.")


def test_the_database_refuses_to_rewrite_a_step(agreement):
    with pytest.raises(IntegrityError), transaction.atomic():
        models.QuerySet(StatusChange).update(note="It was not so.")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE agreements_statuschange SET note = 'It was not so.'")
    assert StatusChange.objects.get().note == ""


def test_a_step_is_not_taken_out(agreement):
    step = agreement.steps.get()
    with pytest.raises(ValueError, match="only ever added to"):
        step.delete()
    with pytest.raises(ValueError, match="only ever added to"):
        StatusChange.objects.all().delete()
    assert agreement.steps.count() == 1


def test_the_history_of_a_published_agreement_is_not_deleted_by_any_hand():
    public = AgreementFactory(public=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        public.delete()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM agreements_statuschange")
    assert public.steps.count() == 1


def test_an_internal_record_made_by_mistake_can_be_deleted_with_its_history(agreement):
    Agreement.objects.get(pk=agreement.pk).delete()
    assert not StatusChange.objects.exists()


def test_steps_are_numbered_once(agreement):
    step = {"sequence": 1, "to_status": "signed", "effective_from": "2025-01-01"}
    with pytest.raises(IntegrityError), transaction.atomic():
        models.QuerySet(StatusChange).bulk_create([StatusChange(agreement=agreement, **step)])


def test_undoing_is_a_step_of_its_own_and_both_stay(agreement):
    agreement.move("withdraw", by=None, happened_on=on("2025-02"))
    agreement.move("revive", by=None, happened_on=on("2025-02"), note="Recorded by mistake.")
    assert [step.to_status for step in agreement.steps.all()] == [
        "proposed",
        "withdrawn",
        "proposed",
    ]


def test_edits_are_kept_one_below_the_other(agreement):
    for summary in ("First.", "Second."):
        agreement.summary = summary
        agreement.save()
    kept = agreement.history.order_by("history_id").values_list("summary", flat=True)
    assert list(kept) == ["", "First.", "Second."]
