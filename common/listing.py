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

    def get_queryset(self) -> QuerySet:
        raise NotImplementedError

    def get(self, request: HttpRequest) -> HttpResponse:
        filterset = self.filterset_class(
            request.GET, queryset=self.get_queryset(), request=request, passed_over={"page"}
        )
        refused = filterset.refused
        page = self._page(filterset.qs, request.GET, refused)
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

    def _page(self, rows: QuerySet, data: QueryDict, refused: dict[str, list[str]]) -> Page:
        numbers = [number for number in data.getlist("page") if number]
        wanted = numbers[0] if numbers else 1
        if len(numbers) > 1:
            refused["page"] = [_("Give this parameter once.")]
        try:
            page = Paginator(rows, self.page_size).page(wanted)
        except InvalidPage:
            refused.setdefault("page", [_("The list has no such page.")])
        return Paginator(rows.none(), self.page_size).page(1) if refused else page


def without_page(data: QueryDict) -> QueryDict:
    """The filters alone; a form also sends the fields that were left empty."""
    filters = QueryDict(mutable=True)
    for name, values in data.lists():
        if name != "page" and any(values):
            filters.setlist(name, [value for value in values if value])
    return filters


def rest(data: QueryDict, name: str, value: str) -> str:
    """The query without this one value, as text."""
    left = data.copy()
    left.setlist(name, [other for other in data.getlist(name) if other != value])
    return left.urlencode()


def choices_of(field: forms.Field) -> dict[str, Any]:
    choices = getattr(field, "choices", ())
    if isinstance(field, forms.ModelChoiceField):
        return {}
    return {str(key): label for key, label in choices if not isinstance(label, (list, tuple))}
