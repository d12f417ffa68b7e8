"""Forms that know which version of a record they started from.

A form whose record somebody else has saved meanwhile is refused with what they changed, and keeps
what was typed. A form, or a row of an inline, in which nothing was typed is no edit: it neither
saves nor collides.
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.models import BaseInlineFormSet
from django.forms.utils import ErrorDict
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.admin_changes import Change, read, record_at, records_of, values_of
from common.admin_conflicts import (
    CHANGED,
    DELETED,
    DELETING,
    MINE,
    MOVED,
    THEIRS,
    Collision,
    Unread,
    choice_name,
    raw,
)
from common.admin_widgets import RowLabels, is_key
from common.versions import StaleVersion

# As Django's own bound of the rows of a formset.
MOST_ROWS = 2_000
NO_VERSION = _(
    "This form came without the version that it started from, so it cannot be told whether "
    "somebody changed the record meanwhile. Open the record again."
)
CHANGED_MEANWHILE = _(
    "Somebody changed this while you had it open. Your changes are not saved yet."
)
ROW_DELETED = _("Somebody deleted this row while you had it open. What you typed is kept.")
ROW_MOVED = _("Somebody moved this row to another record while you had it open.")
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


class Past:
    """The edit history of some rows, read at once when it is first asked for."""

    def __init__(self, model: type[models.Model], keys: list[str]) -> None:
        self.model, self.keys = model, keys

    @cached_property
    def records(self) -> list[Any]:
        return read(records_of(self.model).filter(id__in=self.keys)) if self.keys else []

    def latest(self, pk: int, **which: Any) -> Any | None:
        wanted = {"id": pk, **which}.items()
        for record in reversed(self.records):
            if all(getattr(record, name) == value for name, value in wanted):
                return record
        return None


class VersionedModelForm(forms.ModelForm):
    """A form over a VersionedModel. ``conflict`` says that it was refused for being stale.

    ``collision`` then has theirs and mine, and the page a choice between them field by field. What
    was chosen comes back with the next save, and is written into the data before it is read.
    """

    version = VersionField()

    def __init__(self, *args: Any, past: Past | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.past = past
        self.conflict = False
        self.stale = False
        self.collision: Collision | None = None
        self.gone: Any = None  # the last record, as a row of this parent, of one that is no more
        self.again = False  # whether such a row is to be entered anew
        self.editing = not self.instance._state.adding
        if self.editing:
            self.initial["version"] = self.instance.version
            if self.is_bound:
                self._find_what_it_started_from()
                self._take_theirs()

    def _find_what_it_started_from(self) -> None:
        """Judge what was typed against the version that it was typed over, not against today's."""
        try:
            self.started_from = self.fields["version"].clean(self["version"].data)
        except ValidationError:
            self.started_from = None
        self.stale = self.started_from not in (None, self.instance.version)
        self.opened: dict[str, Any] | None = None
        if self.stale and (record := self._record()):
            self._start_from(record)

    def _record(self) -> Any | None:
        if self.past is None:
            return record_at(self.instance, self.started_from)
        return self.past.latest(self.instance.pk, version=self.started_from)

    def _start_from(self, record: Any) -> None:
        self.opened = values = values_of(record)
        self.initial.update({name: values[name] for name in self.fields if name in values})

    def _chosen(self, field: str = "") -> str:
        return self.data.get(choice_name(self.prefix or "", field), "")

    def _take_theirs(self) -> None:
        """Theirs is what the page showed, which is what this form started from."""
        taken = [name for name in self.fields if self._chosen(name) == THEIRS]
        if taken:
            self.fill({name: self.initial.get(name) for name in taken})
        if self._chosen() == THEIRS:
            self.set_deletion(False)

    def was_gone(self, record: Any, last: Any) -> None:
        """The row is no more: ``record`` is how it was as one of ours, ``last`` who took it."""
        self.gone, self.last = record, last
        self._start_from(record)
        if self._chosen() == THEIRS:
            self.set_deletion(True)
        deleted = last.history_type == "-"
        self.again = deleted and self._chosen() == MINE and self.has_changed()

    def set_deletion(self, going: bool) -> None:
        self.data = self.data.copy()
        self.data.pop(self.add_prefix("DELETE"), None)
        if going:
            self.data[self.add_prefix("DELETE")] = "on"

    def full_clean(self) -> None:
        super().full_clean()
        if self.gone and not self.typed():
            self._errors = ErrorDict()

    def clean(self):
        cleaned = super().clean()
        if self.gone:
            self._clean_gone()
        elif self.editing and cleaned.get("version") is None:
            self._errors.pop("version", None)
            self.add_error(None, NO_VERSION)
        elif self.stale and self.typed():
            self._refuse()
        return cleaned

    def _clean_gone(self) -> None:
        if not self.again:
            self._errors = ErrorDict()
        self._errors.pop(self._meta.model._meta.pk.name, None)
        self._errors.pop("version", None)
        if self.typed():
            fate = DELETED if self.last.history_type == "-" else MOVED
            self.collide(fate, self.mine(), last=self.last)
            if not self.again:
                self._refuse(ROW_DELETED if fate == DELETED else ROW_MOVED)

    def _post_clean(self) -> None:
        # A stale form leaves the row alone: it either has nothing to say or is refused.
        if self.again or not (self.stale or self.gone):
            super()._post_clean()

    def _save_m2m(self) -> None:
        if not self.stale:
            super()._save_m2m()

    def typed(self) -> set[str]:
        """The fields that the person changed."""
        keys = {self._meta.model._meta.pk.name, "DELETE"}
        keys |= {name for name, field in self.fields.items() if hasattr(field, "parent_instance")}
        return set(self.changed_data) - keys

    def mine(self) -> dict[str, Any]:
        """What was typed, in the shape of ``values_of``."""
        found: dict[str, Any] = {}
        columns = {field.name for field in self._meta.model._meta.get_fields()}
        for name in self.typed() & columns:
            if name in self.cleaned_data:
                found[name] = raw(self.cleaned_data[name])
            else:
                sent = self[name].data
                found[name] = Unread(", ".join(sent) if isinstance(sent, list) else str(sent or ""))
        return found

    def collide(self, fate: str, mine: dict[str, Any], last: Any = None) -> None:
        self.collision = Collision(
            row=self.gone.instance if self.gone else self.instance,
            since=None if self.gone else self.started_from,
            opened=self.opened,
            mine=mine,
            fate=fate,
            prefix=self.prefix or "",
            inputs={name: self[name].id_for_label for name in self.fields if name != "version"},
            last=last,
            may_enter_again=bool(self.gone) and self.has_changed(),
            chosen=self._chosen(),
        )

    def _refuse(self, said: Any = CHANGED_MEANWHILE) -> None:
        if not self.gone:
            self.collide(CHANGED, self.mine())
            self.go_on_from_now()
        self.conflict = True
        self.add_error(None, self.see_table(said))

    def see_table(self, said: Any) -> str:
        link = f"conflict-{self.prefix or 'record'}"
        return format_html('{} <a href="#{}">{}</a>', said, link, _("Theirs and yours"))

    def go_on_from_now(self) -> None:
        """Show the form over the row as it is now, with others' values where nothing was typed."""
        typed = set(self.collision.mine) if self.collision else set()
        others = self.collision.theirs() if self.collision else set()
        now = self.collision.now if self.collision else {}
        self.fill({name: now[name] for name in self.fields if name in others - typed})
        self.data[self.add_prefix("version")] = str(self.instance.version)

    def fill(self, values: Mapping[str, Any]) -> None:
        """Write the values into the data, as a browser would send them."""
        self.data = self.data.copy()
        for name, value in values.items():
            field, key = self.fields[name], self.add_prefix(name)
            # The wrapper that adds links knows nothing of several values.
            widget = getattr(field.widget, "widget", field.widget)
            self.data.pop(key, None)
            if isinstance(field, forms.FileField):
                self.data.pop(f"{key}-clear", None)
                self.files = self.files.copy()
                self.files.pop(key, None)
            elif not isinstance(field, forms.BooleanField):
                shown = widget.format_value(field.prepare_value(value))
                several = shown if isinstance(shown, list | tuple) else [shown]
                self.data.setlist(key, ["" if text is None else str(text) for text in several])
            elif value:
                self.data[key] = "on"


