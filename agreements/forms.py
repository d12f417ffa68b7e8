"""What the admin asks before an agreement is opened or moved; the model has the last word."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextareaWidget, RelatedFieldWidgetWrapper
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agreements.lifecycle import (
    EndReason,
    Move,
    Status,
    a_reason_for_the_end,
    evidence,
    opening_permission,
)
from agreements.models import Agreement, Citation, Opening, Source, StatusChange
from cities.models import Place
from common.admin_changes import record_at, values_of
from common.admin_conflicts import Collision, Table, tables_of
from common.admin_forms import (
    CHANGED_MEANWHILE,
    NO_VERSION,
    SAVE_AGAIN,
    VersionedModelForm,
    VersionField,
)
from common.admin_widgets import KnownSelect
from common.fields import PartialDateFormField
from common.widgets import AdminPartialDateInput

DAY_HELP = _("A year (2025), a month (2025-05) or a day (2025-05-10).")
BY_HELP = _("If the day is not known: a day, month or year by which it had certainly happened.")
SAYS_HELP = _("In your words, and no more than it says.")
DAY_TWICE = _("Give the day, or a day by which it had happened, not both.")


def partial_date(label: Any, help_text: Any) -> PartialDateFormField:
    widget = AdminPartialDateInput()
    return PartialDateFormField(label=label, help_text=help_text, required=False, widget=widget)


def long_text(label: Any, help_text: Any, longest: int) -> forms.CharField:
    widget = AdminTextareaWidget(attrs={"rows": 3})
    return forms.CharField(
        label=label, help_text=help_text, required=False, max_length=longest, widget=widget
    )


def source_field(user: Any) -> forms.ModelChoiceField:
    """By autocomplete, with a link to add a new source beside it; those that ``user`` may see."""
    field = Citation._meta.get_field("source")
    widget = RelatedFieldWidgetWrapper(
        KnownSelect(field, admin.site), field.remote_field, admin.site, can_add_related=True
    )
    return forms.ModelChoiceField(
        Source.objects.visible_to(user),
        label=capfirst(_("source")),
        help_text=field.help_text,
        required=False,
        widget=widget,
    )


class StepForm(forms.Form):
    """What is asked about any step of the lifecycle."""

    happened_on = partial_date(_("Happened on"), DAY_HELP)
    on_record_by = partial_date(_("On record by"), BY_HELP)
    end_reason = forms.ChoiceField(
        label=_("Why it ended"), required=False, choices=[("", "—"), *EndReason.choices]
    )
    acted_by = forms.ModelChoiceField(
        Place.objects.none(),
        label=_("Acted alone"),
        required=False,
        empty_label=_("nobody: they acted together, or it is not known"),
        help_text=_("If one party did this on its own."),
    )
    says = long_text(_("What it says"), SAYS_HELP, 1500)
    note = long_text(_("Note"), _("What a reader of the history should know."), 2000)

    def citations(self) -> list[tuple[Source, str]]:
        source = self.cleaned_data.get("source")
        return [(source, self.cleaned_data["says"])] if source else []

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("says") and not cleaned.get("source") and "source" not in self.errors:
            self.add_error("source", _("Say which source it is that says so."))
        if cleaned.get("happened_on") and cleaned.get("on_record_by"):
            self.add_error("on_record_by", DAY_TWICE)
        return cleaned


class ActForm(forms.Form):
    """Something done to an agreement; ``version`` is that of the one which the person looked at."""

    version = VersionField()
    conflict = False
    collision: Collision | None = None

    def __init__(self, *args: Any, agreement: Agreement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.agreement = agreement
        self.fields["version"].initial = agreement.version

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("version") is None:
            self._errors.pop("version", None)
            raise ValidationError(NO_VERSION)
        return cleaned

    def make(self, by: Any) -> None:
        """Do it; raises what the model raises."""
        raise NotImplementedError

    def add_refusal(self, error: ValidationError) -> None:
        """The model's refusal, at the fields that it names where this form has them."""
        for name, errors in by_field(error):
            self.add_error(name if name in self.fields else None, errors)

    def is_possible(self) -> bool:
        """Whether it can be done to the agreement where it stands now."""
        return True

    def no_more(self) -> str:
        status = self.agreement.get_status_display()
        return gettext(
            "It stands as %(status)s now, so this cannot be done any more. What you typed stays "
            "below, to copy from; the link under it leads back to the agreement."
        ) % {"status": status}

    def conflicts(self) -> list[Table]:
        return tables_of([self.collision])

    def add_conflict(self) -> None:
        """Say what others changed, and go on from the agreement as it is now."""
        since = self.cleaned_data["version"]
        self.agreement.refresh_from_db()
        before = record_at(self.agreement, since)
        opened = values_of(before) if before else None
        self.collision = Collision(self.agreement, since, opened, {})
        next_step = SAVE_AGAIN if self.is_possible() else self.no_more()
        self.add_error(None, ValidationError([CHANGED_MEANWHILE, next_step]))
        self.conflict = True
        self.data = self.data.copy()
        self.data["version"] = str(self.agreement.version)


