"""Filters of the list that ask the querysets' own rules."""

from django.contrib.admin import SimpleListFilter
from django.utils.translation import gettext_lazy as _

from agreements.models import Evidence


class TimeFilter(SimpleListFilter):
    title = _("validity today")
    parameter_name = "today"

    def lookups(self, request, model_admin):
        return (
            ("in_force", _("in force")),
            ("expired", _("expired, and nobody said so")),
            ("stalled", _("stalled before signing")),
            ("dormant", _("dormant: no event for long")),
        )

    def queryset(self, request, queryset):
        rule = self.value()
        return getattr(queryset, rule)() if rule in dict(self.lookup_choices) else queryset


class EvidenceFilter(SimpleListFilter):
    title = _("evidence")
    parameter_name = "evidence"

    def lookups(self, request, model_admin):
        return Evidence.choices

    def queryset(self, request, queryset):
        return queryset.having_evidence([self.value()]) if self.value() else queryset
