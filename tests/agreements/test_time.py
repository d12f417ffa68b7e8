"""What stood on which day: the boundaries one by one, by the queryset and by the row alike."""

from datetime import date, timedelta

import pytest
import time_machine

from agreements.models import Agreement
from tests.factories import AgreementFactory, EventFactory, on

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 15)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(TODAY):
        yield


def holds(rule: str, day: str) -> bool:
    """Whether the one agreement on record is so on that day; queryset and row must agree."""
    moment = date.fromisoformat(day)
    found = getattr(Agreement.objects, rule)(moment).exists()
    assert getattr(Agreement.objects.get(), f"is_{rule}")(moment) == found
    return found


def status_on(day: str) -> str | None:
    moment = date.fromisoformat(day)
    row = Agreement.objects.as_of(moment).first()
    found = row.status_on if row else None
    assert Agreement.objects.get().status_as_of(moment) == found
    return found


@pytest.mark.parametrize(
    ("known", "last_without", "first_with"),
    [
        ("2025-05-10", "2025-05-09", "2025-05-10"),
        ("2025-05", "2025-04-30", "2025-05-01"),
        ("2025", "2024-12-31", "2025-01-01"),
    ],
)
def test_a_step_counts_from_the_first_day_of_what_is_known(known, last_without, first_with):
    AgreementFactory(status="signed", happened_on=known)
    assert status_on(last_without) is None
    assert status_on(first_with) == "signed"


@pytest.mark.parametrize(
    ("known", "first_with"),
    [("2016-09-10", "2016-09-10"), ("2016-09", "2016-09-30"), ("2016", "2016-12-31")],
)
def test_a_tie_of_unknown_day_counts_from_the_end_of_the_span_by_which_it_stood(known, first_with):
    AgreementFactory(status="signed", on_record_by=known)
    day = date.fromisoformat(first_with)
    assert status_on(str(day - timedelta(days=1))) is None
    assert status_on(first_with) == "signed"
    assert Agreement.objects.get().status_since is None


def test_on_record_by_this_year_does_not_wait_for_its_end():
    AgreementFactory(status="signed", on_record_by="2026")
    assert status_on("2026-06-15") == "signed"


def test_with_no_day_at_all_a_step_counts_from_when_it_was_recorded():
    AgreementFactory(status="signed", happened_on=None)
    assert status_on("2026-06-14") is None
    assert status_on("2026-06-15") == "signed"


def test_each_day_has_the_status_that_the_agreement_then_had():
    agreement = AgreementFactory(status="proposed", happened_on="2019")
    agreement.move("draft", by=None, happened_on=on("2019-06"))
    agreement.move("withdraw", by=None, happened_on=on("2021-03-04"))
    seen = [status_on(day) for day in ("2019-05-31", "2019-06-01", "2021-03-03", "2021-03-04")]
    assert seen == ["proposed", "drafted", "drafted", "withdrawn"]


def test_what_was_recorded_late_stood_nevertheless():
    AgreementFactory(status="signed", happened_on="1973-04-01")
    assert status_on("1973-04-01") == "signed"
    assert Agreement.objects.get().steps.get().recorded_at.date() == TODAY


def test_a_vague_step_never_counts_before_the_sharp_step_before_it():
    agreement = AgreementFactory(status="signed", happened_on="2025-05-10")
    agreement.move("suspend", by=None, happened_on=on("2025"))
    agreement.move("reinstate", by=None, happened_on=on("2025-05"))
    days = [step.effective_from for step in agreement.steps.all()]
    assert days == [date(2025, 5, 10)] * 3
    assert status_on("2025-05-10") == "signed"


def test_of_two_steps_on_one_day_the_later_one_counts():
    agreement = AgreementFactory(status="drafted", happened_on="2025-05-10")
    agreement.move("withdraw", by=None, happened_on=on("2025-05-10"))
    assert status_on("2025-05-10") == "withdrawn"


# --- In force, expired --------------------------------------------------------------------


@pytest.mark.parametrize("status", ["proposed", "drafted", "suspended", "ended", "withdrawn"])
def test_only_what_is_signed_is_in_force(status):
    AgreementFactory(status=status, happened_on="2025")
    assert not holds("in_force", "2026-01-01")
    assert not holds("expired", "2026-01-01")


@pytest.mark.parametrize(
    ("starts", "first_day"),
    [("2025-06-01", "2025-06-01"), ("2025-07", "2025-07-01"), ("2026", "2026-01-01")],
)
def test_it_is_in_force_from_the_first_day_of_its_beginning(starts, first_day):
    AgreementFactory(status="signed", happened_on="2025-05-10", starts_on=on(starts))
    day = date.fromisoformat(first_day)
    assert not holds("in_force", str(day - timedelta(days=1)))
    assert holds("in_force", first_day)


