"""What can be asked of places and officials, on pages and in the API alike."""

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cities.models import Official, Place
from cities.querysets import OfficialQuerySet, PlaceQuerySet
from cities.validators import validate_country_code
from common.filters import StrictFilterSet
from common.finding import SearchFilter

NO_SUCH_PLACE = _("There is no place “%(value)s” here. Give its address, or its Wikidata id.")


class CountryCodeField(forms.CharField):
    """Takes a code of ISO 3166-1 alpha-2 in either case; gives it in capitals."""

    def to_python(self, value: object) -> str:
        return (super().to_python(value) or "").upper()

    def validate(self, value: str) -> None:
        super().validate(value)
        if value:
            validate_country_code(value)


class CountryFilter(django_filters.CharFilter):
    field_class = CountryCodeField


class PlaceKeyField(forms.CharField):
    """Takes the slug or the Wikidata id of a place that the register knows."""

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and not Place.objects.called(value).exists():
            raise ValidationError(NO_SUCH_PLACE, "unknown_place", {"value": value})


class PlaceKeyFilter(django_filters.CharFilter):
    field_class = PlaceKeyField


class PlaceFilterSet(StrictFilterSet):
    q = SearchFilter(
        label=_("Name"),
        help_text=_("In any spelling or script, of today or former: Khujand, Хуҷанд, Leninabad."),
    )
    level = django_filters.MultipleChoiceFilter(
        choices=Place.Level.choices,
        method="filter_level",
        label=_("Level"),
        help_text=_("City, region or country. It can be given more than once."),
    )
    country = CountryFilter(
        method="filter_country",
        label=_("Country"),
        help_text=_("ISO 3166-1 code of two letters, such as TJ."),
    )

    class Meta:
        model = Place
        fields: tuple[str, ...] = ()

    def filter_level(self, queryset: PlaceQuerySet, name: str, value: list[str]) -> PlaceQuerySet:
        return queryset.of_level(value)

    def filter_country(self, queryset: PlaceQuerySet, name: str, value: str) -> PlaceQuerySet:
        return queryset.in_country(value)


class OfficialFilterSet(StrictFilterSet):
    q = SearchFilter(
        label=_("Name"),
        help_text=_("In any spelling on record: Nozari, Nowzari."),
    )
    place = PlaceKeyFilter(
        method="filter_place",
        label=_("Place"),
        help_text=_("The place that they speak or spoke for: its address, or its Wikidata id."),
    )
    country = CountryFilter(
        method="filter_country",
        label=_("Country"),
        help_text=_("ISO 3166-1 code of the country whose places they speak or spoke for."),
    )

    class Meta:
        model = Official
        fields: tuple[str, ...] = ()

    def filter_place(self, queryset: OfficialQuerySet, name: str, value: str) -> OfficialQuerySet:
        return queryset.of_place(value)

    def filter_country(self, queryset: OfficialQuerySet, name: str, value: str) -> OfficialQuerySet:
        return queryset.of_country(value)
