"""Two records found to be one: what points at the one that goes is turned to the one that stays.

What points at a record is found by asking the models, so that a new one cannot be forgotten. A row
that would then stand twice becomes one with its like; what it said otherwise is kept aside, in
words. Nothing here knows places or agreements: their rules are in ``cities.merging`` and
``agreements.merging``.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import FieldDoesNotExist, PermissionDenied, ValidationError
from django.db import models
from django.db.models import Model, UniqueConstraint
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from common.versions import StaleVersion, VersionedModel

LONGEST_REASON = 500
# Of a line of the edit history.
LONGEST_CHANGE_REASON = 100
MOST_NAMED = 5
# What the machinery keeps for itself; an address leads on, so it is not lost either.
NOT_A_FACT = frozenset({"id", "version", "slug", "folded", "created_at", "updated_at"})


class MergeRefused(ValidationError):
    """Two records that cannot be made one; its messages say why, for people."""


@dataclass(frozen=True)
class Pointer:
    """A foreign key by which rows of ``model`` point at a record, be it a many-to-many field's."""

    model: Any
    name: str

    def __str__(self) -> str:
        return f"{self.model._meta.label}.{self.name}"

    @property
    def belongs(self) -> bool:
        """Whether such a row is a part of the record, and would go with it."""
        return self.model._meta.get_field(self.name).remote_field.on_delete is models.CASCADE

    def rows(self, record: Model) -> models.QuerySet:
        return self.model._base_manager.filter(**{self.name: record.pk}).order_by("pk")


def pointers(model: Any) -> list[Pointer]:
    """All that can point at a row; copies kept for undo point at nothing that must be there."""
    return [
        Pointer(relation.related_model, relation.field.name)
        for relation in model._meta.get_fields(include_hidden=True)
        if relation.auto_created
        and (relation.one_to_many or relation.one_to_one)
        and getattr(relation, "field", None) is not None
        and relation.field.db_constraint
    ]


def lock(kept: Any, other: Any) -> tuple[Any, Any]:
    """Both as they are now, under lock; StaleVersion where either is not as it was looked at."""
    if kept.pk == other.pk:
        raise MergeRefused(_("A record is not merged with itself."))
    rows = type(kept)._base_manager.select_for_update().filter(pk__in=[kept.pk, other.pk])
    found = {row.pk: row for row in rows.order_by("pk")}
    for given in (kept, other):
        current = found.get(given.pk)
        if current is None or current.version != given.version:
            raise StaleVersion(given)
    return found[kept.pk], found[other.pk]


def check_may(by: Any, *permissions: str) -> None:
    """``by`` is the person who merges; None stands for a command."""
    if by is not None and not by.has_perms(permissions):
        raise PermissionDenied


