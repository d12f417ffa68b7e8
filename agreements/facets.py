"""Facets of the list: the values of a filter, and how many rows choosing each would find.

A facet is counted over what all other filters find, so that its own choice does not narrow it.
Counted are spans, by the very FilterSet that finds the rows.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.utils import timezone

from agreements.filters import AgreementFilterSet
from agreements.models import Span
from agreements.span_sets import SpanQuerySet
from agreements.time_rules import being_in_force

# Each with one value in every row; they are counted together where none of them is chosen.
SINGLE = ("status", "kind", "decade", "evidence")
# Each with several, which stand in one column.
PACKED = {"country": "countries", "sector": "sectors"}
FACETS = ("status", "in_force", "country", "decade", "kind", "sector", "evidence")


@dataclass(frozen=True)
class Counts:
    """``of`` a facet: the number of rows for each of its values, as the query writes them.

    Of sectors the values are keys. ``total`` is the number of rows that all filters find.
    """

    total: int
    of: dict[str, Counter[str]]


def spans_for(filterset: AgreementFilterSet, user) -> SpanQuerySet:
    """One span of every agreement that the reader may see, before any filter."""
    spans = Span.objects.visible_to(user)
    return spans.as_of(filterset.day) if filterset.day else spans.latest()


def count(filterset: AgreementFilterSet, user) -> Counts:
    """All facets, in as many queries for three rows as for a hundred thousand. Validate first."""
    spans = spans_for(filterset, user)

    def narrowed(but: str = "") -> SpanQuerySet:
        return filterset.narrowed(spans, but={but})

    on = filterset.day or timezone.localdate()
    cells = list(numbers(narrowed(), SINGLE, on))
    found = {name: tally(cells, name) for name in SINGLE} | {"in_force": in_force_of(cells)}
    for name in filterset.asked & found.keys():
        columns = () if name == "in_force" else (name,)
        own = list(numbers(narrowed(name), columns, on))
        found[name] = tally(own, name) if columns else in_force_of(own)
    for name, column in PACKED.items():
        found[name] = unpacked(numbers(narrowed(name), (column,)), column)
    return Counts(sum(cell["number"] for cell in cells), found)


def numbers(spans: SpanQuerySet, columns: Iterable[str], on: date | None = None) -> Iterable[dict]:
    """How many spans have the same values in these columns; and are in force on that day."""
    more = {}
    if on:
        known = Q(from_day__lte=on)
        more["recorded"] = Count("from_day", filter=known)
        more["in_force"] = Count("from_day", filter=known & being_in_force(on))
    rows = spans.order_by()
    if not columns:
        return [rows.aggregate(number=Count("*"), **more)]
    return rows.values(*columns).annotate(number=Count("*"), **more)


def tally(cells: Iterable[dict], name: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for cell in cells:
        found[cell[name]] += cell["number"]
    return found


def in_force_of(cells: Iterable[dict]) -> Counter[str]:
    cells = list(cells)
    true = sum(cell["in_force"] for cell in cells)
    return Counter({"true": true, "false": sum(cell["recorded"] for cell in cells) - true})


def unpacked(cells: Iterable[dict], column: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for cell in cells:
        for value in cell[column].split():
            found[value] += cell["number"]
    return found
