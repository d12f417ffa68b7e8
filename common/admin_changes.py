"""What became of a record, told from its edit history: to whoever edits it, or asks."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db import models
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext

from common.dates import PartialDate
from common.dates_display import display_partial_date

# What the machinery keeps for itself.
NOT_TOLD = frozenset({"id", "version", "folded", "created_at", "updated_at", "sha256"})
LONGEST_VALUE = 120
MOST_RECORDS = 500


@dataclass(frozen=True)
class Change:
    """One field, from one text for people to another; who did it and when."""

    field: str
    label: str
    old: str
    new: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Edit:
    """One entry of the edit history: ``what`` is ``+``, ``~`` or ``-``."""

    what: str
    subject: str
    changes: list[Change]
    by: str
    at: datetime
    reason: str = ""


def records_of(model: type[models.Model]) -> models.QuerySet:
    """The model's edit history, the oldest first, joined with who."""
    history = model.history.model
    return history.objects.select_related("history_user").order_by("history_date", "history_id")


def read(records: models.QuerySet) -> list[Any]:
    """The records, each with ``several``: the sorted keys of every many-to-many field by name."""
    found = list(records)
    for record in found:
        record.several = {field.name: [] for field in record._history_m2m_fields}
    by_id = {record.history_id: record for record in found}
    for field in records.model._history_m2m_fields:
        chosen = getattr(records.model, field.name).model.objects.filter(history__in=by_id)
        key = f"{field.m2m_reverse_field_name()}_id"
        for history_id, value in chosen.order_by(key).values_list("history_id", key):
            by_id[history_id].several[field.name].append(value)
    return found


def record_at(instance: models.Model, version: int) -> Any | None:
    """The record of the row as it was at that version, if there is one."""
    return last_record(type(instance), id=instance.pk, version=version)


def last_record(model: type[models.Model], **which: Any) -> Any | None:
    return next(iter(read(records_of(model).filter(**which).reverse()[:1])), None)


def values_of(record: Any) -> dict[str, Any]:
    """The raw values by field name; of a many-to-many field, the sorted keys."""
    fields = record.instance_type._meta.fields
    return {field.name: getattr(record, field.attname) for field in fields} | record.several


def changes_since(instance: models.Model, version: int) -> list[Change]:
    """What others changed in the row since that version; for each field, from then to now."""
    records = records_of(type(instance)).filter(id=instance.pk, version__gte=version)
    found: dict[str, Change] = {}
    for change in Teller().between(read(records)):
        earlier = found.pop(change.field, None)
        old = earlier.old if earlier else change.old
        if old != change.new:
            found[change.field] = Change(**{**vars(change), "old": old})
    return list(found.values())


def edits_of(instance: models.Model, attached: Iterable[tuple[type[models.Model], str]]):
    """The edits of a record and of the rows that hang on it, the latest first.

    ``attached`` are pairs of a model and the name of its foreign key to the record.
    """
    teller = Teller()
    kinds = [(type(instance), "id"), *((model, f"{name}_id") for model, name in attached)]
    edits: list[Edit] = []
    for model, key in kinds:
        recent = records_of(model).filter(**{key: instance.pk}).reverse()[:MOST_RECORDS]
        by_row: dict[int, list[Any]] = {}
        for record in reversed(read(recent)):
            by_row.setdefault(record.id, []).append(record)
        for records in by_row.values():
            edits.extend(teller.edits(records))
    return sorted(edits, key=lambda edit: edit.at, reverse=True)


class Teller:
    """Puts differences between records into words, and asks for each name only once."""

    def __init__(self) -> None:
        self.names: dict[tuple[type[models.Model], Any], str] = {}

    def between(self, records: list[Any]) -> Iterator[Change]:
        for before, after in pairwise(records):
            old, new = values_of(before), values_of(after)
            for name in new.keys() - NOT_TOLD:
                if old.get(name) != new[name]:
                    yield self.change(after, name, old.get(name), new[name])

    def change(self, record: Any, name: str, old: Any, new: Any) -> Change:
        field = record.instance_type._meta.get_field(name)
        return Change(
            field=name,
            label=capfirst(str(field.verbose_name)),
            old=self.text(field, old),
            new=self.text(field, new),
            by=who(record),
            at=record.history_date,
        )

    def edits(self, records: list[Any]) -> Iterator[Edit]:
        previous = None
        for record in records:
            changes: list[Change] = []
            if previous is not None and record.history_type == "~":
                changes = sorted(self.between([previous, record]), key=lambda c: c.label)
            reason = record.history_change_reason or ""
            if changes or reason or record.history_type != "~":
                subject = f"{record.instance_type._meta.verbose_name} “{self.title(record)}”"
                what = record.history_type
                at = record.history_date
                yield Edit(what, capfirst(subject), changes, who(record), at, reason)
            previous = record

    def title(self, record: Any) -> str:
        try:
            return Truncator(str(record.instance)).chars(LONGEST_VALUE)
        except models.ObjectDoesNotExist:
            return f"#{record.id}"

    def text(self, field: models.Field, value: Any) -> str:
        if value is None or value in ("", []):
            return "—"
        if isinstance(value, list):
            return ", ".join(self.name(field.related_model, key) for key in value)
        if field.is_relation:
            return self.name(field.related_model, value)
        if isinstance(value, PartialDate):
            return display_partial_date(value)
        shown = dict(field.flatchoices).get(value, value)
        return Truncator(str(shown)).chars(LONGEST_VALUE)

    def name(self, model: Any, key: Any) -> str:
        if (model, key) not in self.names:
            row = model._base_manager.filter(pk=key).first()
            self.names[model, key] = str(row) if row else gettext("deleted (%s)") % key
        return self.names[model, key]


def who(record: Any) -> str:
    user = record.history_user
    return (user.get_full_name() or user.get_username()) if user else gettext("a command")
