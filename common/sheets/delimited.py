"""CSV, as strictly as it can be read: UTF-8, closed quotes, every row as wide as the header."""

import csv
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from common.sheets.escape import as_written
from common.sheets.lines import Sheet

BOM = b"\xef\xbb\xbf"
LONGEST_LINE = 1_000_000
QUOTED = re.compile(r'"(?:[^"]|"")*"')
SEPARATORS = (",", ";", "\t")
SAVE_AS_UTF_8 = _(
    "The text is not in UTF-8. Open the file in a spreadsheet and save it as “CSV UTF-8”, or as "
    "XLSX."
)
FORMULA = _(
    "The cell has a formula (%(formula)s). Put the value in its place; to mean the text itself, "
    "write an apostrophe in front."
)


@contextmanager
def opened(file: Path | BinaryIO) -> Iterator[BinaryIO]:
    """From its beginning; a file that somebody else opened is left open."""
    if isinstance(file, Path):
        with file.open("rb") as stream:
            yield stream
    else:
        file.seek(0)
        yield file


class DelimitedSheet(Sheet):
    def rows(self) -> Iterator[tuple[int, list[str]]]:
        with opened(self.file) as stream:
            text = Decoded(self, stream)
            lines = iter(text)
            first = next(lines, "")
            text.separator = separator(first)
            reader = csv.reader(text.again(first, lines), delimiter=text.separator, strict=True)
            while True:
                try:
                    cells = next(reader, None)
                except csv.Error as error:
                    raise self.broken(error, text.row) from error
                if cells is None:
                    return
                yield text.row, self.written(text.row, cells)
                text.row += 1

    def written(self, row: int, cells: list[str]) -> list[str]:
        for at, cell in enumerate(cells):
            if cell[:1] == "=":
                raise self.fault(FORMULA % {"formula": cell[:40]}, row, at)
            if cell[:1] == "'":
                cells[at] = as_written(cell)
        return cells

    def broken(self, error: csv.Error, row: int):
        said = str(error)
        if "field limit" in said:
            return self.fault(self.too_long(), row)
        if "end of data" in said:
            return self.fault(_("A quote is opened in this row and never closed. Close it."), row)
        if "new-line" in said:
            return self.fault(
                _("The lines end in an old way. Save the file anew as “CSV UTF-8”."), row
            )
        return self.fault(
            _(
                "A quoted cell goes on after its closing quote. Write a quote inside of a quoted "
                "cell twice."
            ),
            row,
        )

    def may_be_too_long(self) -> bool:
        ends = 0
        with opened(self.file) as stream:
            while chunk := stream.read(1 << 16):
                ends += chunk.count(b"\n")
        return ends > self.limits.rows


class Decoded:
    """The lines of a file as text; it knows in which row of the table each of them stands."""

    def __init__(self, sheet: DelimitedSheet, stream: BinaryIO) -> None:
        self.sheet = sheet
        self.stream = stream
        self.row = 1
        self.separator = ""

    def __iter__(self) -> Iterator[str]:
        start = True
        while raw := self.stream.readline(LONGEST_LINE):
            if start:
                raw, start = raw.removeprefix(BOM), False
            yield self.decode(raw)

    def again(self, first: str, lines: Iterator[str]) -> Iterator[str]:
        if first:
            yield first
        yield from lines

    def decode(self, raw: bytes) -> str:
        if len(raw) == LONGEST_LINE:
            read = raw.decode("utf-8", "ignore")
            raise self.sheet.fault(self.sheet.too_long(), self.row, self.reached(read))
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            at = self.reached(raw[: error.start].decode("utf-8"))
            raise self.sheet.fault(SAVE_AS_UTF_8, self.row, at) from error
        if "\0" in text:
            at = self.reached(text.partition("\0")[0])
            raise self.sheet.fault(
                _(
                    "There is a NUL in the text, so it is no CSV in UTF-8. Save the file anew as "
                    "“CSV UTF-8”, or as XLSX."
                ),
                self.row,
                at,
            )
        return text

    def reached(self, text: str) -> int:
        """The column in which a line's beginning ends."""
        return QUOTED.sub("", text).count(self.separator or separator(text))


def separator(header: str) -> str:
    bare = QUOTED.sub("", header)
    return max(SEPARATORS, key=bare.count)
