"""The list of agreements as a page shows it: its facets with their links, its orders, its rows."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agreements import facets
from agreements.filters import UNKNOWN_DECADE, AgreementFilterSet
from agreements.lifecycle import Status
from agreements.models import Agreement, Evidence, Sector
from agreements.rows import joined
from agreements.span_sets import SpanQuerySet
from agreements.templatetags.standing import sector_name
from cities.listing import PlaceFilters
from cities.models import Place
from common.filters import StrictFilterSet
from common.listing import Chosen, Deferred, toggled
from common.templatetags.numbers import plain_number

# Of a facet with more values than that, the others are folded away.
MOST_SHOWN = 8
# Filters of a query that finds nothing, for which it is counted what the others find.
MOST_LOOSENED = 12

NEWEST, RELEVANCE = "newest", "relevance"
ORDERS: dict[str, Callable[[SpanQuerySet], SpanQuerySet]] = {
    NEWEST: SpanQuerySet.newest_first,
    "oldest": SpanQuerySet.oldest_first,
    "name": SpanQuerySet.by_name,
}
ORDER_LABELS = {
    RELEVANCE: gettext_lazy("best match"),
    NEWEST: gettext_lazy("newest first"),
    "oldest": gettext_lazy("oldest first"),
    "name": gettext_lazy("by name"),
}


@dataclass(frozen=True)
class Value:
    """One value of a facet. ``query`` is the address with it chosen, or no longer chosen."""

    label: Any
    number: int
    chosen: bool
    query: str
    # Whether the label is a name, in a language of its own.
    place: Place | None = None


@dataclass(frozen=True)
class Facet:
    name: str
    label: str
    shown: list[Value]
    more: list[Value]

    @property
    def is_chosen(self) -> bool:
        return any(value.chosen for value in self.shown)


@dataclass(frozen=True)
class Order:
    label: Any
    query: str
    current: bool


@dataclass(frozen=True)
class Loosened:
    chosen: Chosen
    number: int


class AgreementFilters(PlaceFilters):
    """Mixed into a list: a chosen sector too is shown by its name in the reader's language."""

    def shown(self, name: str, raw: str, filterset: StrictFilterSet) -> str:
        if name == "sector":
            return sector_name(filterset.form.cleaned_data[name])
        return super().shown(name, raw, filterset)


class Facets:
    """Reads like a list of ``Facet``; ``countries`` are the places of their codes."""

    def __init__(self, counts: facets.Counts, data: QueryDict, countries: dict[str, Place]) -> None:
        self.counts, self.data, self.countries = counts, data, countries
        self.sectors = {str(sector.pk): sector for sector in Sector.objects.with_names()}

    def __iter__(self) -> Iterator[Facet]:
        labels = AgreementFilterSet.base_filters
        for name in facets.FACETS:
            values = list(self.values(name, self.counts.of[name]))
            shown = [value for at, value in enumerate(values) if at < MOST_SHOWN or value.chosen]
            more = [value for value in values if value not in shown]
            if values:
                yield Facet(name, labels[name].label, shown, more)

    def values(self, name: str, numbers: Counter[str]) -> Iterator[Value]:
        several = name in ("status", "kind", "evidence")
        chosen = {value.lower() for value in self.data.getlist(name)}
        for key, label in self.labels(name, numbers, chosen):
            number = numbers[self.counted_as(name, key)]
            is_chosen = key.lower() in chosen
            if number or is_chosen:
                query = toggled(self.data, name, key, several=several)
                place = self.countries.get(key) if name == "country" else None
                yield Value(label, number, is_chosen, query, place)

    def labels(self, name: str, numbers: Counter[str], chosen: set[str]) -> list[tuple[str, Any]]:
        """The values with their labels, in the order in which they are shown."""
        most_first = [key for key, _number in numbers.most_common()]
        match name:
            case "status":
                return list(Status.choices)
            case "evidence":
                return list(reversed(Evidence.choices))
            case "kind":
                kinds = dict(Agreement.Kind.choices)
                return [(key, kinds[key]) for key in most_first]
            case "in_force":
                return [("true", _("yes")), ("false", _("no"))]
            case "decade":
                known = sorted({*numbers, *chosen} - {"", UNKNOWN_DECADE}, reverse=True)
                decades = [(key, decade_label(key)) for key in known]
                return [*decades, (UNKNOWN_DECADE, decade_label(UNKNOWN_DECADE))]
            case "sector":
                found = [self.sectors[key] for key in most_first if key in self.sectors]
                unfound = [s for s in self.sectors.values() if s not in found and s.slug in chosen]
                return [(sector.slug, sector_name(sector)) for sector in (*found, *unfound)]
        codes = [*most_first, *(key.upper() for key in chosen if key.upper() not in numbers)]
        return [(code, code) for code in codes]

    def counted_as(self, name: str, key: str) -> str:
        if name != "sector":
            return key
        return next(pk for pk, sector in self.sectors.items() if sector.slug == key)


def decade_label(key: str) -> str:
    if key == UNKNOWN_DECADE:
        return _("day not known")
    return _("%(decade)ss") % {"decade": plain_number(key)}


def order_asked(filterset: AgreementFilterSet, data: QueryDict) -> tuple[str, str]:
    """The name of the order, and what is wrong with it in words, if anything is.

    Without words nothing fits better than another, and the best are the newest.
    """
    by_itself = RELEVANCE if "q" in filterset.asked else NEWEST
    given = [name for name in data.getlist("sort") if name]
    if len(given) > 1:
        return by_itself, _("Give this parameter once.")
    if given and given[0] not in ORDER_LABELS:
        known = ", ".join(ORDER_LABELS)
        return by_itself, _("There is no such order. It is one of: %(known)s.") % {"known": known}
    order = given[0] if given else by_itself
    return (by_itself if order == RELEVANCE else order), ""


def orders(current: str, data: QueryDict, *, has_words: bool) -> list[Order]:
    """What the list can be sorted by; the order that it has by itself is not in the address."""
    by_itself = RELEVANCE if has_words else NEWEST
    found = []
    for name, label in ORDER_LABELS.items():
        if name == RELEVANCE and not has_words:
            continue
        query = data.copy()
        query.pop("sort", None)
        if name != by_itself:
            query["sort"] = name
        found.append(Order(label, query.urlencode(), name == current))
    return found


def page_rows(found: facets.Found, order: str, user: Any) -> Deferred:
    """All rows in this order: their keys from one index, and all else of one page alone."""
    visible = Agreement.objects.visible_to(user)
    if order == RELEVANCE:
        ranked = found.filterset.narrowed(visible.newest_first())
        keys = ranked.values_list("pk", flat=True)
    else:
        keys = ORDERS[order](found.narrowed()).values_list("agreement_id", flat=True)
    return Deferred(keys, joined(visible))


def kept(data: QueryDict) -> list[tuple[str, str]]:
    """What a form with the words, the place and the day must carry along."""
    return [
        (name, value) for name in (*facets.FACETS, "sort") for value in data.getlist(name) if value
    ]


def loosened(chosen: list[Chosen], filterset: AgreementFilterSet, user: Any) -> list[Loosened]:
    """What is found without each of the filters that together find nothing, and without any."""
    found = []
    for one in chosen[:MOST_LOOSENED]:
        looser = AgreementFilterSet(
            QueryDict(one.without), filterset.queryset, passed_over={"sort"}
        )
        if looser.is_valid():
            number = facets.found_once(looser, user).narrowed().count()
            found.append(Loosened(one, number))
    return sorted(found, key=lambda one: -one.number)
