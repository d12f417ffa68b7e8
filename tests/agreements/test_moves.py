"""What a move needs, what it refuses, and that it is written whole or not at all."""

import pytest
import time_machine

from agreements.models import Agreement, Citation, MoveRefused, StatusChange
from common.versions import StaleVersion
from tests.factories import (
    AgreementFactory,
    DocumentFactory,
    PlaceFactory,
    SignatureFactory,
    SourceFactory,
    on,
)
from tests.rows import all_rows

pytestmark = pytest.mark.django_db

THE_DAY = on("2025-05-10")


def refused(agreement, move, **given) -> str:
    """What the refusal says; nothing at all was written."""
    before = all_rows()
    with pytest.raises(MoveRefused) as refusal:
        agreement.move(move, by=None, **given)
    assert all_rows() == before
    return " ".join(refusal.value.messages)


def drafted(**fields):
    return AgreementFactory(status="drafted", happened_on="2025-01", **fields)


def source_says():
    return [(SourceFactory(), "Signed.")]


def test_qazvin_and_khujand_sign_with_a_day_and_a_source(qazvin, khujand, registrar):
    agreement = drafted(parties=[qazvin, khujand])
    step = agreement.move("sign", by=registrar, happened_on=THE_DAY, citations=source_says())
    assert (agreement.status, agreement.status_since) == ("signed", THE_DAY)
    assert (step.sequence, step.recorded_by) == (2, registrar)
    assert Citation.objects.get(step=step).says == "Signed."


def test_signing_needs_two_parties():
    lonely = drafted(parties=[PlaceFactory()])
    assert "two parties" in refused(lonely, "sign", happened_on=THE_DAY, citations=source_says())


def test_signing_needs_a_day():
    assert "which day" in refused(drafted(), "sign", citations=source_says())


def test_signing_needs_evidence():
    assert "source" in refused(drafted(), "sign", happened_on=THE_DAY)


@pytest.mark.parametrize("factory", [SignatureFactory, DocumentFactory])
def test_a_signature_or_a_document_on_record_is_evidence_enough(factory):
    agreement = drafted()
    factory(agreement=agreement)
    agreement.move("sign", by=None, happened_on=THE_DAY)
    assert agreement.status == "signed"


def test_a_source_of_the_draft_is_no_evidence_of_the_signing():
    agreement = drafted(sources=[SourceFactory()])
    assert "source" in refused(agreement, "sign", happened_on=THE_DAY)


def test_a_year_is_day_enough():
    agreement = drafted()
    agreement.move("sign", by=None, happened_on=on("2025"), citations=source_says())
    assert str(agreement.status_since) == "2025"


def test_to_be_on_record_by_a_day_is_day_enough():
    agreement = drafted()
    agreement.move("sign", by=None, on_record_by=on("2025-09"), citations=source_says())
    assert (agreement.status, agreement.status_since) == ("signed", None)


def test_a_day_is_known_or_it_is_not():
    given = {"happened_on": THE_DAY, "on_record_by": THE_DAY, "citations": source_says()}
    assert "not known" in refused(drafted(), "sign", **given)


def test_ending_needs_a_reason():
    signed = AgreementFactory(status="signed")
    assert "why" in refused(signed, "end", happened_on=on("2025-06"))


def test_only_an_end_has_a_reason_for_the_end():
    signed = AgreementFactory(status="signed")
    given = {"happened_on": on("2025-06"), "end_reason": "expired"}
    assert "Only an end" in refused(signed, "suspend", **given)


def test_nothing_happens_in_the_future():
    with time_machine.travel("2025-05-31"):
        said = refused(drafted(), "sign", happened_on=on("2025-06"), citations=source_says())
    assert "not come yet" in said


def test_this_month_and_this_year_have_come():
    with time_machine.travel("2025-05-31"):
        agreement = drafted()
        agreement.move("sign", by=None, happened_on=on("2025-05"), citations=source_says())
        agreement.move("suspend", by=None, happened_on=on("2025"))
    assert agreement.status == "suspended"


def test_a_step_is_not_before_the_step_before_it():
    assert "before the step before it" in refused(
        AgreementFactory(status="signed", happened_on="2025-05-10"),
        "suspend",
        happened_on=on("2025-05-09"),
    )


