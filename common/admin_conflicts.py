"""What others did meanwhile, beside what somebody is about to write: in tables, and in bulk.

A refused form keeps a ``Collision`` for each record that two people had open. It is put into words
as a ``Table`` only when the page is shown, for then it is known who reads it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.files import File
from django.db import models
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext

from common.admin_changes import (
    NOT_TOLD,
    Change,
    Teller,
    current_values,
    last_record,
    many_changes_since,
    who,
)
from common.word_diffs import GONE, Part, marked

# SQLite takes no more than 999 parameters in one query.
BATCH = 500
# Longer than any column takes, so that only nonsense is cut.
LONGEST_SHOWN = 20_000
MINE, THEIRS = "mine", "theirs"
# What becomes of a field: both wrote it, they alone, I alone, or both the same.
BOTH, SAME = "both", "same"
# What became of the record.
CHANGED, DELETING, DELETED, MOVED = "changed", "deleting", "deleted", "moved"


@dataclass(frozen=True)
class Unread:
    """What was typed and could not be made out, as it was typed."""

    text: str


@dataclass(frozen=True)
class Line:
    """One field. ``anchor`` is the id of its input, ``choice`` the name of its radio buttons."""

    label: str
    how: str
    was: str
    theirs: list[Part]
    mine: list[Part]
    by: str = ""
    at: datetime | None = None
    anchor: str = ""
    choice: str = ""
    note: str = ""


@dataclass(frozen=True)
class Way:
    """One way on from a row that is gone, or is to go."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Table:
    """One record or row. ``anchor`` is the id of its part of the form."""

    id: str
    title: str
    fate: str
    lines: list[Line]
    anchor: str = ""
    by: str = ""
    at: datetime | None = None
    choice: str = ""
    ways: list[Way] = field(default_factory=list)

    @property
    def shows_theirs(self) -> bool:
        return self.fate not in (DELETED, MOVED)

    @property
    def shows_mine(self) -> bool:
        return any(line.how != THEIRS for line in self.lines)

    @property
    def settles(self) -> bool:
        return self.shows_theirs and self.shows_mine


@dataclass
class Collision:
    """A record that two people had open, in raw values by field.

    ``opened`` is how it was then (None: the edit history does not know), ``mine`` what was typed.
    ``inputs`` are the ids of the form's inputs by field; ``last`` is the history's last word on a
    row that is gone.
    """

    row: models.Model
    since: int | None
    opened: dict[str, Any] | None
    mine: dict[str, Any]
    fate: str = CHANGED
    prefix: str = ""
    inputs: dict[str, str] = field(default_factory=dict)
    last: Any = None
    may_enter_again: bool = False
    chosen: str = ""

    @cached_property
    def now(self) -> dict[str, Any]:
        if self.last is not None:
            return self.opened or {}
        return current_values(self.row)

    def theirs(self) -> set[str]:
        """The fields that others changed."""
        opened = self.opened
        if opened is None:
            return set()
        return {name for name in opened if opened[name] != self.now.get(name)} - NOT_TOLD

    def table(self, teller: Teller, told: Iterable[Change]) -> Table:
        part = self.prefix or "record"
        kind = capfirst(str(self.row._meta.verbose_name))
        title = teller.title(self.last) if self.last else str(self.row)
        return Table(
            id=f"conflict-{part}",
            title=gettext("%(kind)s “%(title)s”") % {"kind": kind, "title": title},
            fate=self.fate,
            lines=list(self._lines(teller, {change.field: change for change in told})),
            anchor=self.prefix,
            by=who(self.last) if self.last else "",
            at=self.last.history_date if self.last else None,
            choice=choice_name(self.prefix),
            ways=self._ways(),
        )

    def _lines(self, teller: Teller, changes: dict[str, Change]) -> Iterator[Line]:
        """In the order of the form; what the form does not have comes last."""
        theirs = self.theirs() | changes.keys()
        names = [name for name in self.inputs if name in theirs | self.mine.keys()]
        for name in [*names, *sorted(theirs - set(names))]:
            yield self._line(name, name in theirs, changes.get(name), teller)

    def _line(self, name: str, changed: bool, change: Change | None, teller: Teller) -> Line:
        column: Any = self.row._meta.get_field(name)
        was = teller.text(column, self.opened[name]) if self.opened else gettext("not on record")
        now = teller.text(column, self.now.get(name))
        mine = self._mine(name, column, teller) if name in self.mine else ""
        how = self._how(name, changed)
        told = self.opened is not None and self.opened[name] not in (None, "", [])
        return Line(
            label=capfirst(str(column.verbose_name)),
            how=how,
            was=was,
            theirs=marked(was, now) if told else against(mine, now),
            mine=marked(was, mine) if told else against(now, mine),
            by=change.by if change else "",
            at=change.at if change else None,
            anchor=self.inputs.get(name, ""),
            choice=choice_name(self.prefix, name) if how == BOTH else "",
            note=file_note() if isinstance(column, models.FileField) and mine else "",
        )

    def _how(self, name: str, changed: bool) -> str:
        if name not in self.mine:
            return THEIRS
        if not (changed or self.opened is None):
            return MINE
        return SAME if self.mine[name] == self.now.get(name) else BOTH

    def _mine(self, name: str, column: models.Field, teller: Teller) -> str:
        typed = self.mine[name]
        return typed.text if isinstance(typed, Unread) else teller.text(column, typed)

    def _ways(self) -> list[Way]:
        offered = {
            DELETING: [
                (MINE, gettext("Delete it all the same")),
                (THEIRS, gettext("Keep it, as it is now")),
            ],
            DELETED: [
                (MINE, gettext("Enter it anew, with what I typed")),
                (THEIRS, gettext("Let it go")),
            ],
            MOVED: [(THEIRS, gettext("Leave it there, without what I typed"))],
        }.get(self.fate, [])
        if self.fate == DELETED and not self.may_enter_again:
            offered = offered[1:]
        values = [value for value, _label in offered]
        chosen = self.chosen if self.chosen in values else next(iter(values), "")
        return [Way(value, label, value == chosen) for value, label in offered]


