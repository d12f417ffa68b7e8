"""The page of figures: the agreements that a query finds, as charts with the table behind each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language_bidi, gettext_lazy
from django.utils.translation import gettext as _

from agreements.filters import AgreementFilterSet
from agreements.lifecycle import Status
from agreements.listing import AgreementFilters
from agreements.models import Agreement, Evidence
from agreements.querysets import AgreementQuerySet
from agreements.templatetags.standing import sector_name
from cities.models import Place
from cities.templatetags.places import place_name
from common import charts
from common.listing import FilteredListView, without_page
from common.queries import changed
from common.templatetags.numbers import plain_number
from twinning import counting

MOST_COUNTRIES = 20
MOST_DECADES = 14
SWAMPED = 3
# What is judged on a day; growth asks about many days, and so asks without them.
OF_A_DAY = ("status", "in_force", "expired", "stalled", "dormant", "as_of")


@dataclass(frozen=True)
class Row:
    """A value, how many have it, and the address of the list of these; '' where there is none."""

    key: str
    label: Any
    number: int
    address: str
    length: str = ""


@dataclass(frozen=True)
class Point:
    """A time, its numbers one on top of the other, and its column."""

    label: str
    numbers: tuple[int, ...]
    address: str
    column: charts.Column

    @property
    def number(self) -> int:
        return sum(self.numbers)


@dataclass(frozen=True)
class Series:
    """``earlier`` is the number of those from before the first point."""

    drawing: charts.Drawing
    points: list[Point]
    earlier: int = 0


class Figures:
    """Everything that the page shows, for a query that was understood."""

    def __init__(self, filterset: AgreementFilterSet, data: QueryDict, user: Any) -> None:
        self.found = cast("AgreementQuerySet", filterset.qs)
        self.data, self.user = data, user
        self.today = timezone.localdate()
        self.asked = filterset.day
        self.day = self.asked or self.today
        self.single = counting.by_single(self.found, as_of=self.asked is not None)
        self.total = sum(self.single["status"].values())
        self.countries = Place.objects.by_country_code()

    def context(self) -> dict[str, Any]:
        countries = self.by_country()
        rest = countries[MOST_COUNTRIES:]
        return {
            "total": self.total,
            "day": self.day,
            "by_status": self.of("status", Status.choices),
            "by_kind": largest_first(self.of("kind", Agreement.Kind.choices)),
            "by_evidence": self.of("evidence", reversed(Evidence.choices)),
            "by_country": measured(countries[:MOST_COUNTRIES]),
            "other_countries": measured(rest),
            **self.by_sector(),
            **self.signed(),
            **self.growth(),
            "growth_alone": any(name in self.data for name in OF_A_DAY if name != "as_of"),
            "list_address": f"{reverse('agreement-list')}?{self.data.urlencode()}".rstrip("?"),
        }

    def address(self, name: str, value: str) -> str:
        return f"{reverse('agreement-list')}?{changed(self.data, {name: [value]})}"

    def address_of(self, name: str, value: str) -> str:
        """'' where another value was chosen, of a filter that takes only one."""
        chosen = {given.lower() for given in self.data.getlist(name)}
        if name not in AgreementFilterSet.base_filters or (chosen and value.lower() not in chosen):
            return ""
        return self.address(name, value)

    def of(self, name: str, choices: Iterable[tuple[str, Any]]) -> list[Row]:
        """A row for each value that any has."""
        numbers = self.single[name]
        return measured(
            Row(key, label, numbers[key], self.address(name, key))
            for key, label in choices
            if numbers[key]
        )

    def by_country(self) -> list[Row]:
        numbers = counting.by_country(self.found)
        unplaced = numbers.pop("", 0)
        rows = [
            Row(code, self.country(code), number, self.address_of("country", code))
            for code, number in sorted(numbers.items(), key=lambda one: (-one[1], one[0]))
        ]
        return rows + ([Row("", _("no country on record"), unplaced, "")] if unplaced else [])

    def country(self, code: str) -> Any:
        place = self.countries.get(code)
        return place_name(place) if place else code

    def by_sector(self) -> dict[str, Any]:
        numbers, any_sector = counting.by_sector(self.found)
        rows = measured(
            Row(sector.slug, sector_name(sector), number, self.address_of("sector", sector.slug))
            for sector, number in numbers.items()
            if number
        )
        return {"by_sector": largest_first(rows), "without_sector": self.total - any_sector}

    def signed(self) -> dict[str, Any]:
        """By the decade of signing, and how many are of none."""
        decades = counting.by_decade(self.found)
        ever = decades.total()
        unknown = decades.pop(counting.UNKNOWN, 0)
        return {
            "signed": self.by_decade({int(key): number for key, number in decades.items()}),
            "signed_number": ever - unknown,
            "signing_unknown": unknown,
            "unknown_address": self.address_of("decade", counting.UNKNOWN),
            "not_signed": self.total - ever,
        }

    def by_decade(self, numbers: dict[int, int]) -> Series:
        """The latest decades, and none left out among them."""
        last = max(numbers, default=0)
        first = max(min(numbers, default=1), last - 10 * (MOST_DECADES - 1))
        shown = [(year, numbers.get(year, 0)) for year in range(first, last + 1, 10)]
        drawing = charts.columns([(number,) for _year, number in shown], rtl=get_language_bidi())
        points = [
            Point(
                decade_label(year),
                (number,),
                self.address_of("decade", f"{year:04}") if number else "",
                column,
            )
            for (year, number), column in zip(shown, drawing.columns, strict=True)
        ]
        return Series(drawing, points, sum(numbers.values()) - sum(n for _year, n in shown))

    def growth(self) -> dict[str, Any]:
        """In force at the end of each decade, and on the day itself.

        Where most are in force since nobody knows when, the others are drawn once more alone:
        beside them they would be hairs.
        """
        lasting = self.data.copy()
        for name in OF_A_DAY:
            lasting.pop(name, None)
        visible = Agreement.objects.visible_to(self.user)
        base: Any = AgreementFilterSet(lasting, queryset=visible).qs
        over = min(self.day, self.today).year // 10 * 10 - 1
        years = [year for year in range(over - 10 * (MOST_DECADES - 2), over + 1, 10) if year > 0]
        *decades, now = counting.in_force(base, years, self.day)
        ends = [*(one for one in decades if one.number), now]
        pieces = [(one.dated, one.undated) for one in ends]
        addresses = [self.in_force_address(lasting, one.day) for one in ends]
        most = max((one.dated for one in ends), default=0)
        alone = most and max(one.undated for one in ends) > SWAMPED * most
        return {
            "growth": self.series(ends, pieces, addresses),
            "growth_known": self.series(ends, [(one.dated,) for one in ends]) if alone else None,
        }

    def series(
        self,
        ends: list[counting.InForce],
        pieces: Sequence[tuple[int, ...]],
        addresses: Iterable[str] = (),
    ) -> Series:
        drawing = charts.columns(pieces, rtl=get_language_bidi())
        addresses = list(addresses) or [""] * len(ends)
        places = zip(map(self.label, ends), pieces, addresses, drawing.columns, strict=True)
        return Series(drawing, [Point(*place) for place in places])

    def label(self, one: counting.InForce) -> str:
        return _("today") if one.day == self.today else plain_number(one.day.year)

    def in_force_address(self, lasting: QueryDict, day: date) -> str:
        asked = {"in_force": ["true"]}
        if day != self.today:
            asked["as_of"] = [day.isoformat()]
        return f"{reverse('agreement-list')}?{changed(lasting, asked)}"


TITLES = {
    "status": gettext_lazy("By status"),
    "evidence": gettext_lazy("By evidence"),
    "growth": gettext_lazy("In force at the end of each decade"),
    "signed": gettext_lazy("Signed in each decade"),
    "country": gettext_lazy("By country"),
    "kind": gettext_lazy("By kind"),
    "sector": gettext_lazy("By sector"),
    "known": gettext_lazy("Of these, signed on a known day"),
    "year": gettext_lazy("End of"),
    "decade": gettext_lazy("Decade"),
    "dated": gettext_lazy("signed on a known day"),
    "undated": gettext_lazy("day of signing not known"),
}
MEANS = {
    "status": gettext_lazy("Where each agreement stood on that day. Each stands at one place."),
    "evidence": gettext_lazy("How good the word for each is, as known today."),
    "growth": gettext_lazy(
        "Signed, begun and not yet expired on 31 December of the year; the last column is the day "
        "asked about. What was signed on an unknown day counts from the day by which a source "
        "shows it, so that part of the growth is that of the record."
    ),
    "signed": gettext_lazy("By the day of the first signing, whatever became of it later."),
    "country": gettext_lazy(
        "An agreement counts in each country in which a party lies, or which is a party."
    ),
    "kind": gettext_lazy("What each is in this register’s words."),
    "sector": gettext_lazy("An agreement counts in each field of cooperation that it names."),
}


def measured(rows: Iterable[Row]) -> list[Row]:
    """The rows with the lengths of their bars."""
    rows = list(rows)
    lengths = charts.lengths([row.number for row in rows])
    return [
        Row(row.key, row.label, row.number, row.address, length)
        for row, length in zip(rows, lengths, strict=True)
    ]


def largest_first(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: -row.number)


def decade_label(year: int) -> str:
    return _("%(decade)ss") % {"decade": plain_number(year)}


class FiguresPage(AgreementFilters, FilteredListView):
    """The parameters are those of the list; what is not understood is said with status 400."""

    filterset_class = AgreementFilterSet
    template_name = "figures/figures.html"

    def get_queryset(self) -> QuerySet:
        return Agreement.objects.visible_to(self.request.user)

    def get(self, request: HttpRequest) -> HttpResponse:
        filterset = AgreementFilterSet(
            request.GET, queryset=self.get_queryset(), request=request, passed_over=()
        )
        refused = {name: list(map(str, said)) for name, said in filterset.form.errors.items()}
        context: dict[str, Any] = {"filterset": filterset, "refused": refused, "chosen": []}
        if refused:
            context["countries"] = Place.objects.by_country_code()
        else:
            figures = Figures(filterset, without_page(request.GET), request.user)
            context |= {"chosen": self.chosen(filterset), "countries": figures.countries}
            context |= figures.context() | {"titles": TITLES, "means": MEANS}
        return render(request, self.template_name, context, status=400 if refused else 200)
