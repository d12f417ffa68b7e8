"""A list as a page: a strict query, one page of its rows, and the filters that were chosen."""

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.paginator import InvalidPage, Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views import View

from common.dates import PartialDate
from common.dates_display import display_partial_date
from common.filters import StrictFilterSet


@dataclass(frozen=True)
class Chosen:
    """One value of one filter, and the query that is left without it."""

    name: str
    label: str
    value: str
    without: str


class FilteredListView(View):
    """What was asked for and not understood is said with status 400, and nothing is listed.

    The template gets ``page_obj``, ``filterset``, ``chosen``, ``refused`` ({parameter: messages}),
    ``query`` (all parameters but the page) and ``page_numbers``.
    """

    filterset_class: type[StrictFilterSet]
    template_name: str
    page_size: ClassVar[int] = 25
    # Parameters of the address that are not the filter's.
    passed_over: ClassVar[frozenset[str]] = frozenset({"page"})

    def get_queryset(self) -> QuerySet:
        raise NotImplementedError

    def get(self, request: HttpRequest) -> HttpResponse:
        filterset = self.filterset_class(
            request.GET,
            queryset=self.get_queryset(),
            request=request,
            passed_over=self.passed_over,
        )
        refused = filterset.refused
        refused |= self.refusals(filterset)
        page = self._page(filterset, refused)
        context = {
            "filterset": filterset,
            "page_obj": page,
            "page_numbers": list(page.paginator.get_elided_page_range(page.number, on_ends=1)),
            "gap": Paginator.ELLIPSIS,
            "query": without_page(request.GET).urlencode(),
            "chosen": [] if refused else self.chosen(filterset),
            "refused": refused,
        }
        context |= self.get_context_data(page=page, filterset=filterset)
        return render(request, self.template_name, context, status=400 if refused else 200)

    def refusals(self, filterset: StrictFilterSet) -> dict[str, list[str]]:
        """What is wrong with the parameters that the filter passed over, page aside."""
        return {}

    def paginator(self, filterset: StrictFilterSet) -> Paginator:
        """Of what a query that was understood finds."""
        return Paginator(filterset.qs, self.page_size)

    def get_context_data(self, *, page: Page, filterset: StrictFilterSet) -> dict[str, Any]:
        """What the template needs beside the list itself."""
        return {}

    def chosen(self, filterset: StrictFilterSet) -> list[Chosen]:
        data = without_page(self.request.GET)
        return [
            Chosen(
                name=name,
                label=str(field.label or name),
                value=self.shown(name, raw, filterset),
                without=rest(data, name, raw),
            )
            for name, field in filterset.form.fields.items()
            for raw in data.getlist(name)
        ]

    def shown(self, name: str, raw: str, filterset: StrictFilterSet) -> str:
        """A filter's value in words for people."""
        value = filterset.form.cleaned_data.get(name)
        if isinstance(value, Model):
            return str(value)
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, (PartialDate, date)):
            return display_partial_date(value)
        return str(choices_of(filterset.form.fields[name]).get(raw, raw))

    def _page(self, filterset: StrictFilterSet, refused: dict[str, list[str]]) -> Page:
        numbers = [number for number in self.request.GET.getlist("page") if number]
        wanted = numbers[0] if numbers else 1
        if len(numbers) > 1:
            refused["page"] = [_("Give this parameter once.")]
        nothing: Page = Paginator([], self.page_size).page(1)
        if refused:
            return nothing
        try:
            return self.paginator(filterset).page(wanted)
        except InvalidPage:
            refused["page"] = [_("The list has no such page.")]
            return nothing


class CountedPaginator(Paginator):
    """Pages of rows whose number is known without asking."""

    def __init__(self, rows: Any, page_size: int, count: int) -> None:
        super().__init__(rows, page_size)
        self.count = count


class Deferred:
    """Rows in the order of their keys: a slice reads its keys first, and then those rows alone.

    So that nobody sorts, or counts past, all that a page shows of each row.
    """

    ordered = True

    def __init__(self, keys: QuerySet, rows: QuerySet) -> None:
        self.keys, self.rows = keys, rows

    def __getitem__(self, part: slice) -> list[Model]:
        keys = list(self.keys[part])
        found = {row.pk: row for row in self.rows.order_by().filter(pk__in=keys)}
        return [found[key] for key in keys if key in found]


def without_page(data: QueryDict) -> QueryDict:
    """The filters alone; a form also sends the fields that were left empty."""
    filters = QueryDict(mutable=True)
    for name, values in data.lists():
        if name != "page" and any(values):
            filters.setlist(name, [value for value in values if value])
    return filters


def rest(data: QueryDict, name: str, value: str | None = None) -> str:
    """The query without this one value, or without all of that name, as text."""
    left = data.copy()
    others = [] if value is None else [other for other in data.getlist(name) if other != value]
    left.setlist(name, others)
    return left.urlencode()


def toggled(data: QueryDict, name: str, value: str, *, several: bool) -> str:
    """The query with this value chosen, or without it if it was; one replaces the other."""
    chosen = [other for other in data.getlist(name) if other.lower() != value.lower()]
    was_there = len(chosen) < len(data.getlist(name))
    left = data.copy()
    left.setlist(name, [*(chosen if several else ()), *(() if was_there else (value,))])
    return left.urlencode()


def choices_of(field: forms.Field) -> dict[str, Any]:
    choices = getattr(field, "choices", ())
    if isinstance(field, forms.ModelChoiceField):
        return {}
    return {str(key): label for key, label in choices if not isinstance(label, (list, tuple))}
