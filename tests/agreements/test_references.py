"""References: how an agreement is cited, for ever."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction

from agreements import references
from agreements.models import Agreement, IssuedReference
from tests.factories import AgreementFactory

pytestmark = pytest.mark.django_db


def test_a_reference_can_be_read_out_on_the_telephone():
    drawn = "".join(references.draw().removeprefix("TW-") for _ in range(500))
    assert set(drawn) <= set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    assert not set(drawn) & set("ILOU")


def test_every_agreement_gets_one_of_the_form():
    assert re.fullmatch(r"TW-[0-9A-HJKMNP-TV-Z]{6}", AgreementFactory().reference)


def test_a_given_reference_is_kept():
    assert AgreementFactory(reference="TW-25QZKH").reference == "TW-25QZKH"


@pytest.mark.parametrize(
    "wrong", ["TW-25QZK", "TW-25QZKHH", "tw-25qzkh", "TW-25QZKI", "XX-25QZKH", "TW-25QZKH\n"]
)
def test_another_form_is_refused(wrong):
    with pytest.raises(ValidationError) as refusal:
        Agreement(reference=wrong, kind="other").full_clean()
    assert "reference" in refusal.value.message_dict


def test_no_two_agreements_share_one():
    AgreementFactory(reference="TW-25QZKH")
    with pytest.raises(ValidationError, match="given out before"):
        AgreementFactory(reference="TW-25QZKH")
    assert Agreement.objects.count() == 1


def test_the_reference_of_a_deleted_agreement_is_never_given_out_again():
    AgreementFactory(reference="TW-25QZKH").delete()
    with pytest.raises(ValidationError, match="given out before"):
        AgreementFactory(reference="TW-25QZKH")
    assert IssuedReference.objects.get().code == "TW-25QZKH"


def test_a_lot_that_falls_on_a_used_reference_is_drawn_again(monkeypatch):
    AgreementFactory(reference="TW-000001").delete()
    AgreementFactory(reference="TW-000002")
    lots = iter(["TW-000001", "TW-000002", "TW-000003"])
    monkeypatch.setattr(references, "draw", lambda: next(lots))
    assert AgreementFactory().reference == "TW-000003"


def test_a_reference_never_changes():
    agreement = AgreementFactory(reference="TW-25QZKH")
    agreement.reference = "TW-000001"
    with pytest.raises(IntegrityError), transaction.atomic():
        agreement.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        models.QuerySet(Agreement).update(reference="TW-000001")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE agreements_agreement SET reference = 'TW-000001'")
    assert Agreement.objects.get().reference == "TW-25QZKH"


def test_references_do_not_tell_how_many_agreements_there_are():
    drawn = [AgreementFactory(parties=[]).reference for _ in range(12)]
    assert drawn != sorted(drawn)
    assert len({reference[:5] for reference in drawn}) > 6
