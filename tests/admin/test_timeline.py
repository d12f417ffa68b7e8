"""The history of a record in words: who did what to it and to all that hangs on it, and when."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from agreements.merging import merge_agreements
from agreements.models import Agreement, Approval, Request
from tests.admin.conftest import signed_in
from tests.admin.sheets import change_url, open_sheet
from tests.desk_factories import ClerkshipFactory
from tests.factories import (
    AgreementFactory,
    ApprovalFactory,
    CitationFactory,
    DocumentFactory,
    EventFactory,
    InitiativeFactory,
    InstitutionFactory,
    ListingFactory,
    OfficialFactory,
    PartyFactory,
    PlaceFactory,
    RelationFactory,
    SectorFactory,
    SignatureFactory,
    SourceFactory,
    on,
    staff,
)


def url(record) -> str:
    meta = record._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_history", args=[record.pk])


def told(client, record, **filters) -> str:
    """The sentences of the page, in one text without marks."""
    response = client.get(url(record), filters)
    assert response.status_code == 200
    page = response.content.decode().split("</form>", 2)[-1].split("<footer")[0]
    return re.sub(r"\s+", " ", unescape(strip_tags(page)))


def save(row, by, **changes) -> None:
    """As a save of this person's would leave it in the history."""
    for name, value in changes.items():
        setattr(row, name, value)
    row._history_user = by
    row.save()


# --- Sentences ----------------------------------------------------------------------------


def test_a_change_is_told_from_what_to_what_and_by_whom(aziza, tie, editor):
    save(ApprovalFactory(agreement=tie, body="City council of Qazvin"), editor, outcome="approved")
    page = told(aziza, tie)
    assert "Outcome of the approval “City council of Qazvin”: pending became approved." in page
    assert re.search(r"Parvin, \d+ \w+ \d{4}, \d\d:\d\d", page)


def test_what_was_entered_taken_out_and_rewritten_is_told_as_such(aziza, tie, editor):
    words = " ".join(f"word{number}" for number in range(20))
    save(tie, editor, local_term="Jumelage", summary=f"They met. {words}")
    save(tie, editor, local_term="", summary=f"They met in Qazvin. {words}")
    page = told(aziza, tie)
    assert "Local term: Jumelage was entered." in page
    assert "Local term: Jumelage was taken out." in page
    assert "Summary was rewritten: They met" in page
    assert "added: met in Qazvin." in page
    assert "removed: met." in page


def test_the_step_tells_the_day_apart_from_the_recording(aziza, tie, registrar):
    tie.move("withdraw", by=registrar, on_record_by=on("2025-06"), note="They quarrelled.")
    page = told(aziza, tie)
    assert "Step recorded: drafted. It happened: 10 May 2025." in page
    assert "It happened on an unknown day and was on record by June 2025." in page
    assert "Note: They quarrelled." in page
    assert "Status" not in page


def test_an_undone_step_stays_told_with_who_undid_it_and_why(aziza, tie, registrar):
    tie.move("withdraw", by=registrar, happened_on=on("2025-06"))
    cited = CitationFactory(agreement=tie, step=tie.steps.last())
    tie.undo(by=registrar, reason="It was another city.")
    page = told(aziza, tie, who=registrar.pk)
    assert "Step undone: withdrawn. It was recorded by rustam on" in page
    assert "What was wrong: It was another city." in page
    assert page.count("It was another city.") == 1
    assert "Step recorded: withdrawn. It happened: June 2025. It was undone later." in page
    of_source = told(aziza, tie, kind="citation")
    assert f"“{cited.source}”: a step that was undone was taken out." in of_source


def test_publishing_and_verifying_are_told_as_such(aziza, tie, registrar):
    tie.publish(by=registrar)
    tie.unpublish(by=registrar)
    tie.verify(by=registrar)
    page = told(aziza, tie)
    assert "Published: everybody can see it." in page
    assert "No longer published: only the staff can see it." in page
    assert "Verified: compared with its sources." in page
    assert "Visibility: internal became" not in page


def test_a_merge_is_told_at_both_records(aziza, tie):
    other = AgreementFactory(parties=[party.place for party in tie.parties.all()])
    ApprovalFactory(agreement=other, body="Council of the other")
    merge_agreements(tie, other, by=None, reason="One text.")
    kept = told(aziza, tie)
    assert f"{other.reference} was merged into this record." in kept
    assert "“Council of the other” came here from" in kept
    assert "Merged: this record is Qazvin – Khujand now." in told(aziza, other)


