"""Sectors, sources and events: what agreements share."""

from django.contrib import admin
from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from agreements.admin_sheets import SectorSheet, SourceSheet
from agreements.models import Event, Sector, Source
from cities.admin_sheets import IMPORT
from common.admin import RegisterAdmin
from common.admin_sheets import SheetAdmin
from common.dates_display import display_partial_date


@admin.register(Sector)
class SectorAdmin(SheetAdmin):
    sheet = SectorSheet()
    import_permission = IMPORT
    list_display = ("name", "description")
    search_fields = ("name", "description")
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = ((None, {"fields": ("name", "slug", "description")}),)


@admin.register(Source)
class SourceAdmin(SheetAdmin):
    sheet = SourceSheet()
    import_permission = IMPORT
    # Counting citations makes groups, which drop the model's own order.
    ordering = ("publisher", "published_on", "key")
    list_display = ("title", "publisher", "published", "kind", "speaks_for", "cited")
    list_filter = ("kind", "language")
    list_select_related = ("speaks_for",)
    search_fields = ("publisher", "title", "url", "key")
    search_help_text = _("Publisher, headline, address or short name.")
    autocomplete_fields = ("speaks_for",)
    fieldsets = (
        (None, {"fields": ("publisher", "title", "url", ("kind", "language"))}),
        (_("When"), {"fields": (("published_on", "accessed_on"),)}),
        (_("Whose word it is"), {"fields": ("speaks_for",)}),
        (_("To find it again"), {"classes": ("collapse",), "fields": ("key",)}),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(times=Count("citations"))

    @admin.display(description=_("published on"), ordering="published_on")
    def published(self, source):
        return display_partial_date(source.published_on, "—")

    @admin.display(description=_("cited"), ordering="times")
    def cited(self, source):
        return source.times


@admin.register(Event)
class EventAdmin(RegisterAdmin):
    list_display = ("title", "kind", "date", "place")
    list_filter = ("kind",)
    list_select_related = ("place",)
    search_fields = ("title", "description", "place__name", "participants__name")
    autocomplete_fields = ("place", "agreements", "participants")
    fieldsets = (
        (None, {"fields": ("title", ("kind", "happened_on"), "place", "description")}),
        (_("Of which agreements"), {"fields": ("agreements",)}),
        (_("Who took part"), {"fields": ("participants",)}),
    )

    @admin.display(description=_("date"), ordering="happened_on")
    def date(self, event):
        return display_partial_date(event.happened_on, "—")
