"""One agreement with all that hangs on it."""

import pytest

from agreements.models import Agreement
from tests.factories import (
    AgreementFactory,
    ApprovalFactory,
    CitationFactory,
    DocumentFactory,
    EventFactory,
    InitiativeFactory,
    InstitutionFactory,
    RelationFactory,
    SectorFactory,
    SignatureFactory,
    SourceFactory,
    a_file,
    khujand,
    nozari,
    on,
    qazvin,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def tie(db) -> Agreement:
    """Proposed in 2024, drafted in May 2025, and public."""
    tie = AgreementFactory(
        status="proposed", happened_on="2024", parties=[qazvin(), khujand()], public=True
    )
    source = SourceFactory(key="asia-plus-2025-05-14", published_on=on("2025-05-14"))
    tie.move("draft", by=None, happened_on=on("2025-05"), citations=[(source, "It is prepared.")])
    return tie


@pytest.fixture
def told(api, tie):
    """What the API tells of the tie; to be asked once all is laid."""
    return lambda: api.read(f"agreements/{tie.reference}/")


def test_the_detail_has_all_that_the_list_has(api, tie, told):
    (row,) = api.rows("agreements/")
    assert row.items() <= told().items()


def test_the_history_tells_each_step_with_its_sources(tie, told):
    opening, draft = told()["history"]
    assert (opening["move"], opening["from_status"], opening["sources"]) == ("", "", [])
    recorded_at = draft.pop("recorded_at")
    assert recorded_at.endswith("Z")
    assert draft == {
        "sequence": 2,
        "move": "draft",
        "from_status": "proposed",
        "to_status": "drafted",
        "happened_on": "2025-05",
        "on_record_by": None,
        "counts_from": "2025-05-01",
        "end_reason": "",
        "acted_by": None,
        "note": "",
        "sources": ["asia-plus-2025-05-14"],
    }


def test_who_acted_alone_and_why_it_ended_is_told(tie, told):
    city = tie.parties.get(place__slug="khujand").place
    source = (SourceFactory(), "")
    tie.move("sign", by=None, happened_on=on("2025-06"), citations=[source])
    tie.move(
        "end", by=None, happened_on=on("2026"), end_reason="terminated", acted_by=city, note="So."
    )
    last = told()["history"][-1]
    assert (last["end_reason"], last["note"]) == ("terminated", "So.")
    assert last["acted_by"]["slug"] == "khujand"


def test_a_source_says_what_it_says_and_for_whom(tie, told):
    (source,) = told()["sources"]
    assert source == {
        "key": "asia-plus-2025-05-14",
        "publisher": "Asia-Plus",
        "title": source["title"],
        "url": "https://example.org/article",
        "published_on": "2025-05-14",
        "language": "en",
        "kind": "press",
        "speaks_for": None,
        "says": "It is prepared.",
        "about": "step",
        "step": 2,
        "approval": None,
        "event": None,
        "listing": None,
    }


def test_each_source_says_what_it_is_about(tie, told):
    approval = ApprovalFactory(agreement=tie, body="City council")
    event = EventFactory(agreements=[tie], title="The meeting")
    CitationFactory(agreement=tie, source=SourceFactory(speaks_for=khujand()))
    CitationFactory(agreement=tie, approval=approval)
    CitationFactory(agreement=tie, event=event)
    sources = {source["about"]: source for source in told()["sources"]}
    assert sources["agreement"]["speaks_for"] == "khujand"
    assert sources["approval"]["approval"] == "City council"
    assert sources["event"]["event"] == "The meeting"
    assert sources["step"]["step"] == 2


def test_approvals_and_signatures_name_their_party(tie, told):
    party = tie.parties.get(place__slug="qazvin")
    ApprovalFactory(agreement=tie, party=party, outcome="approved", decided_on=on("2025-09-16"))
    SignatureFactory(agreement=tie, party=party, official=nozari(), signed_in=khujand())
    approval, signature = told()["approvals"][0], told()["signatures"][0]
    assert (approval["party"]["slug"], approval["decided_on"]) == ("qazvin", "2025-09-16")
    assert signature["official"]["slug"] == "mohammad-nozari"
    assert signature["signed_in"]["name"] == "Khujand"
    assert signature["signed_on"] is None


def test_initiatives_and_events_come_with_who_takes_part(tie, told):
    university = InstitutionFactory(name="Khujand State University", place=khujand())
    made = InitiativeFactory(agreement=tie, sector=SectorFactory(slug="science"), due_on=on("2027"))
    made.institutions.add(university)
    EventFactory(agreements=[tie], participants=[nozari()], place=qazvin())
    initiative, event = told()["initiatives"][0], told()["events"][0]
    assert (initiative["sector"], initiative["due_on"]) == ("science", "2027")
    assert initiative["institutions"][0]["name"] == "Khujand State University"
    assert event["participants"][0]["name"] == "Mohammad Nozari"
    assert event["place"]["slug"] == "qazvin"


def test_a_text_on_file_is_told_with_its_checksum_and_can_be_fetched(
    api, tie, told, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    DocumentFactory(agreement=tie, file=a_file(b"the text"), url="")
    (document,) = told()["documents"]
    assert len(document["sha256"]) == 64
    assert api.client.get(document["file"]).getvalue() == b"the text"


def test_a_text_elsewhere_is_a_link(tie, told):
    DocumentFactory(agreement=tie)
    (document,) = told()["documents"]
    assert (document["file"], document["sha256"]) == (None, "")
    assert document["url"] == "https://example.org/agreement.pdf"


def test_relations_are_told_from_both_ends(api, tie, told):
    older = AgreementFactory(public=True)
    RelationFactory(from_agreement=tie, to_agreement=older, kind="renews")
    expected = {
        "from_agreement": tie.reference,
        "kind": "renews",
        "to_agreement": older.reference,
    }
    assert told()["relations"] == [expected]
    assert api.read(f"agreements/{older.reference}/")["relations"] == [expected]
