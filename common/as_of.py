"""The choice of a day for any page: the rest of its query is kept, whatever it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.http import QueryDict
from django.utils import timezone

from common.dates import InvalidPartialDate, PartialDate

NAME = "as_of"
# Another day has other rows, so that a place in the list means nothing there.
PLACES_IN_A_LIST = ("page", "cursor")
FIRST_YEAR = 1900
FIRST_LINKED = 1950
# What is longer is refused by every filter; it need not be sent a second time.
LONGEST_KEPT = 200


@dataclass(frozen=True)
class YearLink:
    """``query`` is the whole query of that year, as text."""

    year: int
    query: str
    is_chosen: bool


def kept(query: QueryDict, *, but: Iterable[str] = ()) -> list[tuple[str, str]]:
    """What a form sends along as hidden fields: all that its own fields do not say."""
    return [
        (name, value)
        for name, values in query.lists()
        for value in values
        if name not in (*but, *PLACES_IN_A_LIST) and value and len(value) <= LONGEST_KEPT
    ]


class DayChoice:
    """What `includes/as_of.html` shows for the query of a page."""

    first_year = FIRST_YEAR

    def __init__(self, query: QueryDict) -> None:
        self.this_year = timezone.localdate().year
        given = [value for value in query.getlist(NAME) if value]
        self.given = given[0][:LONGEST_KEPT] if given else ""
        self.kept = kept(query, but=(NAME,))

    @cached_property
    def asked(self) -> PartialDate | None:
        """The day, month or year of the query; None where there is none that exists."""
        try:
            return PartialDate.parse(self.given)
        except InvalidPartialDate:
            return None

    @property
    def slider_at(self) -> int:
        year = self.asked.year if self.asked else self.this_year
        return min(max(year, FIRST_YEAR), self.this_year)

    @property
    def today(self) -> str:
        """The query without a day: what stands now."""
        return self._query(None)

    @property
    def years(self) -> list[YearLink]:
        """A way without a script: round years, the first and the last of them included."""
        return [
            YearLink(year, self._query(year), self.given == str(year))
            for year in range(FIRST_LINKED, self.this_year + 1, 10)
        ]

    def _query(self, year: int | None) -> str:
        query = QueryDict(mutable=True)
        for name, value in self.kept:
            query.appendlist(name, value)
        if year is not None:
            query[NAME] = str(year)
        return query.urlencode()
