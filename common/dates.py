"""Dates as they are known: a year, a month or a day.

A partial date is the span from its first day to its last day. `2025` is the span from
1 January to 31 December 2025; nobody says which day of it is meant. So:

* something *has begun by* day D when its first day is on or before D,
* something *is over before* day D when its last day is before D,

and where the other side is a partial date too, a thing has begun by the last day of it,
and is over before the first day of it.

The text (ISO 8601, EDTF level 0) is the truth: it is stored, sorted and sent as it is, and
never padded to 1 January. Values sort as their texts do: `2025` < `2025-01` < `2025-01-01`.
The calendar is the (proleptic) Gregorian one, years 0001 to 9999.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache, total_ordering
from typing import Literal, Self

__all__ = ["InvalidPartialDate", "PartialDate", "Precision"]

Precision = Literal["year", "month", "day"]

_FORM = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")

# Persian and Arabic keyboards write their own digits; both are taken from people.
_TO_ASCII = str.maketrans("۰۱۲۳۴۵۶۷۸۹٠١٢٣٤٥٦٧٨٩", "0123456789" * 2)


class InvalidPartialDate(ValueError):
    """What was given is not a year, a month or a day that exists."""


@total_ordering
@dataclass(frozen=True, slots=True)
class PartialDate:
    """A year, a month of a year, or a day. Raises InvalidPartialDate if there is no such."""

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        parts = (self.year, 1 if self.month is None else self.month, self.day or 1)
        if any(type(part) is not int for part in parts) or self.day == 0:
            raise InvalidPartialDate("Year, month and day are whole numbers from 1.")
        if self.month is None and self.day is not None:
            raise InvalidPartialDate("A day needs its month.")
        try:
            date(*parts)
        except (ValueError, OverflowError):
            raise InvalidPartialDate("There is no such date.") from None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; blanks around it are passed over.

        Raises InvalidPartialDate for anything else, text or not.
        """
        if not isinstance(text, str):
            raise InvalidPartialDate("A partial date is read from text.")
        match = _FORM.fullmatch(text.strip().translate(_TO_ASCII))
        if match is None:
            raise InvalidPartialDate("Not of the form 2025, 2025-05 or 2025-05-10.")
        year, month, day = match.groups()
        return cls(int(year), int(month) if month else None, int(day) if day else None)

    @classmethod
    def from_date(cls, day: date) -> Self:
        """The partial date that is exactly this day.

        A datetime is refused: which day it falls on depends on a time zone.
        """
        if not isinstance(day, date) or isinstance(day, datetime):
            raise InvalidPartialDate("A partial date is made from a date.")
        return cls(day.year, day.month, day.day)

    @property
    def precision(self) -> Precision:
        if self.month is None:
            return "year"
        return "month" if self.day is None else "day"

    @property
    def first_day(self) -> date:
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last_day(self) -> date:
        month = self.month or 12
        return date(self.year, month, self.day or monthrange(self.year, month)[1])

    def begun_by(self, day: "date | PartialDate") -> bool:
        """Whether the first day is on or before `day` (the last day of it, if partial)."""
        return self.first_day <= (day.last_day if isinstance(day, PartialDate) else day)

    def over_before(self, day: "date | PartialDate") -> bool:
        """Whether the last day is before `day` (the first day of it, if partial)."""
        return self.last_day < (day.first_day if isinstance(day, PartialDate) else day)

    def __str__(self) -> str:
        text = f"{self.year:04d}"
        for part in (self.month, self.day):
            if part is not None:
                text += f"-{part:02d}"
        return text

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, PartialDate):
            return NotImplemented
        return self._order < other._order

    @property
    def _order(self) -> tuple[int, int, int]:
        # A missing part sorts first, as the shorter text does.
        return self.year, self.month or 0, self.day or 0


@lru_cache(maxsize=8192)
def partial_date_from_store(text: str) -> PartialDate:
    """The value for a text from the database. Lists repeat few dates, so they are shared."""
    return PartialDate.parse(text)
