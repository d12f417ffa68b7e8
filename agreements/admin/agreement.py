"""The agreement's own screen: the record, what hangs on it, and where it stands."""

from typing import Any

from django.contrib import admin
from django.db import IntegrityError
from django.db.models import Prefetch
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from agreements.admin import inlines as rows
from agreements.admin.bulk import ACTS
from agreements.admin.byparty import ByPartyViews
from agreements.admin.byparty import summary as by_party
from agreements.admin.filters import (
    ClaimFilter,
    EvidenceFilter,
    ImportFilter,
    MergedFilter,
    QueueFilter,
    TimeFilter,
)
from agreements.admin.preview import PreviewViews
from agreements.admin.requests import RequestViews
from agreements.admin.sections import Section, open_where_wrong, sections
from agreements.admin.standing import standing
from agreements.admin.timeline import TimelineViews
from agreements.admin.undo import UndoViews
from agreements.admin_sheets import AgreementSheet
from agreements.forms import AgreementForm, OpeningForm
from agreements.lifecycle import Status, opening_permission
from agreements.models import (
    Agreement,
    Approval,
    Citation,
    Document,
    Initiative,
    Party,
    Relation,
    Signature,
)
from cities.admin_sheets import IMPORT
from cities.offices import is_bound
from common.admin_bulk import BulkAdmin
from common.dates_display import display_partial_date

RECORD: Any = (
    (
        None,
        {
            "fields": (
                ("kind", "title"),
                ("local_term", "local_term_language"),
                "summary",
                "sectors",
            )
        },
    ),
    (_("Term"), {"fields": (("starts_on", "expires_on"), ("notice_by", "renewal"))}),
    (_("For colleagues"), {"classes": ("collapse",), "fields": ("internal_note",)}),
)
OPENING = (
    _("Where the record begins"),
    {
        "description": _(
            "A new agreement is internal until a registrar publishes it. Later steps are recorded "
            "by moves, one by one, on its own page."
        ),
        "fields": (
            "opening_status",
            ("opening_happened_on", "opening_on_record_by"),
            "opening_end_reason",
            "opening_source",
            "opening_says",
            "opening_note",
        ),
    },
)


class Acts(UndoViews, RequestViews):
    """All that is done to one agreement on a page of its own."""


class Pages(Acts, PreviewViews):
    pass


class Told(ByPartyViews, TimelineViews):
    pass


class Screens(Pages, Told):
    pass


@admin.register(Agreement)
class AgreementAdmin(Screens, BulkAdmin):
    sheet = AgreementSheet()
    bulk = ACTS
    import_permission = IMPORT
    list_display = ("reference", "called", "kind", "status", "since", "visibility")
    list_display_links = ("reference", "called")
    list_filter = (
        *(QueueFilter, "status", "visibility", "kind"),
        *(TimeFilter, EvidenceFilter, ClaimFilter, ImportFilter, MergedFilter, "sectors"),
    )
    search_fields = ("reference", "title")
    search_help_text = _("Reference, title, or any name of a party, of any time and in any script.")
    autocomplete_fields = ("sectors",)
    fieldsets = RECORD
    change_form_template = "admin/agreements/agreement/change_form.html"
    inlines = (
        rows.PartyInline,
        rows.CitationInline,
        rows.InitiativeInline,
        rows.EventInline,
        rows.DocumentInline,
        rows.RelationInline,
    )
    # The other rows choose among parties and steps, which are there once it is saved.
    inlines_of_new = (rows.PartyInline,)
    attached = (
        *((row, "agreement") for row in (Party, Citation, Approval, Signature)),
        *((row, "agreement") for row in (Initiative, Document)),
        (Relation, "from_agreement"),
    )

    def get_queryset(self, request):
        parties = Prefetch("parties", Party.objects.select_related("place"))
        kept = super().get_queryset(request).kept_by(request.user)
        return kept.prefetch_related(parties)

    def get_search_results(self, request, queryset, search_term):
        """What was merged into another is listed, but chosen for nothing more."""
        if request.path == reverse("admin:autocomplete"):
            queryset = queryset.filter(merged_into__isnull=True)
        return super().get_search_results(request, queryset, search_term)

    def has_change_permission(self, request, obj=None):
        merged = obj is not None and obj.merged_into_id
        kept = obj is None or obj.is_kept_by(request.user)
        return not merged and kept and super().has_change_permission(request, obj)

    def get_inlines(self, request, obj):
        return self.inlines if obj else self.inlines_of_new

    def get_fieldsets(self, request, obj=None):
        if obj:
            return super().get_fieldsets(request, obj)
        name, options = OPENING
        may_end = request.user.has_perm(opening_permission(Status.ENDED))
        hidden = () if may_end else ("opening_end_reason",)
        fields = [field for field in options["fields"] if field not in hidden]
        return (*RECORD, (name, {**options, "fields": fields}))

    def get_form(self, request, obj=None, change=False, **kwargs):
        if change:
            return super().get_form(request, obj, change, form=AgreementForm, **kwargs)
        form = super().get_form(request, obj, change, form=OpeningForm, **kwargs)
        form.user = request.user
        return form

    def reader(self, request):
        """An edit may tell of a relation to an agreement of another office."""
        return request.user if is_bound(request.user) else None

    def save_related(self, request, form, formsets, change):
        """Counted once more in the transaction, whatever the forms believed."""
        super().save_related(request, form, formsets, change)
        agreement = form.instance
        if rows.needs_two_parties(agreement) and agreement.parties.order_by().count() < 2:
            raise IntegrityError(str(rows.TOO_FEW))
        if not agreement.is_kept_by(request.user):
            raise IntegrityError(str(rows.NOT_YOURS))

    def get_inline_formsets(self, request, formsets, inline_instances, obj=None, **kwargs: Any):
        found = super().get_inline_formsets(request, formsets, inline_instances, obj, **kwargs)
        return open_where_wrong(found)

    def render_change_form(self, request, context, *args: Any, **kwargs: Any):
        if agreement := context.get("original"):
            context["standing"] = found = standing(agreement, request.user)
            context["subtitle"] = f"{agreement.reference} · {self.called(agreement)}"
            # By the key: ordered by reference, SQLite goes through all agreements to find these.
            context["merged_from"] = agreement.merged_from.order_by("pk")
            context["by_party"] = by_party(agreement, request.user)
            context["sections"] = [
                *sections(context["adminform"], context["inline_admin_formsets"]),
                Section("steps-heading", _("History"), len(found.history)),
            ]
        return super().render_change_form(request, context, *args, **kwargs)

    def get_deleted_objects(self, objs, request):
        """A published agreement is refused in words before the database would refuse it."""
        to_delete, counts, lacking, protected = super().get_deleted_objects(objs, request)
        for agreement in objs:
            if agreement.is_public:
                protected.append(
                    format_html("{}: {}", agreement, _("it is published, so unpublish it first."))
                )
        return to_delete, counts, lacking, protected

    @admin.display(description=_("agreement"), ordering="folded")
    def called(self, agreement):
        parties = " – ".join(party.place.name for party in agreement.parties.all())
        return agreement.title or parties or "—"

    @admin.display(description=_("since"), ordering="status_since")
    def since(self, agreement):
        return display_partial_date(agreement.status_since, "—")
