"""Atom feeds: what they tell, when it was told, and what they never tell."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agreements.models import Agreement
from cities.merging import merge_places
from tests.factories import (
    AgreementFactory,
    EventFactory,
    InitiativeFactory,
    PlaceFactory,
    SectorFactory,
    SourceFactory,
    khujand,
    on,
    qazvin,
    tajikistan,
)
from tests.keeping_up.reading import ATOM, entries, got, tree

pytestmark = pytest.mark.django_db

WHOLE = "/feeds/agreements.atom"


@pytest.fixture
def clock(time_machine):
    time_machine.move_to(datetime(2026, 6, 1, 12, tzinfo=UTC), tick=False)
    return time_machine


def tie(**fields) -> Agreement:
    return AgreementFactory(**{"parties": [qazvin(), khujand()], "public": True, **fields})


def test_an_entry_says_what_was_done_when_and_who_says_so(clock):
    agreement = tie(status="drafted", sources=[SourceFactory(publisher="IRNA")])
    (entry,) = entries(WHOLE)
    assert entry["title"] == "Qazvin – Khujand: drafted"
    assert entry["summary"] == "Drafted on 10 May 2025, says IRNA."
    assert entry["link"] == f"http://testserver/agreements/{agreement.reference}/"
    assert entry["updated"] == "2026-06-01T12:00:00+00:00"


def test_a_feed_has_all_that_atom_asks_for():
    tie()
    whole = tree(WHOLE)
    assert whole.tag == f"{ATOM}feed"
    assert whole.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
    assert whole.findtext(f"{ATOM}author/{ATOM}name") == "Twinning"
    ids = [one.text for one in whole.iter(f"{ATOM}id")]
    assert len(set(ids)) == 2
    assert all(one.startswith("tag:testserver,2025:en/") for one in ids)
    links = {one.get("rel"): one.get("href") for one in whole.findall(f"{ATOM}link")}
    assert links == {"alternate": "http://testserver/", "self": f"http://testserver{WHOLE}"}


def test_what_was_recorded_internally_was_told_when_it_was_published(clock):
    agreement = AgreementFactory(status="proposed")
    clock.shift(timedelta(days=3))
    agreement.move("draft", by=None, happened_on=on("2026-05"))
    clock.shift(timedelta(days=3))
    agreement.publish(by=None)
    assert {entry["updated"] for entry in entries(WHOLE)} == {"2026-06-07T12:00:00+00:00"}


def test_what_was_recorded_in_public_was_told_then(clock):
    agreement = tie(status="proposed")
    clock.shift(timedelta(days=3))
    agreement.move("draft", by=None, happened_on=on("2026-05"))
    newest, oldest = entries(WHOLE)
    assert newest["title"].endswith(": drafted")
    assert (newest["updated"][:10], oldest["updated"][:10]) == ("2026-06-04", "2026-06-01")


def test_edits_change_no_time_and_no_order(clock):
    first, second = tie(), tie()
    before = got(WHOLE).content
    clock.shift(timedelta(days=1))
    first.internal_note = "A note."
    first.save()
    second.unpublish(by=None)
    clock.shift(timedelta(days=1))
    Agreement.objects.get(pk=second.pk).publish(by=None)
    assert got(WHOLE).content == before


def test_nobody_of_the_staff_is_named(registrar):
    agreement = tie(status="drafted")
    agreement.move("withdraw", by=registrar, happened_on=on("2026-01"))
    assert registrar.username not in got(WHOLE).content.decode()


def test_each_feed_tells_of_its_part_alone():
    culture = SectorFactory(slug="culture")
    mine = tie(sectors=[culture])
    other = AgreementFactory(parties=[tajikistan(), PlaceFactory()], public=True)
    both, alone = {mine.reference, other.reference}, {mine.reference}
    for path, references in (
        (WHOLE, both),
        ("/feeds/countries/TJ.atom", both),
        ("/feeds/countries/IR.atom", alone),
        ("/feeds/places/khujand.atom", alone),
        ("/feeds/sectors/culture.atom", alone),
        (f"/feeds/agreements/{mine.reference}.atom", alone),
    ):
        assert {entry["link"].split("/")[-2] for entry in entries(path)} == references, path


def test_a_step_that_is_recorded_again_is_the_same_entry():
    agreement = tie(status="proposed")
    agreement.move("draft", by=None, happened_on=on("2026-01"))
    before = [entry["id"] for entry in entries(WHOLE)]
    agreement.undo(by=None, reason="Another day.")
    assert len(entries(WHOLE)) == 1
    agreement.move("draft", by=None, happened_on=on("2026-02"))
    assert [entry["id"] for entry in entries(WHOLE)] == before


def test_an_empty_feed_stays_the_same(clock):
    before = got(WHOLE)
    clock.shift(timedelta(days=1))
    assert got(WHOLE).content == before.content
    assert tree(WHOLE).findtext(f"{ATOM}updated") == "1970-01-01T00:00:00+00:00"


def test_a_feed_is_bounded_and_the_latest_comes_first(clock, monkeypatch):
    monkeypatch.setattr("twinning.feeds.MOST_ENTRIES", 2)
    for _ in range(3):
        clock.shift(timedelta(hours=1))
        last = tie()
    found = entries(WHOLE)
    assert len(found) == 2
    assert last.reference in found[0]["link"]


@pytest.mark.parametrize("states", [1, 2, 3, 5, 8, 1_000])
def test_it_is_the_same_however_few_states_are_looked_at(states, clock, monkeypatch):
    agreements = []
    for _ in range(4):
        clock.shift(timedelta(hours=1))
        agreements.append(tie(status="proposed"))
    agreements[0].move("draft", by=None, happened_on=on("2026-01"))
    for agreement in agreements[1:3]:
        clock.shift(timedelta(hours=1))
        agreement.summary = "Edited."
        agreement.save()
    monkeypatch.setattr("twinning.feeds.MOST_ENTRIES", 3)
    whole = [entry["id"] for entry in entries(WHOLE)]
    monkeypatch.setattr("agreements.told.NEWEST_STATES", states)
    assert [entry["id"] for entry in entries(WHOLE)] == whole


# --- Who is led on, and who finds nothing --------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "places/nowhere",
        "places/" + "x" * 2_000,
        "countries/QQ",
        "countries/QQQ",
        "countries/99999999999999999999",
        "sectors/nowhere",
        "agreements/TW-000000",
        "agreements/TW-0",
        "places/%00",
        "places/..%2f..%2fetc",
        "sectors/%ff",
    ],
)
def test_what_there_is_not_is_not_found(path):
    for address in (f"/feeds/{path}.atom", f"/calendars/{path}.ics", f"/embed/{path}/"):
        assert Client().get(address).status_code == 404


def test_other_spellings_lead_on():
    agreement = tie()
    small = agreement.reference.lower()
    for path, there in (
        ("/feeds/countries/tj.atom", "/feeds/countries/TJ.atom"),
        (f"/feeds/agreements/{small}.atom", f"/feeds/agreements/{agreement.reference}.atom"),
        (f"/agreements/{small}/badge.svg", f"/agreements/{agreement.reference}/badge.svg"),
    ):
        response = Client().get(path)
        assert (response.status_code, response["Location"]) == (301, there)


def test_a_merged_place_leads_on_to_the_one_that_stayed(registrar):
    kept, gone = khujand(), PlaceFactory(slug="khodjent", parent=tajikistan(), country_code="TJ")
    merge_places(kept, gone, by=registrar, reason="One town.")
    response = Client().get("/feeds/places/khodjent.atom")
    assert (response.status_code, response["Location"]) == (301, "/feeds/places/khujand.atom")


# --- As an answer --------------------------------------------------------------------------


@pytest.mark.parametrize("title", ["a\x01b", "</title>", "]]>", "\ufffe", "\ud800", "خجند & <b>"])
def test_no_title_breaks_a_feed(title):
    agreement = tie()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Agreement, "name", title)
        (entry,) = entries(f"/feeds/agreements/{agreement.reference}.atom")
    assert entry["title"].endswith(": proposed")


def test_it_can_be_kept_and_is_not_sent_twice():
    tie()
    first = got(WHOLE)
    assert first["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert first["Cache-Control"] == "public, max-age=300"
    assert first["X-Content-Type-Options"] == "nosniff"
    assert "Cookie" not in first.get("Vary", "")
    assert not first.cookies
    again = Client().get(WHOLE, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def queries(path: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        got(path)
    return len(asked)


@pytest.mark.parametrize(
    "path",
    [
        *(WHOLE, "/feeds/countries/TJ.atom", "/calendar.ics", "/calendars/places/khujand.ics"),
        *("/sitemap.xml", "/sitemap-agreements.xml", "/embed/places/khujand/"),
        *("/places/khujand/badge.svg", "/places/khujand/picture.png"),
    ],
)
def test_it_costs_the_same_for_three_and_for_thirty(path):
    def more(number: int) -> None:
        for _ in range(number):
            agreement = tie(status="signed", expires_on=on("2099-01-01"), happened_on="2016-05-05")
            InitiativeFactory(agreement=agreement, due_on=on("2099-01"))
            EventFactory(agreements=[agreement], happened_on=on(str(timezone.localdate())))

    more(3)
    for_three = queries(path)
    more(27)
    assert queries(path) == for_three


def test_pages_name_their_feed():
    agreement = tie(sectors=[SectorFactory(slug="culture")])
    for page, path in (
        ("/", WHOLE),
        ("/places/khujand/", "/feeds/places/khujand.atom"),
        ("/sectors/culture/", "/feeds/sectors/culture.atom"),
        (agreement.get_absolute_url(), f"/feeds/agreements/{agreement.reference}.atom"),
    ):
        page = got(page).content.decode()
        assert 'rel="alternate" type="application/atom+xml"' in page
        assert f'href="{path}"' in page


def test_a_time_that_the_history_does_not_know_is_the_day_itself():
    agreement = tie()
    Agreement.history.all().delete()
    (entry,) = entries(f"/feeds/agreements/{agreement.reference}.atom")
    assert entry["updated"] == "2025-05-10T00:00:00+00:00"
    assert timezone.now() > datetime(2025, 5, 10, tzinfo=UTC)


# --- In the reader's language --------------------------------------------------------------


def test_an_address_says_the_language_whatever_the_program_asks_for():
    tie()
    persian = tree(f"/fa{WHOLE}")
    assert persian.get("{http://www.w3.org/XML/1998/namespace}lang") == "fa"
    assert "خجند" in entries(f"/fa{WHOLE}")[0]["title"]
    assert entries(f"/fa{WHOLE}")[0]["link"].startswith("http://testserver/fa/agreements/")
    english = got(WHOLE, **{"accept-language": "fa"})
    assert b"Khujand" in english.content
    assert "Accept-Language" not in english.get("Vary", "")


def test_entries_in_two_languages_are_two():
    tie()
    assert {one["id"] for one in entries(WHOLE)}.isdisjoint(
        one["id"] for one in entries(f"/fa{WHOLE}")
    )


@pytest.mark.parametrize("language", ["fa", "tg", "ru"])
def test_calendars_frames_and_badges_speak_it_too(language):
    agreement = tie(status="signed", expires_on=on("2099-01-01"))
    name = {"fa": "خجند", "tg": "Хуҷанд", "ru": "Худжанд"}[language]
    record = f"agreements/{agreement.reference}"
    for path in ("calendar.ics", f"embed/{record}/", f"{record}/badge.svg", "places/khujand/"):
        text = got(f"/{language}/{path}").content.decode()
        assert name in text.replace("\r\n ", ""), path
    assert f'href="/{language}/feeds/places/khujand.atom"' in text
