"""How good the word for an agreement is: by the queryset and by the row alike."""

import pytest

from agreements.models import Agreement, Evidence
from tests.factories import (
    AgreementFactory,
    CitationFactory,
    DocumentFactory,
    SignatureFactory,
    SourceFactory,
    a_file,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement(qazvin, khujand):
    return AgreementFactory(status="drafted", parties=[qazvin, khujand])


def evidence(agreement) -> str:
    found = Agreement.objects.with_evidence().get(pk=agreement.pk).evidence_found
    assert Agreement.objects.get(pk=agreement.pk).evidence == found
    assert list(Agreement.objects.having_evidence([found]).filter(pk=agreement.pk)) == [agreement]
    return found


def cite(agreement, speaks_for=None):
    CitationFactory(agreement=agreement, source=SourceFactory(speaks_for=speaks_for))


def test_without_a_source_there_is_none(agreement):
    assert evidence(agreement) == Evidence.NONE


def test_a_headline_is_press(agreement):
    cite(agreement)
    assert evidence(agreement) == Evidence.PRESS


def test_the_record_of_a_stranger_is_no_better_than_press(agreement):
    cite(agreement, speaks_for=agreement.parties.first().place.parent)
    assert evidence(agreement) == Evidence.PRESS


def test_one_partys_own_record(agreement, qazvin):
    cite(agreement, speaks_for=qazvin)
    cite(agreement, speaks_for=qazvin)
    assert evidence(agreement) == Evidence.ONE_PARTY


def test_every_partys_own_record(agreement, qazvin, khujand):
    cite(agreement, speaks_for=qazvin)
    cite(agreement, speaks_for=khujand)
    assert evidence(agreement) == Evidence.EVERY_PARTY


def test_the_text_on_file_is_the_best(agreement, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    cite(agreement)
    DocumentFactory(agreement=agreement, file=a_file())
    assert evidence(agreement) == Evidence.TEXT


def test_a_link_to_a_text_is_not_a_text_on_file(agreement):
    DocumentFactory(agreement=agreement)
    assert evidence(agreement) == Evidence.NONE


def test_who_signed_is_not_who_says_so(agreement):
    SignatureFactory(agreement=agreement)
    assert evidence(agreement) == Evidence.NONE


def test_a_source_of_another_agreement_counts_for_nothing_here(agreement, qazvin):
    cite(AgreementFactory(), speaks_for=qazvin)
    assert evidence(agreement) == Evidence.NONE


def test_an_agreement_without_parties_has_no_partys_record():
    bare = AgreementFactory(parties=[])
    assert evidence(bare) == Evidence.NONE
    cite(bare)
    assert evidence(bare) == Evidence.PRESS
