"""Sectors, sources and events: what agreements share.

Who is bound to an office sees those of agreements that they may see, and changes those that no
agreement of another office has.
"""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agreements.admin_sheets import SectorSheet, SourceSheet
from agreements.models import Agreement, Citation, Event, Sector, SectorName, Source
from cities.admin_sheets import SharedSheetAdmin
from cities.offices import is_bound
from common.admin import RegisterAdmin, RegisterTabular
from common.dates_display import display_partial_date


class SectorNameInline(RegisterTabular):
    model = SectorName
    fields = ("language", "text")


@admin.register(Sector)
class SectorAdmin(SharedSheetAdmin):
    sheet = SectorSheet()
    list_display = ("name", "description")
    search_fields = ("name", "description")
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = ((None, {"fields": ("name", "slug", "description")}),)
    inlines = (SectorNameInline,)
    attached = ((SectorName, "sector"),)


class OfAgreementsAdmin(RegisterAdmin):
    """Of records that hang on several agreements, perhaps of several offices."""

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and is_kept(obj, request.user)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and is_kept(obj, request.user)

    def reader(self, request):
        return request.user if is_bound(request.user) else None

    def history_view(self, request, object_id, extra_context=None):
        """How a record came about that others keep is for them to know."""
        record = self.get_object(request, unquote(object_id))
        if not is_kept(record, request.user):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)


def is_kept(record: Any, user: Any) -> bool:
    """Whether no agreement has it that this person does not keep."""
    if record is None or not is_bound(user):
        return True
    return type(record).objects.filter(pk=record.pk).kept_by(user).exists()


@admin.register(Source)
class SourceAdmin(OfAgreementsAdmin, SharedSheetAdmin):
    sheet = SourceSheet()
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
        told = Citation.objects.order_by().visible_to(request.user)
        here = Q(citations__in=told) if is_bound(request.user) else None
        return super().get_queryset(request).annotate(times=Count("citations", filter=here))

    @admin.display(description=_("published on"), ordering="published_on")
    def published(self, source):
        return display_partial_date(source.published_on, "—")

    @admin.display(description=_("cited"), ordering="times")
    def cited(self, source):
        return source.times


@admin.register(Event)
class EventAdmin(OfAgreementsAdmin):
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

    def get_fieldsets(self, request, obj=None):
        """To whoever may only look, no agreements but those that they may see."""
        fieldsets = super().get_fieldsets(request, obj)
        if is_kept(obj, request.user):
            return fieldsets
        seen = {"fields": ("agreements_seen",)}
        hidden = {"fields": ("agreements",)}
        return [(title, seen if told == hidden else told) for title, told in fieldsets]

    def get_readonly_fields(self, request, obj=None):
        return () if is_kept(obj, request.user) else ("agreements_seen",)

    def get_object(self, request, object_id, from_field=None):
        """With the agreements that this person may see, for those who may only look."""
        event = super().get_object(request, object_id, from_field)
        if event is not None and not is_kept(event, request.user):
            parties = Agreement.objects.visible_to(request.user).with_parties()
            event.seen = list(parties.filter(events=event))
        return event

    def get_search_results(self, request, queryset, search_term):
        """For a link from an agreement, the events that the person keeps."""
        if request.path == reverse("admin:autocomplete"):
            queryset = queryset.kept_by(request.user)
        return super().get_search_results(request, queryset, search_term)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name == "agreements":
            kwargs["queryset"] = Agreement.objects.kept_by(request.user)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    @admin.display(description=_("agreements"))
    def agreements_seen(self, event):
        return "; ".join(str(agreement) for agreement in event.seen)

    @admin.display(description=_("date"), ordering="happened_on")
    def date(self, event):
        return display_partial_date(event.happened_on, "—")
