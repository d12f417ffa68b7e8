"""Nothing is told twice, and nothing is lost: by runs one after another, at once, or killed."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from smtplib import SMTPException, SMTPServerDisconnected
from threading import Barrier
from urllib.parse import urlsplit

import pytest
import time_machine
from django.conf import settings
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError
from django.db import connection

from agreements import reminding
from agreements.merging import merge_agreements
from agreements.models import Agreement, Reminder
from tests.factories import AgreementFactory, InitiativeFactory, khujand, on, qazvin, staff
from tests.reminders.telling import TODAY, ending, remind

pytestmark = pytest.mark.django_db


def test_a_second_run_tells_of_nothing_and_sends_no_mail(parvin, mailoutbox):
    ending()
    assert remind()[0] == "parvin: told of 1 thing.\n"
    assert remind()[0] == "parvin: nothing new.\n"
    assert len(mailoutbox) == 1
    assert Reminder.objects.get().sent_at


def test_quiet_it_says_nothing_where_all_is_well(parvin, mailoutbox):
    ending()
    assert remind(verbosity=0) == ("", "")
    assert len(mailoutbox) == 1


def test_a_date_that_is_moved_is_told_anew_and_no_other_edit_is(parvin, mailoutbox):
    agreement = ending("2026-07-01")
    remind()
    agreement.summary = "Edited."
    agreement.save()
    remind()
    assert len(mailoutbox) == 1
    agreement.expires_on = on("2026-07-20")
    agreement.save()
    remind()
    assert "20 July 2026" in mailoutbox[1].body


def test_what_is_stalled_is_told_once_a_step(parvin, mailoutbox):
    pk = AgreementFactory(status="proposed", happened_on="2024-01-01").pk
    remind()
    with time_machine.travel(TODAY + timedelta(days=300)):
        remind()
    assert len(mailoutbox) == 1
    Agreement.objects.get(pk=pk).move("draft", by=None, happened_on=on("2026-06-10"))
    remind()
    assert len(mailoutbox) == 1
    with time_machine.travel(TODAY + timedelta(days=366)):
        remind()
    assert "Drafted; no step is on record since 10 June 2026." in mailoutbox[1].body


def test_two_initiatives_of_one_agreement_are_two_things(parvin, mailoutbox):
    agreement = AgreementFactory(happened_on="2026-06")
    for _ in range(2):
        InitiativeFactory(agreement=agreement, due_on=on("2026-05"))
    assert remind()[0] == "parvin: told of 2 things.\n"


def test_what_is_left_over_comes_with_the_next_run(parvin, mailoutbox, monkeypatch):
    monkeypatch.setattr("agreements.digests.MOST_TOLD", 2)
    for _ in range(5):
        ending()
    for told in (2, 2, 1):
        assert f"told of {told} thing" in remind()[0]
    assert "And 3 more, which come next time." in mailoutbox[0].body
    assert "more, which" not in mailoutbox[2].body
    references = [agreement.reference for agreement in Agreement.objects.all()]
    told = "".join(mail.body for mail in mailoutbox)
    assert [told.count(reference) for reference in references] == [1] * 5


def test_a_dry_run_shows_the_mail_and_takes_nothing_upon_itself(parvin, mailoutbox):
    agreement = ending()
    assert agreement.reference in remind(dry_run=True)[0]
    assert not mailoutbox
    assert not Reminder.objects.exists()
    assert "told of 1" in remind()[0]


@pytest.mark.django_db(transaction=True)
def test_of_two_runs_at_once_each_thing_is_told_by_one(parvin, mailoutbox, monkeypatch):
    for _ in range(20):
        ending()
    together, due_for = Barrier(2, timeout=60), reminding.due_for

    def due_for_both(*args, **options):
        found = due_for(*args, **options)
        together.wait()
        return found

    monkeypatch.setattr(reminding, "due_for", due_for_both)

    def run(_number):
        try:
            return remind()[0]
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(run, range(2)))
    assert said == ["parvin: nothing new.\n", "parvin: told of 20 things.\n"]
    assert len(mailoutbox) == 1


# --- What goes wrong ----------------------------------------------------------------------


class Refusing(EmailBackend):
    """A mail server that takes nothing for Parvin."""

    error: Exception = SMTPException("552 The mailbox is full")

    def send_messages(self, letters):
        if letters[0].to == ["parvin@example.org"]:
            raise self.error
        return super().send_messages(letters)


@pytest.fixture
def refusing(settings, monkeypatch):
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    return lambda error: monkeypatch.setattr(Refusing, "error", error)


def test_one_refusal_stops_nobody_else_and_is_made_good_by_the_next_run(
    parvin, rustam, refusing, mailoutbox, settings, capsys
):
    ending()
    with pytest.raises(CommandError, match="1 person could not be told") as refused:
        remind()
    assert refused.value.returncode == 1
    assert [mail.to for mail in mailoutbox] == [["rustam@example.org"]]
    assert not Reminder.objects.filter(user=parvin).exists()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert remind()[0] == "parvin: told of 1 thing.\nrustam: nothing new.\n"


@pytest.mark.parametrize("error", [SMTPServerDisconnected("lost"), TimeoutError("too slow")])
def test_what_a_lost_server_may_have_taken_is_not_sent_again_by_itself(
    error, parvin, refusing, mailoutbox, settings, today
):
    refusing(error)
    ending()
    with pytest.raises(CommandError):
        remind()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    today.shift(timedelta(hours=2))
    said, complained = remind()
    assert said == "parvin: nothing new.\n"
    assert "parvin: a digest of 1 thing, from 2026-06-15" in complained
    assert not mailoutbox


@pytest.mark.parametrize(
    ("option", "mails"), [({"again": True}, 1), ({"arrived": True}, 0)], ids=["again", "arrived"]
)
def test_the_operator_says_what_became_of_it(option, mails, parvin, mailoutbox, today):
    agreement = ending()
    Reminder.objects.create(
        user=parvin, what="ending", agreement=agreement, due="2026-07-01", run=os.urandom(16).hex()
    )
    today.shift(timedelta(minutes=59))
    assert remind(**option) == ("parvin: nothing new.\n", "")
    today.shift(timedelta(minutes=2))
    assert not remind(**option)[1]
    assert len(mailoutbox) == mails
    assert remind() == ("parvin: nothing new.\n", "")


# A run that dies while it sends, before the mail server has the mail or right after.
KILLED = """
import os, signal, sys, django, time_machine
django.setup()
from django.conf import settings
from django.core.mail.backends.console import EmailBackend
from django.core.management import call_command
from agreements import digests

