"""Where an agreement stands, in plain sentences."""

import pytest

from agreements import sentences
from agreements.models import Agreement
from tests.factories import (
    AgreementFactory,
    DocumentFactory,
    SignatureFactory,
    SourceFactory,
    khujand,
    on,
    qazvin,
)

pytestmark = pytest.mark.django_db


def plain(text: str) -> str:
    return text.replace("\u2068", "").replace("\u2069", "")


def standing(agreement: Agreement) -> str:
    return plain(sentences.standing(Agreement.objects.get(pk=agreement.pk)))


def by(*publishers: str) -> list:
    return [SourceFactory(publisher=publisher) for publisher in publishers]


def test_the_story_stands_as_the_press_reports_it():
    agreement = AgreementFactory(
        status="drafted", on_record_by="2025-05-10", sources=by("Asia-Plus")
    )
    assert standing(agreement) == (
        "Drafted. On record by 10 May 2025, says Asia-Plus; no signature is on record."
    )


def test_a_signature_on_record_is_not_denied():
    agreement = AgreementFactory(status="drafted", sources=by("IRNA"))
    SignatureFactory(agreement=agreement)
    assert "no signature" not in standing(agreement)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2025-05-10", "Signed on 10 May 2025, says IRNA."),
        ("2025-05", "Signed in May 2025, says IRNA."),
        ("2025", "Signed in 2025, says IRNA."),
        (None, "Signed, on a day that is not known, says IRNA."),
    ],
)
def test_a_day_is_told_as_far_as_it_is_known(day, said):
    assert standing(AgreementFactory(status="signed", happened_on=day, sources=by("IRNA"))) == said


def test_two_sources_say_so_together():
    agreement = AgreementFactory(status="signed", sources=by("IRNA", "Asia-Plus"))
    assert standing(agreement).endswith("say IRNA and Asia-Plus.")


def test_of_many_sources_the_first_is_named_and_the_others_are_counted():
    agreement = AgreementFactory(status="signed", sources=by("IRNA", "Asia-Plus", "Mehr"))
    assert standing(agreement).endswith("say IRNA and 2 others.")


def test_a_step_without_a_source_says_that_it_has_none():
    assert standing(AgreementFactory(status="signed")) == (
        "Signed on 10 May 2025; no source is given for this step."
    )


def test_the_party_that_acted_alone_is_named():
    agreement = AgreementFactory(
        status="signed", sources=by("IRNA"), parties=[qazvin(), khujand()], happened_on="2020"
    )
    agreement.move("suspend", by=None, happened_on=on("2022-03-01"), acted_by=qazvin())
    assert standing(agreement).startswith("Suspended on 1 March 2022, by Qazvin alone")


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("expired", "Ended in 2020, at the end of its term"),
        ("terminated", "Terminated in 2020"),
        ("replaced", "Ended in 2020, replaced by another agreement"),
    ],
)
def test_an_end_says_why(reason, said):
    agreement = AgreementFactory(status="ended", happened_on="2020", end_reason=reason)
    assert standing(agreement).startswith(said)


def test_a_way_back_is_told_as_one():
    agreement = AgreementFactory(status="withdrawn", happened_on="2019")
    agreement.move("revive", by=None, happened_on=on("2021"))
    assert standing(agreement).startswith("Proposed again in 2021")


@pytest.mark.parametrize(
    ("fields", "yes", "why"),
    [
        ({"status": "drafted"}, False, "it is not signed."),
        ({"status": "suspended"}, False, "it is suspended."),
        ({"status": "ended"}, False, "it has ended."),
        ({"status": "withdrawn"}, False, "it was given up before signing."),
        ({"status": "signed"}, True, "signed, and no end of its term is on record."),
        (
            {"status": "signed", "expires_on": on("2999")},
            True,
            "signed, and its term runs until the end of 2999.",
        ),
        (
            {"status": "signed", "expires_on": on("2999-06-30")},
            True,
            "signed, and its term runs until 30 June 2999.",
        ),
        ({"status": "signed", "starts_on": on("2999")}, False, "it begins on 2999."),
        (
            {"status": "signed", "expires_on": on("2025-06-30")},
            False,
            "its term ended on 30 June 2025, and neither an end nor a renewal is on record.",
        ),
    ],
)
def test_in_force_or_not_has_its_reason(fields, yes, why):
    found = sentences.in_force(AgreementFactory(**fields))
    assert (found.yes, plain(found.why)) == (yes, why)


def test_what_stalls_and_what_sleeps_is_said():
    stalled = AgreementFactory(status="proposed", happened_on="2020")
    dormant = AgreementFactory(status="signed", happened_on="2001")
    fresh = AgreementFactory(status="ended", happened_on="2001")
    assert sentences.warnings(stalled)[0].startswith("Stalled:")
    assert sentences.warnings(dormant)[0].startswith("Dormant:")
    assert sentences.warnings(fresh) == []


def test_a_link_to_the_text_does_not_change_the_sentence():
    agreement = AgreementFactory(status="signed", sources=by("IRNA"))
    before = standing(agreement)
    DocumentFactory(agreement=agreement)
    assert standing(agreement) == before
