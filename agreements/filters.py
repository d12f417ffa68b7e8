"""What can be asked of agreements and sectors, on pages and in the API alike.

With ``as_of`` every rule about status and time is judged on that day, and only agreements that
were on record by then are shown. Without it they are judged today.
"""

import re
from datetime import date

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from agreements.filters_sectors import SectorFilter
from agreements.lifecycle import Status
from agreements.models import Agreement, Evidence, Sector
from agreements.querysets import AgreementQuerySet
from cities.filters import CountryFilter, PlaceKeyFilter
from common.dates import PartialDate
from common.filters import PartialDateFilter, StrictFilterSet
from common.finding import SearchFilter

UNKNOWN_DECADE = "unknown"
NO_DECADE = _("Write the year in which a decade begins, such as 1990, or: unknown.")


class DecadeField(forms.CharField):
    """Takes the year in which a decade begins, or “unknown”."""

    def to_python(self, value: object) -> str:
        text = (super().to_python(value) or "").lower()
        # Digits of other scripts are digits.
        return f"{int(text):04}" if text.isdecimal() else text

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and value != UNKNOWN_DECADE and not re.fullmatch(r"[0-9]{3}0", value):
            raise ValidationError(NO_DECADE)


class DecadeFilter(django_filters.CharFilter):
    field_class = DecadeField


class DayFilterSet(StrictFilterSet):
    """What can be asked of one agreement: how it stood on a day."""

    as_of = PartialDateFilter(
        method="filter_as_of",
        label=_("As of"),
        help_text=_("Where it stood on that day. A month or a year means its last day."),
    )

    class Meta:
        model = Agreement
        fields: tuple[str, ...] = ()

    @property
    def day(self) -> date | None:
        """The day asked about: the last day of ``as_of``. None means today."""
        asked: PartialDate | None = self.form.cleaned_data["as_of"] if self.is_valid() else None
        return asked.last_day if asked else None

    def filter_as_of(
        self, queryset: AgreementQuerySet, name: str, value: PartialDate
    ) -> AgreementQuerySet:
        return queryset.as_of(value.last_day)


class AgreementFilterSet(DayFilterSet):
    """Hand it ``Agreement.objects.visible_to(user)``, so that nothing unseen can be asked about.

    Or ``Span.objects.visible_to(user)``, which answers the same questions, for counting.
    """

    q = SearchFilter(
        label=_("Words"),
        help_text=_("In the title, the reference, or any name of a party, of today or former."),
    )
    status = django_filters.MultipleChoiceFilter(
        choices=Status.choices,
        method="filter_status",
        label=_("Status"),
        help_text=_("Where the agreement stands. It can be given more than once."),
    )
    kind = django_filters.MultipleChoiceFilter(
        choices=Agreement.Kind.choices,
        method="filter_kind",
        label=_("Kind"),
        help_text=_("What it is in this register’s words. It can be given more than once."),
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
    with_country = CountryFilter(
        method="filter_with_country",
        label=_("And country"),
        help_text=_("A second party lies there. The country of the other filter again: both do."),
    )
    with_place = PlaceKeyFilter(
        method="filter_with_place",
        label=_("And place"),
        help_text=_("A second party, so that what is between two places is found."),
    )
    decade = DecadeFilter(
        method="filter_decade",
        label=_("Decade"),
        help_text=_("In which it was signed: 1990 means 1990 to 1999. Or: unknown."),
    )
    as_of = PartialDateFilter(
        method="filter_as_of",
        label=_("As of"),
        help_text=_("What stood on that day. A month or a year means its last day."),
    )
    in_force = django_filters.BooleanFilter(
        method="filter_in_force",
        label=_("In force"),
        help_text=_("Signed, begun and not yet expired: true or false."),
    )
    expired = django_filters.BooleanFilter(
        method="filter_expired",
        label=_("Expired"),
        help_text=_("Past its term, and no end or renewal is on record: true or false."),
    )
    stalled = django_filters.BooleanFilter(
        method="filter_stalled",
        label=_("Stalled"),
        help_text=_("Not signed, and no step for long: true or false."),
    )
    dormant = django_filters.BooleanFilter(
        method="filter_dormant",
        label=_("Dormant"),
        help_text=_("In force for long, and no event on record for long: true or false."),
    )
    evidence = django_filters.MultipleChoiceFilter(
        choices=Evidence.choices,
        method="filter_evidence",
        label=_("Evidence"),
        help_text=_("How good the word for it is, as known today. It can be given more than once."),
    )
    one_sided = django_filters.BooleanFilter(
        method="filter_one_sided",
        label=_("One side’s claim"),
        help_text=_("One party’s side alone lists it, and nothing else says so: true or false."),
    )

    class Meta:
        model = Agreement
        fields: tuple[str, ...] = ()

    def filter_status(
        self, queryset: AgreementQuerySet, name: str, value: list[str]
    ) -> AgreementQuerySet:
        return queryset.having_status(value, self.day)

    def filter_kind(
        self, queryset: AgreementQuerySet, name: str, value: list[str]
    ) -> AgreementQuerySet:
        return queryset.of_kind(value)

    def filter_sector(
        self, queryset: AgreementQuerySet, name: str, value: Sector
    ) -> AgreementQuerySet:
        return queryset.of_sector(value)

    def filter_country(
        self, queryset: AgreementQuerySet, name: str, value: str
    ) -> AgreementQuerySet:
        return queryset.of_country(value)

    def filter_place(self, queryset: AgreementQuerySet, name: str, value: str) -> AgreementQuerySet:
        return queryset.of_place(value)

    def filter_with_country(
        self, queryset: AgreementQuerySet, name: str, value: str
    ) -> AgreementQuerySet:
        if self.form.cleaned_data["country"] == value:
            return queryset.within_country(value)
        return queryset.of_country(value)

    def filter_with_place(
        self, queryset: AgreementQuerySet, name: str, value: str
    ) -> AgreementQuerySet:
        return queryset.of_place(value)

    def filter_decade(
        self, queryset: AgreementQuerySet, name: str, value: str
    ) -> AgreementQuerySet:
        return queryset.of_decade(value)

    def filter_in_force(
        self, queryset: AgreementQuerySet, name: str, value: bool
    ) -> AgreementQuerySet:
        return queryset.in_force(self.day) if value else queryset.not_in_force(self.day)

    def filter_expired(
        self, queryset: AgreementQuerySet, name: str, value: bool
    ) -> AgreementQuerySet:
        return queryset.expired(self.day) if value else queryset.not_expired(self.day)

    def filter_stalled(
        self, queryset: AgreementQuerySet, name: str, value: bool
    ) -> AgreementQuerySet:
        return queryset.stalled(self.day) if value else queryset.not_stalled(self.day)

    def filter_dormant(
        self, queryset: AgreementQuerySet, name: str, value: bool
    ) -> AgreementQuerySet:
        return queryset.dormant(self.day) if value else queryset.not_dormant(self.day)

    def filter_evidence(
        self, queryset: AgreementQuerySet, name: str, value: list[str]
    ) -> AgreementQuerySet:
        return queryset.having_evidence(value)

    def filter_one_sided(
        self, queryset: AgreementQuerySet, name: str, value: bool
    ) -> AgreementQuerySet:
        return queryset.one_sided() if value else queryset.not_one_sided()


class SectorFilterSet(StrictFilterSet):
    """Sectors are few: nothing narrows them, and whatever is asked of them is refused by name."""

    class Meta:
        model = Sector
        fields: tuple[str, ...] = ()