def choice_name(prefix: str, field: str = "") -> str:
    """The name of the radio buttons of a field, or of a whole row."""
    return "-".join(part for part in (prefix, "choice", field) if part)


def against(other: str, text: str) -> list[Part]:
    """Where there was nothing before, the words that the other one does not have are marked."""
    return [part for part in marked(other, text) if part[0] != GONE]


def file_note() -> str:
    return gettext("Choose the file again: a browser does not keep it.")


def raw(value: Any) -> Any:
    """What a form made of an input, in the shape of ``values_of``."""
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, models.QuerySet):
        return sorted(row.pk for row in value)
    if isinstance(value, File):
        return str(value.name)
    return value


def tables_of(collisions: Iterable[Collision | None], user: Any = None) -> list[Table]:
    teller = Teller(user, longest=LONGEST_SHOWN)
    met = [collision for collision in collisions if collision]
    seen: dict[type[models.Model], dict[int, int]] = {}
    for collision in met:
        if collision.since is not None:
            seen.setdefault(type(collision.row), {})[collision.row.pk] = collision.since
    changes = {model: many_changes_since(model, rows, teller) for model, rows in seen.items()}
    return [
        collision.table(teller, changes.get(type(collision.row), {}).get(collision.row.pk, []))
        for collision in met
    ]


def unchanged(
    model: type[models.Model], versions: Mapping[int, int]
) -> tuple[list[Any], dict[int, list[Change]]]:
    """Lock the rows; those of the version seen, by key, and what became of each of the others.

    ``versions`` gives the version that the person saw by primary key. Call it in a transaction:
    the rows stay locked until its end. A row that is gone has one change, whose ``field`` is
    empty; one that was written past the edit history has none.
    """
    rows: list[Any] = []
    changed: dict[int, int] = {}
    left = set(versions)
    for row in locked(model, sorted(versions)):
        left.discard(row.pk)
        if row.version == versions[row.pk]:
            rows.append(row)
        else:
            changed[row.pk] = versions[row.pk]
    stale = many_changes_since(model, changed)
    return rows, stale | {pk: deleted(model, pk) for pk in sorted(left)}


def locked(model: type[models.Model], keys: list[int]) -> Iterator[Any]:
    """In the order of their keys, so that two who lock many never wait for each other in a ring."""
    for start in range(0, len(keys), BATCH):
        batch = keys[start : start + BATCH]
        rows = model._base_manager.select_for_update().filter(pk__in=batch)
        yield from rows.order_by("pk")


def deleted(model: type[models.Model], pk: int) -> list[Change]:
    """Who deleted the row, if the history knows."""
    record = last_record(model, id=pk, history_type="-")
    if record is None:
        return []
    label = capfirst(str(model._meta.verbose_name))
    title, at = Teller().title(record), record.history_date
    return [Change("", label, title, gettext("deleted"), who(record), at)]
