"""Over histories drawn by lot: each queryset rule finds just the rows whose own rule says so."""

from contextlib import contextmanager
from datetime import date, timedelta

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agreements.lifecycle import Status, moves_from
from agreements.models import Agreement, MoveRefused
from common.dates import PartialDate
from tests.factories import (
    AgreementFactory,
    CitationFactory,
    DocumentFactory,
    EventFactory,
    PlaceFactory,
    SourceFactory,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 15)
MOST_DAYS = 70
RULES = ("in_force", "expired", "stalled", "dormant")
drawn = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def partial(day: date, precision: str) -> PartialDate:
    whole = PartialDate.from_date(day)
    if precision == "day":
        return whole
    return PartialDate(day.year, day.month if precision == "month" else None)


days = st.dates(date(2015, 1, 1), TODAY)
dates = st.builds(partial, days, st.sampled_from(["day", "month", "year"]))
maybe = st.none() | dates
opening = st.fixed_dictionaries({"status": st.sampled_from(list(Status))}) | st.fixed_dictionaries(
    {"status": st.sampled_from(list(Status)), "on_record_by": dates}
)
step = st.tuples(st.integers(0, 2), st.booleans(), dates)
histories = st.fixed_dictionaries(
    {
        "opening": st.tuples(opening, maybe),
        "steps": st.lists(step, max_size=4),
        "term": st.tuples(maybe, maybe),
        "events": st.lists(maybe, max_size=2),
    }
)


@contextmanager
def undone_after():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def live(history) -> None:
    """Record the agreement and make its moves, save those that are refused."""
    start, expiry = history["term"]
    if start and expiry and expiry.over_before(start):
        start, expiry = expiry, start
    fields, happened_on = history["opening"]
    agreement = AgreementFactory(
        **fields, happened_on=happened_on, parties=[], starts_on=start, expires_on=expiry
    )
    for choice, is_known, day in history["steps"]:
        moves = [move for move in moves_from(agreement.status) if move.name != "sign"]
        if not moves:
            continue
        move = moves[choice % len(moves)]
        when = {"happened_on" if is_known else "on_record_by": day}
        reason = {"end_reason": "expired"} if move.name == "end" else {}
        try:
            agreement.move(move.name, by=None, **when, **reason)
        except MoveRefused:
            agreement.refresh_from_db()
    for day in history["events"]:
        EventFactory(agreements=[agreement], happened_on=day)


def telling_days(rows) -> list[date]:
    """Days on which an answer can change, and days beside them; of very many, some."""
    edges = {TODAY}
    for row in rows:
        known = [row.starts_on, row.expires_on, *(event.happened_on for event in row.events.all())]
        edges |= {day for date_ in known if date_ for day in (date_.first_day, date_.last_day)}
        edges |= {step.effective_from for step in row.steps.all()}
    later = {day + timedelta(days=wait) for day in edges for wait in (365, 1826)}
    found = sorted({day + timedelta(days=n) for day in edges | later for n in (-1, 0, 1)})
    return found[:: 1 + len(found) // MOST_DAYS]


def pks(queryset) -> set[int]:
    return set(queryset.values_list("pk", flat=True))


@settings(drawn, max_examples=12)
@given(st.lists(histories, min_size=4, max_size=4))
def test_on_every_day_that_matters_queryset_and_row_say_the_same(several):
    with time_machine.travel(TODAY), undone_after():
        for history in several:
            live(history)
        rows = list(Agreement.objects.prefetch_related("steps", "events"))
        for day in telling_days(rows):
            then = dict(Agreement.objects.as_of(day).values_list("pk", "status_on"))
            assert {row.pk: row.status_as_of(day) for row in rows if row.step_on(day)} == then
            for rule in RULES:
                alike = {row.pk for row in rows if getattr(row, f"is_{rule}")(day)}
                assert pks(getattr(Agreement.objects, rule)(day)) == alike, (rule, day)


@drawn
@given(st.lists(histories, min_size=1, max_size=2))
def test_steps_count_in_the_order_in_which_they_were_made(several):
    with time_machine.travel(TODAY), undone_after():
        for history in several:
            live(history)
        for row in Agreement.objects.all():
            counted = [step.effective_from for step in row.steps.all()]
            assert counted == sorted(counted)
            assert row.status_as_of(date(2100, 1, 1)) == row.status


@drawn
@given(
    seats=st.integers(0, 3),
    speakers=st.lists(st.none() | st.integers(0, 3), max_size=4),
    link=st.booleans(),
)
def test_evidence_is_the_same_by_queryset_and_by_row(seats, speakers, link):
    with undone_after():
        places = PlaceFactory.create_batch(4)
        agreement = AgreementFactory(parties=places[:seats])
        other = AgreementFactory(parties=places)
        for number in speakers:
            place = None if number is None else places[number]
            CitationFactory(agreement=agreement, source=SourceFactory(speaks_for=place))
        if link:
            DocumentFactory(agreement=agreement)
        for row in Agreement.objects.with_evidence().filter(pk__in=[agreement.pk, other.pk]):
            assert row.evidence_found == row.evidence
