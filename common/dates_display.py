"""A date as a person reads it, in the language of the page.

A year stays a year and a month a month. In Persian the Jalali date stands beside it: the day
exactly, for a month or a year the Jalali months or years that its first and last day fall in.
"""

from datetime import date, datetime

import jdatetime
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, override

from .dates import PartialDate

__all__ = ["as_partial_date", "display_partial_date"]

# Django's English is American and shortens months; this order is read the same everywhere.
DAY_IN_ENGLISH = "j F Y"

# Languages in which a month is no proper name.
MONTHS_ARE_SMALL = frozenset({"ru", "tg"})

_PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


def as_partial_date(value: PartialDate | date | datetime | None) -> PartialDate | None:
    """The value as a PartialDate; a moment becomes its day in the current time zone."""
    if isinstance(value, PartialDate):
        return value
    if not value:
        return None
    if isinstance(value, datetime):
        value = timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return PartialDate.from_date(value)


def display_partial_date(
    value: PartialDate | date | datetime | None, unknown: str | None = None
) -> str:
    """Plain text for people: "10 May 2025", "May 2025", "2025"; `unknown` if there is none."""
    when = as_partial_date(value)
    if when is None:
        return gettext("date unknown") if unknown is None else unknown
    if _language() == "fa":
        return _with_jalali(when)
    return _in_gregorian(when)


def _in_gregorian(when: PartialDate) -> str:
    if when.precision == "year" or not _has_month_names():
        return str(when)
    if when.precision == "month":
        # Django gives the month that stands alone a capital, as if it always began a sentence.
        month = date_format(when.first_day, "YEAR_MONTH_FORMAT")
        return month.lower() if _language() in MONTHS_ARE_SMALL else month
    return date_format(when.first_day, DAY_IN_ENGLISH if _in_english() else "DATE_FORMAT")


def _language() -> str:
    return (get_language() or "en").split("-")[0]


def _in_english() -> bool:
    return _language() == "en"


def _has_month_names() -> bool:
    """Whether the language has month names; an English month in its midst is worse than ISO."""
    if _in_english():
        return True
    here = [str(month) for month in MONTHS.values()]
    with override("en"):
        return here != [str(month) for month in MONTHS.values()]


def _with_jalali(when: PartialDate) -> str:
    jalali = _jalali(when)
    text = _in_gregorian(when) + (f" ({jalali})" if jalali else "")
    return text.translate(_PERSIAN_DIGITS)


def _jalali(when: PartialDate) -> str:
    """The Jalali days, months or years of the span; empty outside the years of that calendar."""
    try:
        first = jdatetime.date.fromgregorian(date=when.first_day)
        last = jdatetime.date.fromgregorian(date=when.last_day)
    except ValueError:
        return ""
    if when.precision == "day":
        return f"{first.day} {_month(first)} {first.year}"
    if when.precision == "year":
        return f"{first.year}–{last.year}"
    if first.year != last.year:
        return f"{_month(first)} {first.year} – {_month(last)} {last.year}"
    return f"{_month(first)}–{_month(last)} {last.year}"


def _month(day: jdatetime.date) -> str:
    return jdatetime.date.j_months_fa[day.month - 1]
