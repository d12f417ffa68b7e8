"""The rows in which a party's approvals and signatures are entered, beneath that party."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import (
    AdminTextareaWidget,
    AutocompleteSelect,
    RelatedFieldWidgetWrapper,
)
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agreements.models import Approval, Citation, Party, Signature, Source
from common.admin import RegisterStacked
from common.admin_forms import VersionedFormSet, VersionedModelForm
from common.admin_widgets import Known, is_key

CITED = frozenset({"source", "says"})
SAYS = Citation._meta.get_field("says")
SOURCE = Citation._meta.get_field("source")
NO_SOURCE = _("Say which source it is that says so.")
CITED_TWICE = _("This source is on record here already, with the same words.")


class SourceSelect(Known, AutocompleteSelect):
    """The column is the citation's, of which an approval's own row knows nothing."""


class SourceField(forms.ModelChoiceField):
    def __init__(self) -> None:
        super().__init__(
            Source.objects.all(),
            label=capfirst(SOURCE.verbose_name),
            help_text=SOURCE.help_text,
            required=False,
            widget=RelatedFieldWidgetWrapper(
                SourceSelect(SOURCE, admin.site),
                SOURCE.remote_field,
                admin.site,
                can_add_related=True,
            ),
        )

    def to_python(self, value: Any) -> Any:
        """What is no key is no source: no database is asked for it."""
        if value not in self.empty_values and not is_key(str(value)):
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().to_python(value)


class ApprovalForm(VersionedModelForm):
    """An approval, and perhaps one more source of it. Its citations are edited elsewhere."""

    source = SourceField()
    says = forms.CharField(
        label=capfirst(SAYS.verbose_name),
        help_text=SAYS.help_text,
        required=False,
        max_length=SAYS.max_length,
        widget=AdminTextareaWidget(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        source, says = cleaned.get("source"), cleaned.get("says", "")
        if says and not source and "source" not in self.errors:
            self.add_error("source", NO_SOURCE)
        if source and (source.pk, says) in self.said():
            self.add_error("source", CITED_TWICE)
        return cleaned

    def said(self) -> set[tuple[int, str]]:
        if self.instance.pk is None:
            return set()
        return {(said.source_id, said.says) for said in self.instance.citations.all()}

    def save(self, commit: bool = True) -> Approval:
        """A source alone is no edit of the approval, which then keeps its version."""
        approval = self.instance
        if approval._state.adding or self.typed() - CITED:
            approval = super().save(commit)
        if source := self.cleaned_data.get("source"):
            says = self.cleaned_data["says"]
            agreement = approval.agreement
            Citation.objects.create(
                agreement=agreement, approval=approval, source=source, says=says
            )
        return approval


class RowsOfParty(VersionedFormSet):
    """The rows of one party, out of those that were read for all parties at once."""

    user: Any = None

    def __init__(self, *args: Any, rows: Sequence[Any] = (), **kwargs: Any) -> None:
        # Django's own name for the rows that it would ask for, party by party.
        self._queryset = list(rows)
        super().__init__(*args, **kwargs)

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        form = super()._construct_form(i, **kwargs)
        form.instance.party = self.instance
        form.instance.agreement = self.instance.agreement
        # A row in which nothing was typed is not looked at any further, and costs no query.
        form.empty_permitted = True
        return form

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if "source" in form.fields:
            form.fields["source"].queryset = Source.objects.visible_to(self.user)
        for field in form.fields.values():
            widget = getattr(field.widget, "widget", field.widget)
            if label := widget.attrs.get("aria-label"):
                # Rows of several parties stand on one page.
                widget.attrs["aria-label"] = f"{label}, {self.instance.place.name}"


class ApprovalsOfParty(RowsOfParty):
    def delete_existing(self, obj: Approval, commit: bool = True) -> None:
        """What was published stays a source of the agreement."""
        if commit:
            for citation in obj.citations.all():
                citation.approval = None
                citation.save()
        super().delete_existing(obj, commit=commit)


class PartyInline(RegisterStacked):
    """Rows beneath a party. ``writes`` is whether this person may enter any here."""

    fk_name = "party"
    writes = True
    heading: Any = ""

    def get_extra(self, request: Any, obj: Any = None, **kwargs: Any) -> int:
        return 1 if self.writes else 0

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return self.writes and super().has_add_permission(request, obj)

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        return self.writes and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        return self.writes and super().has_delete_permission(request, obj)

    def get_formset(self, request: Any, obj: Any = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        formset.user = request.user
        return formset

    @classmethod
    def rows_of(cls, parties: Sequence[Party]) -> dict[int, list[Any]]:
        """The rows of all these parties by the party's key."""
        found: dict[int, list[Any]] = {party.pk: [] for party in parties}
        for row in cls.joined().filter(party__in=found):
            found[row.party_id].append(row)
        return found

    @staticmethod
    def joined() -> Any:
        raise NotImplementedError


class ApprovalsInline(PartyInline):
    model = Approval
    form = ApprovalForm
    formset = ApprovalsOfParty
    heading = _("Approvals for %(party)s")
    readonly_fields = ("on_record",)

    def get_fieldsets(self, request: Any, obj: Any = None) -> Any:
        hidden = ["version"] if self.has_change_permission(request, obj) else []
        facts = [("body", "outcome", "decided_on"), "note", *hidden]
        sources = ["on_record", ("source", "says")] if self.writes else ["on_record"]
        return [(None, {"fields": facts}), (_("Who says so"), {"fields": sources})]

    @staticmethod
    def joined() -> Any:
        return Approval.objects.prefetch_related("citations__source")

    @admin.display(description=_("On record"))
    def on_record(self, approval: Approval) -> Any:
        """Its sources, each with what it says."""
        said = approval.citations.all() if approval.pk else ()
        if not said:
            return gettext("No source is on record for it yet.")
        lines = [(source_url(one.source), one.source, one.says) for one in said]
        rows = format_html_join("", '<li><a href="{}">{}</a> <bdi>{}</bdi></li>', lines)
        return format_html('<ul class="by-party-sources">{}</ul>', rows)


class SignaturesInline(PartyInline):
    model = Signature
    formset = RowsOfParty
    heading = _("Signatures for %(party)s")
    fields = (("official", "office"), ("signed_on", "signed_in", "manner"))
    autocomplete_fields = ("official", "signed_in")

    @staticmethod
    def joined() -> Any:
        return Signature.objects.select_related("official", "signed_in")


def source_url(source: Source) -> str:
    return reverse("admin:agreements_source_change", args=[source.pk])