@pytest.mark.parametrize(
    ("expires", "last_day"),
    [("2025-06-01", "2025-06-01"), ("2025-07", "2025-07-31"), ("2025", "2025-12-31")],
)
def test_it_is_in_force_to_the_last_day_of_its_term_and_expired_after(expires, last_day):
    AgreementFactory(status="signed", happened_on="2025-05-10", expires_on=on(expires))
    after = str(date.fromisoformat(last_day) + timedelta(days=1))
    assert holds("in_force", last_day)
    assert not holds("expired", last_day)
    assert holds("expired", after)
    assert not holds("in_force", after)


def test_without_a_term_it_runs_until_somebody_ends_it():
    agreement = AgreementFactory(status="signed", happened_on="1973")
    assert holds("in_force", "2026-06-15")
    agreement.move("end", by=None, happened_on=on("2026-06-15"), end_reason="terminated")
    assert holds("in_force", "2026-06-14")
    assert not holds("in_force", "2026-06-15")


def test_it_is_not_in_force_before_it_is_signed_whatever_its_term_says():
    AgreementFactory(status="signed", happened_on="2025-05-10", starts_on=on("2025-01-01"))
    assert not holds("in_force", "2025-05-09")


def test_without_a_day_the_rules_speak_of_today():
    AgreementFactory(status="signed", happened_on="2025", expires_on=on("2026-06-15"))
    assert Agreement.objects.in_force().exists()
    assert Agreement.objects.get().is_in_force()
    with time_machine.travel("2026-06-16"):
        assert Agreement.objects.expired().exists()
        assert Agreement.objects.get().is_expired()


# --- Stalled, dormant ---------------------------------------------------------------------


@pytest.mark.parametrize("status", ["proposed", "drafted"])
def test_it_stalls_when_a_year_has_gone_by_without_a_step(status, settings):
    settings.STALLED_AFTER_DAYS = 365
    AgreementFactory(status=status, happened_on="2025-05-10")
    assert not holds("stalled", "2026-05-09")
    assert holds("stalled", "2026-05-10")


def test_a_step_wakes_a_stalled_agreement(settings):
    settings.STALLED_AFTER_DAYS = 365
    agreement = AgreementFactory(status="proposed", happened_on="2024-01-01")
    agreement.move("draft", by=None, happened_on=on("2025-03-01"))
    assert holds("stalled", "2025-02-28")
    assert not holds("stalled", "2025-03-01")


@pytest.mark.parametrize("status", ["signed", "suspended", "ended", "withdrawn"])
def test_what_is_signed_or_given_up_does_not_stall(status):
    AgreementFactory(status=status, happened_on="1999")
    assert not holds("stalled", "2026-06-15")


def test_it_is_dormant_when_long_in_force_without_an_event(settings):
    settings.DORMANT_AFTER_DAYS = 1826
    AgreementFactory(status="signed", happened_on="2020-01-01")
    assert not holds("dormant", "2024-12-30")
    assert holds("dormant", "2024-12-31")


@pytest.mark.parametrize(
    ("event", "dormant"),
    [
        ("2021-06-14", True),
        ("2021-06-15", False),
        ("2021-05", True),
        ("2021-06", False),
        ("2020", True),
        ("2021", False),
        ("2026-06-15", False),
        ("2026-06-16", True),
        ("2026-07", True),
        ("2026", False),
    ],
)
def test_an_event_of_the_last_five_years_keeps_it_awake(event, dormant, settings):
    settings.DORMANT_AFTER_DAYS = 1826
    agreement = AgreementFactory(status="signed", happened_on="1999")
    EventFactory(agreements=[agreement], happened_on=event)
    assert holds("dormant", "2026-06-15") == dormant


def test_an_event_of_unknown_day_or_of_another_agreement_does_not_wake_it():
    agreement = AgreementFactory(status="signed", happened_on="1999")
    EventFactory(agreements=[agreement], happened_on=None)
    assert holds("dormant", "2026-06-15")
    EventFactory(happened_on="2026")
    assert Agreement.objects.dormant(TODAY).get() == agreement


def test_what_is_suspended_or_expired_is_not_called_dormant():
    AgreementFactory(status="suspended", happened_on="1999")
    AgreementFactory(status="signed", happened_on="1999", expires_on=on("2010"))
    assert not Agreement.objects.dormant(TODAY).exists()
