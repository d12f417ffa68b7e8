"""A table of records read against the register: what it would change, and the change itself.

A row is compared with what would be exported now, so one that says nothing new costs nothing and
writes nothing. A row that does say something passes the record's own form.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice, takewhile
from typing import Any

from django.contrib.admin import ModelAdmin
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import IntegrityError
from django.db.models import TextChoices
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.admin import refusal
from common.sheet_records import VERSION, Link, Problem, SheetOf
from common.sheets import Line, Sheet, SheetError, plain
from common.versions import StaleVersion

AT_ONCE = 200
MOST_SHOWN = 500
LONGEST_SHOWN = 300
ALIKE_SHOWN = 30


class Result(TextChoices):
    """What would become of one row."""

    REFUSED = "refused", gettext_lazy("refused")
    CHANGED = "changed", gettext_lazy("changed")
    NEW = "new", gettext_lazy("new")
    UNCHANGED = "unchanged", gettext_lazy("unchanged")


# A sign beside each word, so that neither says it by colour alone.
SIGNS = {Result.REFUSED: "×", Result.CHANGED: "↻", Result.NEW: "+", Result.UNCHANGED: "="}


@dataclass(frozen=True)
class Change:
    column: str
    old: str
    new: str

    @property
    def shown(self) -> tuple[str, str]:
        """Both texts; of long ones, the part where they begin to differ."""
        if max(len(self.old), len(self.new)) <= LONGEST_SHOWN:
            return self.old, self.new
        same = (one == other for one, other in zip(self.old, self.new, strict=False))
        alike = sum(takewhile(bool, same))
        return self.part(self.old, alike), self.part(self.new, alike)

    @staticmethod
    def part(text: str, alike: int) -> str:
        start = max(0, alike - ALIKE_SHOWN)
        end = start + LONGEST_SHOWN
        return ("…" if start else "") + text[start:end] + ("…" if text[end:] else "")


@dataclass
class Outcome:
    """One row, what would become of it, and why."""

    row: int
    result: Result
    record: str = ""
    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    form: ModelForm | None = None

    @property
    def sign(self) -> str:
        return SIGNS[self.result]

    def as_json(self) -> list[Any]:
        changes = [(one.column, one.old, one.new) for one in self.changes]
        return [self.row, self.result, changes, [one.column for one in self.problems]]


class Reading:
    """One pass over a table, for one person. Memory holds some rows at a time."""

    def __init__(self, of: SheetOf, sheet: Sheet, screen: ModelAdmin, request: HttpRequest) -> None:
        self.of = of
        self.sheet = sheet
        self.screen, self.request = screen, request
        self.may_change = partial(screen.has_change_permission, request)
        self.forms = {new: of.form_class(screen, request, new=new) for new in (False, True)}
        self.first_rows: dict[tuple[str, ...], int] = {}
        self.claimed: dict[tuple[str, str], int] = {}
        self.check_header()

    def check_header(self) -> None:
        known = set(self.of.header)
        for name in self.sheet.header:
            if name not in known:
                raise self.fault(
                    _("There is no such column. Delete it, or rename it to one of: %(names)s."),
                    name,
                )
        for name in (*self.of.key, VERSION):
            if name not in self.sheet.header:
                raise self.fault(
                    _(
                        "This column is missing, and without it no row tells its record. Export "
                        "anew, and keep the column."
                    ),
                    name,
                )

    def fault(self, message: str, column: str) -> SheetError:
        said = message % {"names": ", ".join(self.of.header)} if "%(" in message else message
        row = self.sheet.header_row
        return SheetError(said, file=self.sheet.name, row=row, column=column)

    def outcomes(self) -> Iterator[Outcome]:
        """One by one, so that a row that was written meanwhile is seen by those after it."""
        lines = iter(self.sheet)
        while some := list(islice(lines, AT_ONCE)):
            records = self.listed(self.of.found({self.of.key_of(line.cells) for line in some}))
            compared = [self.compared(line, records) for line in some]
            known = self.known(compared)
            for line, record, changed in compared:
                yield self.outcome(line, record, changed, known)

    def listed(self, records: dict) -> dict:
        """Those that this person's own list has: of the others nothing is told, nor changed."""
        keys = [record.pk for record in records.values()]
        here = self.screen.get_queryset(self.request).order_by().filter(pk__in=keys)
        known = set(here.values_list("pk", flat=True))
        return {key: record for key, record in records.items() if record.pk in known}

    def compared(self, line: Line, records: dict) -> tuple[Line, Any, dict[str, str]]:
        """The row's record, if it has one, and the cells that say something else than it does."""
        key = self.of.key_of(line.cells)
        record = records.get(key) if all(key) else None
        now = self.of.cells(record) if record else {}
        changed = {
            name: text
            for name, text in line.cells.items()
            if name != VERSION and text != plain(now.get(name, ""))
        }
        return line, record, changed

    def known(self, compared: list) -> dict[str, dict[str, Any]]:
        """The keys of all records that some rows name anew: one question for each column."""
        found = {}
        for column in self.of.editable:
            if isinstance(column, Link):
                texts = (changed.get(column.name, "") for _line, _record, changed in compared)
                names = {name for text in texts for name in column.names(text)}
                found[column.name] = column.find(names) if names else {}
        return found

    def outcome(self, line: Line, record: Any, changed: dict, known: dict) -> Outcome:
        key = self.of.key_of(line.cells)
        outcome = Outcome(line.number, Result.UNCHANGED, str(record or " ".join(key)))
        if any(key) and (first := self.first_rows.setdefault(key, line.number)) != line.number:
            return self.refused(outcome, self.of.key[0], same_record(first))
        if record is None:
            return self.new(outcome, line, changed, known)
        if not changed:
            return outcome
        return self.changed(outcome, line, record, changed, known)

    @staticmethod
    def refused(outcome: Outcome, column: str, message: str) -> Outcome:
        outcome.result = Result.REFUSED
        outcome.problems.append(Problem(column, message))
        return outcome

    def new(self, outcome: Outcome, line: Line, changed: dict, known: dict) -> Outcome:
        if line.cells[VERSION] or (self.of.key_is_made and any(self.of.key_of(line.cells))):
            return self.refused(outcome, self.of.key[0], not_found())
        data, problems = self.of.data_of_new(line.cells)
        outcome.problems += problems
        outcome.changes = [Change(name, "", text) for name, text in changed.items() if text]
        outcome.result = Result.NEW
        # An empty cell is what an untouched form has there: mostly nothing, else the default.
        typed = {name: text for name, text in changed.items() if text}
        given = self.given(outcome, typed, known)
        blank = self.of.untouched(self.forms[True], self.of.model())
        return self.checked(outcome, self.forms[True], {**blank, **data}, given, None)

    def changed(self, outcome: Outcome, line: Line, record: Any, changed: dict, known: dict):
        if refusal := stale(line.cells[VERSION], record.version):
            return self.refused(outcome, VERSION, refusal)
        if not self.may_change(record):
            return self.refused(outcome, "", not_yours())
        now = self.of.cells(record)
        outcome.changes = [Change(name, plain(now[name]), text) for name, text in changed.items()]
        for column in self.of.columns:
            if column.why_not and column.name in changed:
                self.refused(outcome, column.name, str(column.why_not))
        outcome.result = Result.CHANGED
        given = self.given(outcome, changed, known)
        data = self.of.untouched(self.forms[False], record)
        return self.checked(outcome, self.forms[False], data, given, record)

    def given(self, outcome: Outcome, changed: dict, known: dict) -> dict[str, Any]:
        """What the form is told of the changed cells; what they name in vain is a problem."""
        given = {}
        for column in self.of.editable:
            text = changed.get(column.name)
            if text is None:
                continue
            at_hand = known.get(column.name, {})
            if missing := column.unknown(text, at_hand):
                outcome.problems.append(Problem(column.name, nobody_called(missing)))
            else:
                given[column.name] = column.value(text, at_hand)
        return given

    def checked(
        self, outcome: Outcome, form_class: Any, data: dict, given: dict, record: Any
    ) -> Outcome:
        before = dict(vars(record)) if record else {}
        form = form_class(data | given, instance=record)
        told = {problem.column for problem in outcome.problems}
        for name, errors in form.errors.items():
            column = self.column_of(name)
            if column not in told:
                outcome.problems += [Problem(column, str(said)) for said in errors]
        if not outcome.problems:
            self.claim(outcome, form)
        if outcome.problems:
            outcome.result = Result.REFUSED
        elif record is not None and not form.typed() & given.keys():
            # Said in other letters only: 40.280 for 40.28.
            outcome.result, outcome.changes = Result.UNCHANGED, []
        else:
            outcome.form = form
            keep(form, given, before)
        return outcome

    def claim(self, outcome: Outcome, form: ModelForm) -> None:
        """Two rows to be written cannot both have what only one record may have."""
        for column, value in self.of.alone(form):
            if (first := self.claimed.setdefault((column, value), outcome.row)) != outcome.row:
                outcome.problems.append(Problem(column, said_twice(value, first)))

    def column_of(self, name: str) -> str:
        """The column behind a field of the form; '' for what is wrong with the whole row."""
        name = name.removeprefix("opening_")
        name = "status_since" if name == "happened_on" else name
        return "" if name == NON_FIELD_ERRORS or name not in self.of.header else name


