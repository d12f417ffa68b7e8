"""What became of a record, told from its edit history: to whoever edits it, or asks."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db import models
from django.utils.formats import date_format
from django.utils.text import Truncator, capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext

from common.dates import PartialDate
from common.dates_display import display_partial_date

# What the machinery keeps for itself.
NOT_TOLD = frozenset({"id", "version", "folded", "created_at", "updated_at", "sha256"})
LONGEST_VALUE = 120


@dataclass(frozen=True)
class Change:
    """One field, from one text for people to another; who did it and when."""

    field: str
    label: str
    old: str
    new: str
    by: str
    at: datetime


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


def current_values(instance: models.Model) -> dict[str, Any]:
    """The row's values in the shapes of ``values_of``, so that the two can be compared."""
    found: dict[str, Any] = {}
    for field in instance._meta.fields:
        value = getattr(instance, field.attname)
        found[field.name] = str(value or "") if isinstance(field, models.FileField) else value
    for field in type(instance).history.model._history_m2m_fields:
        chosen = getattr(instance, field.name).order_by("pk")
        found[field.name] = list(chosen.values_list("pk", flat=True))
    return found


def changes_since(instance: models.Model, version: int) -> list[Change]:
    """What others changed in the row since that version; for each field, from then to now."""
    return many_changes_since(type(instance), {instance.pk: version})[instance.pk]


def many_changes_since(
    model: type[models.Model], versions: Mapping[int, int], teller: Any = None
) -> dict[int, list[Change]]:
    """The same of many rows by their keys, at the cost of one."""
    if not versions:
        return {}
    records = records_of(model).filter(version__gte=min(versions.values()))
    since: dict[int, list[Any]] = {pk: [] for pk in versions}
    for record in read(records.filter(id__in=versions)):
        if record.version <= versions[record.id]:
            # Of several records of one version, such as one of its sectors, the last was seen.
            since[record.id].clear()
        since[record.id].append(record)
    teller = teller or Teller()
    teller.learn_names(record for found in since.values() if found[1:] for record in found)
    return {pk: summed_up(teller.between(found)) for pk, found in since.items()}


def summed_up(changes: Iterable[Change]) -> list[Change]:
    """One change for each field, from the first to the last; none where it was taken back."""
    found: dict[str, Change] = {}
    for change in changes:
        earlier = found.pop(change.field, None)
        old = earlier.old if earlier else change.old
        if old != change.new:
            found[change.field] = replace(change, old=old)
    return list(found.values())


class Teller:
    """Puts differences between records into words, and asks for each name only once.

    Texts are cut at ``longest`` signs. Given a ``user``, it names no record that this one may
    not see.
    """

    def __init__(self, user: Any = None, longest: int = LONGEST_VALUE) -> None:
        self.user, self.longest = user, longest
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
        if isinstance(value, bool):
            return gettext("yes") if value else gettext("no")
        if isinstance(value, datetime):
            return date_format(localtime(value), "SHORT_DATETIME_FORMAT")
        shown = dict(field.flatchoices).get(value, value)
        return Truncator(str(shown)).chars(self.longest)

    def name(self, model: Any, key: Any) -> str:
        if (model, key) not in self.names:
            self.learn(model, {key})
        return self.names[model, key]

    def learn(self, model: Any, keys: set[Any]) -> None:
        rows = model._base_manager.in_bulk(keys)
        hidden = keys - self.visible(model, keys)
        for key in keys:
            name = str(rows[key]) if key in rows else gettext("deleted (%s)") % key
            self.names[model, key] = gettext("not shown to you") if key in hidden else name

    def visible(self, model: Any, keys: set[Any]) -> set[Any]:
        manager = model._default_manager
        if self.user is None or not hasattr(manager, "visible_to"):
            return keys
        seen = manager.visible_to(self.user).filter(pk__in=keys)
        there = set(model._base_manager.filter(pk__in=keys).values_list("pk", flat=True))
        return set(seen.values_list("pk", flat=True)) | (keys - there)

    def learn_names(self, records: Iterable[Any]) -> None:
        """Ask once for all the names that differences between the records may need."""
        wanted: dict[Any, set[Any]] = {}
        for record in records:
            for name, value in values_of(record).items():
                field = record.instance_type._meta.get_field(name)
                if field.is_relation and value:
                    keys = value if isinstance(value, list) else [value]
                    wanted.setdefault(field.related_model, set()).update(keys)
        for model, together in wanted.items():
            self.learn(model, together)


def who(record: Any) -> str:
    user = record.history_user
    return (user.get_full_name() or user.get_username()) if user else gettext("a command")
