"""The public page before it is public: just what everybody will see, and nothing is written."""

import re

import pytest
from django.test import Client
from django.utils.translation import override

from agreements.models import Agreement
from tests.admin.test_moves import act_url
from tests.factories import (
    AgreementFactory,
    ApprovalFactory,
    CitationFactory,
    EventFactory,
    InitiativeFactory,
    RelationFactory,
    SignatureFactory,
    SourceFactory,
)
from tests.rows import all_rows

BANNER = re.compile(r'<aside class="staff-bar preview-bar".*?</aside>\n', re.DOTALL)


@pytest.fixture
def tie(qazvin, khujand):
    """An internal agreement with some of all that hangs on one."""
    tie = AgreementFactory(
        status="signed",
        parties=[qazvin, khujand],
        sources=[SourceFactory()],
        summary="In short.",
        internal_note="Between us.",
    )
    for factory in (ApprovalFactory, SignatureFactory, InitiativeFactory):
        factory(agreement=tie)
    event = EventFactory(agreements=[tie, AgreementFactory(title="Another, internal")])
    CitationFactory(agreement=tie, event=event)
    RelationFactory(from_agreement=tie, to_agreement=AgreementFactory(title="Older, internal"))
    RelationFactory(from_agreement=tie, to_agreement=AgreementFactory(public=True), kind="amends")
    return tie


def preview(client, agreement, **query) -> str:
    response = client.get(act_url(agreement, "preview"), query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("language", ["en", "fa"])
def test_it_is_byte_for_byte_what_the_public_will_see(rustam, tie, language):
    before = preview(rustam, tie, language=language)
    assert BANNER.search(before)
    tie.publish(by=None)
    with override(language):
        address = tie.get_absolute_url()
    assert BANNER.sub("", before) == Client().get(address).content.decode()


@pytest.mark.parametrize("who", ["parvin", "aziza", "root"])
def test_whoever_sees_the_record_sees_the_same(request, rustam, tie, who):
    mine, his = (
        BANNER.sub("", preview(client, tie)) for client in (request.getfixturevalue(who), rustam)
    )
    assert mine == his


def test_nothing_is_written_and_nobody_else_sees_it(rustam, tie, client):
    before = all_rows()
    preview(rustam, tie)
    assert all_rows() == before
    assert client.get(tie.get_absolute_url()).status_code == 404


def test_it_shows_nothing_internal(rustam, tie):
    page = preview(rustam, tie)
    for words in ("Between us.", "Older, internal", "Another, internal", "Signed in as"):
        assert words not in page


def test_the_banner_says_what_is_still_missing(rustam, qazvin):
    lone = AgreementFactory(status="signed", parties=[qazvin])
    page = preview(rustam, lone)
    assert "An agreement needs two parties or more." in page
    assert "Nothing on record says that it was signed" in page
    assert act_url(lone, "publish") not in page


def test_who_may_publish_is_led_on_to_it(rustam, parvin, tie):
    assert act_url(tie, "publish") in preview(rustam, tie)
    assert act_url(tie, "publish") not in preview(parvin, tie)


def test_the_preview_of_a_public_agreement_says_that_it_is_public(rustam, tie):
    tie.publish(by=None)
    assert "everybody sees this page" in preview(rustam, tie)


def test_the_banner_is_in_the_language_of_the_staff(rustam, tie):
    page = preview(rustam, tie, language="fa")
    assert '<html lang="fa" dir="rtl">' in page
    assert '<aside class="staff-bar preview-bar" lang="en" dir="ltr"' in page


def test_it_is_kept_nowhere_and_indexed_by_nobody(rustam, tie):
    response = rustam.get(act_url(tie, "preview"))
    assert "no-store" in response["Cache-Control"]
    assert "noindex" in response["X-Robots-Tag"]


@pytest.mark.parametrize("query", ["language=de", "language=", "language=%00"])
def test_a_language_that_the_site_does_not_speak_is_a_bad_request(rustam, tie, query):
    assert rustam.get(f"{act_url(tie, 'preview')}?{query}").status_code == 400


def test_a_merged_record_has_no_page_to_come(rustam, tie):
    Agreement.objects.filter(pk=tie.pk).update(merged_into=AgreementFactory())
    assert rustam.get(act_url(tie, "preview")).status_code == 302


def test_it_answers_to_get_alone(rustam, tie):
    assert rustam.post(act_url(tie, "preview")).status_code == 405
