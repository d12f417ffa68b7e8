"""The staff's screens for places and people."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from cities.admin_sheets import IMPORT, InstitutionSheet, OfficialSheet, PlaceSheet
from cities.models import (
    Appointment,
    Institution,
    Official,
    Place,
    PlaceIdentifier,
    PlaceName,
    Spelling,
)
from common.admin import RegisterStacked, RegisterTabular
from common.admin_sheets import SheetAdmin


class NameInline(RegisterTabular):
    model = PlaceName
    fields = ("text", "language", "script", "kind", "used_from", "used_to")


class IdentifierInline(RegisterTabular):
    model = PlaceIdentifier
    fields = ("scheme", "value")


class InstitutionInline(RegisterStacked):
    model = Institution
    classes = ("collapse",)
    fields = (("name", "kind"), "website", "about")


class SpellingInline(RegisterTabular):
    model = Spelling
    fields = ("text", "language", "script")


class AppointmentInline(RegisterStacked):
    model = Appointment
    fields = ("title", ("place", "accredited_to"), ("began_on", "ended_on"))
    autocomplete_fields = ("place", "accredited_to")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("place", "accredited_to")


class SpokesmanInline(RegisterStacked):
    """The same rows, seen from the place."""

    model = Appointment
    fk_name = "place"
    classes = ("collapse",)
    verbose_name = _("official who speaks for the place")
    verbose_name_plural = _("officials who speak for the place")
    fields = (("official", "title"), "accredited_to", ("began_on", "ended_on"))
    autocomplete_fields = ("official", "accredited_to")

    def get_formset(self, request, obj=None, **kwargs):
        texts = {"official": _("The person; search under any spelling of the name.")}
        return super().get_formset(request, obj, help_texts=texts, **kwargs)

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("place", "official", "accredited_to")


class CountryFilter(admin.SimpleListFilter):
    title = _("country")
    parameter_name = "country"

    def lookups(self, request, model_admin):
        return [(place.country_code, place.name) for place in Place.objects.filter(level="country")]

    def queryset(self, request, queryset):
        return queryset.in_country(self.value()) if self.value() else queryset


@admin.register(Place)
class PlaceAdmin(SheetAdmin):
    sheet = PlaceSheet()
    import_permission = IMPORT
    list_display = ("name", "level", "country_code", "parent", "population", "population_year")
    list_filter = ("level", CountryFilter)
    list_select_related = ("parent",)
    search_fields = ("name",)
    search_help_text = _("Any name of the place, of any time and in any script: Leninabad, خجند.")
    autocomplete_fields = ("parent",)
    inlines = (NameInline, IdentifierInline, InstitutionInline, SpokesmanInline)
    attached = (
        (PlaceName, "place"),
        (PlaceIdentifier, "place"),
        (Institution, "place"),
        (Appointment, "place"),
    )
    fieldsets = (
        (None, {"fields": ("name", ("level", "parent"), "country_code")}),
        (
            _("Facts"),
            {
                "fields": (
                    ("latitude", "longitude"),
                    ("population", "population_year"),
                    "about",
                    "about_source",
                )
            },
        ),
        (_("Address of the page"), {"classes": ("collapse",), "fields": ("slug",)}),
    )


@admin.register(Official)
class OfficialAdmin(SheetAdmin):
    sheet = OfficialSheet()
    import_permission = IMPORT
    list_display = ("name", "offices")
    search_fields = ("name",)
    search_help_text = _("Any spelling of the name, in any script.")
    inlines = (SpellingInline, AppointmentInline)
    attached = ((Spelling, "official"), (Appointment, "official"))
    fieldsets = (
        (None, {"fields": ("name", "about")}),
        (_("Address of the page"), {"classes": ("collapse",), "fields": ("slug",)}),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).with_offices()

    @admin.display(description=_("offices"))
    def offices(self, official):
        return "; ".join(str(office) for office in official.appointments.all())


@admin.register(Institution)
class InstitutionAdmin(SheetAdmin):
    sheet = InstitutionSheet()
    import_permission = IMPORT
    list_display = ("name", "kind", "place")
    list_filter = ("kind",)
    list_select_related = ("place",)
    search_fields = ("name", "place__name")
    autocomplete_fields = ("place",)
    fieldsets = ((None, {"fields": ("name", "kind", "place", "website", "about")}),)
