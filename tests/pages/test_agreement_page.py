"""The page of one agreement."""

import pytest
from django.urls import reverse

from tests.factories import (
    AgreementFactory,
    ApprovalFactory,
    CitationFactory,
    EventFactory,
    InitiativeFactory,
    PartyFactory,
    RelationFactory,
    SectorFactory,
    SignatureFactory,
    SourceFactory,
    khujand,
    nozari,
    on,
    qazvin,
    zohidi,
)
from tests.pages.reading import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def tie(db):
    return AgreementFactory(
        status="drafted",
        on_record_by="2025-05-10",
        parties=[qazvin(), khujand()],
        sources=[SourceFactory(publisher="Asia-Plus", key="asia-plus")],
        local_term="خواهرخواندگی",
        local_term_language="fa",
        public=True,
    )


def page_of(client, agreement, **kwargs) -> str:
    return read(client, agreement.get_absolute_url(), **kwargs)


def test_it_says_how_far_it_has_got_since_when_and_who_says_so(client, tie):
    page = page_of(client, tie)
    assert "Proposed no record of it Drafted by 10 May 2025 Signed not reached" in page
    assert "Drafted. On record by 10 May 2025, says Asia-Plus; no signature is on record." in page
    assert "In force No: it is not signed." in page


def test_parties_stand_with_level_and_country(client, tie):
    page = page_of(client, tie)
    assert "Qazvin city, Iran" in page
    assert "Khujand city, Tajikistan" in page


def test_the_local_term_carries_its_language(client, tie):
    html = client.get(tie.get_absolute_url()).content.decode()
    assert '<bdi lang="fa" dir="rtl">خواهرخواندگی</bdi>' in html


def test_a_small_letter_reference_leads_to_the_capitals(client, tie):
    response = client.get(tie.get_absolute_url().lower())
    assert (response.status_code, response["Location"]) == (301, tie.get_absolute_url())


def test_an_internal_agreement_is_not_there_for_others(client, editor):
    hidden = AgreementFactory(title="Hush")
    page_of(client, hidden, status=404)
    client.force_login(editor)
    page = page_of(client, hidden)
    assert "Hush" in page
    assert "Edit this record" in page


def test_a_hidden_and_a_missing_agreement_look_the_same(client):
    hidden = AgreementFactory()
    found, missing = (
        client.get(address).content.replace(address.encode(), b"")
        for address in (hidden.get_absolute_url(), "/agreements/TW-000000/")
    )
    assert strip_token(found) == strip_token(missing)


def strip_token(html: bytes) -> bytes:
    return b"".join(line for line in html.splitlines() if b"csrfmiddlewaretoken" not in line)


def test_signatures_say_who_signed_for_whom(client, tie):
    SignatureFactory(
        agreement=tie,
        official=nozari(),
        office="Governor",
        signed_on=on("2025-05-10"),
        signed_in=khujand(),
        manner="video",
    )
    page = page_of(client, tie)
    assert "Mohammad Nozari, Governor for Qazvin · 10 May 2025 · in Khujand · by video" in page
    assert "no signature is on record" not in page


def test_an_approval_is_not_taken_for_a_signature(client, tie):
    approval = ApprovalFactory(agreement=tie, outcome="approved", decided_on=on("2025-09-16"))
    CitationFactory(agreement=tie, approval=approval, source=SourceFactory(publisher="Mehr"))
    page = page_of(client, tie)
    assert "City council: approved for Qazvin · 16 September 2025 Source: Mehr" in page
    assert "No signature is on record." in page


def test_initiatives_stand_sector_by_sector_with_their_state(client, tie):
    culture = SectorFactory(name="Culture")
    InitiativeFactory(agreement=tie, sector=culture, title="Film week", state="under_way")
    InitiativeFactory(agreement=tie, title="Hotline")
    page = page_of(client, tie)
    assert "Culture Film week under way" in page
    assert "Of no one sector Hotline proposed" in page


def test_events_say_who_took_part(client, tie):
    EventFactory(title="Talks", agreements=[tie], participants=[nozari(), zohidi()])
    page = page_of(client, tie)
    assert "Talks Meeting · date unknown Took part: Mohammad Nozari, Nizomiddin Zohidi" in page


def test_a_shared_event_does_not_tell_of_the_internal_agreement(client, tie):
    hidden = AgreementFactory(title="Hush")
    event = EventFactory(title="Talks", agreements=[tie, hidden])
    source = SourceFactory(publisher="A paper that must not show")
    CitationFactory(agreement=hidden, event=event, source=source, says="Secret words")
    page = page_of(client, tie)
    assert "Talks" in page
    assert source.publisher not in page
    assert "Hush" not in page


def test_a_source_says_what_it_says_and_about_what(client, tie):
    source = SourceFactory(publisher="Mehr", title="Became sisters", published_on=on("2025-09-16"))
    CitationFactory(agreement=tie, source=source, says="The text reports a vote.")
    page = page_of(client, tie)
    assert "Became sisters Mehr · 16 September 2025 · press · English" in page
    assert "Of the agreement The text reports a vote." in page


def test_relations_read_from_both_ends(client, tie):
    older = AgreementFactory(title="Old pact", public=True)
    RelationFactory(from_agreement=tie, to_agreement=older, kind="renews")
    assert "Renews Old pact" in page_of(client, tie)
    assert "Renewed by Qazvin – Khujand" in page_of(client, older)


def test_a_relation_to_an_internal_agreement_is_not_told(client, tie):
    RelationFactory(from_agreement=AgreementFactory(title="Hush"), to_agreement=tie)
    assert "Hush" not in page_of(client, tie)


def test_history_keeps_the_day_apart_from_the_recording_and_names_no_staff(client, registrar):
    agreement = AgreementFactory(
        status="drafted", happened_on="2020", parties=[qazvin(), khujand()], public=True
    )
    agreement.move(
        "withdraw", by=registrar, happened_on=on("2021-03"), acted_by=khujand(), note="Costs."
    )
    page = page_of(client, agreement)
    assert "First on record as drafted Happened: 2020 · Recorded:" in page
    assert "Withdrawn, by Khujand alone Happened: March 2021" in page
    assert registrar.username not in page


def test_what_is_absent_is_said_once_and_empty_sections_are_left_out(client, tie):
    page = page_of(client, tie)
    assert page.count("No signature is on record.") == 1
    assert "No text of it is on file." in page
    for section in ("Approvals", "Initiatives", "Related agreements"):
        assert section not in page


def test_the_internal_note_is_shown_to_nobody(client, auditor, tie):
    tie.internal_note = "For colleagues alone"
    tie.save()
    client.force_login(auditor)
    assert tie.internal_note not in page_of(client, tie)


def test_a_name_of_then_stands_beside_the_name_of_now(client, tie):
    PartyFactory(agreement=tie, name_then="Stalingrad")
    assert "named in the text: Stalingrad" in page_of(client, tie)


def test_words_of_the_staff_cannot_become_markup(client, tie):
    tie.summary = "<script>alert(1)</script>"
    tie.save()
    assert "<script>" not in client.get(tie.get_absolute_url()).content.decode()


def test_only_reading_is_answered(client, tie):
    assert client.post(tie.get_absolute_url()).status_code == 405
    assert client.delete(reverse("agreement-list")).status_code == 405