def checked_reason(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise MergeRefused({"reason": _("Say how you know that the two are one.")})
    if len(reason) > LONGEST_REASON:
        raise MergeRefused(
            {"reason": _("Write at most %(most)d characters.") % {"most": LONGEST_REASON}}
        )
    return reason


def unique_sets(model: Any, name: str) -> Iterator[tuple[str, ...]]:
    """The sets of fields with this one among them that the database lets stand only once."""
    meta = model._meta
    found = [c.fields for c in meta.constraints if isinstance(c, UniqueConstraint) and c.fields]
    found += [tuple(together) for together in meta.unique_together]
    if meta.get_field(name).unique:
        found.append((name,))
    yield from (tuple(fields) for fields in found if name in fields)


@dataclass
class Merging:
    """One merge under way.

    ``why`` is written to the edit history of every row that is touched. ``same`` says of a model
    which fields make two of its rows one, where that is not for the database to know. ``groups``
    are fields that say something together only. What was said otherwise gathers in ``aside``.
    """

    why: str = ""
    same: Mapping[Any, Sequence[str]] = field(default_factory=dict)
    groups: Mapping[Any, Sequence[Sequence[str]]] = field(default_factory=dict)
    aside: list[str] = field(default_factory=list)

    # What stands in the way

    def collisions(self, kept: Model, other: Model) -> list[str]:
        """In words: where both stand in one thing that neither of them owns."""
        found = []
        for pointer in pointers(type(other)):
            if pointer.belongs or pointer.model in self.same:
                continue
            for fields in unique_sets(pointer.model, pointer.name):
                found += self._twice(pointer, fields, kept, other)
        return found[:MOST_NAMED]

    def _twice(self, pointer: Pointer, fields: Sequence[str], kept: Model, other: Model):
        beside = [name for name in fields if name != pointer.name]
        of_kept = set(pointer.rows(kept).values_list(*beside))
        for row in pointer.rows(other):
            if tuple(getattr(row, row._meta.get_field(name).attname) for name in beside) in of_kept:
                what = ", ".join(f"{labelled(row, name)} {told(row, name)}" for name in beside)
                yield _("Both stand in %(what)s. What stands there side by side is two.") % {
                    "what": what
                }

    # Doing it

    def turn_all(self, other: Model, kept: Model, *, but: Iterable[type[Model]] = ()) -> None:
        passed_over = tuple(but)
        for pointer in pointers(type(other)):
            if pointer.model not in passed_over:
                self.turn(pointer, other, kept)

    def turn(
        self,
        pointer: Pointer,
        other: Model,
        kept: Model,
        adjust: Callable[[Any], None] | None = None,
    ) -> None:
        """Let all rows that point at ``other`` point at ``kept``; ``adjust`` may change each."""
        for row in pointer.rows(other):
            setattr(row, pointer.name, kept)
            if adjust:
                adjust(row)
            twin = self._twin(row, pointer.name)
            if twin is None:
                self._write(row, pointer.name)
            else:
                self._fold(row, twin)
            self._tell_owner(row, pointer.name)

    def _twin(self, row: Any, name: str) -> Any | None:
        sets = list(unique_sets(type(row), name))
        if type(row) in self.same:
            sets.append(tuple(self.same[type(row)]))
        for fields in sets:
            alike = {f: getattr(row, row._meta.get_field(f).attname) for f in fields}
            twin = type(row)._base_manager.filter(**alike).exclude(pk=row.pk).first()
            if twin:
                return twin
        return None

    def _write(self, row: Any, name: str) -> None:
        if isinstance(row, VersionedModel):
            self.save(row)
            return
        # A step of a history is saved only once. The database lets nothing of it change but this.
        attname = row._meta.get_field(name).attname
        plain: models.QuerySet = models.QuerySet(type(row)).filter(pk=row.pk)
        plain.update(**{attname: getattr(row, attname)})

    def _fold(self, row: Any, twin: Any) -> None:
        """The row says what ``twin`` says: what hangs on it goes there, and so does what is new."""
        self.turn_all(row, twin)
        if self.take(twin, row, about=row):
            self.save(twin)
        row._change_reason = self.change_reason
        row.delete()

    def _tell_owner(self, row: Any, name: str) -> None:
        """A row of a many-to-many field is an edit of the record that has the field."""
        owner = row._meta.auto_created
        if not owner:
            return
        for f in row._meta.fields:
            if f.is_relation and f.related_model is owner and f.name != name:
                self.save(getattr(row, f.name))

    def save(self, row: Any) -> None:
        row._change_reason = self.change_reason
        row.save()

    @property
    def change_reason(self) -> str:
        return Truncator(self.why).chars(LONGEST_CHANGE_REASON)

    # Facts

    def take(self, kept: Any, other: Any, *, about: Any = None, but: Iterable[str] = ()) -> bool:
        """Give ``kept`` what it lacks; what both say, and differently, is put aside in words.

        ``about`` is the row to name in those words, where it is not the record itself.
        """
        taken = False
        for group in self._facts(type(kept), set(but)):
            if not any(has(other, name) for name in group):
                continue
            if not any(has(kept, name) for name in group) and self._fits(kept, other, group):
                taken = True
            else:
                self._put_aside(kept, other, group, about)
        return taken

    def _facts(self, model: type[Model], passed_over: set[str]) -> Iterator[Sequence[str]]:
        groups = list(self.groups.get(model, ()))
        grouped = {name for group in groups for name in group}
        yield from groups
        for f in model._meta.concrete_fields:
            if f.name not in grouped | passed_over | NOT_A_FACT:
                yield (f.name,)

    def _fits(self, kept: Any, other: Any, group: Sequence[str]) -> bool:
        before = {name: getattr(kept, attname(kept, name)) for name in group}
        for name in group:
            setattr(kept, attname(kept, name), getattr(other, attname(other, name)))
        try:
            kept.validate_constraints()
        except ValidationError:
            for name, value in before.items():
                setattr(kept, attname(kept, name), value)
            return False
        return True

    def _put_aside(self, kept: Any, other: Any, group: Sequence[str], about: Any) -> None:
        for name in group:
            mine, theirs = (getattr(row, attname(row, name)) for row in (kept, other))
            if has(other, name) and mine != theirs:
                of = f"{capfirst(str(about._meta.verbose_name))} “{about}”, " if about else ""
                self.aside.append(f"{of}{labelled(other, name)}: {told(other, name)}")


def attname(row: Any, name: str) -> str:
    return row._meta.get_field(name).attname


def has(row: Any, name: str) -> bool:
    return getattr(row, attname(row, name)) not in (None, "")


def labelled(row: Any, name: str) -> str:
    return str(row._meta.get_field(name).verbose_name)


def told(row: Any, name: str) -> str:
    """The value of a field in words."""
    try:
        shown = getattr(row, f"get_{name}_display")()
    except (AttributeError, FieldDoesNotExist):
        shown = getattr(row, name)
    return f"“{shown}”" if isinstance(shown, (str, Model)) else str(shown)