class VersionedFormSet(RowLabels, BaseInlineFormSet):
    """The rows of an inline, each with its own version."""

    def get_form_kwargs(self, index):
        past = self.past if self.is_bound and index is not None else None
        return {**super().get_form_kwargs(index), "past": past}

    @cached_property
    def past(self) -> Past:
        """The history of the rows sent that are not, or not as they were, any more."""
        name, rows = self.model._meta.pk.name, range(min(self.initial_form_count(), MOST_ROWS))
        sent = [
            tuple(self.data.get(f"{self.add_prefix(row)}-{key}", "") for key in (name, "version"))
            for row in rows
        ]
        now = {str(row.pk): str(row.version) for row in self.get_queryset()}
        return Past(self.model, [key for key, seen in sent if is_key(key) and now.get(key) != seen])

    def _construct_form(self, i, **kwargs):
        form = super()._construct_form(i, **kwargs)
        if self.is_bound and i < self.initial_form_count() and form.instance._state.adding:
            self._find_what_became_of(form)
        return form

    def _find_what_became_of(self, form):
        """Ask the history about a row that is no longer here, if it was one of ours."""
        key = form.data.get(form.add_prefix(self.model._meta.pk.name), "")
        if is_key(key):
            ours = self.past.latest(int(key), **{f"{self.fk.name}_id": self.instance.pk})
            if ours:
                form.was_gone(ours, self.past.latest(int(key)))

    def get_queryset(self):
        """As Django's; once bound, in step with the rows sent, which others may have changed.

        The admin pairs the two one by one, to write the title of each row.
        """
        if not self.is_bound or "forms" not in self.__dict__:
            return super().get_queryset()
        return [form.gone.instance if form.gone else form.instance for form in self.initial_forms]

    def clean(self):
        super().clean()
        refused: list[str] = []
        for form in self.initial_forms:
            if form.instance._state.adding and not form.gone:
                raise ValidationError(NO_VERSION)
            if self._should_delete_form(form) and form.stale:
                refused.append(self._refuse_deletion(form))
        if refused:
            raise ValidationError(refused)

    def _refuse_deletion(self, form: VersionedModelForm) -> str:
        form.collide(DELETING, {})
        form.conflict = True
        form.go_on_from_now()
        refused = gettext("“%s” was changed while you had it open, so it is not deleted yet.")
        return form.see_table(refused % form.instance)

    def save_new_objects(self, commit=True):
        """With the rows that others deleted, and that somebody enters anew all the same."""
        saved = super().save_new_objects(commit=commit)
        for form in self.initial_forms:
            if form.again and form not in self.deleted_forms:
                saved.append(self.save_new(form, commit=commit))
                if not commit:
                    self.saved_forms.append(form)
        return saved

    def delete_existing(self, obj, commit=True):
        """The version is compared under the row's lock: nobody's change is deleted unseen."""
        same = type(obj)._base_manager.select_for_update().filter(pk=obj.pk, version=obj.version)
        if commit and not same.exists():
            raise StaleVersion(obj)
        super().delete_existing(obj, commit=commit)
