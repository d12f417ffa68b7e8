"""What stock Django leaves out of its inputs: a name for each, and names without a query each."""

from typing import Any

from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.utils.text import capfirst
from django.utils.translation import gettext


def is_key(text: str) -> bool:
    """Whether a database can be asked for it as a primary key."""
    return text.isascii() and text.isdigit() and len(text) < 19


class Known:
    """Autocomplete that is told the names of what is chosen, where they are joined already."""

    known: dict[str, str]

    def build_attrs(self, base_attrs: dict, extra_attrs: dict | None = None) -> dict:
        return super().build_attrs(base_attrs, extra_attrs) | {
            "data-placeholder": gettext("Search …")
        }

    def optgroups(self, name: str, value: list, attrs: dict | None = None) -> list:
        # What was sent may be anything, and is shown again beside its error.
        chosen = [str(key) for key in value if is_key(str(key))]
        known = getattr(self, "known", {})
        if not all(key in known for key in chosen):
            return super().optgroups(name, chosen, attrs)
        options = []
        if not self.is_required and not self.allow_multiple_selected:
            options.append(self.create_option(name, "", "", False, 0))
        for index, key in enumerate(chosen, start=1):
            options.append(self.create_option(name, key, known[key], True, index))
        return [(None, options, 0)]


class KnownSelect(Known, AutocompleteSelect):
    pass


class KnownSelectMultiple(Known, AutocompleteSelectMultiple):
    def build_attrs(self, base_attrs: dict, extra_attrs: dict | None = None) -> dict:
        # Each choice has its own cross; one for all would stand in the list as no item of it.
        return super().build_attrs(base_attrs, extra_attrs) | {"data-allow-clear": "false"}


def tell_names(form: Any) -> None:
    """Hand each autocomplete of the form the names that are joined to its row."""
    for name, field in form.fields.items():
        widget = getattr(field.widget, "widget", field.widget)
        if isinstance(widget, KnownSelect):
            if form.instance._meta.get_field(name).is_cached(form.instance):
                row = getattr(form.instance, name)
                widget.known = {str(row.pk): str(row)} if row else {}
        elif isinstance(widget, KnownSelectMultiple):
            joined = getattr(form.instance, "_prefetched_objects_cache", {})
            if name in joined:
                widget.known = {str(row.pk): str(row) for row in joined[name]}


class RowLabels:
    """A formset whose inputs are named, row by row: a table's header names none of them."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        tell_names(form)
        row = capfirst(str(self.model._meta.verbose_name))
        number = gettext("new") if index is None else index + 1
        for name, field in form.fields.items():
            if not field.widget.is_hidden:
                label = capfirst(str(field.label or name))
                # The wrapper that adds links shares its own attrs among all rows.
                widget = getattr(field.widget, "widget", field.widget)
                widget.attrs["aria-label"] = f"{label} ({row} {number})"
