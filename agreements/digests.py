"""The digest as a letter, and how it is sent without being sent twice."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from smtplib import SMTPServerDisconnected
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language_bidi, ngettext, override

from agreements import reminding, sayings
from agreements.models import Agreement, Preferences, Request, Suggestion
from agreements.models.suggestions import MAY_ANSWER
from agreements.reminding import MOST_TOLD, WHATS, Thing
from common.dates_display import display_partial_date
from common.templatetags.numbers import number

RIGHT_TO_LEFT_MARK = "\u200f"
# The connection broke: the mail server may have taken the letter, and could not say so.
UNCLEAR = (SMTPServerDisconnected, TimeoutError)


class MayHaveArrived(Exception):
    """Nobody knows whether the letter went out, so it is not sent again by itself."""


@dataclass(frozen=True)
class Line:
    name: str
    said: str
    address: str


@dataclass(frozen=True)
class Part:
    label: Any
    advice: Any
    lines: list[Line]


def preferences_of(user: Any) -> Preferences:
    """The person's own, or what holds for whoever has said nothing."""
    return getattr(user, "preferences", None) or Preferences(user=user)


def language_of(user: Any) -> str:
    wanted = preferences_of(user).language
    return wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def site_address(name: str, *args: Any) -> str:
    return settings.SITE_URL + reverse(name, args=args)


# --- Its words ----------------------------------------------------------------------------


def parts(things: list[Thing], user: Any) -> Iterator[Part]:
    """What was deleted a moment ago is passed over."""
    agreements = reminding.with_names([thing.agreement for thing in things], user)
    for name, group in groupby(things, key=lambda thing: thing.what):
        what, found = WHATS[name], list(group)
        rows = rows_of(what.model, found)
        told = [
            line(what, agreements[thing.agreement], rows.get(thing.row))
            for thing in found
            if thing.agreement in agreements and (thing.row in rows or not thing.row)
        ]
        yield Part(what.label, what.advice_for(user), told)


def rows_of(model: Any, things: list[Thing]) -> dict[int, Any]:
    if model is None:
        return {}
    rows = model.objects.order_by()
    if model is Request:
        rows = rows.select_related("asked_by", "answered_by")
    return rows.in_bulk([thing.row for thing in things])


def line(what: Any, agreement: Agreement, row: Any) -> Line:
    address = site_address("admin:agreements_agreement_change", agreement.pk)
    return Line(sayings.named(agreement), sayings.lightened(what.say(agreement, row)), address)


def letter(user: Any, things: list[Thing], more: int, on: date) -> EmailMessage:
    """The digest of these things, in the person's language; ``more`` are not told of yet."""
    language = language_of(user)
    with override(language):
        shown = number(len(things))
        subject = ngettext(
            "Twinning: %(number)s new thing on your desk",
            "Twinning: %(number)s new things on your desk",
            len(things),
        )
        context = {
            "parts": list(parts(things, user)),
            "more": more,
            "suggestions": suggestions_for(user),
            "suggestions_list": site_address("admin:agreements_suggestion_changelist"),
            "name": sayings.set_apart(user.get_short_name() or user.get_username()),
            "day": display_partial_date(on),
            "desk": site_address("admin:index"),
            "preferences": site_address("admin-preferences"),
            # Else a line that begins with a sign or a Latin name would be read from the left.
            "mark": RIGHT_TO_LEFT_MARK if get_language_bidi() else "",
        }
        body = render_to_string("agreements/mail/digest.txt", context)
        return EmailMessage(
            subject=subject % {"number": shown},
            body=re.sub(r"\n{3,}", "\n\n", body).strip() + "\n",
            to=[user.email],
            headers={
                "Auto-Submitted": "auto-generated",
                "Content-Language": language,
                "List-Unsubscribe": f"<{context['preferences']}>",
            },
        )


def suggestions_for(user: Any) -> int:
    """How many of readers wait for this person: told beside what is due, for they have no day."""
    if not user.has_perm(MAY_ANSWER):
        return 0
    return Suggestion.objects.visible_to(user).waiting().count()


# --- Sending it ---------------------------------------------------------------------------


def send(user: Any, on: date, run: UUID) -> int:
    """Tell the person of what is due and was not told; returns of how many things.

    Raises MayHaveArrived, or whatever the mail server's refusal is: then the things are left for
    the next run.
    """
    things = reminding.due_for(user, on)
    if not things:
        return 0
    connection = get_connection()
    connection.open()
    try:
        mine = reminding.claim(user, things[:MOST_TOLD], run)
        if mine:
            post(user, mine, len(things) - len(things[:MOST_TOLD]), on, run, connection)
        return len(mine)
    finally:
        connection.close()


def post(user: Any, mine: list[Thing], more: int, on: date, run: UUID, connection: Any) -> None:
    try:
        connection.send_messages([letter(user, mine, more, on)])
    except UNCLEAR as error:
        raise MayHaveArrived from error
    except Exception:
        reminding.release(user, run)
        raise
    reminding.settle(user, run)
