"""Public calendars: the days of public agreements, for all of the register or a part of it.

The personal ones, at secret addresses, are ``agreements.calendars``. What is known to the year
alone stays out; what is known to the month is an entry as long as the month, and says so.
"""

from calendar import isleap
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.db.models.functions import Length
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from icalendar import Calendar, Event

from agreements.calendars import ASK_AGAIN, LOOKS_BACK
from agreements.lifecycle import Status
from agreements.models import Agreement, Initiative, StatusChange
from agreements.models import Event as Meeting
from agreements.querysets import AgreementQuerySet
from agreements.sayings import lightened, set_apart
from agreements.told import with_public_since
from common.answers import lasting
from common.dates import PartialDate
from common.dates_display import display_partial_date
from common.templatetags.numbers import number
from twinning.feeds import host_of
from twinning.scopes import ANYBODY, Scope

MOST_ENTRIES = 1_000
AS_EXACT_AS_A_YEAR = len("2025")
# For all of the register or a country there would be one every day.
WITH_ANNIVERSARIES = ("place", "agreement")
EVERY_YEARS = 5


class Noted(NamedTuple):
    """An entry to be. ``agreement`` is a key; ``told_apart`` is '' where there is one of a kind."""

    day: PartialDate
    what: str
    agreement: int
    told_apart: str = ""
    title: str = ""


# --- What is in it ------------------------------------------------------------------------


def noted(scope: Scope, since: date) -> list[Noted]:
    """The days that count, the earliest first."""
    agreements = scope.agreements.order_by()
    signed = agreements.filter(status=Status.SIGNED)
    found = [*promises(agreements, since), *meetings(agreements, since)]
    for name in ("starts_on", "expires_on", "notice_by"):
        found += days(signed, name, since)
    if scope.kind in WITH_ANNIVERSARIES:
        found += anniversaries(signed)
    return sorted(found, key=lambda one: (one.day.first_day, one.what, one))[:MOST_ENTRIES]


def known(rows: Any, name: str, since: date) -> Any:
    """The rows with a month or a day that is not over long since, the earliest first."""
    counting = rows.filter(**{f"{name}__isnull": False}).exclude(**{f"{name}__over_before": since})
    exact = counting.alias(exactness=Length(name)).filter(exactness__gt=AS_EXACT_AS_A_YEAR)
    return exact.order_by(name, "pk")


def days(agreements: AgreementQuerySet, name: str, since: date) -> Iterator[Noted]:
    for pk, day in known(agreements, name, since).values_list("pk", name)[:MOST_ENTRIES]:
        yield Noted(day, name, pk)


def promises(agreements: AgreementQuerySet, since: date) -> Iterator[Noted]:
    mine = Initiative.objects.visible_to(ANYBODY).filter(agreement__in=agreements)
    rows = known(mine.exclude(state__in=Initiative.CLOSED), "due_on", since)
    wanted = rows.values_list("due_on", "agreement", "pk", "title")
    for day, agreement, pk, title in wanted[:MOST_ENTRIES]:
        yield Noted(day, "due_on", agreement, hidden("initiative", pk), title)


def meetings(agreements: AgreementQuerySet, since: date) -> Iterator[Noted]:
    """Each once, under the first of the agreements that are told of here."""
    ties = Meeting.agreements.through.objects.filter(agreement__in=agreements)
    rows = known(ties, "event__happened_on", since)
    rows = rows.order_by("event__happened_on", "event", "agreement__reference")
    wanted = rows.values_list("event__happened_on", "agreement", "event", "event__title")
    seen: set[int] = set()
    for day, agreement, event, title in wanted[:MOST_ENTRIES]:
        if event not in seen:
            seen.add(event)
            yield Noted(day, "event", agreement, hidden("event", event), title)


def anniversaries(signed: AgreementQuerySet) -> Iterator[Noted]:
    """Of this year and the next, every fifth; where the day of signing is known."""
    steps = StatusChange.objects.visible_to(ANYBODY).filter(
        agreement__in=signed, to_status=Status.SIGNED, happened_on__isnull=False
    )
    rows = steps.exclude(move="reinstate").order_by("happened_on", "pk")
    this = timezone.localdate().year
    for day, agreement in rows.values_list("happened_on", "agreement")[:MOST_ENTRIES]:
        for year in (this, this + 1):
            age = year - day.year
            if day.precision == "day" and age > 0 and age % EVERY_YEARS == 0:
                yield Noted(in_year(day, year), "anniversary", agreement, str(year), str(age))


