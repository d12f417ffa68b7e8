"""XLSX: one sheet of a workbook, row by row, never unpacked whole."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn
from xml.etree.ElementTree import Element
from xml.parsers.expat import ExpatError

from django.utils.translation import gettext_lazy as _

from common.sheets.delimited import FORMULA, opened
from common.sheets.errors import SheetError
from common.sheets.escape import as_written
from common.sheets.lines import Sheet
from common.sheets.package import BROKEN, DAMAGES, HOSTILE, TOO_BIG, Package, local
from common.sheets.values import MIDNIGHT, NotReadable, date_formats, day, number, unescaped
from common.sheets.xml import Declared, Reader

MOST_STRINGS = 1_000_000
MOST_TEXT = 64_000_000
ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class WorkbookSheet(Sheet):
    def __init__(self, file: Any, name: str, limits: Any, sheet: str | None = None) -> None:
        self.wanted = sheet
        with opened(file) as stream:
            book = Book(Package(stream, name, limits.unpacked), sheet)
        self.book = book
        super().__init__(file, name, limits)

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        with opened(self.file) as stream:
            package = Package(stream, self.name, self.limits.unpacked)
            with damages(package), package.zip.open(self.book.part) as part:
                reader = Cells(self)
                for row in reader.read(part):
                    # Only now: the rows before it, such as the header, have been handed out.
                    yield row if isinstance(row, tuple) else self.refused(row)
                reader.refuse_merged()

    def refused(self, wrong: "Wrong") -> NoReturn:
        raise self.fault(wrong.message, wrong.row, wrong.at)

    def may_be_too_long(self) -> bool:
        rows = 0
        with opened(self.file) as stream:
            package = Package(stream, self.name, self.limits.unpacked)
            with damages(package), package.zip.open(self.book.part) as part:
                while chunk := part.read(1 << 16):
                    rows += chunk.count(b"</")
        return rows > self.limits.rows

    def written(self, text: str) -> str:
        return as_written(unescaped(text))


class Book:
    """What must be known before the rows are read: which sheet, its strings, its date styles."""

    def __init__(self, package: Package, wanted: str | None) -> None:
        roots = [to for _id, kind, to in package.relations("") if kind == "officeDocument"]
        if not roots:
            raise package.fault(BROKEN)
        related = package.relations(roots[0])
        tree = package.tree(roots[0])
        self.since_1904 = self.counts_from_1904(tree)
        targets = {key: to for key, _kind, to in related}
        self.part = targets.get(self.chosen(package, tree, wanted), "")
        if self.part not in package.parts:
            raise package.fault(BROKEN)
        kinds = {kind: to for _id, kind, to in related if to in package.parts}
        self.dates = date_formats(package.tree(kinds["styles"]) if "styles" in kinds else None)
        self.strings = self.shared(package, kinds.get("sharedStrings"))

    @staticmethod
    def counts_from_1904(tree: Element) -> bool:
        said = [part.get("date1904") for part in tree if local(part.tag) == "workbookPr"]
        return said in (["1"], ["true"])

    @staticmethod
    def chosen(package: Package, tree: Element, wanted: str | None) -> str:
        """The first sheet that is not hidden, or the one asked for."""
        seen: dict[str, str] = {}
        for sheet in (one for group in tree if local(group.tag) == "sheets" for one in group):
            if wanted or sheet.get("state", "visible") == "visible":
                key = next((sheet.attrib[at] for at in sheet.attrib if local(at) == "id"), "")
                seen.setdefault(sheet.get("name", ""), key)
        if wanted is None and seen:
            return next(iter(seen.values()))
        if wanted is None:
            raise package.fault(_("The workbook has no sheet that can be seen. Unhide it."))
        if wanted not in seen:
            raise package.fault(
                _("The workbook has no sheet “%(name)s”. It has: %(names)s.")
                % {"name": wanted, "names": ", ".join(seen)}
            )
        return seen[wanted]

    @staticmethod
    def shared(package: Package, part: str | None) -> list[str]:
        if part is None:
            return []
        if package.parts[part].file_size > MOST_TEXT:
            raise package.fault(TOO_BIG)
        found: list[str] = []
        with damages(package), package.zip.open(part) as stream:
            for text in Strings().read(stream):
                found.append(text)
                if len(found) > MOST_STRINGS:
                    raise package.fault(TOO_BIG)
        return found


@contextmanager
def damages(package: Package) -> Iterator[None]:
    """Whatever a damaged or hostile part may raise, told as a fault of the file."""
    try:
        yield
    except Declared as error:
        raise package.fault(HOSTILE) from error
    except SheetError:
        raise
    except (ExpatError, LookupError, *DAMAGES) as error:
        raise package.fault(BROKEN) from error


class Strings(Reader):
    """The texts that cells share: without phonetic runs, in whatever pieces they are set."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.spoken = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "rPh":
            self.spoken += 1
        elif tag == "t" and not self.spoken:
            self.text = []

    def end(self, tag: str) -> None:
        if tag == "rPh":
            self.spoken -= 1
        elif tag == "t" and not self.spoken:
            self.pieces.append(self.taken())
        elif tag == "si":
            self.ready.append("".join(self.pieces))
            self.pieces = []


