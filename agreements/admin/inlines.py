"""The rows that hang on an agreement. What a row can choose is limited to its own agreement."""

from typing import Any

from django.contrib.admin import TabularInline
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agreements.lifecycle import ONCE_SIGNED
from agreements.models import (
    Agreement,
    Approval,
    Citation,
    Document,
    Event,
    Initiative,
    Party,
    Relation,
    Signature,
)
from cities.models import Institution
from common.admin import RegisterStacked, RegisterTabular
from common.admin_forms import VersionedFormSet
from common.admin_widgets import RowLabels

TOO_FEW = _("An agreement that was signed or is public keeps two parties or more.")


def needs_two_parties(agreement: Agreement) -> bool:
    opening = agreement.opening
    status = opening.status if opening else agreement.status
    return agreement.is_public or status in ONCE_SIGNED


class PartyFormSet(VersionedFormSet):
    def add_fields(self, form, index):
        super().add_fields(form, index)
        if index is not None and form.instance._state.adding:
            form.fields["position"].initial = index + 1
            form.instance.position = index + 1

    def clean(self):
        super().clean()
        staying = [form for form in self.forms if form not in self.going() and self.is_filled(form)]
        if needs_two_parties(self.instance) and len(staying) < 2:
            raise ValidationError(TOO_FEW)
        for form in self.going():
            self._refuse_with_rows(form.instance)

    def going(self) -> list:
        return [form for form in self.forms if self._should_delete_form(form)]

    @staticmethod
    def is_filled(form: Any) -> bool:
        return bool(form.instance.pk or (not form.gone and form.has_changed()))

    @staticmethod
    def _refuse_with_rows(party: Party) -> None:
        """Signatures and approvals are evidence: they are not deleted along with their party."""
        if party.pk and (party.signatures.exists() or party.approvals.exists()):
            message = gettext("%s has signatures or approvals. Delete those first.")
            raise ValidationError(message % party)


class OwnChoices(VersionedFormSet):
    """Rows that point at other rows of the same agreement, which are asked for once."""

    own: dict[str, str] = {}

    def add_fields(self, form, index):
        super().add_fields(form, index)
        for name, rows in self.own_choices().items():
            field = form.fields.get(name)
            if field is None:
                continue
            field.queryset = field.queryset.filter(pk__in=[row.pk for row in rows])
            field.widget = getattr(field.widget, "widget", field.widget)
            empty = [] if field.required and form.instance.pk else [("", field.empty_label or "—")]
            field.choices = empty + [(row.pk, str(row)) for row in rows]

    def own_choices(self) -> dict[str, list]:
        if not hasattr(self, "_own_choices"):
            self._own_choices = {name: self._rows(of) for name, of in self.own.items()}
        return self._own_choices

    def _rows(self, of: str) -> list:
        if not self.instance.pk:
            return []
        rows = getattr(self.instance, of).all()
        return list(rows.select_related("place") if of == "parties" else rows)


class OfParties(OwnChoices):
    own = {"party": "parties"}


class OfSubjects(OwnChoices):
    own = {"step": "steps", "approval": "approvals", "event": "events"}


class PartyInline(RegisterTabular):
    model = Party
    formset = PartyFormSet
    fields = ("position", "place", "name_then")
    autocomplete_fields = ("place",)
    ordering = ("position", "id")

    def get_extra(self, request, obj=None, **kwargs):
        return 0 if obj else 2

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("place")


class CitationInline(RegisterStacked):
    model = Citation
    formset = OfSubjects
    fields = ("source", "says", ("step", "approval", "event"))
    autocomplete_fields = ("source",)

    def get_fields(self, request, obj=None):
        return self.fields if obj else ("source", "says")

    def get_queryset(self, request):
        joins = ("source", "step", "approval", "event")
        return super().get_queryset(request).select_related(*joins)


class ApprovalInline(RegisterStacked):
    model = Approval
    formset = OfParties
    classes = ("collapse",)
    fields = (("party", "body"), ("outcome", "decided_on"), "note")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("party__place")


class SignatureInline(RegisterStacked):
    model = Signature
    formset = OfParties
    classes = ("collapse",)
    fields = ("party", ("official", "office"), ("signed_on", "signed_in", "manner"))
    autocomplete_fields = ("official", "signed_in")

    def get_queryset(self, request):
        joins = ("party__place", "official", "signed_in")
        return super().get_queryset(request).select_related(*joins)


class InitiativeInline(RegisterStacked):
    model = Initiative
    classes = ("collapse",)
    fields = ("title", ("sector", "state", "due_on"), "description", "institutions")
    autocomplete_fields = ("sector", "institutions")

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related("sector")
        return rows.prefetch_related(Prefetch("institutions", Institution.objects.order_by("name")))


class DocumentInline(RegisterStacked):
    model = Document
    classes = ("collapse",)
    fields = (("title", "language"), "file", "url")


class RelationInline(RegisterTabular):
    model = Relation
    fk_name = "from_agreement"
    classes = ("collapse",)
    verbose_name = _("relation to an older agreement")
    verbose_name_plural = _("relations to older agreements")
    fields = ("kind", "to_agreement")
    autocomplete_fields = ("to_agreement",)

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related("to_agreement")
        return rows.prefetch_related("to_agreement__parties__place")


class EventLinks(RowLabels, BaseInlineFormSet):
    def clean(self):
        super().clean()
        for form in self.initial_forms:
            if self._should_delete_form(form) and form.instance.pk:
                self._refuse_cited(form.instance.event)

    def _refuse_cited(self, event: Event) -> None:
        if event.citations.filter(agreement=self.instance).exists():
            message = gettext("A source of this agreement speaks of “%s”. Delete that first.")
            raise ValidationError(message % event)


class EventInline(TabularInline):
    """The link alone: it is added or taken off; the event itself has a page of its own."""

    model = Event.agreements.through
    formset = EventLinks
    verbose_name = _("event")
    verbose_name_plural = _("events")
    classes = ("collapse",)
    extra = 0
    fields = ("event",)
    autocomplete_fields = ("event",)
    show_change_link = False

    def has_change_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("event")