class VisibilityForm(ActForm):
    """Asks nothing: to publish or to unpublish is to be confirmed."""

    def __init__(self, *args: Any, act: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.publishes = act == "publish"

    def make(self, by: Any) -> None:
        self.agreement.version = self.cleaned_data["version"]
        if self.publishes:
            self.agreement.publish(by=by)
        else:
            self.agreement.unpublish(by=by)

    def is_possible(self) -> bool:
        return self.publishes != self.agreement.is_public

    def no_more(self) -> str:
        return gettext("Somebody else did it already.")

    def lacking(self) -> list[str]:
        return self.agreement.lacks_for_publishing() if self.publishes else []


class MoveForm(StepForm, ActForm):
    """Asks what one move needs."""

    def __init__(self, *args: Any, row: Move, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row
        agreement = self.agreement
        self.fields["source"] = source_field(user)
        parties = agreement.parties.select_related("place").values("place")
        self.fields["acted_by"].queryset = Place.objects.filter(pk__in=parties)
        self.fields["end_reason"].required = a_reason_for_the_end in row.needs
        if a_reason_for_the_end not in row.needs:
            del self.fields["end_reason"]
        if row.name in ("draft", "sign"):
            del self.fields["acted_by"]
        on_file = agreement.signatures.exists() or agreement.documents.exists()
        self.fields["source"].required = evidence in row.needs and not on_file
        self.order_fields(
            ["end_reason", "happened_on", "on_record_by", "acted_by", "source", "says", "note"]
        )

    def is_possible(self) -> bool:
        return self.agreement.status in self.row.from_statuses

    def make(self, by: Any) -> None:
        given = self.cleaned_data
        self.agreement.version = given["version"]
        self.agreement.move(
            self.row.name,
            by=by,
            happened_on=given["happened_on"],
            on_record_by=given["on_record_by"],
            end_reason=given.get("end_reason", ""),
            acted_by=given.get("acted_by"),
            note=given["note"],
            citations=self.citations(),
        )


def by_field(error: ValidationError) -> list[tuple[str, list[ValidationError]]]:
    if hasattr(error, "error_dict"):
        return list(error.error_dict.items())
    return [(NON_FIELD_ERRORS, error.error_list)]


class AgreementForm(VersionedModelForm):
    class Meta:
        model = Agreement
        exclude = ("version",)


class OpeningForm(AgreementForm):
    """A new agreement: also where its record begins. ``user`` is set by the admin."""

    user: Any = None

    opening_status = forms.ChoiceField(
        label=_("Where it stands"),
        help_text=_("A record of the past may begin at any status; later ones come by moves."),
    )
    opening_happened_on = partial_date(_("Since"), DAY_HELP)
    opening_on_record_by = partial_date(_("On record by"), BY_HELP)
    opening_end_reason = forms.ChoiceField(
        label=_("Why it ended"),
        required=False,
        choices=[("", "—"), *EndReason.choices],
        help_text=_("Only for an agreement that has ended."),
    )
    opening_source = forms.ModelChoiceField(Source.objects.all(), required=False)
    opening_says = long_text(_("What it says"), SAYS_HELP, 1500)
    opening_note = long_text(_("Note"), _("What a reader of the history should know."), 2000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["opening_source"] = source_field(self.user)
        allowed = [
            (status.value, status.label)
            for status in Status
            if self.user.has_perm(opening_permission(status))
        ]
        self.fields["opening_status"].choices = allowed
        self.fields["opening_status"].initial = Status.PROPOSED

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not any(name.startswith("opening") for name in self.errors):
            self.instance.opening = self._opening(cleaned)
            self._check_opening(cleaned)
        return cleaned

    def _opening(self, told: dict[str, Any]) -> Opening:
        source = told["opening_source"]
        return Opening(
            status=told["opening_status"],
            happened_on=told["opening_happened_on"],
            on_record_by=told["opening_on_record_by"],
            end_reason=told["opening_end_reason"],
            note=told["opening_note"],
            by=self.user,
            citations=[(source, told["opening_says"])] if source else [],
        )

    def _check_opening(self, told: dict[str, Any]) -> None:
        """As the model will, so that a person is told at the form."""
        opening = self.instance.opening
        if told["opening_says"] and not told["opening_source"]:
            self.add_error("opening_source", _("Say which source it is that says so."))
        if opening.status == Status.ENDED and not opening.end_reason:
            self.add_error("opening_end_reason", _("Say why it ended."))
        if opening.happened_on and opening.on_record_by:
            self.add_error("opening_on_record_by", DAY_TWICE)
            return
        step = StatusChange(
            sequence=1,
            to_status=opening.status,
            happened_on=opening.happened_on,
            on_record_by=opening.on_record_by,
            end_reason=opening.end_reason,
            note=opening.note,
        )
        step.effective_from = step.counted_from()
        try:
            step.full_clean(exclude=["agreement", "recorded_by"], validate_unique=False)
        except ValidationError as error:
            for name, errors in by_field(error):
                field = f"opening_{name}"
                self.add_error(field if field in self.fields else None, errors)
