"""Records of the register as rows of a table: each model declares its own ``SheetOf``.

A cell is the text that the record's own form would take: relations by their short names, several
of them with "; " between.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, partial
from typing import Any

from django.contrib.admin import ModelAdmin
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Q
from django.forms import ModelForm, modelform_factory
from django.forms.models import model_to_dict
from django.http import HttpRequest
from django.utils.translation import gettext as _

from common.admin_forms import VersionedModelForm
from common.sheets import plain

VERSION = "version"
BETWEEN = "; "


@dataclass(frozen=True)
class Column:
    """A heading. ``why_not`` says, of one that the sheet cannot change, what to do instead."""

    name: str
    why_not: Any = ""
    # How the cell is told from the record, where that is not the field of the same name.
    tells: Callable[[Any], str] | None = None

    def text(self, record: models.Model) -> str:
        if self.tells:
            return self.tells(record)
        return as_text(getattr(record, self.name))

    def value(self, text: str, known: dict[str, Any]) -> Any:
        """What the form is given for the cell."""
        return text

    def unknown(self, text: str, known: dict[str, Any]) -> list[str]:
        return []

    def help(self, model: type[models.Model]) -> str:
        """What to write into it."""
        try:
            field = model._meta.get_field(self.name)
        except FieldDoesNotExist:
            return _("Ids, several of them with “; ” between.")
        values = ", ".join(str(value) for value, _label in getattr(field, "choices", None) or ())
        said = str(getattr(field, "help_text", ""))
        known = _("One of: %s.") % values
        return f"{said} {known}" if values else said


@dataclass(frozen=True)
class Link(Column):
    """A relation, by the short name of the other record; ``find`` gives keys for such names."""

    by: str = "slug"
    several: bool = False
    find: Callable[[set[str]], dict[str, Any]] = lambda names: {}

    def text(self, record: models.Model) -> str:
        if self.tells:
            return self.tells(record)
        related = getattr(record, self.name)
        if self.several:
            return BETWEEN.join(sorted(getattr(other, self.by) for other in related.all()))
        return getattr(related, self.by) if related else ""

    def names(self, text: str) -> list[str]:
        if not self.several:
            return [text] if text else []
        return [name for part in text.split(";") if (name := part.strip())]

    def value(self, text: str, known: dict[str, Any]) -> Any:
        keys = [known[name] for name in self.names(text)]
        if self.several:
            return keys
        return keys[0] if keys else ""

    def unknown(self, text: str, known: dict[str, Any]) -> list[str]:
        return [name for name in self.names(text) if name not in known]

    def help(self, model: type[models.Model]) -> str:
        if self.several:
            return _("Short names of records, as in their addresses, with “; ” between.")
        return _("The short name of the record, as in its address, or its Wikidata id.")


def as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return str(value)


@dataclass(frozen=True)
class Problem:
    """What is wrong in a column, and what to do; the column is '' where it is the whole row."""

    column: str
    message: str


class SheetOf:
    """How the records of a model stand in a table; each model's own declares itself."""

    model: type[models.Model]
    form: type[ModelForm] = VersionedModelForm
    form_of_new: type[ModelForm] | None = None
    columns: tuple[Column, ...]
    # The columns that say which record a row is; made by the register, unless typed by people.
    key: tuple[str, ...] = ("slug",)
    key_is_made = True

    @cached_property
    def header(self) -> list[str]:
        return [*(column.name for column in self.columns), VERSION]

    @cached_property
    def editable(self) -> list[Column]:
        return [one for one in self.columns if not one.why_not and not self.is_key(one.name)]

    def help(self) -> list[tuple[str, str]]:
        """Each heading, with what to do in its column."""
        return [(one.name, self.help_of(one)) for one in self.columns] + [(VERSION, of_versions())]

    def help_of(self, column: Column) -> str:
        if self.is_key(column.name):
            return _("Tells which record it is. Leave it empty for a new one.")
        if column.name in self.key:
            return _("Tells which record it is: written otherwise, the row is a new one.")
        return str(column.why_not) or column.help(self.model)

    def is_key(self, name: str) -> bool:
        return self.key_is_made and name in self.key

    def joined(self, rows: models.QuerySet) -> models.QuerySet:
        """The rows with all that their cells draw on."""
        return rows

    def cells(self, record: Any) -> dict[str, str]:
        found = {column.name: column.text(record) for column in self.columns}
        return {**found, VERSION: str(record.version)}

    def rows(self, records: Iterable[models.Model]) -> Iterator[list[str]]:
        for record in records:
            yield list(self.cells(record).values())

    # Reading

    def key_of(self, cells: dict[str, str]) -> tuple[str, ...]:
        return tuple(plain(cells[name]) for name in self.key)

    def found(self, keys: set[tuple[str, ...]]) -> dict[tuple[str, ...], Any]:
        """The records of these keys, by them."""
        wanted = Q(**{f"{self.key[0]}__in": [key[0] for key in keys]})
        rows = self.joined(self.model._default_manager.filter(wanted))
        return {self.key_of(self.cells(record)): record for record in rows}

    def form_class(self, screen: ModelAdmin, request: HttpRequest, *, new: bool) -> Any:
        """The model's form as the admin has it, with the fields of the sheet."""
        form = (self.form_of_new if new else None) or self.form
        own = {one.name for one in self.model._meta.get_fields()}
        return modelform_factory(
            self.model,
            form=form,
            fields=[column.name for column in self.editable if column.name in own],
            formfield_callback=partial(screen.formfield_for_dbfield, request=request),
        )

    def untouched(self, form_class: Any, record: Any) -> dict[str, Any]:
        """What the form of the record would send if nobody touched it."""
        data: dict[str, Any] = {VERSION: str(record.version)}
        for name, value in model_to_dict(record, list(form_class.base_fields)).items():
            if isinstance(value, list):
                data[name] = [getattr(one, "pk", one) for one in value]
            else:
                data[name] = "" if value is None else str(value)
        return data

    def data_of_new(self, cells: dict[str, str]) -> tuple[dict[str, Any], list[Problem]]:
        """More for the form of a new record than the cells of the columns that can be changed."""
        told = (one for one in self.columns if one.why_not and cells.get(one.name))
        return {}, [Problem(column.name, str(column.why_not)) for column in told]

    def alone(self, form: Any) -> Iterator[tuple[str, str]]:
        """Columns of a row to be written, with what only one record of all can have in them."""
        yield from ()

    def saved(self, form: ModelForm) -> models.Model:
        return form.save()


def of_versions() -> str:
    return _(
        "Leave it as it was exported: it tells whether somebody changed the record since. Empty "
        "for a new one."
    )