@dataclass
class Plan:
    """What a table would do to the register, told without doing it."""

    counts: dict[str, int]
    shown: list[Outcome]
    digest: str

    @property
    def can_be_entered(self) -> bool:
        return not self.counts["refused"] and bool(self.counts["changed"] + self.counts["new"])

    @property
    def told(self) -> list[tuple[Result, str, int]]:
        """How many rows there are of each result, with its sign."""
        return [(one, SIGNS[one], self.counts[one]) for one in Result if self.counts[one]]

    @property
    def more(self) -> int:
        told = sum(many for result, many in self.counts.items() if result != Result.UNCHANGED)
        return told - len(self.shown)


class PlanChanged(Exception):
    """What is to be written is no longer what was shown; says why, where one row is the reason."""


def plan(reading: Reading, then: Callable[[Outcome], None] = lambda outcome: None) -> Plan:
    """Look at every row; ``then`` is done with each."""
    counts = {result.value: 0 for result in Result}
    refused: list[Outcome] = []
    others: list[Outcome] = []
    digest = hashlib.sha256()
    for outcome in reading.outcomes():
        counts[outcome.result] += 1
        digest.update(json.dumps(outcome.as_json()).encode())
        then(outcome)
        shown = refused if outcome.result == Result.REFUSED else others
        if outcome.result != Result.UNCHANGED and len(shown) < MOST_SHOWN:
            outcome.form = None
            shown.append(outcome)
    return Plan(counts, (refused + others)[:MOST_SHOWN], digest.hexdigest())