def in_year(day: PartialDate, year: int) -> PartialDate:
    """The same day of another year; 28 February for the 29th where there is none."""
    leap_day = (day.month, day.day) == (2, 29) and not isleap(year)
    return PartialDate(year, day.month, 28 if leap_day else day.day)


def hidden(of: str, pk: int) -> str:
    """A key that stays and does not count: numbers in a row would tell how much is internal."""
    return salted_hmac(f"calendar of {of}", str(pk), algorithm="sha256").hexdigest()[:16]


# --- How it is written --------------------------------------------------------------------


def entry(one: Noted, agreement: Any, site: str, host: str) -> Event:
    made = Event()
    apart = f"-{one.told_apart}" if one.told_apart else ""
    made.add("uid", f"{agreement.reference}-{one.what}{apart}-public@{host}")
    made.add("dtstamp", stamp(one, agreement))
    made.add("dtstart", one.day.first_day)
    made.add("dtend", one.day.last_day + timedelta(days=1))
    made.add("transp", "TRANSPARENT")
    made.add("summary", summary(one, agreement))
    made.add("description", description(one, agreement))
    made.add("url", site + agreement.get_absolute_url())
    return made


def stamp(one: Noted, agreement: Any) -> datetime:
    """Since when the agreement is public: a time of change would tell of internal edits."""
    since = agreement.public_since or datetime.combine(one.day.first_day, time.min, UTC)
    return since.astimezone(UTC).replace(microsecond=0)


def summary(one: Noted, agreement: Agreement) -> str:
    said = {"name": set_apart(agreement.name), "title": set_apart(one.title)}
    if one.what == "anniversary":
        years = int(one.title)
        form = ngettext(
            "%(number)s year since it was signed: %(name)s",
            "%(number)s years since it was signed: %(name)s",
            years,
        )
        return lightened(form % {**said, "number": number(years)})
    form = {
        "starts_on": _("Term begins: %(name)s"),
        "expires_on": _("Term ends: %(name)s"),
        "notice_by": _("Last day for notice: %(name)s"),
        "due_on": _("Due: %(title)s (%(name)s)"),
        "event": _("%(title)s (%(name)s)"),
    }[one.what]
    if one.day.precision == "month":
        form = _("%(what)s, on a day of this month that is not known") % {"what": form}
    return lightened(form % said)


def description(one: Noted, agreement: Agreement) -> str:
    said = [f"{agreement.reference}, {agreement.get_status_display()}"]
    shown = {"day": display_partial_date(one.day)}
    if one.day.precision == "month":
        said.append(_("The day is not known, the month alone: %(day)s") % shown)
    else:
        said.append(shown["day"])
    return "\n".join(said)


def calendar_of(scope: Scope, site: str, host: str) -> bytes:
    """The whole calendar (RFC 5545); ``site`` has no slash at its end."""
    made = Calendar()
    made.add("prodid", "-//Twinning//Register//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name_of(scope))
    made.add("refresh-interval", ASK_AGAIN, {"VALUE": "DURATION"})
    found = noted(scope, timezone.localdate() - LOOKS_BACK)
    told_of = Agreement.objects.visible_to(ANYBODY).filter(pk__in={one.agreement for one in found})
    agreements = {one.pk: one for one in with_public_since(told_of.with_parties())}
    for one in found:
        if one.agreement in agreements:
            made.add_component(entry(one, agreements[one.agreement], site, host))
    return made.to_ical()


def name_of(scope: Scope) -> str:
    if scope.kind == "register":
        return _("Twinning: days of agreements")
    return lightened(_("Twinning: %(name)s") % {"name": set_apart(scope.name)})


def calendar(request: HttpRequest, scope: Scope) -> HttpResponseBase:
    site = request.build_absolute_uri("/").rstrip("/")
    body = calendar_of(scope, site, host_of(request))
    return lasting(request, body, "text/calendar; charset=utf-8")