class Deadly(EmailBackend):
    def send_messages(self, letters):
        if sys.argv[2] == "after":
            super().send_messages(letters)
        os.kill(os.getpid(), signal.SIGKILL)

digests.get_connection = Deadly
settings.SITE_URL = "https://register.example.org"
settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
with time_machine.travel(sys.argv[1]):
    call_command("remind", skip_checks=True)
"""


def this_database() -> str:
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


def run_and_die(when: str) -> subprocess.CompletedProcess:
    return subprocess.run(  # noqa: S603
        [sys.executable, "-c", KILLED, TODAY.isoformat(), when],
        env={
            **os.environ,
            "DATABASE_URL": this_database(),
            "DJANGO_SETTINGS_MODULE": "tests.settings",
        },
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_on_the_way_it_is_told_to_the_operator_and_not_sent_again(
    when, parvin, mailoutbox, today
):
    agreement = ending()
    killed = run_and_die(when)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert (agreement.reference in killed.stdout) == (when == "after")
    assert remind() == ("parvin: nothing new.\n", "")
    today.shift(timedelta(hours=2))
    assert "may not have arrived" in remind()[1]
    assert not mailoutbox
    for _ in range(2):
        remind(again=True)
    assert len(mailoutbox) == 1


def test_a_merge_of_two_records_leaves_nothing_to_tell_twice(parvin, mailoutbox):
    kept, other = (ending(parties=[qazvin(), khujand()]) for _ in range(2))
    InitiativeFactory(agreement=other, due_on=on("2026-05"))
    assert "told of 3 things" in remind()[0]
    kept, other = Agreement.objects.get(pk=kept.pk), Agreement.objects.get(pk=other.pk)
    merge_agreements(kept, other, by=None, reason="The same text.")
    assert remind()[0] == "parvin: nothing new.\n"
    assert "otherwise" not in kept.internal_note


def test_another_person_is_told_of_the_same_thing(parvin, mailoutbox):
    ending()
    remind()
    staff("auditor", email="aziza@example.org")
    remind()
    assert [mail.to[0] for mail in mailoutbox] == ["parvin@example.org", "aziza@example.org"]
