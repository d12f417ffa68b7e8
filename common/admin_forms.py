"""Forms that know which version of a record they started from.

A form whose record somebody else has saved meanwhile is refused with what they changed, and keeps
what was typed. A form, or a row of an inline, in which nothing was typed is no edit: it neither
saves nor collides.
"""

from collections.abc import Collection
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet, model_to_dict
from django.forms.utils import ErrorDict
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.admin_changes import Change, changes_since, last_record, record_at, values_of, who
from common.admin_widgets import RowLabels
from common.versions import StaleVersion

NO_VERSION = _(
    "This form came without the version that it started from, so it cannot be told whether "
    "somebody changed the record meanwhile. Open the record again."
)
CHANGED_MEANWHILE = _(
    "Somebody changed this while you had it open. Your changes are not saved yet."
)
SAVE_AGAIN = _("What you typed is kept. Look at it, and save again if it is as it should be.")


class VersionField(forms.IntegerField):
    """Hidden, and never itself a change."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False, min_value=1, max_value=2**31 - 1)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


def when(moment) -> str:
    return date_format(localtime(moment), "SHORT_DATETIME_FORMAT")


def told(change: Change, also_mine: bool | None = None) -> str:
    """One line: who changed what, and whose words stand in the form now."""
    line = gettext("%(label)s: “%(old)s” became “%(new)s” (%(by)s, %(at)s).") % {
        **vars(change),
        "at": when(change.at),
    }
    if also_mine is None:
        return line
    mine = gettext("You changed it too; the form has yours.")
    return f"{line} {mine if also_mine else gettext('The form has it now.')}"


class VersionedModelForm(forms.ModelForm):
    """A form over a VersionedModel. ``conflict`` says that it was refused for being stale."""

    version = VersionField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conflict = False
        self.stale = False
        self.gone: Any = None  # the last record of a row that somebody deleted meanwhile
        self.editing = not self.instance._state.adding
        if self.editing:
            self.initial["version"] = self.instance.version
            if self.is_bound:
                self._find_what_it_started_from()

    def _find_what_it_started_from(self) -> None:
        """Judge what was typed against the version that it was typed over, not against today's."""
        try:
            self.started_from = self.fields["version"].clean(self["version"].data)
        except ValidationError:
            self.started_from = None
        self.stale = self.started_from not in (None, self.instance.version)
        record = record_at(self.instance, self.started_from) if self.stale else None
        if record:
            self._start_from(record)

    def _start_from(self, record: Any) -> None:
        values = values_of(record)
        self.initial.update({name: values[name] for name in self.fields if name in values})

    def full_clean(self) -> None:
        super().full_clean()
        if self.gone and not self.typed():
            self._errors = ErrorDict()

    def clean(self):
        cleaned = super().clean()
        if self.gone:
            self._errors = ErrorDict()
            if self.typed():
                self._refuse_gone()
        elif self.editing and cleaned.get("version") is None:
            self._errors.pop("version", None)
            self.add_error(None, NO_VERSION)
        elif self.stale and self.typed():
            self._refuse()
        return cleaned

    def _post_clean(self) -> None:
        # A stale form leaves the row alone: it either has nothing to say or is refused.
        if not (self.stale or self.gone):
            super()._post_clean()

    def _save_m2m(self) -> None:
        if not self.stale:
            super()._save_m2m()

    def typed(self) -> set[str]:
        """The fields that the person changed."""
        keys = {self._meta.model._meta.pk.name, "DELETE"}
        keys |= {name for name, field in self.fields.items() if hasattr(field, "parent_instance")}
        return set(self.changed_data) - keys

    def _refuse(self) -> None:
        changes = changes_since(self.instance, self.started_from)
        typed = self.typed()
        lines = [told(change, also_mine=change.field in typed) for change in changes]
        self.add_error(None, ValidationError([CHANGED_MEANWHILE, *lines, SAVE_AGAIN]))
        self.conflict = True
        taken = {change.field for change in changes} - typed
        self.go_on_from_now(taken & self.fields.keys())

    def _refuse_gone(self) -> None:
        line = gettext("%(by)s deleted this row on %(at)s. Tick its box to let it go.") % {
            "by": who(self.gone),
            "at": when(self.gone.history_date),
        }
        self.add_error(None, ValidationError([line, _("What you typed is kept.")]))
        self.conflict = True

    def go_on_from_now(self, taken: Collection[str] = ()) -> None:
        """Show the form over the row as it is now, with others' values in the fields ``taken``."""
        self.data = self.data.copy()
        current = model_to_dict(self.instance, taken)
        for name in taken:
            field = self.fields[name]
            shown = field.widget.format_value(field.prepare_value(current[name]))
            several = shown if isinstance(shown, list | tuple) else [shown]
            texts = ["" if value is None else str(value) for value in several]
            self.data.setlist(self.add_prefix(name), texts)
        self.data[self.add_prefix("version")] = str(self.instance.version)


class VersionedFormSet(RowLabels, BaseInlineFormSet):
    """The rows of an inline, each with its own version."""

    def _construct_form(self, i, **kwargs):
        form = super()._construct_form(i, **kwargs)
        if self.is_bound and i < self.initial_form_count() and form.instance._state.adding:
            form.gone = self._last_record(form)
            if form.gone:
                form._start_from(form.gone)
        return form

    def _last_record(self, form):
        """The history's last word on a row that is no longer there, if it was one of ours."""
        pk = self.model._meta.pk
        try:
            key = pk.to_python(form.data.get(form.add_prefix(pk.name)))
        except ValidationError:
            return None
        ours = {"id": key, f"{self.fk.name}_id": self.instance.pk, "history_type": "-"}
        return last_record(self.model, **ours) if key else None

    def get_queryset(self):
        """As Django's; once bound, in step with the rows sent, which others may have changed.

        The admin pairs the two one by one, to write the title of each row.
        """
        if not self.is_bound or "forms" not in self.__dict__:
            return super().get_queryset()
        return [form.gone.instance if form.gone else form.instance for form in self.initial_forms]

    def clean(self):
        super().clean()
        for form in self.initial_forms:
            if form.instance._state.adding and not form.gone:
                raise ValidationError(NO_VERSION)
            if self._should_delete_form(form) and form.stale:
                self._refuse_deletion(form)

    def _refuse_deletion(self, form: VersionedModelForm) -> None:
        changes = changes_since(form.instance, form.started_from)
        form.conflict = True
        form.go_on_from_now({change.field for change in changes} & form.fields.keys())
        refused = gettext("“%s” was changed while you had it open, so it is not deleted yet.")
        lines = [refused % form.instance, *(told(change) for change in changes)]
        raise ValidationError([*lines, gettext("Save again to delete it all the same.")])

    def delete_existing(self, obj, commit=True):
        """The version is compared under the row's lock: nobody's change is deleted unseen."""
        same = type(obj)._base_manager.select_for_update().filter(pk=obj.pk, version=obj.version)
        if commit and not same.exists():
            raise StaleVersion(obj)
        super().delete_existing(obj, commit=commit)
