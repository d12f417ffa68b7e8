"""Places, officials and institutions as tables."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _

from cities.models import Institution, Official, Place, PlaceIdentifier, PlaceMerge
from cities.offices import is_bound
from common.admin_forms import VersionedModelForm
from common.admin_sheets import SheetAdmin
from common.sheet_records import BETWEEN, Column, Link, SheetOf

IMPORT = "cities.import_sheets"
SCHEMES = tuple(PlaceIdentifier.Scheme.values)


class SharedSheetAdmin(SheetAdmin):
    """A list of facts that all offices share: rewritten as a table by who is bound to none."""

    import_permission = IMPORT

    def has_import_permission(self, request: HttpRequest) -> bool:
        return super().has_import_permission(request) and not is_bound(request.user)

    def changelist_view(self, request, extra_context=None):
        """What is shared is merged by who is bound to no office too: others are led to no desk."""
        bound = {"is_bound": is_bound(request.user)}
        return super().changelist_view(request, {**(extra_context or {}), **bound})


def places_called(names: set[str]) -> dict[str, int]:
    """The places with these slugs, of today or from before a merge, or with these Wikidata ids."""
    ids = PlaceIdentifier.objects.filter(scheme="wikidata", value__in=names)
    merges = PlaceMerge.objects.filter(slug__in=names)
    found = dict(ids.values_list("value", "place")) | dict(merges.values_list("slug", "place"))
    return found | dict(Place.objects.filter(slug__in=names).values_list("slug", "pk"))


def place_link(name: str, **more: Any) -> Link:
    return Link(name, find=places_called, **more)


def ids_of(place: Place, scheme: str) -> list[str]:
    return sorted(one.value for one in place.identifiers.all() if one.scheme == scheme)


def ids_column(scheme: str) -> Column:
    return Column(scheme, tells=lambda place: BETWEEN.join(ids_of(place, scheme)))


class PlaceSheetForm(VersionedModelForm):
    """Ids elsewhere can be added here; they are taken off on the place's own page."""

    wikidata = forms.CharField(required=False, max_length=400)
    geonames = forms.CharField(required=False, max_length=400)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.new_ids: list[PlaceIdentifier] = []
        if self.instance.pk:
            for scheme in SCHEMES:
                self.initial[scheme] = BETWEEN.join(ids_of(self.instance, scheme))

    def clean(self):
        cleaned = super().clean()
        for scheme in SCHEMES:
            try:
                self.new_ids += self.ids_to_add(scheme, cleaned.get(scheme) or "")
            except ValidationError as error:
                self.add_error(scheme, error.messages)
        return cleaned

    def ids_to_add(self, scheme: str, told: str) -> list[PlaceIdentifier]:
        values = {value for part in told.split(";") if (value := part.strip())}
        present = set(ids_of(self.instance, scheme)) if self.instance.pk else set()
        if missing := present - values:
            raise ValidationError(
                _("An id is taken off on the place’s own page, not here. Write it again: %s.")
                % ", ".join(sorted(missing))
            )
        added = [PlaceIdentifier(scheme=scheme, value=value) for value in values - present]
        for one in added:
            one.full_clean(exclude=["place"])
        return added

    def _save_m2m(self) -> None:
        super()._save_m2m()
        for one in self.new_ids:
            one.place = self.instance
            one.save()


class PlaceSheet(SheetOf):
    model = Place
    form = PlaceSheetForm
    columns = (
        Column("slug"),
        Column("name"),
        Column("name_language"),
        Column("level"),
        place_link("parent"),
        Column("country_code"),
        ids_column("wikidata"),
        ids_column("geonames"),
        Column("latitude"),
        Column("longitude"),
        Column("population"),
        Column("population_year"),
        Column("about"),
        Column("about_source"),
    )

    def joined(self, rows: models.QuerySet) -> models.QuerySet:
        return rows.select_related("parent").prefetch_related("identifiers")

    def untouched(self, form_class: Any, record: Any) -> dict[str, Any]:
        ids = {one: BETWEEN.join(ids_of(record, one)) if record.pk else "" for one in SCHEMES}
        return super().untouched(form_class, record) | ids

    def alone(self, form: Any) -> Iterator[tuple[str, str]]:
        yield from ((one.scheme, one.value) for one in form.new_ids)
        if form.instance.level == Place.Level.COUNTRY:
            yield "country_code", form.instance.country_code


class OfficialSheet(SheetOf):
    model = Official
    columns = (Column("slug"), Column("name"), Column("about"))


class InstitutionSheet(SheetOf):
    """Known by its place and its name: one that is named otherwise is another one."""

    model = Institution
    columns = (
        place_link("place"),
        Column("name"),
        Column("kind"),
        Column("website"),
        Column("about"),
    )
    key = ("place", "name")
    key_is_made = False

    def joined(self, rows: models.QuerySet) -> models.QuerySet:
        return rows.select_related("place")

    def found(self, keys: set[tuple[str, ...]]) -> dict[tuple[str, ...], Any]:
        seats = {place for place, _name in keys}
        rows = self.joined(Institution.objects.filter(place__slug__in=seats))
        found = ((self.key_of(self.cells(row)), row) for row in rows)
        return {key: row for key, row in found if key in keys}
