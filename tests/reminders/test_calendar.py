"""The calendar at a secret address: who reads what in it, and that it is one."""

import json
import logging
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from agreements import calendars
from agreements.models import Agreement, Preferences
from common.dates import PartialDate
from tests.desk_factories import ClerkshipFactory
from tests.factories import (
    AgreementFactory,
    InitiativeFactory,
    khujand,
    on,
    qazvin,
    staff,
)
from tests.people import LOOKALIKES
from tests.reminders.telling import ending
from twinning.logs import JSONFormatter, PlainFormatter

pytestmark = pytest.mark.django_db


def subscribe(user, **fields) -> str:
    """The path of the person's calendar."""
    secret, key = calendars.new_secret()
    Preferences.objects.update_or_create(user=user, defaults={"calendar_key": key, **fields})
    return f"/calendar/{secret}.ics"


def read(path: str) -> list:
    response = Client().get(path)
    assert response.status_code == 200
    return Calendar.from_ical(response.content).walk("VEVENT")


def told(path: str) -> dict[str, date]:
    return {str(event["summary"]): event.decoded("dtstart") for event in read(path)}


def test_it_has_the_last_days_of_terms_notice_and_promises(parvin):
    agreement = ending("2027", notice_by=on("2026-09"), parties=[qazvin(), khujand()])
    InitiativeFactory(agreement=agreement, title="A bridge", due_on=on("2026-07-02"))
    assert told(subscribe(parvin)) == {
        "Due: A bridge (Qazvin – Khujand)": date(2026, 7, 2),
        "Last day for notice: Qazvin – Khujand": date(2026, 9, 30),
        "Term ends: Qazvin – Khujand": date(2027, 12, 31),
    }


def test_a_month_or_a_year_says_that_its_day_is_not_known(parvin):
    ending("2027", notice_by=on("2026-09"))
    notice, term = (str(event["description"]) for event in read(subscribe(parvin)))
    assert "The day is not known, the month alone: September 2026" in notice
    assert "The day is not known, the year alone: 2027" in term


def test_what_is_over_or_was_not_signed_is_not_in_it(parvin):
    ending("2025-06-01")
    AgreementFactory(status="drafted", expires_on=on("2027"))
    agreement = AgreementFactory()
    for state in ("delivered", "dropped"):
        InitiativeFactory(agreement=agreement, state=state, due_on=on("2026-07"))
    assert read(subscribe(parvin)) == []


def test_it_reads_in_the_language_that_was_chosen(parvin):
    ending(parties=[qazvin(), khujand()])
    response = Client().get(subscribe(parvin, language="fa"), headers={"accept-language": "en"})
    assert response["Content-Language"] == "fa"
    assert "خجند" in Calendar.from_ical(response.content).walk("VEVENT")[0]["summary"]


# --- Who reads it -------------------------------------------------------------------------


def test_a_clerk_of_an_office_reads_of_its_agreements_alone(parvin):
    ClerkshipFactory(user=parvin, place=qazvin())
    own, _others = ending(parties=[qazvin(), khujand()]), ending(public=True)
    assert [str(event["uid"])[:9] for event in read(subscribe(parvin))] == [own.reference]


@pytest.mark.parametrize("who", LOOKALIKES)
def test_who_is_no_longer_staff_with_a_role_has_no_calendar(who):
    ending()
    assert Client().get(subscribe(LOOKALIKES[who]())).status_code == 404


@pytest.mark.parametrize(("demo", "status"), [(True, 200), (False, 404)])
def test_an_account_of_the_demonstration_has_one_only_in_it(demo, status, settings):
    settings.DEMO = demo
    path = subscribe(staff("editor", email="editor@demo.invalid"))
    assert Client().get(path).status_code == status


