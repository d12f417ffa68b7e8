"""The mail itself: its words, its headers, its languages, and titles that mean harm."""

import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError
from hypothesis import given, settings
from hypothesis import strategies as st

from agreements import sayings
from agreements.digests import letter
from agreements.models import Agreement, Preferences
from agreements.reminding import WHATS, Thing
from tests.desk_factories import RequestFactory
from tests.factories import AgreementFactory, InitiativeFactory, khujand, on, qazvin
from tests.reminders.telling import TODAY, ending, remind
from twinning import env

pytestmark = pytest.mark.django_db


def everything(parvin, rustam) -> None:
    """One of each kind of thing, for Rustam."""
    both = [qazvin(), khujand()]
    ending("2026-07", parties=both)
    ending("2026-08-01", parties=both, renewal="automatic", notice_by=on("2026-07-10"))
    ending("2025", parties=both)
    AgreementFactory(status="drafted", happened_on="2024", parties=both)
    busy = AgreementFactory(happened_on="2026-06", parties=both)
    InitiativeFactory(agreement=busy, title="A bridge", due_on=on("2026-05"))
    InitiativeFactory(agreement=busy, title="دانشگاه", due_on=on("2026-07-02"))
    RequestFactory(agreement=busy, asked_by=parvin, act="sign", note="The text is there.")
    RequestFactory(agreement=busy, asked_by=rustam).decline(by=None, answer="Not yet.")


def test_it_tells_each_kind_of_thing_in_a_sentence(parvin, rustam, mailoutbox):
    everything(parvin, rustam)
    remind(to="rustam")
    body = mailoutbox[0].body
    for said in (
        "parvin asks for this: Sign. The text is there.",
        "Publish: declined. Not yet.",
        "Notice by 10 July 2026; renews itself",
        "Expires: July 2026; nothing is on record about its renewal",
        "Its term is over: 1 August 2026; renews itself",
        "“\u2068دانشگاه\u2069”, due: 2 July 2026",
        "“A bridge”, due: May 2026",
        "Its term was over: 2025; it is on record as signed",
        "Drafted; no step is on record since 2024.",
    ):
        assert said in body
    assert body.count("== ") == len(WHATS)
    assert "Qazvin – Khujand (TW-" in body


def test_its_headers_say_what_it_is_and_how_to_be_rid_of_it(parvin, mailoutbox):
    agreement = ending()
    remind()
    sent = mailoutbox[0].message()
    assert sent["Auto-Submitted"] == "auto-generated"
    assert sent["List-Unsubscribe"] == "<https://register.example.org/admin/preferences/>"
    assert sent["Subject"] == "Twinning: 1 new thing on your desk"
    assert sent.get_content_type() == "text/plain"
    assert "https://register.example.org/admin/preferences/" in mailoutbox[0].body
    assert f"org/admin/agreements/agreement/{agreement.pk}/change/\n" in mailoutbox[0].body


def test_it_comes_in_the_language_of_the_person_else_of_the_register(parvin, rustam, mailoutbox):
    Preferences.objects.create(user=rustam, language="fa")
    ending(parties=[qazvin(), khujand()])
    remind()
    english, persian = mailoutbox
    assert (english.message()["Content-Language"], persian.message()["Content-Language"]) == (
        "en",
        "fa",
    )
    assert "1 July 2026" in english.body
    assert "\u200f" not in english.body
    assert "۱۰ تیر ۱۴۰۵" in persian.body
    assert "خجند" in persian.body


def test_a_mail_in_persian_is_read_from_the_right_save_its_addresses(parvin, mailoutbox):
    Preferences.objects.create(user=parvin, language="fa")
    ending(title="Treaty of 2020")
    remind()
    lines = [line for line in mailoutbox[0].body.splitlines() if line.strip(" -")]
    for line in lines:
        assert line.startswith(("  https://", "\u200f")), line
    assert "\u2068Treaty of 2020\u2069" in mailoutbox[0].body
    assert mailoutbox[0].body.count("\u2068") == mailoutbox[0].body.count("\u2069")


EVIL = "Treaty\r\nBcc: everybody@example.org\r\n\r\n.\r\n\u2028\u202eytaerT\u0000\x1b[2J\ud800"


def test_no_title_can_write_a_line_or_a_header_of_its_own(parvin):
    agreement = ending()
    Agreement.objects.filter(pk=agreement.pk).update(title="Treaty\r\nBcc: a@b.org\n\u202eX")
    InitiativeFactory(agreement=agreement, title="A\n\nB: c", due_on=on("2026-05"))
    found = Thing("ending", agreement.pk, 0, "2026-07-01")
    sent = letter(parvin, [found], 0, TODAY).message()
    assert sent["Bcc"] is None
    assert "• Treaty Bcc: a@b.org X (TW-" in sent.get_payload(decode=True).decode()


def test_half_a_character_and_controls_are_taken_out(parvin):
    assert sayings.plain(EVIL) == "Treaty Bcc: everybody@example.org . ytaerT [2J\ufffd"
    parvin.first_name = EVIL
    sent = letter(parvin, [], 0, TODAY).message().as_bytes()
    assert b"\nBcc" not in sent


@settings(deadline=None)
@given(st.text(st.characters(codec=None, categories=None)))
def test_whatever_is_typed_stays_one_line_that_ends_what_it_turns(text):
    shown = sayings.set_apart(text)
    assert len(shown.splitlines()) <= 1
    assert len(shown) <= sayings.LONGEST_TEXT + 2
    assert shown.count("\u2068") == shown.count("\u2069")
    assert not re.search("[\u202a-\u202e\u2066\u2067]", shown)
    shown.encode()


def test_on_a_day_to_come_it_tells_of_what_is_due_then(parvin, mailoutbox):
    ending("2027-01-10")
    assert "nothing new" in remind()[0]
    assert "told of 1" in remind(on=date(2026, 12, 1))[0]


@pytest.mark.parametrize("day", [TODAY - timedelta(days=1), date.max])
def test_it_takes_no_day_that_is_past_or_beyond_reason(day, parvin):
    with pytest.raises(CommandError, match="--on takes"):
        remind(on=day)


def test_without_an_address_of_the_site_it_says_what_to_set(parvin, settings):
    settings.SITE_URL = ""
    with pytest.raises(CommandError, match="SITE_URL is not set"):
        remind()


@pytest.mark.parametrize(
    "value", ["register.city.gov", "https://a/b", "ftp://a", "https://u:p@a", "https://a b"]
)
def test_an_address_of_the_site_that_is_none_is_refused_and_not_repeated(value, monkeypatch):
    monkeypatch.setenv("SITE_URL", value)
    with pytest.raises(ImproperlyConfigured, match="scheme and host alone") as refused:
        env.origin("SITE_URL", default="")
    assert value not in str(refused.value)
    monkeypatch.setenv("SITE_URL", "https://register.city.gov/")
    assert env.origin("SITE_URL", default="") == "https://register.city.gov"


def test_without_a_mail_server_it_takes_nothing_upon_itself(parvin, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    ending()
    with pytest.raises(CommandError, match="EMAIL_URL is not set"):
        remind()
    assert "nothing new" not in remind(dry_run=True)[0]
