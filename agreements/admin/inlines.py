"""The rows that hang on an agreement. What a row can choose is limited to its own agreement."""

from typing import Any

from django.contrib.admin import TabularInline
from django.contrib.admin.options import BaseModelAdmin
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, Q
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agreements.admin_sheets import NOT_YOURS
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
from cities.offices import is_bound, kept_among, your_office
from common.admin import RegisterStacked, RegisterTabular
from common.admin_forms import VersionedFormSet
from common.admin_widgets import RowLabels

TOO_FEW = _("An agreement that was signed or is public keeps two parties or more.")


def needs_two_parties(agreement: Agreement) -> bool:
    opening = agreement.opening
    status = opening.status if opening else agreement.status
    return agreement.is_public or status in ONCE_SIGNED


class SeenChoices(BaseModelAdmin):
    """Rows that choose among what the person may see, whatever is sent."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        chosen_from = db_field.related_model._default_manager
        if is_bound(request.user) and hasattr(chosen_from, "visible_to"):
            kwargs.setdefault("queryset", chosen_from.visible_to(request.user))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class PartyFormSet(VersionedFormSet):
    user: Any = None

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
        if is_bound(self.user) and not kept_among(self.user, self._seated(staying)):
            raise ValidationError(f"{your_office(self.user)} {NOT_YOURS}")

    @staticmethod
    def _seated(forms: list) -> list[int]:
        """The places of these rows, as far as they can be made out."""
        places = (getattr(form, "cleaned_data", {}).get("place") for form in forms)
        return [place.pk for place in places if place]

    def going(self) -> list:
        return [form for form in self.forms if self._should_delete_form(form)]

    @staticmethod
    def is_filled(form: Any) -> bool:
        staying = form.again or not form.gone
        return bool(form.instance.pk or (staying and form.has_changed()))

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

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.user = request.user
        return formset

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("place")


class CitationInline(SeenChoices, RegisterStacked):
    model = Citation
    formset = OfSubjects
    classes = ("collapse",)
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
    fields = (
        *("title", ("sector", "state"), ("due_on", "delivered_on")),
        *("description", "institutions"),
    )
    autocomplete_fields = ("sector", "institutions")

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related("sector")
        return rows.prefetch_related(Prefetch("institutions", Institution.objects.order_by("name")))


class DocumentInline(RegisterStacked):
    model = Document
    classes = ("collapse",)
    fields = (("title", "language"), "file", "url")

    def get_queryset(self, request):
        """With the agreement, whose reference is in the address of the file."""
        return super().get_queryset(request).select_related("agreement")


class RelationFormSet(VersionedFormSet):
    """To an agreement that the person keeps; one that is on record stays."""

    user: Any = None

    def add_fields(self, form, index):
        super().add_fields(form, index)
        if is_bound(self.user) and "to_agreement" in form.fields:
            kept = Agreement.objects.kept_by(self.user).values("pk")
            here = Q(pk__in=kept) | Q(pk=form.instance.to_agreement_id)
            form.fields["to_agreement"].queryset = Agreement.objects.filter(here)


class RelationInline(RegisterTabular):
    model = Relation
    formset = RelationFormSet
    fk_name = "from_agreement"
    classes = ("collapse",)
    verbose_name = _("relation to an older agreement")
    verbose_name_plural = _("relations to older agreements")
    fields = ("kind", "to_agreement")
    autocomplete_fields = ("to_agreement",)

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.user = request.user
        return formset

    def get_queryset(self, request):
        rows = super().get_queryset(request).visible_to(request.user)
        rows = rows.select_related("to_agreement")
        return rows.prefetch_related("to_agreement__parties__place")


class EventLinks(RowLabels, BaseInlineFormSet):
    def clean(self):
        super().clean()
        for form in self.initial_forms:
            if self._should_delete_form(form) and form.instance.pk:
                self._refuse_cited(form.instance.event)

    def save(self, commit=True):
        """The event's own form has these links too, so its version and history tell of them."""
        saved = super().save(commit=commit)
        if commit:
            keys = {link.event_id for link in (*self.new_objects, *self.deleted_objects)}
            for event in Event.objects.select_for_update().filter(pk__in=keys).order_by("pk"):
                event.save()
        return saved

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

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """To be linked is a change of the event, so it must be one that the person keeps."""
        if db_field.name == "event" and is_bound(request.user):
            kwargs["queryset"] = Event.objects.visible_to(request.user).kept_by(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("event")
