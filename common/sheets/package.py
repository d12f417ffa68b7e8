"""The zip around a workbook: looked through before openpyxl unpacks or builds any of it.

openpyxl reads by defusedxml, so entities are refused there too. What neither bounds is memory,
and in read-only mode a row or cell that stands out of order is dropped without a word.
"""

from typing import Any, BinaryIO
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.utils.translation import gettext_lazy as _
from openpyxl.xml.constants import SHEET_MAIN_NS

from common.sheets.errors import SheetError
from common.sheets.lines import MANY_ROWS, Limits

MOST_PARTS = 2000
HIGHEST_RATIO = 200  # what spreadsheets write shrinks to a tenth, at most to a fiftieth
SMALL = 5_000_000
MOST_TEXT = 64_000_000
# Elements that stay in memory until a part is read, and those that openpyxl empties on its way.
MOST_KEPT = 500_000
MOST_KEPT_OF_OTHERS = 100_000
ROW, CELL, MERGED = (f"{SHEET_MAIN_NS} {tag}" for tag in ("row", "c", "mergeCell"))
VALUES = (f"{SHEET_MAIN_NS} v", f"{SHEET_MAIN_NS} is")
EMPTIED = {"xl/worksheets/": ROW, "xl/sharedStrings": f"{SHEET_MAIN_NS} si"}
LAST_ROW = 1_048_576
CHUNK = 1 << 16
LONGEST_SILENCE = 256  # chunks in which no element starts

BROKEN = _("The workbook is damaged. Open it in a spreadsheet and save it anew as XLSX.")
TOO_BIG = _("Unpacked, the workbook is far too big. Save its one sheet as CSV UTF-8.")
HOSTILE = _("The workbook declares entities of its own, as no spreadsheet does. Save it anew.")
STRICT_NAMES = "http://purl.oclc.org/ooxml/spreadsheetml/"
STRICT = _(
    "The workbook is in the strict kind of XLSX, which is not read. Save it as “Excel Workbook "
    "(.xlsx)”, or as CSV UTF-8."
)
ENCRYPTED = _("The workbook is encrypted. Save it without a password.")
MACROS = _("The workbook holds macros. Save it as XLSX, without them.")
SAVE_AS_XLSX = _("This is %(what)s, not a table. Open it and save it as XLSX or CSV UTF-8.")
OTHERS = {
    "word/document.xml": _("a text document"),
    "ppt/presentation.xml": _("a presentation"),
    "mimetype": _("an OpenDocument file"),
    "xl/workbook.bin": _("a binary workbook (XLSB)"),
}


class Refused(Exception):
    """With the reason, for people, and the row if there is one."""

    def __init__(self, message: Any, row: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.row = row


def looked_through(stream: BinaryIO, name: str, limits: Limits) -> "dict[str, Look]":
    """What is in each part; a SheetError if one of them had better not be read."""
    try:
        with ZipFile(stream) as package:
            refuse_bombs(package.infolist(), limits.unpacked)
            refuse_others(package.namelist())
            return {part.filename: look(package, part, limits) for part in package.infolist()}
    except Refused as refused:
        raise SheetError(refused.message, file=name, row=refused.row) from refused
    except Exception as error:  # a damaged zip raises whatever its bytes lead to
        raise SheetError(BROKEN, file=name) from error


def refuse_bombs(parts: list[ZipInfo], unpacked: int) -> None:
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > unpacked:
        raise Refused(TOO_BIG)
    for part in parts:
        if part.flag_bits & 1:
            raise Refused(ENCRYPTED)
        if part.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise Refused(BROKEN)
        if part.file_size > SMALL and part.file_size > HIGHEST_RATIO * part.compress_size:
            raise Refused(TOO_BIG)


def refuse_others(names: list[str]) -> None:
    for name, what in OTHERS.items():
        if name in names:
            raise Refused(SAVE_AS_XLSX % {"what": what})
    if any(name.endswith("vbaProject.bin") for name in names):
        raise Refused(MACROS)
    if "[Content_Types].xml" not in names:
        raise Refused(SAVE_AS_XLSX % {"what": _("a zip archive")})


def look(package: ZipFile, part: ZipInfo, limits: Limits) -> "Look":
    found = Look(part.filename, limits.rows)
    silent = 0
    with package.open(part) as stream:
        while (chunk := stream.read(CHUNK)) and silent < LONGEST_SILENCE:
            before = found.elements
            try:
                found.parser.Parse(chunk)
            except expat.ExpatError:  # a picture, or so damaged that openpyxl stops here too
                return found
            silent = silent + 1 if found.elements == before else 0
    if silent == LONGEST_SILENCE or (found.emptied != ROW and part.file_size > MOST_TEXT):
        raise Refused(TOO_BIG)
    return found


class Look:
    """Counts what a part would cost, and finds what openpyxl passes over in a sheet."""

    def __init__(self, name: str, most_rows: int) -> None:
        self.emptied = next((tag for start, tag in EMPTIED.items() if name.startswith(start)), "")
        self.most_rows = most_rows
        self.elements = self.kept = self.kept_before = self.row = self.filled = 0
        self.cell = (0, "")
        self.has_value = self.disordered = False
        self.one_too_many: int | None = None
        self.merged = ""
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartDoctypeDeclHandler = self.declared
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end

    def declared(self, *about: Any) -> None:
        raise Refused(HOSTILE)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if not self.elements and tag.startswith(STRICT_NAMES):
            raise Refused(STRICT)
        self.elements += 1
        self.kept += 1
        if tag == self.emptied:
            self.kept_before = self.kept
        if self.kept > (MOST_KEPT if self.emptied else MOST_KEPT_OF_OTHERS):
            many = MANY_ROWS % {"most": self.most_rows}
            raise Refused(many if self.one_too_many else TOO_BIG, self.one_too_many)
        if tag == CELL:
            if address := attributes.get("r"):
                # In one row the shorter ones come first, then those by letter.
                before, self.cell = self.cell, (len(address), address)
                self.disordered |= self.cell <= before
        elif tag in VALUES:
            self.count()
        elif tag == ROW:
            above, self.row = self.row, int(attributes.get("r") or self.row + 1)
            self.cell, self.has_value = (0, ""), False
            self.disordered |= not above < self.row <= LAST_ROW
        elif tag == MERGED:
            self.merged = self.merged or attributes.get("ref", "?")

    def end(self, tag: str) -> None:
        if tag == self.emptied:
            self.kept = self.kept_before

    def count(self) -> None:
        if not self.has_value:
            self.has_value = True
            self.filled += 1
            if self.filled == self.most_rows + 2:  # the header is one
                self.one_too_many = self.row
