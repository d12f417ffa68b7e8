"""A cell with a date: read exactly, or refused with what to write instead."""

import re
from calendar import monthrange
from typing import Any

from django.utils.translation import gettext_lazy as _

from agreements.imports.wording import said
from common.dates import InvalidPartialDate, PartialDate

ISO = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?")
TWO_YEARS = re.compile(r"(\d{4})\s*(?:or|and|to|und|oder|ou|bis|/|,|;|–|—|-)\s*(\d{4})", re.I)
DAY_FIRST = re.compile(r"(\d{1,2})\s*[./-]\s*(\d{1,2})\s*[./-]\s*(\d{4})")
YEAR_INSIDE = re.compile(r"(?<![\d-])([1-9]\d{3})(?!\d)")
FORM = _("Write a year, a month or a day: 2025, 2025-05 or 2025-05-10; leave it empty if unknown.")


class NoDate(ValueError):
    """The cell is no date; ``message`` says what to write instead."""

    def __init__(self, message: Any) -> None:
        super().__init__(message)
        self.message = message


def read_day(text: str) -> PartialDate | None:
    """None for an empty cell. Raises NoDate."""
    if not text:
        return None
    try:
        return PartialDate.parse(text)
    except InvalidPartialDate:
        raise NoDate(_why(text)) from None


def _why(text: str) -> Any:
    if found := TWO_YEARS.fullmatch(text):
        return said(
            _(
                "This is two years, %(one)s and %(other)s. Write one year, or leave it empty and "
                "put both into note."
            ),
            one=found[1],
            other=found[2],
        )
    if found := ISO.fullmatch(text):
        return _why_not(int(found[1]), int(found[2]), int(found[3] or 1))
    if re.fullmatch(r"0+", text):
        return _("There is no year 0. Write the year in four digits, or leave it empty.")
    if found := DAY_FIRST.fullmatch(text):
        return _day_first(*(int(part) for part in found.groups()))
    if found := YEAR_INSIDE.search(text):
        return said(
            _(
                "This is more than a date. If the year %(year)s is certain, write %(year)s alone; "
                "else leave it empty and put this into note."
            ),
            year=found[1],
        )
    return FORM


def _why_not(year: int, month: int, day: int) -> Any:
    if year == 0:
        return _("There is no year 0. Write the year in four digits, or leave it empty.")
    if not 1 <= month <= 12:
        return said(
            _(
                "There is no month %(month)s. A date is year, month, day: 2025-05-10. The year "
                "alone, %(year)s, is enough."
            ),
            month=month,
            year=f"{year:04d}",
        )
    last = monthrange(year, month)[1]
    if not 1 <= day <= last:
        return said(
            _(
                "Month %(month)s of %(year)s has %(last)s days, and no day %(day)s. Correct the "
                "day, or write the month alone, %(whole)s."
            ),
            month=month,
            year=year,
            last=last,
            day=day,
            whole=f"{year:04d}-{month:02d}",
        )
    return said(
        _("Write month and day in two digits: %(right)s."),
        right=f"{year:04d}-{month:02d}-{day:02d}",
    )


def _day_first(one: int, two: int, year: int) -> Any:
    """Which of two numbers is the month is not guessed unless one of them cannot be it."""
    days_of = {
        f"{PartialDate(year, month, day)}"
        for day, month in ((one, two), (two, one))
        if year and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]
    }
    if len(days_of) == 1:
        return said(_("Write the year first: %(right)s."), right=days_of.pop())
    return said(
        _("Write the year first, then the month, then the day: %(year)s-05-10; or the year alone."),
        year=f"{year:04d}",
    )
