"""Staff ask each other for what only some may do; each request is answered once."""

from threading import Barrier, Thread

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction

from agreements.models import Request
from agreements.models.bulk import publish_many
from tests.desk_factories import ClerkshipFactory, RequestFactory
from tests.factories import AgreementFactory, on, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def tie():
    return AgreementFactory(status="drafted", happened_on="2024")


@pytest.fixture
def asked(tie, editor) -> Request:
    return Request.ask(tie, "withdraw", by=editor, note="No budget.")


def test_a_request_waits_with_who_asked_what(asked, editor):
    assert list(Request.objects.waiting()) == [asked]
    assert (asked.asked_by, asked.act, asked.note) == (editor, "withdraw", "No budget.")
    assert (asked.answered_at, asked.outcome) == (None, "")


def test_one_thing_is_asked_once_while_it_waits(asked, tie, editor, registrar):
    with pytest.raises(ValidationError, match="asked for already"):
        Request.ask(tie, "withdraw", by=registrar)
    Request.ask(tie, "publish", by=editor)
    asked.take_back(by=editor)
    assert Request.ask(tie, "withdraw", by=editor).pk != asked.pk


def test_the_database_holds_that_too(asked, tie):
    with pytest.raises(IntegrityError), transaction.atomic():
        RequestFactory(agreement=tie, act="withdraw")


@pytest.mark.parametrize("act", ["fly", "", "unpublish"])
def test_what_nobody_can_do_is_not_asked(tie, editor, act):
    with pytest.raises(ValidationError):
        Request.ask(tie, act, by=editor)
    assert not Request.objects.exists()


def test_an_auditor_and_a_clerk_of_another_office_ask_for_nothing(tie, auditor, editor):
    ClerkshipFactory(user=editor)
    for person in (auditor, editor):
        with pytest.raises(PermissionDenied):
            Request.ask(tie, "withdraw", by=person)


def test_the_move_itself_is_the_answer(asked, tie, registrar, editor):
    other = Request.ask(tie, "publish", by=editor)
    tie.move("withdraw", by=registrar, happened_on=on("2025"))
    asked.refresh_from_db()
    assert (asked.outcome, asked.answered_by) == ("done", registrar)
    assert list(Request.objects.waiting()) == [other]


@pytest.mark.parametrize("how", ["one by one", "in bulk"])
def test_publishing_is_the_answer(asked, tie, registrar, editor, how):
    publish = Request.ask(tie, "publish", by=editor)
    if how == "in bulk":
        publish_many([tie], by=registrar)
    else:
        tie.publish(by=registrar)
    publish.refresh_from_db()
    assert (publish.outcome, publish.answered_by) == ("done", registrar)
    assert list(Request.objects.waiting()) == [asked]


def test_a_move_that_is_refused_answers_nothing(asked, tie, registrar):
    with pytest.raises(ValidationError):
        tie.move("withdraw", by=registrar)
    assert list(Request.objects.waiting()) == [asked]


def test_whoever_could_do_it_declines_in_words(asked, editor):
    asked.decline(by=editor, answer=" Not yet. ")
    assert (asked.outcome, asked.answered_by, asked.answer) == ("declined", editor, "Not yet.")


@pytest.mark.parametrize("role", ["editor", "auditor"])
def test_whoever_could_not_do_it_does_not_decline(tie, editor, role):
    asked = Request.ask(tie, "sign", by=editor)
    with pytest.raises(PermissionDenied):
        asked.decline(by=editor if role == "editor" else staff("auditor"), answer="No.")
    assert asked in Request.objects.waiting()


def test_to_decline_takes_words(asked, registrar):
    with pytest.raises(ValidationError, match="Say why not"):
        asked.decline(by=registrar, answer=" ")
    assert asked in Request.objects.waiting()


def test_the_asker_alone_takes_it_back(asked, editor, registrar):
    with pytest.raises(PermissionDenied):
        asked.take_back(by=registrar)
    asked.take_back(by=editor)
    assert asked.outcome == "withdrawn"


def test_what_was_answered_is_not_answered_again(asked, editor, registrar):
    same = Request.objects.get(pk=asked.pk)
    asked.decline(by=registrar, answer="Not yet.")
    with pytest.raises(ValidationError, match="answered this meanwhile"):
        same.take_back(by=editor)
    asked.refresh_from_db()
    assert (asked.outcome, asked.answered_by) == ("declined", registrar)


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_once_one_wins(asked, editor, registrar):
    gate, outcomes = Barrier(2), []

    def answer(how: str) -> None:
        request = Request.objects.get(pk=asked.pk)
        gate.wait(10)
        try:
            if how == "decline":
                request.decline(by=registrar, answer="Not yet.")
            else:
                request.take_back(by=editor)
            outcomes.append(request.outcome)
        except ValidationError:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=answer, args=[how]) for how in ("decline", "take back")]
    [thread.start() for thread in threads]
    [thread.join(30) for thread in threads]
    asked.refresh_from_db()
    assert sorted(outcomes) == sorted(["refused", asked.outcome])
