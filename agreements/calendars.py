"""A person's own calendar: the days by which something is due, at an address that is a secret.

The address is 256 random bits, of which the SHA-256 alone is kept: nobody can guess it, nor read
it from the database. Whoever has it reads what its owner may read, until it is revoked.
"""

import hashlib
import secrets
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from agreements import sayings
from agreements.digests import language_of
from agreements.lifecycle import Status
from agreements.models import Agreement, Initiative, Preferences
from agreements.reminding import kept, may_be_told, with_names
from common.dates import PartialDate
from common.dates_display import display_partial_date

MOST_EVENTS = 5_000
# What was due earlier than this is on the desk, and no more in the calendar.
LOOKS_BACK = timedelta(days=366)
ASK_AGAIN = timedelta(hours=12)


class Due(NamedTuple):
    """An event to be: the day, what it is of, and the initiative's key, or 0."""

    last_day: date
    what: str
    agreement: int
    row: int
    day: PartialDate


# --- Its address --------------------------------------------------------------------------


def new_secret() -> tuple[str, str]:
    """A secret for an address, and the key that is kept of it."""
    secret = secrets.token_urlsafe(32)
    return secret, key_of(secret)


def key_of(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def owner(secret: str) -> Any:
    """Whose calendar this is, if they may still read it, else None; found by its hash alone."""
    found = Preferences.objects.filter(calendar_key=key_of(secret)).select_related("user").first()
    return found.user if found and may_be_told(found.user) else None


# --- What is in it ------------------------------------------------------------------------


def dues(user: Any, since: date) -> list[Due]:
    """The days that count for this person, the earliest first."""
    signed = kept(Agreement.objects, user).filter(status=Status.SIGNED)
    promised = kept(Initiative.objects, user).exclude(state__in=Initiative.CLOSED)
    found = [
        *days(signed.values_list("pk", "expires_on"), "expires_on", since),
        *days(signed.values_list("pk", "notice_by"), "notice_by", since),
        *days(promised.values_list("agreement", "due_on", "pk"), "due_on", since),
    ]
    return sorted(found)[:MOST_EVENTS]


def days(rows: Any, name: str, since: date) -> Iterator[Due]:
    """``rows`` are of an agreement, a date and perhaps an initiative; ``name`` is the date's."""
    counting = rows.filter(**{f"{name}__isnull": False}).exclude(**{f"{name}__over_before": since})
    for agreement, day, *row in islice(counting.order_by(name, "pk"), MOST_EVENTS):
        yield Due(day.last_day, name, agreement, row[0] if row else 0, day)


def event(due: Due, agreement: Agreement, initiative: Initiative | None, site: str) -> Event:
    made = Event()
    made.add("uid", uid(due, agreement, site))
    # Of the record and not of the moment, so that the same record gives the same bytes.
    made.add("dtstamp", whole_second(agreement.updated_at))
    made.add("last-modified", whole_second(agreement.updated_at))
    made.add("sequence", (initiative or agreement).version)
    made.add("dtstart", due.last_day)
    made.add("transp", "TRANSPARENT")
    made.add("class", "PRIVATE")
    made.add("summary", summary(due, agreement, initiative))
    made.add("description", description(due, agreement))
    made.add("url", site + reverse("admin:agreements_agreement_change", args=[agreement.pk]))
    return made


def uid(due: Due, agreement: Agreement, site: str) -> str:
    row = f"-{due.row}" if due.row else ""
    return f"{agreement.reference}-{due.what}{row}@{urlsplit(site).hostname}"


def whole_second(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)


def summary(due: Due, agreement: Agreement, initiative: Initiative | None) -> str:
    name = sayings.set_apart(agreement.name)
    if initiative:
        return _("Due: %(title)s (%(name)s)") % {
            "title": sayings.set_apart(initiative.title),
            "name": name,
        }
    if due.what == "notice_by":
        return _("Last day for notice: %(name)s") % {"name": name}
    return _("Term ends: %(name)s") % {"name": name}


def description(due: Due, agreement: Agreement) -> str:
    said = [f"{agreement.reference}, {agreement.get_status_display()}"]
    if due.what == "expires_on" and agreement.renewal:
        said.append(agreement.get_renewal_display())
    shown = {"day": display_partial_date(due.day)}
    if due.day.precision == "month":
        said.append(_("The day is not known, the month alone: %(day)s") % shown)
    elif due.day.precision == "year":
        said.append(_("The day is not known, the year alone: %(day)s") % shown)
    else:
        said.append(shown["day"])
    return "\n".join(said)


def calendar_of(user: Any, site: str) -> bytes:
    """The whole calendar (RFC 5545), in the person's language; ``site`` has no slash at its end."""
    with override(language_of(user)):
        made = Calendar()
        made.add("prodid", "-//Twinning//Register//EN")
        made.add("version", "2.0")
        made.add("method", "PUBLISH")
        made.add("x-wr-calname", _("Twinning: what is due"))
        made.add("refresh-interval", ASK_AGAIN, {"VALUE": "DURATION"})
        found = dues(user, timezone.localdate() - LOOKS_BACK)
        agreements = with_names([due.agreement for due in found], user)
        initiatives = Initiative.objects.order_by().in_bulk({due.row for due in found} - {0})
        for due in found:
            if due.agreement in agreements and (due.row in initiatives or not due.row):
                initiative = initiatives.get(due.row)
                made.add_component(event(due, agreements[due.agreement], initiative, site))
        return made.to_ical()


@require_safe
def calendar(request: HttpRequest, secret: str) -> HttpResponseBase:
    """Asks for no session: programs that read calendars have none."""
    user = owner(secret)
    if user is None:
        # The same for all that lead nowhere, and without a page, which would repeat the address.
        return HttpResponse(
            _("There is no such calendar."),
            status=404,
            content_type="text/plain; charset=utf-8",
            headers={"Cache-Control": "no-store", "X-Robots-Tag": "noindex"},
        )
    body = calendar_of(user, request.build_absolute_uri("/").rstrip("/"))
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Language"] = language_of(user)
    response["Content-Disposition"] = 'inline; filename="twinning.ics"'
    # It is kept by its owner alone, and asked for anew each time; the ETag makes that cheap.
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    etag = f'"{hashlib.sha256(body).hexdigest()}"'
    response["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response) or response
