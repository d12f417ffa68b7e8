"""XLSX: one sheet of a workbook, read by openpyxl row by row, and nothing guessed."""

import re
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook, load_workbook

from common.sheets.delimited import FORMULA
from common.sheets.escape import as_written
from common.sheets.lines import MANY_ROWS, Limits, Sheet
from common.sheets.package import BROKEN, Look, looked_through
from common.sheets.values import NotReadable, NoYear, unescaped, value

FIRST_ROW = re.compile(r"[A-Z]+([0-9]+)")
BROKEN_BELOW = _(
    "Below row %(row)s the workbook is damaged. Open it in a spreadsheet, look at the cells there, "
    "and save it anew as XLSX."
)
Result = TypeVar("Result")


class WorkbookSheet(Sheet):
    def __init__(
        self, file: Path | BinaryIO, name: str, limits: Limits, sheet: str | None = None
    ) -> None:
        self.name = name
        self.limits = limits
        stream = file.open("rb") if isinstance(file, Path) else file
        if stream is not file:
            weakref.finalize(self, stream.close)
        looks = looked_through(stream, name, limits)
        book = self.read(
            lambda: load_workbook(stream, read_only=True, keep_vba=False, keep_links=False)
        )
        self.table = self.chosen(book, sheet)
        self.table.reset_dimensions()  # what the file says of its size may be wrong
        self.refuse_odd(looks[self.table._worksheet_path])
        super().__init__(file, name, limits)

    def read(self, step: Callable[[], Result], after: int = 0) -> Result:
        try:
            return step()
        except Exception as error:  # openpyxl raises whatever a damaged part makes it stumble over
            raise self.fault(BROKEN_BELOW % {"row": after} if after else BROKEN) from error

    def chosen(self, book: Workbook, wanted: str | None) -> Any:
        """The first sheet that is not hidden, or the one asked for."""
        seen = {sheet.title: sheet for sheet in book.worksheets}
        if not seen:
            raise self.fault(BROKEN)
        if wanted is None:
            for sheet in seen.values():
                if sheet.sheet_state == "visible":
                    return sheet
            raise self.fault(_("The workbook has no sheet that can be seen. Unhide it."))
        if wanted not in seen:
            raise self.fault(
                _("The workbook has no sheet “%(name)s”. It has: %(names)s.")
                % {"name": wanted, "names": ", ".join(seen)}
            )
        return seen[wanted]

    def refuse_odd(self, look: Look) -> None:
        if look.disordered:
            raise self.fault(BROKEN)
        if look.one_too_many:
            raise self.fault(MANY_ROWS % {"most": self.limits.rows}, look.one_too_many)
        if look.merged:  # only the first of them has a value: what the others mean is a guess
            first = FIRST_ROW.match(look.merged)
            raise self.fault(
                _("The cells %(cells)s are merged. Unmerge them and fill each of them.")
                % {"cells": look.merged[:20]},
                int(first[1]) if first else None,
            )

    def may_be_too_long(self) -> bool:
        return False  # it has been counted

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        rows = self.table.iter_rows()
        number = 0
        while (row := self.read(lambda: next(rows, None), number)) is not None:
            number += 1
            filled = [(at, cell) for at, cell in enumerate(row) if cell.value is not None]
            cells = [""] * max(len(self.columns), filled[-1][0] + 1 if filled else 0)
            for at, cell in filled:
                cells[at] = self.said(cell, number, at)
            yield number, cells

    def said(self, cell: Any, row: int, at: int) -> str:
        if cell.data_type == "f":
            formula = getattr(cell.value, "text", cell.value)
            text = formula if isinstance(formula, str) and formula else "="
            raise self.fault(FORMULA % {"formula": text[:41]}, row, at)
        if cell.data_type == "e":
            shown = {"error": str(cell.value)[:20]}
            raise self.fault(
                _("The cell shows an error (%(error)s). Write the value.") % shown, row, at
            )
        if cell.value != "" and at >= self.limits.columns:
            most = {"most": self.limits.columns}
            raise self.fault(
                _("At most %(most)s columns are read. Delete the others.") % most, row, at
            )
        if isinstance(cell.value, str):
            return as_written(unescaped(cell.value))
        try:
            return value(cell.value, self.read(lambda: cell.number_format, row))
        except NoYear as error:
            raise self.fault(
                _("The cell shows a day without its year. Show the year too, or type it as text."),
                row,
                at,
            ) from error
        except NotReadable as error:
            raise self.fault(
                _("The cell holds no readable number (%(text)s). Type it as text.")
                % {"text": cell.value},
                row,
                at,
            ) from error