@pytest.mark.parametrize("day", ["2025-05-10", "2025-05", "2025"])
def test_a_step_may_be_of_the_same_day_or_of_a_span_that_holds_it(day):
    agreement = AgreementFactory(status="signed", happened_on="2025-05-10")
    agreement.move("suspend", by=None, happened_on=on(day))
    assert agreement.status == "suspended"


def test_a_stranger_cannot_act_for_a_party(khujand):
    signed = AgreementFactory(status="signed")
    assert "Only a party" in refused(signed, "suspend", happened_on=on("2025-06"), acted_by=khujand)


def test_one_party_may_act_alone_and_the_step_says_which(qazvin, khujand):
    signed = AgreementFactory(status="signed", parties=[qazvin, khujand])
    step = signed.move("suspend", by=None, happened_on=on("2025-06"), acted_by=khujand)
    assert step.acted_by == khujand


def test_a_move_out_of_place_says_what_the_agreement_is():
    ended = AgreementFactory(status="ended")
    assert "ended cannot be signed" in refused(ended, "sign", happened_on=on("2025-06"))


def test_all_that_is_missing_is_said_at_once():
    said = refused(drafted(parties=[]), "sign")
    assert all(word in said for word in ("two parties", "which day", "source"))


def test_a_move_that_does_not_exist_is_a_mistake_of_the_program():
    with pytest.raises(KeyError):
        drafted().move("ratify", by=None)


class Torn(Exception):
    """Stands for a database that fails in the middle."""


@pytest.mark.parametrize("model", [StatusChange, Citation, Agreement])
def test_a_move_that_fails_half_way_leaves_neither_status_nor_step(model, monkeypatch):
    agreement, citations = drafted(), source_says()
    before = all_rows()

    def tear(*args, **kwargs):
        raise Torn

    monkeypatch.setattr(model, "save", tear)
    with pytest.raises(Torn):
        agreement.move("sign", by=None, happened_on=THE_DAY, citations=citations)
    assert all_rows() == before


@pytest.mark.parametrize("model", ["StatusChange", "Party", "Citation"])
def test_a_record_that_fails_half_way_leaves_nothing_not_even_its_reference(model, monkeypatch):
    from agreements import models

    places, sources = PlaceFactory.create_batch(2), [SourceFactory()]
    before = all_rows()

    def tear(*args, **kwargs):
        raise Torn

    monkeypatch.setattr(getattr(models, model), "save", tear)
    with pytest.raises(Torn):
        AgreementFactory(parties=places, sources=sources)
    assert all_rows() == before


def test_of_two_copies_the_second_is_told():
    agreement, citations = drafted(), source_says()
    stale = Agreement.objects.get(pk=agreement.pk)
    agreement.move("withdraw", by=None, happened_on=THE_DAY)
    before = all_rows()
    with pytest.raises(StaleVersion):
        stale.move("sign", by=None, happened_on=THE_DAY, citations=citations)
    assert all_rows() == before


def test_a_move_of_a_deleted_agreement_is_told():
    agreement = drafted()
    Agreement.objects.get(pk=agreement.pk).delete()
    with pytest.raises(StaleVersion):
        agreement.move("withdraw", by=None, happened_on=THE_DAY)


def test_a_copy_that_has_moved_can_move_on():
    agreement = drafted()
    for move in ("withdraw", "revive", "draft", "withdraw"):
        agreement.move(move, by=None, happened_on=THE_DAY)
    assert [step.sequence for step in agreement.steps.all()] == [1, 2, 3, 4, 5]


def test_publishing_needs_two_parties():
    with pytest.raises(MoveRefused, match="two parties"):
        AgreementFactory(parties=[PlaceFactory()], public=True)


@pytest.mark.parametrize("status", ["signed", "suspended", "ended"])
def test_publishing_what_was_signed_needs_evidence(status):
    agreement = AgreementFactory(status=status)
    with pytest.raises(MoveRefused, match="add a source"):
        agreement.publish(by=None)
    assert not Agreement.objects.get().is_public


def test_a_proposal_is_published_without_a_source():
    assert AgreementFactory(status="proposed", public=True).is_public