def test_requests_are_told_with_their_answers(aziza, tie, editor, registrar):
    asked = Request.ask(tie, "sign", by=editor, note="See the text.")
    asked.decline(by=registrar, answer="No signature yet.")
    page = told(aziza, tie, kind="requests")
    assert "Asked for: Sign. Note: See the text." in page
    assert "Request answered: Sign, asked for by parvin: declined. Answer: No sign" in page
    assert "Step recorded" not in page


def test_an_event_is_told_as_long_as_it_is_linked(aziza, tie, editor):
    event = EventFactory(title="The visit", agreements=[])
    save(event, editor, description="Before.")
    event.agreements.add(tie)
    save(event, editor, description="Now.")
    event.agreements.remove(tie)
    save(event, editor, description="Later.")
    page = told(aziza, tie)
    assert "The event “The visit” was linked." in page
    assert "Description of the event “The visit”: Before. became Now." in page
    assert "The event “The visit” was taken off this agreement." in page
    assert "Later." not in page


def test_all_that_hangs_on_it_is_told_and_where_it_is(aziza, tie, qazvin):
    newer = AgreementFactory(title="The newer one")
    RelationFactory(from_agreement=newer, to_agreement=tie)
    party = tie.parties.first()
    for factory in (CitationFactory, InitiativeFactory, DocumentFactory, ApprovalFactory):
        factory(agreement=tie)
    SignatureFactory(agreement=tie, official=OfficialFactory(name="Nozari"))
    ListingFactory(citation__agreement=tie, row=7)
    page = told(aziza, tie)
    for words in (
        "party “Khujand”",
        "signature “Nozari (Qazvin)”",
        "The newer one renews Qazvin – Khujand",
        "row of a list “ties.csv (2016), 7”",
        "document “Agreement (en)”",
    ):
        assert words in page
    links = aziza.get(url(tie)).content.decode()
    assert f"/by-party/#party-{party.pk}" in links
    assert f"{change_url(tie)}#documents-group" in links
    assert f'href="{change_url(newer)}"' in links


def test_what_was_deleted_is_told_by_what_it_was(aziza, tie, editor):
    place = PlaceFactory(name="Tashkent")
    party = PartyFactory(agreement=tie, place=place)
    approval = ApprovalFactory(agreement=tie, party=party, body="Hokimiyat")
    for row in (approval, party, place):
        row.delete()
    page = told(aziza, tie)
    assert "The approval “Hokimiyat” was deleted. For: Tashkent (deleted)" in page
    assert "The party “Tashkent (deleted)” was deleted." in page
    assert "#party-" not in aziza.get(url(tie)).content.decode().split("</form>", 2)[-1]


def test_names_and_texts_are_shown_as_they_are_and_never_as_marks(aziza, tie, editor):
    save(ApprovalFactory(agreement=tie, body="<b>%(x)s & “co”"), editor, note="<script>alert(1)")
    page = aziza.get(url(tie)).content.decode()
    assert "<script>alert" not in page
    assert "&lt;b&gt;%(x)s &amp; “co”" in page


def test_one_save_of_one_person_is_one_entry(parvin, aziza, tie):
    CitationFactory(agreement=tie, says="A vote.")
    earlier = timezone.now() - timedelta(hours=1)
    for model in (Agreement, type(tie.citations.get()), type(tie.parties.first())):
        model.history.update(history_date=earlier)
    changes = {"title": "The twinning", "citations-0-says": "Two votes."}
    parvin.post(change_url(tie), open_sheet(parvin, tie) | changes)
    first = aziza.get(url(tie)).context["timeline"].groups[0]
    assert [first.by, len(first.lines)] == ["parvin", 2]


# --- Filters and pages --------------------------------------------------------------------


def test_it_is_told_of_one_person_one_kind_and_some_days(aziza, tie, editor, registrar):
    save(tie, editor, title="By Parvin")
    save(ApprovalFactory(agreement=tie), registrar, note="By Rustam")
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    today = timezone.localdate().isoformat()
    assert "By Rustam" not in told(aziza, tie, who=editor.pk)
    assert "By Parvin" not in told(aziza, tie, kind="approval")
    assert "By Rustam" in told(aziza, tie, kind="approval", since=today, until=today)
    assert "The record was entered" not in told(aziza, tie, who=editor.pk)
    assert "The record was entered" in told(aziza, tie, who="command")
    assert "No edit on record fits these filters." in told(aziza, tie, since=tomorrow)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("who", "999999", "Nobody of that name"),
        ("who", "x\ud7ff", "Nobody of that name"),
        ("kind", "nonsense", "nothing of that kind"),
        ("since", "yesterday", "Write a day"),
        ("until", "9999-12-31", "2999"),
        ("since", "0001-01-01", "1900"),
        ("colour", "red", "no filter “colour”"),
    ],
)
def test_a_filter_that_is_none_is_said(aziza, tie, name, value, words):
    response = aziza.get(url(tie), {name: value})
    assert (response.status_code, words in unescape(response.content.decode())) == (400, True)
    assert "Step recorded" not in response.content.decode()


