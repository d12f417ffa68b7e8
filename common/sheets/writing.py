"""Tables on their way out: streamed, every cell text, none of them a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from common.sheets.errors import SheetError
from common.sheets.escape import harmless
from common.sheets.lines import letters
from common.sheets.values import escaped

BOM = "\ufeff"  # by which Excel knows UTF-8
AT_ONCE = 1 << 15
LONGEST_IN_XLSX = 32_767
AS_TEXT = "@"  # so that 007 and 2025-05 stay what they are when somebody edits them


def write_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    out = io.StringIO(newline="")
    out.write(BOM)
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([harmless(name) for name in header])
    for row in rows:
        writer.writerow([harmless(cell) for cell in row])
        if out.tell() > AT_ONCE:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def write_xlsx(header: Sequence[str], rows: Iterable[Sequence[str]], file: BinaryIO) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    for at in range(len(header)):
        sheet.column_dimensions[letters(at)].number_format = AS_TEXT
    pattern = WriteOnlyCell(sheet)
    pattern.number_format = AS_TEXT
    try:
        for number, row in enumerate(chain([header], rows), 1):
            sheet.append(
                [text_cell(sheet, pattern, cell, number, at) for at, cell in enumerate(row)]
            )
    except BaseException:
        sheet.close()  # or what it has written so far is kept until the process ends
        raise
    book.save(file)


def text_cell(sheet, pattern: WriteOnlyCell, text: str, row: int, at: int):
    if not text:
        return None
    said = escaped(harmless(text))
    if len(said) > LONGEST_IN_XLSX:
        raise SheetError(
            _("A cell of XLSX holds %(most)s characters, and this text is longer. Export CSV.")
            % {"most": LONGEST_IN_XLSX},
            row=row,
            column=letters(at),
        )
    cell = WriteOnlyCell(sheet, value=said)
    cell.data_type = "s"
    cell._style = pattern._style
    return cell
