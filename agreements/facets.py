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
from agreements.querysets import sees_internal
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
    return spans.as_of(filterset.day) if filterset.day else spans.current()


@dataclass(frozen=True)
class Found:
    """Spans that some of the filters have narrowed, and those that are ``left`` to do so."""

    filterset: AgreementFilterSet
    spans: SpanQuerySet
    left: frozenset[str]

    def narrowed(self, *but: str) -> SpanQuerySet:
        """By all filters but these."""
        done = self.filterset.asked - self.left
        return self.filterset.narrowed(self.spans, but={*but, *done})


def found_once(filterset: AgreementFilterSet, user) -> Found:
    """What is counted and listed. Validate first.

    What spans do not say themselves takes longer to find than to count, so it is found once.
    """
    spans, asked = spans_for(filterset, user), filterset.asked
    elsewhere = asked & SpanQuerySet.ASKED_ELSEWHERE
    if not elsewhere and not sees_internal(user):
        return Found(filterset, spans, frozenset(asked))
    seen = filterset.narrowed(spans, but=asked - elsewhere)
    keys = list(seen.values_list("agreement_id", flat=True))
    all_spans = Span.objects.filter(agreement_id__among=keys)
    on = filterset.day
    seen = all_spans.as_of(on) if on else all_spans.current()
    return Found(filterset, seen, frozenset(asked - elsewhere))


def count(found: Found) -> Counts:
    """All facets, in as many queries for three rows as for a hundred thousand."""
    filterset, narrowed = found.filterset, found.narrowed
    on = filterset.day or timezone.localdate()
    cells = list(numbers(narrowed(), SINGLE, on))
    of = {name: tally(cells, name) for name in SINGLE} | {"in_force": in_force_of(cells)}
    for name in filterset.asked & of.keys():
        columns = () if name == "in_force" else (name,)
        own = list(numbers(narrowed(name), columns, on))
        of[name] = tally(own, name) if columns else in_force_of(own)
    sectors, countries = PACKED["sector"], PACKED["country"]
    of["sector"] = unpacked(numbers(narrowed("sector"), (sectors,)), sectors)
    second = filterset.form.cleaned_data["with_country"]
    seated = (
        narrowed("country", "with_country").of_country(second) if second else narrowed("country")
    )
    of["country"] = unpacked(numbers(seated, (countries,)), countries)
    if second:  # both countries the same: two parties lie in it
        of["country"][second] = seated.within_country(second).count()
    return Counts(sum(cell["number"] for cell in cells), of)


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
