"""Choosing a sector, by its slug; a form offers the names in the reader's language."""

from collections.abc import Iterator
from typing import Any

import django_filters
from django import forms
from django.forms.models import ModelChoiceIterator
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from agreements.models import Sector
from agreements.models.sectors import SectorQuerySet, by_shown_name


class SectorChoices(ModelChoiceIterator):
    """In the order of the names that are shown."""

    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        for sector in by_shown_name(self.queryset.all()):
            yield self.choice(sector)


class SectorField(forms.ModelChoiceField):
    iterator = SectorChoices

    def label_from_instance(self, sector: Sector) -> str:
        return sector.shown_name


class SectorFilter(django_filters.ModelChoiceFilter):
    field_class = SectorField

    def __init__(self, **options: Any) -> None:
        given = {
            "queryset": sectors,
            "to_field_name": "slug",
            "empty_label": _("any sector"),
            "error_messages": {"invalid_choice": _("There is no sector “%(value)s” here.")},
            "label": _("Sector"),
            "help_text": _("A field of cooperation that the agreement names, such as culture."),
        }
        super().__init__(**{**given, **options})


def sectors(request: HttpRequest | None) -> SectorQuerySet:
    """Asked for anew by every form: each has a reader with a language."""
    return Sector.objects.with_names()