def test_an_unknown_a_revoked_and_a_malformed_address_are_the_same(parvin):
    path = subscribe(parvin)
    Preferences.objects.update(calendar_key="")
    answers = [
        Client().get(where)
        for where in (path, f"/calendar/{'A' * 43}.ics", "/calendar/%00%ff.ics", "/calendar/é.ics")
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({(answer.content, str(answer.headers)) for answer in answers}) == 1


def test_a_new_address_ends_the_one_before(parvin):
    old, new = subscribe(parvin), subscribe(parvin)
    assert [Client().get(path).status_code for path in (old, new)] == [404, 200]


def test_it_is_read_and_never_written(parvin):
    path = subscribe(parvin)
    assert Client().head(path).status_code == 200
    assert not Client().head(path).content
    for method in ("post", "put", "patch", "delete", "options"):
        assert getattr(Client(), method)(path).status_code == 405


def test_neither_crawlers_nor_shared_caches_keep_it(parvin):
    response = Client().get(subscribe(parvin))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"] == "private, no-cache"
    assert response["X-Robots-Tag"] == "noindex"
    assert response["Referrer-Policy"] == "same-origin"
    assert b"Disallow: /calendar/\n" in Client().get("/robots.txt").content


def test_the_secret_is_in_no_row_and_in_no_log(parvin, caplog, settings):
    path = subscribe(parvin)
    secret = path.removeprefix("/calendar/").removesuffix(".ics")
    row = Preferences.objects.get()
    assert secret not in str(vars(row))
    parvin.is_active = False
    parvin.save()
    with caplog.at_level(logging.DEBUG):
        Client().get(path)
        Client().post(path)
    assert len(caplog.records) >= 2
    used = {settings.LOGGING["formatters"][name]["()"] for name in ("json", "plain")}
    assert used == {"twinning.logs.JSONFormatter", "twinning.logs.PlainFormatter"}
    for record in caplog.records:
        lines = [JSONFormatter().format(record), PlainFormatter().format(record)]
        assert secret not in "".join(lines)
        assert "/calendar/" in json.loads(lines[0])["message"]


# --- That it is a calendar ----------------------------------------------------------------


def test_the_same_record_gives_the_same_bytes_and_is_not_sent_again(parvin, today):
    agreement = ending()
    path = subscribe(parvin)
    first = Client().get(path)
    today.shift(timedelta(hours=3))
    cache.clear()
    again = Client().get(path, headers={"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    agreement.summary = "Edited."
    agreement.save()
    changed = Client().get(path, headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200
    old, new = (Calendar.from_ical(one.content).walk("VEVENT")[0] for one in (first, changed))
    assert old["uid"] == new["uid"]
    assert new["sequence"] > old["sequence"]
    assert new.decoded("dtstamp") > old.decoded("dtstamp")


def test_each_event_has_an_id_of_its_own(parvin):
    agreement = ending(notice_by=on("2026-06-20"))
    for _ in range(2):
        InitiativeFactory(agreement=agreement, due_on=on("2026-07"))
    assert len({str(event["uid"]) for event in read(subscribe(parvin))}) == 4


def test_it_is_bounded_and_keeps_what_comes_first(parvin, monkeypatch):
    monkeypatch.setattr(calendars, "MOST_EVENTS", 2)
    for day in ("2026-09", "2026-07", "2026-08"):
        ending(day)
    days = [event.decoded("dtstart") for event in read(subscribe(parvin))]
    assert days == [date(2026, 7, 31), date(2026, 8, 31)]


def test_it_costs_the_same_for_three_events_and_for_thirty(parvin, django_assert_max_num_queries):
    path = subscribe(parvin)

    def queries(count: int) -> int:
        for _ in range(count):
            agreement = ending(parties=[qazvin(), khujand()])
            InitiativeFactory(agreement=agreement, due_on=on("2026-07"))
        with django_assert_max_num_queries(20) as asked:
            assert read(path)
        return len(asked)

    assert queries(3) == queries(30)


TEXT = st.text(st.characters(codec=None, categories=None), min_size=1, max_size=250)


@settings(deadline=None)
@given(TEXT)
def test_no_title_breaks_the_calendar(title):
    agreement = Agreement(pk=1, reference="TW-25QZKH", title=title, status="signed")
    agreement.updated_at = timezone.now()
    day = PartialDate(2027, 5)
    due = calendars.Due(day.last_day, "expires_on", 1, 0, day)
    made = Calendar()
    made.add("version", "2.0")
    made.add_component(calendars.event(due, agreement, None, "https://register.example.org"))
    raw = made.to_ical()
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    (event,) = Calendar.from_ical(raw).walk("VEVENT")
    assert str(event["summary"]) == calendars.summary(due, agreement, None)
    assert event.decoded("dtstart") == date(2027, 5, 31)


@pytest.mark.parametrize(
    "title", ["A, B; C: D\\n", 'Folded "خجند" و تبریز ' * 9, "\u202eTurned", "a\r\nEND:VEVENT\r\nb"]
)
def test_titles_of_all_sorts_come_out_as_they_went_in(title, parvin):
    ending(title=title[:250])
    (event,) = read(subscribe(parvin))
    assert str(event["summary"]).startswith("Term ends: ")
    assert "\n" not in event["summary"]
