"""What a table is, whichever file it came in: a checked header, and lines read one by one."""

import unicodedata
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from django.utils.translation import gettext_lazy as _

from common.sheets.errors import SheetError

SEEN_CONTROLS = frozenset("\t\n")
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

MANY_ROWS = _("There are more than %(most)s rows. Split the file into smaller ones.")


@dataclass(frozen=True)
class Limits:
    rows: int = 200_000
    columns: int = 200
    cell: int = 10_000
    bytes: int = 50_000_000
    unpacked: int = 256_000_000
    # The register's own exports bring back whatever was recorded, unseen signs too.
    unseen_signs: bool = False


LIMITS = Limits()


@dataclass(frozen=True)
class Line:
    """One row of data, by the headings as they are written in the file."""

    number: int
    cells: dict[str, str]


class Sheet:
    """A table in a file. It can be read several times, and never holds more than a row."""

    def __init__(self, file: Path | BinaryIO, name: str, limits: Limits) -> None:
        self.file = file
        self.name = name
        self.limits = limits
        self.columns: list[str] = []
        rows = self.filled_rows()
        number, cells = next(rows, (0, []))
        if not number:
            raise self.fault(_("The file is empty. Choose a table with a header row."))
        self.columns = self.checked_header(number, cells)
        self.header_row = number
        if not next(rows, None):
            raise self.fault(_("There is a header but no row beneath it. Fill in the rows."))
        rows.close()
        if self.may_be_too_long():
            for _row in self.filled_rows():
                pass

    @property
    def header(self) -> list[str]:
        return [name for name in self.columns if name]

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Every row's number and its cells, as the file has them."""
        raise NotImplementedError

    def may_be_too_long(self) -> bool:
        raise NotImplementedError

    def fault(self, message: Any, row: int | None = None, column: int | None = None) -> SheetError:
        said = None if column is None else self.heading(column)
        return SheetError(message, file=self.name, row=row, column=said)

    def heading(self, index: int) -> str:
        known = self.columns[index] if index < len(self.columns) else ""
        return known or letters(index)

    def filled_rows(self) -> Generator[tuple[int, list[str]]]:
        """Without the rows that have nothing in them, and no more than the limit."""
        filled = 0
        for number, cells in self.rows():
            if not any(cells) or not any(cell.strip() for cell in cells):
                continue
            filled += 1
            if filled > self.limits.rows + 1:
                raise self.fault(MANY_ROWS % {"most": self.limits.rows}, number)
            yield number, cells

    def checked_header(self, number: int, cells: list[str]) -> list[str]:
        header = [" ".join(self.text_of(cell, number, at).split()) for at, cell in enumerate(cells)]
        while header and not header[-1]:
            header.pop()
        if len(header) > self.limits.columns:
            raise self.fault(
                _("There are %(many)s columns; at most %(most)s are read. Delete the others.")
                % {"many": len(header), "most": self.limits.columns},
                number,
            )
        seen: dict[str, int] = {}
        for at, name in enumerate(header):
            first = seen.setdefault(name.casefold(), at)
            if name and first != at:
                raise self.fault(
                    _(
                        "The heading “%(name)s” stands over two columns, %(one)s and %(other)s. "
                        "Rename or delete one."
                    )
                    % {"name": name, "one": letters(first), "other": letters(at)},
                    number,
                    at,
                )
        return header

    def __iter__(self) -> Iterator[Line]:
        for number, cells in self.filled_rows():
            if number != self.header_row:
                yield Line(number, self.by_heading(number, cells))

    def by_heading(self, number: int, cells: list[str]) -> dict[str, str]:
        found = {}
        for at, cell in enumerate(cells):
            text = self.text_of(cell, number, at) if cell else ""
            heading = self.columns[at] if at < len(self.columns) else ""
            if heading:
                found[heading] = text
            elif text:
                raise self.fault(
                    _(
                        "This cell has no heading over it. Write one in the header, or check "
                        "whether the row has a cell too many."
                    ),
                    number,
                    at,
                )
        if len(found) < len(self.header):
            raise self.fault(
                _("The row has %(many)s cells where the header has %(asked)s. Complete it.")
                % {"many": len(cells), "asked": len(self.columns)},
                number,
            )
        return found

    def text_of(self, cell: str, number: int, at: int) -> str:
        if len(cell) > self.limits.cell:
            raise self.fault(self.too_long(), number, at)
        if not cell.isprintable():
            self.refuse_unseen(cell.replace("\r", "\n"), number, at)
        return plain(cell)

    def too_long(self) -> Any:
        return _(
            "The cell is longer than %(most)s characters. Shorten it; if it is not that long, "
            "a quote was opened and not closed."
        ) % {"most": self.limits.cell}

    def refuse_unseen(self, text: str, number: int, at: int) -> None:
        for character in text:
            category = unicodedata.category(character)
            unreadable = character == "\0" or category == "Cs"
            refused = character in TURNING or (category == "Cc" and character not in SEEN_CONTROLS)
            if not unreadable and (self.limits.unseen_signs or not refused):
                continue
            raise self.fault(
                _("The cell has a sign in it that cannot be seen (%(code)s). Type the cell anew.")
                % {"code": f"U+{ord(character):04X}"},
                number,
                at,
            )


def plain(text: str) -> str:
    """Composed, with one kind of line end, and without blanks around it."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", text).strip()


def letters(index: int) -> str:
    """The name that spreadsheets give a column: 0 is A, 26 is AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name