def test_days_the_wrong_way_round_and_a_nul_are_refused(aziza, tie):
    response = aziza.get(url(tie), {"since": "2026-02-01", "until": "2026-01-01"})
    assert "before the first one" in response.content.decode()
    assert aziza.get(url(tie), {"who": "\0"}).status_code == 400


def test_a_record_without_any_edit_says_so(aziza, db):
    sector = SectorFactory()
    type(sector).history.all().delete()
    assert "No edit is on record." in told(aziza, sector)


def long_history(tie, edits: int) -> None:
    """Edits of the record and of an approval, by turns, a minute apart."""
    approval = ApprovalFactory(agreement=tie)
    now = timezone.now()
    for row, field in ((tie, "title"), (approval, "note")):
        last = row.history.latest()
        records = []
        for number in range(edits // 2):
            columns = {f.attname: getattr(last, f.attname) for f in last._meta.concrete_fields}
            columns |= {"history_id": None, "history_type": "~", field: f"{field} {number}"}
            columns["history_date"] = now + timedelta(minutes=2 * number + (field == "note"))
            records.append(type(last)(**columns))
        type(last).objects.bulk_create(records)


def test_a_long_history_turns_its_pages_and_loses_nothing(aziza, tie):
    long_history(tie, 120)
    pages = [told(aziza, tie, p=page) for page in (1, 2, 3)]
    found = [text for page in pages for text in re.findall(r"became (\w+ \d+)\.", page)]
    assert len(found) == len(set(found)) == 118
    assert found[:2] == ["note 59", "title 59"]


def test_a_long_history_costs_no_more_than_a_short_one(aziza, tie, django_assert_max_num_queries):
    long_history(tie, 60)
    with django_assert_max_num_queries(30) as few:
        told(aziza, tie)
    long_history(tie, 600)
    with django_assert_max_num_queries(len(few)):
        told(aziza, tie)


def fill(tie, rows: int) -> None:
    for _row in range(rows):
        party = PartyFactory(agreement=tie)
        CitationFactory(agreement=tie, approval=ApprovalFactory(agreement=tie, party=party))
        SignatureFactory(agreement=tie, party=party, official=OfficialFactory())
        InitiativeFactory(agreement=tie).institutions.set([InstitutionFactory()])
        EventFactory(agreements=[tie])
        DocumentFactory(agreement=tie)
        RelationFactory(from_agreement=tie)
        RelationFactory(to_agreement=tie)
        ListingFactory(citation__agreement=tie)


def test_many_rows_ask_no_more_than_few(aziza, tie, django_assert_max_num_queries):
    fill(tie, 1)
    with django_assert_max_num_queries(80) as few:
        told(aziza, tie)
    fill(tie, 3)
    with django_assert_max_num_queries(len(few)):
        told(aziza, tie)


# --- Other records, and who may -----------------------------------------------------------


def test_a_place_tells_of_its_rows_likewise(parvin, aziza, khujand):
    parvin.post(change_url(khujand), open_sheet(parvin, khujand) | {"names-0-used_from": "1991"})
    page = told(aziza, khujand, kind="placename")
    assert "Used from of the name “Leninabad”: 1936 became 1991." in page
    assert "The record was entered" not in page
    assert f'{change_url(khujand)}#names-group"' in aziza.get(url(khujand)).content.decode()


def test_a_clerk_is_told_of_the_own_office_and_nothing_of_others(tie, qazvin):
    clerk = staff("editor", username="clerk")
    ClerkshipFactory(user=clerk, place=qazvin)
    secret = AgreementFactory(title="A secret of theirs")
    RelationFactory(from_agreement=tie, to_agreement=secret)
    CitationFactory(agreement=tie, source=SourceFactory(title="Our own"))
    event = EventFactory(agreements=[tie, secret], title="Both met")
    client = signed_in(clerk)
    page = told(client, tie)
    assert "Our own" in page
    assert event.title in page
    assert "A secret of theirs" not in page
    assert client.get(url(secret)).status_code == 302


def test_history_of_rows_is_read_in_the_language_of_the_page(aziza, tie, editor):
    save(ApprovalFactory(agreement=tie), editor, outcome="approved")
    aziza.cookies["django_language"] = "fa"
    assert aziza.get(url(tie)).status_code == 200
    assert Approval.objects.get().outcome == "approved"
