"""What can be asked of steps, on the page and in the API alike: what happened between two days."""

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from agreements.filters_sectors import SectorFilter
from agreements.lifecycle import MOVES, Status
from agreements.models import Agreement, Sector, StatusChange
from agreements.models.history import StatusChangeQuerySet
from cities.filters import CountryFilter, PlaceKeyFilter
from common.dates import PartialDate
from common.filters import PartialDateFilter, StrictFilterSet

TURNED_ROUND = _("This is before the beginning of the span.")


class SpanForm(forms.Form):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("from"), cleaned.get("until")
        if first and last and last.last_day < first.first_day:
            self.add_error("until", TURNED_ROUND)
        return cleaned


class StepFilterSet(StrictFilterSet):
    """Hand it ``StatusChange.objects.visible_to(user)``."""

    # The parameter is “from”, which is a word of Python’s own.
    from_ = PartialDateFilter(
        method="filter_from",
        label=_("From"),
        help_text=_("A year means from its first day on. Steps of an unknown day are left out."),
    )
    until = PartialDateFilter(
        method="filter_until",
        label=_("Until"),
        help_text=_("A year means until its last day. Steps of an unknown day are left out."),
    )
    to_status = django_filters.MultipleChoiceFilter(
        choices=Status.choices,
        method="filter_to_status",
        label=_("Became"),
        help_text=_("The status that the step led to. It can be given more than once."),
    )
    move = django_filters.MultipleChoiceFilter(
        choices=[(move.name, move.done) for move in MOVES.values()],
        method="filter_move",
        label=_("Move"),
        help_text=_(
            "What was done; the step with which a record begins is no move. It can be given more "
            "than once."
        ),
    )
    undated = django_filters.BooleanFilter(
        method="filter_undated",
        label=_("Day not known"),
        help_text=_("Nobody knows when it happened, at most by when: true or false."),
    )
    kind = django_filters.MultipleChoiceFilter(
        choices=Agreement.Kind.choices,
        method="filter_kind",
        label=_("Kind"),
        help_text=_("Of the agreement. It can be given more than once."),
    )
    sector = SectorFilter(method="filter_sector")
    country = CountryFilter(
        method="filter_country",
        label=_("Country"),
        help_text=_("ISO 3166-1 code of two letters: a party lies there, or is the country."),
    )
    place = PlaceKeyFilter(
        method="filter_place",
        label=_("Place"),
        help_text=_("A party: its address here, such as khujand, or its Wikidata id."),
    )

    class Meta:
        model = StatusChange
        fields: tuple[str, ...] = ()
        form = SpanForm

    @classmethod
    def get_filters(cls) -> dict[str, django_filters.Filter]:
        return {name.rstrip("_"): filter_ for name, filter_ in super().get_filters().items()}

    @property
    def span(self) -> tuple[PartialDate | None, PartialDate | None]:
        """What was given as ``from`` and ``until``."""
        given = self.form.cleaned_data if self.is_valid() else {}
        return given.get("from"), given.get("until")

    def filter_from(
        self, queryset: StatusChangeQuerySet, name: str, value: PartialDate
    ) -> StatusChangeQuerySet:
        return queryset.between(first=value.first_day)

    def filter_until(
        self, queryset: StatusChangeQuerySet, name: str, value: PartialDate
    ) -> StatusChangeQuerySet:
        return queryset.between(last=value.last_day)

    def filter_to_status(
        self, queryset: StatusChangeQuerySet, name: str, value: list[str]
    ) -> StatusChangeQuerySet:
        return queryset.becoming(value)

    def filter_move(
        self, queryset: StatusChangeQuerySet, name: str, value: list[str]
    ) -> StatusChangeQuerySet:
        return queryset.by_moves(value)

    def filter_undated(
        self, queryset: StatusChangeQuerySet, name: str, value: bool
    ) -> StatusChangeQuerySet:
        return queryset.of_unknown_day() if value else queryset.of_known_day()

    def filter_kind(
        self, queryset: StatusChangeQuerySet, name: str, value: list[str]
    ) -> StatusChangeQuerySet:
        return queryset.of_agreements(Agreement.objects.of_kind(value))

    def filter_sector(
        self, queryset: StatusChangeQuerySet, name: str, value: Sector
    ) -> StatusChangeQuerySet:
        return queryset.of_agreements(Agreement.objects.of_sector(value))

    def filter_country(
        self, queryset: StatusChangeQuerySet, name: str, value: str
    ) -> StatusChangeQuerySet:
        return queryset.of_agreements(Agreement.objects.of_country(value))

    def filter_place(
        self, queryset: StatusChangeQuerySet, name: str, value: str
    ) -> StatusChangeQuerySet:
        return queryset.of_agreements(Agreement.objects.of_place(value))