class Wrong(Exception):
    """A cell that cannot be taken."""

    def __init__(self, message: Any, row: int, at: int) -> None:
        super().__init__(message)
        self.message = message
        self.row = row
        self.at = at


class Cells(Reader):
    """The rows of a sheet. A formula, an error and a merged cell are refused where they stand."""

    def __init__(self, sheet: WorkbookSheet) -> None:
        super().__init__()
        self.sheet = sheet
        self.book = sheet.book
        self.row = 0
        self.at = -1
        self.cells: list[str] = []
        self.merged = ""
        self.kind = self.style = ""
        self.pieces: list[str] = []
        self.formula: str | None = None
        self.spoken = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            self.open_cell(attributes)
        elif tag in ("v", "t", "f"):
            self.text = []
        elif tag == "row":
            self.open_row(attributes.get("r", ""))
        elif tag == "rPh":
            self.spoken = True
        elif tag == "mergeCell":
            self.merged = self.merged or attributes.get("ref", "")

    def end(self, tag: str) -> None:
        if tag == "c":
            self.close_cell()
        elif tag == "f":
            self.formula = self.taken()
        elif tag in ("v", "t"):
            said = self.taken()
            if not self.spoken:
                self.pieces.append(said)
        elif tag == "rPh":
            self.spoken = False
        elif tag == "row":
            self.cells.extend([""] * (len(self.sheet.columns) - len(self.cells)))
            self.ready.append((self.row, self.cells))

    def open_row(self, said: str) -> None:
        row = int(said) if said else self.row + 1
        if row <= self.row:
            raise ValueError("Rows out of order")
        self.row, self.at, self.cells = row, -1, []

    def open_cell(self, attributes: dict[str, str]) -> None:
        self.kind = attributes.get("t", "n")
        self.style = attributes.get("s", "")
        self.pieces, self.formula = [], None
        address = attributes.get("r")
        if address is None:
            self.at += 1
            return
        found = ADDRESS.fullmatch(address)
        if found is None or int(found[2]) != self.row:
            raise ValueError("A cell that stands elsewhere")
        at = index_of(found[1])
        if at <= self.at:
            raise ValueError("Cells out of order")
        self.at = at

    def close_cell(self) -> None:
        try:
            text = self.checked()
        except Wrong as wrong:
            self.ready.append(wrong)
            return
        if text:
            self.cells.extend([""] * (self.at - len(self.cells)))
            self.cells.append(text)

    def wrong(self, message: Any) -> Wrong:
        return Wrong(message, self.row, self.at)

    def checked(self) -> str:
        if self.formula is not None:
            raise self.wrong(FORMULA % {"formula": f"={self.formula[:40]}"})
        text = self.said("".join(self.pieces)) if self.pieces else ""
        if text and self.at >= self.sheet.limits.columns:
            most = self.sheet.limits.columns
            raise self.wrong(
                _("At most %(most)s columns are read. Delete the others.") % {"most": most}
            )
        return text

    def said(self, text: str) -> str:
        if self.kind == "s":
            return self.sheet.written(self.book.strings[self.position(text)])
        if self.kind in ("inlineStr", "str"):
            return self.sheet.written(text)
        if self.kind == "b":
            return "true" if text.strip() in ("1", "true") else "false"
        if self.kind == "e":
            shown = {"error": text[:20]}
            raise self.wrong(_("The cell shows an error (%(error)s). Write the value.") % shown)
        try:
            return self.number_or_day(text)
        except NotReadable as error:
            raise self.wrong(
                _("The cell holds no readable number or date (%(text)s). Type it as text.")
                % {"text": text[:40]}
            ) from error

    def position(self, text: str) -> int:
        at = int(text)
        if not 0 <= at < len(self.book.strings):
            raise self.wrong(
                _("The cell refers to a text that the workbook does not have. Type it anew.")
            )
        return at

    def number_or_day(self, text: str) -> str:
        if self.kind == "d":
            return text.strip().removesuffix(MIDNIGHT)
        style = int(self.style or 0)
        shown = self.book.dates[style] if style < len(self.book.dates) else ""
        return day(text, shown, self.book.since_1904) if shown else number(text)

    def refuse_merged(self) -> None:
        """Of merged cells only the first has a value, so what the others mean is a guess."""
        if self.merged:
            raise self.sheet.fault(
                _("The cells %(cells)s are merged. Unmerge them and fill each of them.")
                % {"cells": self.merged[:20]},
                row_of(self.merged),
            )


def index_of(name: str) -> int:
    index = 0
    for letter in name:
        index = index * 26 + ord(letter) - 64
    return index - 1


def row_of(cells: str) -> int | None:
    found = ADDRESS.match(cells)
    return int(found[2]) if found else None
