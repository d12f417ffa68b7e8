"""The agreement's own screen: the record, what hangs on it, and where it stands."""

from typing import Any

from django.contrib import admin
from django.db import IntegrityError
from django.db.models import Prefetch
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from agreements.admin import inlines as rows
from agreements.admin.filters import (
    ClaimFilter,
    EvidenceFilter,
    ImportFilter,
    MergedFilter,
    TimeFilter,
)
from agreements.admin.moves import MoveViews
from agreements.admin.standing import standing
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
from common.admin_sheets import SheetAdmin
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
    (_("Term"), {"fields": (("starts_on", "expires_on"),)}),
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


@admin.register(Agreement)
class AgreementAdmin(MoveViews, SheetAdmin):
    sheet = AgreementSheet()
    import_permission = IMPORT
    list_display = ("reference", "called", "kind", "status", "since", "visibility")
    list_display_links = ("reference", "called")
    list_filter = (
        *("status", "visibility", "kind"),
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
        rows.ApprovalInline,
        rows.SignatureInline,
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
        return super().get_queryset(request).prefetch_related(parties)

    def get_search_results(self, request, queryset, search_term):
        """What was merged into another is listed, but chosen for nothing more."""
        if request.path == reverse("admin:autocomplete"):
            queryset = queryset.filter(merged_into__isnull=True)
        return super().get_search_results(request, queryset, search_term)

    def has_change_permission(self, request, obj=None):
        merged = obj is not None and obj.merged_into_id
        return not merged and super().has_change_permission(request, obj)

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

    def save_related(self, request, form, formsets, change):
        """Counted once more in the transaction, whatever the forms believed."""
        super().save_related(request, form, formsets, change)
        agreement = form.instance
        if rows.needs_two_parties(agreement) and agreement.parties.order_by().count() < 2:
            raise IntegrityError(str(rows.TOO_FEW))

    def render_change_form(self, request, context, *args: Any, **kwargs: Any):
        if context.get("original"):
            context["standing"] = standing(context["original"], request.user)
            context["subtitle"] = (
                f"{context['original'].reference} · {self.called(context['original'])}"
            )
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