def enter(reading: Reading, shown: str) -> Plan:
    """Write what the plan of digest ``shown`` said, and nothing else; call in a transaction."""

    def save(outcome: Outcome) -> None:
        if outcome.result == Result.REFUSED:
            raise PlanChanged(in_row(outcome.row, *(one.message for one in outcome.problems)))
        if outcome.form is None:
            return
        reason = _("%(file)s, row %(row)s") % {"file": reading.sheet.name, "row": outcome.row}
        outcome.form.instance._change_reason = reason[-100:]
        try:
            reading.of.saved(outcome.form)
        except (IntegrityError, StaleVersion) as error:
            raise PlanChanged(in_row(outcome.row, refusal(error))) from error

    entered = plan(reading, save)
    if entered.digest != shown:
        raise PlanChanged
    return entered


def keep(form: ModelForm, given: dict, before: dict[str, Any]) -> None:
    """What no cell changed stays to the letter, though a form takes the blanks from its ends."""
    for name in form.fields.keys() - given.keys():
        if name in before and name != VERSION:
            setattr(form.instance, name, before[name])


# What is said of a row


def in_row(row: int, *said: str) -> str:
    return _("Row %(row)s: %(said)s") % {"row": row, "said": " ".join(said)}


def said_twice(value: str, first: int) -> str:
    return _(
        "Row %(row)s says “%(value)s” too, and only one record can. Change one of the two."
    ) % {
        "row": first,
        "value": value,
    }


def same_record(first: int) -> str:
    return _("Row %(row)s is of the same record. Keep one of the two.") % {"row": first}


def not_found() -> str:
    return _(
        "No record is known by this. Leave the cell empty, and that of the version, for a "
        "new record; else export anew."
    )


def not_yours() -> str:
    return _("This record is not to be changed. Write what was exported.")


def stale(told: str, version: int) -> str:
    """Why a row that was exported at the version ``told`` cannot change a record, or ''."""
    if told == str(version):
        return ""
    if not told:
        return _("Such a record is there already. To change it, export it and edit that row.")
    if told.isascii() and told.isdecimal() and len(told) < 10 and int(told) < version:
        return _("Somebody changed this record since the export. Export anew, and edit again.")
    return _("This is not the version of any export. Export anew, and leave the column as it is.")


def nobody_called(names: list[str]) -> str:
    said = _("There is no record called %(names)s. Enter it first, or correct the name.")
    return said % {"names": ", ".join(f"“{name}”" for name in names)}
