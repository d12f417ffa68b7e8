"""Filters of the list that ask the querysets' own rules."""

from django.contrib.admin import SimpleListFilter
from django.utils.translation import gettext_lazy as _

from agreements.models import Evidence
from agreements.queues import QUEUES, queues_for
from agreements.uploads import seen_by
from common.admin_widgets import is_key


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


class MergedFilter(SimpleListFilter):
    title = _("merged into another")
    parameter_name = "merged"

    def lookups(self, request, model_admin):
        return (("no", _("no")), ("yes", _("yes")))

    def queryset(self, request, queryset):
        if self.value() not in ("yes", "no"):
            return queryset
        return queryset.filter(merged_into__isnull=self.value() == "no")


class EvidenceFilter(SimpleListFilter):
    title = _("evidence")
    parameter_name = "evidence"

    def lookups(self, request, model_admin):
        return Evidence.choices

    def queryset(self, request, queryset):
        return queryset.having_evidence([self.value()]) if self.value() else queryset


class ClaimFilter(SimpleListFilter):
    title = _("one side’s claim")
    parameter_name = "one_sided"

    def lookups(self, request, model_admin):
        return (("true", _("yes")), ("false", _("no")))

    def queryset(self, request, queryset):
        rule = {"true": "one_sided", "false": "not_one_sided"}.get(self.value())
        return getattr(queryset, rule)() if rule else queryset


class ImportFilter(SimpleListFilter):
    """What the rows of an imported list speak of; offered for the latest lists."""

    title = _("imported list")
    parameter_name = "run"
    most = 10

    def lookups(self, request, model_admin):
        entered = seen_by(request.user).filter(committed_at__isnull=False)
        return [(str(run.pk), str(run)) for run in entered.order_by("-committed_at")[: self.most]]

    def queryset(self, request, queryset):
        run = self.value()
        if not run or not is_key(run):
            return queryset
        return queryset.filter(citations__listing__run=run).distinct()


class QueueFilter(SimpleListFilter):
    """The queues of the first screen, by their own rules and for the same person."""

    title = _("what is to be done")
    parameter_name = "queue"

    def lookups(self, request, model_admin):
        return [(queue.name, queue.label) for queue in queues_for(request.user)]

    def queryset(self, request, queryset):
        queue = QUEUES.get(self.value() or "")
        if queue is None or not queue.is_for(request.user):
            return queryset
        return queue.of(request.user, queryset)
