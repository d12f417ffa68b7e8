"""What happened, counted: the steps that were found by status, and all others by year."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Prefetch
from django.db.models.functions import ExtractYear
from django.http import QueryDict
from django.utils.translation import gettext as _

from agreements.filters_steps import StepFilterSet
from agreements.lifecycle import Status
from agreements.models import Agreement, Citation
from agreements.models.history import StatusChangeQuerySet
from cities.models import Place
from common.dates import PartialDate
from common.dates_display import display_partial_date
from common.listing import without_page
from common.queries import changed

# Of years with steps the latest are shown at once.
YEARS_SHOWN = 12
OUT_OF_FORCE = (Status.SUSPENDED, Status.ENDED)
SPAN = frozenset({"from", "until", "undated"})
WHAT = frozenset({"to_status", "move"})


@dataclass(frozen=True)
class Counted:
    """How many steps led to a status, and the query that lists them."""

    status: Status
    number: int
    query: str


@dataclass(frozen=True)
class Cell:
    number: int
    query: str


@dataclass
class Year:
    """The steps of a year: all, those to signed, and those to suspended or ended."""

    year: int
    query: QueryDict
    found: dict[str, int] = field(default_factory=dict)

    @property
    def all(self) -> Cell:
        return self._cell(())

    @property
    def signed(self) -> Cell:
        return self._cell((Status.SIGNED,))

    @property
    def out_of_force(self) -> Cell:
        return self._cell(OUT_OF_FORCE)

    def _cell(self, statuses: Iterable[Status]) -> Cell:
        wanted = [status.value for status in statuses]
        number = sum(n for status, n in self.found.items() if not wanted or status in wanted)
        asked = {"from": [f"{self.year:04}"], "until": [f"{self.year:04}"], "to_status": wanted}
        return Cell(number, changed(self.query, asked, drop=SPAN | WHAT))


def joined(steps: StatusChangeQuerySet) -> StatusChangeQuerySet:
    """All that a row of the list shows, in as many queries for three as for thirty."""
    return steps.prefetch_related(
        Prefetch("agreement", Agreement.objects.with_parties()),
        Prefetch("acted_by", Place.objects.with_names()),
        Prefetch("citations", Citation.objects.select_related("source")),
    )


def by_status(steps: Any, query: QueryDict) -> list[Counted]:
    """Each status that the steps led to; the sum is the number of the steps."""
    rows = steps.order_by().values_list("to_status").annotate(number=Count("pk"))
    found = dict(rows)
    return [
        Counted(status, found[status.value], changed(query, {"to_status": [status.value]}))
        for status in Status
        if status.value in found
    ]


def by_year(steps: StatusChangeQuerySet, query: QueryDict) -> list[Year]:
    """The steps of a known day under all other filters of the query, latest year first."""
    others = asked_without(SPAN | WHAT, steps, query).of_known_day().order_by()
    rows = others.annotate(year=ExtractYear("effective_from")).values_list("year", "to_status")
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for year, status, number in rows.annotate(number=Count("pk")):
        found[year][status] = number
    return [Year(year, query, found[year]) for year in sorted(found, reverse=True)]


def undated(steps: StatusChangeQuerySet, query: QueryDict) -> Cell:
    """The steps that no span can find, under all other filters of the query."""
    number = asked_without(SPAN, steps, query).of_unknown_day().count()
    return Cell(number, changed(query, {"undated": ["true"]}, drop=SPAN))


def asked_without(names: Iterable[str], steps: StatusChangeQuerySet, query: QueryDict) -> Any:
    rest = without_page(query)
    for name in names:
        rest.pop(name, None)
    return StepFilterSet(rest, queryset=steps).qs


def span_in_words(first: PartialDate | None, last: PartialDate | None) -> str:
    """“In 2022”, “From May 2020 to 2022”; the whole register without a span."""
    begin, end = display_partial_date(first), display_partial_date(last)
    if first and last and first == last:
        day = first.precision == "day"
        return (_("On %(day)s") if day else _("In %(span)s")) % {"day": end, "span": end}
    if first and last:
        return _("From %(first)s to %(last)s") % {"first": begin, "last": end}
    if first:
        return _("From %(day)s on") % {"day": begin}
    return _("Until %(day)s") % {"day": end} if last else _("In all")
