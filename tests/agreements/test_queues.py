"""The rules of what is due: each for a set as for a row, at the edges of its days and spans."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from agreements.models import Agreement, Initiative, Request
from agreements.queues import QUEUES, kept, queues_for
from cities.models import Clerkship
from common.dates import PartialDate
from tests.common.strategies import partial_dates
from tests.factories import (
    AgreementFactory,
    CitationFactory,
    DocumentFactory,
    InitiativeFactory,
    on,
)

TODAY = date(2026, 11, 24)
# With 90 days of warning, the last day that counts as soon is 22 February 2027.
SOON = {
    "2026-11-23": False,
    "2026-11-24": True,
    "2027-02-22": True,
    "2027-02-23": False,
    "2026-11": True,
    "2026-10": False,
    "2027-01": True,
    "2027-02": False,
    "2026": True,
    "2025": False,
    "2027": False,
}


def days_from(day: date, days: int) -> PartialDate:
    return PartialDate.from_date(day + timedelta(days=days))


@pytest.mark.parametrize(("day", "soon"), SOON.items())
def test_a_term_is_about_to_end_when_its_last_day_is(db, day, soon):
    tie = AgreementFactory(status="signed", happened_on="2020", expires_on=on(day))
    assert tie.is_expiring(TODAY) is soon
    assert Agreement.objects.expiring(TODAY).exists() is soon


@pytest.mark.parametrize(("day", "soon"), SOON.items())
def test_notice_is_due_until_its_last_day(db, day, soon):
    tie = AgreementFactory(status="signed", happened_on="2020", notice_by=on(day))
    assert tie.is_notice_due(TODAY) is soon
    assert Agreement.objects.notice_due(TODAY).exists() is soon


@pytest.mark.parametrize("status", ["drafted", "suspended", "ended"])
def test_what_is_not_signed_does_not_expire(db, status):
    day = days_from(TODAY, 3)
    tie = AgreementFactory(status=status, expires_on=day, notice_by=day)
    assert not tie.is_expiring(TODAY)
    assert not tie.is_notice_due(TODAY)
    assert not Agreement.objects.expiring(TODAY) | Agreement.objects.notice_due(TODAY)


@pytest.mark.parametrize(("due", "late"), [("2026-11-23", True), ("2026-11-24", False)])
@pytest.mark.parametrize(("state", "open_"), [("agreed", True), ("dropped", False)])
def test_a_promise_is_overdue_from_the_day_after(db, due, late, state, open_):
    promise = InitiativeFactory(due_on=due, state=state)
    assert promise.is_overdue(TODAY) is (late and open_)
    assert Initiative.objects.overdue(TODAY).exists() is (late and open_)
    assert Agreement.objects.with_overdue_initiative(TODAY).exists() is (late and open_)


@pytest.mark.parametrize(("days", "due"), [(730, False), (731, True)])
@pytest.mark.parametrize("column", ["verified_at", "created_at"])
def test_a_record_is_to_be_verified_two_years_after_it_was_last_looked_at(db, days, due, column):
    tie = AgreementFactory()
    then = timezone.make_aware(timezone.datetime(2026, 11, 24, 12)) - timedelta(days=days)
    Agreement.objects.update(**{column: then})
    tie.refresh_from_db()
    assert tie.is_unverified(TODAY) is due
    assert Agreement.objects.unverified(TODAY).exists() is due


@pytest.fixture(scope="module")
def dated(django_db_setup, django_db_blocker):
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        yield AgreementFactory(status="signed", happened_on="1900")
        transaction.set_rollback(True)


@settings(deadline=None)
@given(day=partial_dates(), when=st.dates(max_value=date(9000, 1, 1)))
def test_sets_and_rows_agree_about_any_two_dates(dated, django_db_blocker, day, when):
    with django_db_blocker.unblock():
        Agreement.objects.filter(pk=dated.pk).update(expires_on=None, notice_by=day)
        tie = Agreement.objects.get(pk=dated.pk)
        assert tie.is_notice_due(when) is Agreement.objects.notice_due(when).exists()
        Agreement.objects.filter(pk=dated.pk).update(expires_on=day, notice_by=None)
        tie = Agreement.objects.get(pk=dated.pk)
        assert tie.is_expiring(when) is Agreement.objects.expiring(when).exists()


def test_a_source_or_a_text_on_file_is_enough_and_a_link_is_not(db):
    bare, cited, filed, linked = AgreementFactory.create_batch(4)
    CitationFactory(agreement=cited)
    DocumentFactory(agreement=filed, file="documents/text.pdf")
    DocumentFactory(agreement=linked, file="", url="https://example.org/text")
    assert set(Agreement.objects.unsourced()) == {bare, linked}


def test_renewals_and_ends_are_told_apart(editor):
    day = days_from(timezone.localdate(), 5)
    terms = {"expires_on": day, "status": "signed", "happened_on": "2020"}
    found = {way: AgreementFactory(renewal=way, **terms) for way in ("automatic", "agreed", "none")}
    unknown = AgreementFactory(renewal="", **terms)
    assert set(QUEUES["renewing"].of(editor)) == {found["automatic"], found["agreed"]}
    assert set(QUEUES["ending"].of(editor)) == {found["none"], unknown}


def test_a_request_waits_for_who_may_do_it(editor, registrar, auditor):
    tie = AgreementFactory(status="drafted")
    Request.ask(tie, "sign", by=editor)
    assert list(QUEUES["asked"].of(registrar)) == [tie]
    assert not QUEUES["asked"].of(editor).exists()
    assert "asked" not in {queue.name for queue in queues_for(auditor)}


def test_a_refusal_is_shown_to_who_asked_until_they_ask_again(editor, registrar):
    tie = AgreementFactory(status="drafted")
    Request.ask(tie, "sign", by=editor).decline(by=registrar, answer="Where is the text?")
    assert list(QUEUES["declined"].of(editor)) == [tie]
    assert not QUEUES["declined"].of(registrar).exists()
    Request.ask(tie, "sign", by=editor)
    assert not QUEUES["declined"].of(editor).exists()


def test_what_was_merged_away_is_in_no_queue(editor, registrar):
    gone = AgreementFactory(status="drafted", happened_on="1990")
    InitiativeFactory(agreement=gone, due_on="1991")
    Request.ask(gone, "sign", by=editor)
    Agreement.objects.filter(pk=gone.pk).update(
        merged_into=AgreementFactory(status="ended", public=True), created_at="2000-01-01T00:00Z"
    )
    assert not [queue.name for queue in QUEUES.values() if gone in queue.of(registrar)]


def test_a_clerk_of_an_office_has_the_work_of_that_office(editor, qazvin, khujand):
    own, other = AgreementFactory(parties=[qazvin, khujand]), AgreementFactory()
    assert set(kept(editor)) == {own, other}
    Clerkship.objects.create(user=editor, place=qazvin)
    del editor._is_bound
    assert list(kept(editor)) == [own]
    assert list(QUEUES["unpublished"].of(editor)) == [own]
