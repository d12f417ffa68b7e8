"""Public calendars: which days are in them, and how exactly they are known."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from icalendar import Calendar

from agreements.models import Agreement
from tests.factories import (
    AgreementFactory,
    EventFactory,
    InitiativeFactory,
    khujand,
    on,
    qazvin,
)
from tests.keeping_up.reading import days, got

pytestmark = pytest.mark.django_db

WHOLE = "/calendar.ics"


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(datetime(2026, 6, 1, 12, tzinfo=UTC), tick=False)
    return time_machine


def tie(**fields) -> Agreement:
    told = {"status": "signed", "parties": [qazvin(), khujand()], "public": True, **fields}
    return AgreementFactory(**told)


def test_it_has_the_days_of_terms_promises_and_meetings():
    agreement = tie(
        starts_on=on("2026-07-01"), notice_by=on("2030-01-31"), expires_on=on("2030-07-01")
    )
    InitiativeFactory(agreement=agreement, title="A bridge", due_on=on("2027-05-05"))
    EventFactory(agreements=[agreement], title="Mayors meet", happened_on=on("2026-05-20"))
    whole_day = timedelta(days=1)
    assert days(WHOLE) == {
        said: (day, day + whole_day)
        for said, day in {
            "Mayors meet (Qazvin – Khujand)": date(2026, 5, 20),
            "Term begins: Qazvin – Khujand": date(2026, 7, 1),
            "Due: A bridge (Qazvin – Khujand)": date(2027, 5, 5),
            "Last day for notice: Qazvin – Khujand": date(2030, 1, 31),
            "Term ends: Qazvin – Khujand": date(2030, 7, 1),
        }.items()
    }


def test_a_month_is_as_long_as_the_month_and_says_so():
    tie(expires_on=on("2030-02"))
    said = "Term ends: Qazvin – Khujand, on a day of this month that is not known"
    assert days(WHOLE) == {said: (date(2030, 2, 1), date(2030, 3, 1))}


def test_a_year_is_no_day():
    agreement = tie(expires_on=on("2030"))
    InitiativeFactory(agreement=agreement, due_on=on("2027"))
    assert days(WHOLE) == {}


def test_what_is_long_over_ended_delivered_or_internal_is_not_in_it():
    tie(expires_on=on("2024-01-01"))
    tie(status="ended", expires_on=on("2030-01-01"))
    tie(public=False, expires_on=on("2030-01-01"))
    for state in ("delivered", "dropped"):
        InitiativeFactory(agreement=tie(), state=state, due_on=on("2027-01-01"))
    EventFactory(agreements=[tie(public=False)], happened_on=on("2026-05-20"))
    assert days(WHOLE) == {}


@pytest.mark.parametrize(
    ("signed", "found"),
    [("2016-07-08", date(2026, 7, 8)), ("1992-02-29", date(2027, 2, 28)), ("2015-07-08", None)],
)
def test_every_fifth_anniversary_of_a_place_is_in_it(signed, found):
    tie(happened_on=signed)
    assert [first for first, _last in days("/calendars/places/khujand.ics").values()] == (
        [found] if found else []
    )
    assert days(WHOLE) == {}


def test_a_meeting_of_two_agreements_is_told_once_and_by_the_public_one():
    first, second, internal = tie(), tie(), tie(public=False, title="Canary")
    EventFactory(agreements=[first, second, internal], happened_on=on("2026-05-20"))
    (said,) = days(WHOLE)
    assert "Canary" not in said
    assert len(days(f"/calendars/agreements/{second.reference}.ics")) == 1


def test_ids_are_apart_and_count_nothing():
    agreement = tie(expires_on=on("2030-01-01"), notice_by=on("2029-01-01"))
    promises = [InitiativeFactory(agreement=agreement, due_on=on("2027-01-01")) for _ in range(2)]
    ids = [str(one["uid"]) for one in Calendar.from_ical(got(WHOLE).content).walk("VEVENT")]
    assert len(set(ids)) == 4
    assert not [one for one in ids for row in promises if one.split("@")[0].endswith(f"-{row.pk}")]


def test_edits_change_no_byte_of_it(clock):
    agreement = tie(expires_on=on("2030-01-01"))
    before = got(WHOLE)
    clock.shift(timedelta(hours=2))
    agreement.internal_note = "A note."
    agreement.save()
    again = Client().get(WHOLE, headers={"if-none-match": before["ETag"]})
    assert again.status_code == 304
    assert b"DTSTAMP:20260601T120000Z" in before.content


def test_it_is_bounded_and_keeps_what_comes_first(monkeypatch):
    monkeypatch.setattr("twinning.calendars.MOST_ENTRIES", 2)
    for day in ("2027-09-01", "2027-07-01", "2027-08-01"):
        tie(expires_on=on(day), title=f"Until {day}")
    assert [said[-10:] for said in days(WHOLE)] == ["2027-07-01", "2027-08-01"]


@pytest.mark.parametrize(
    "title", ["A, B; C: D\\n", "خجند و تبریز " * 9, "\u202eTurned", "a\r\nEND:VEVENT\r\nb"]
)
def test_titles_of_all_sorts_break_nothing(title):
    tie(title=title, expires_on=on("2030-01-01"))
    raw = got(WHOLE).content
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    assert len(Calendar.from_ical(raw).walk("VEVENT")) == 1


def test_it_is_for_everybody_and_says_what_it_is():
    response = got(WHOLE)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"] == "public, max-age=300"
    assert not response.cookies


def test_it_is_named_after_its_part():
    khujand()
    assert b"X-WR-CALNAME:Twinning: Khujand" in got("/calendars/places/khujand.ics").content
