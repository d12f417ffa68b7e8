"""The zip around a workbook: looked through before any of it is unpacked or parsed."""

import posixpath
import zlib
from typing import Any, BinaryIO
from xml.etree.ElementTree import Element, ParseError
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext_lazy as _

from common.sheets.errors import SheetError

MOST_PARTS = 2000
HIGHEST_RATIO = 200  # what spreadsheets write shrinks to a tenth, at most to a fiftieth
SMALL = 5_000_000
BROKEN = _("The workbook is damaged. Open it in a spreadsheet and save it anew as XLSX.")
TOO_BIG = _("Unpacked, the workbook is far too big. Save its one sheet as CSV UTF-8.")
HOSTILE = _("The workbook declares entities of its own, as no spreadsheet does. Save it anew.")
SAVE_AS_XLSX = _("This is %(what)s, not a table. Open it and save it as XLSX or CSV UTF-8.")


class Package:
    """Its parts by name, none of them bigger than is sane."""

    def __init__(self, stream: BinaryIO, name: str, unpacked: int) -> None:
        self.name = name
        try:
            self.zip = ZipFile(stream)
        except (BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise self.fault(BROKEN) from error
        self.parts = {part.filename: part for part in self.zip.infolist()}
        self.refuse_bombs(self.zip.infolist(), unpacked)
        self.refuse_others()

    def fault(self, message: Any) -> SheetError:
        return SheetError(message, file=self.name)

    def refuse_bombs(self, parts: list[ZipInfo], unpacked: int) -> None:
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > unpacked:
            raise self.fault(TOO_BIG)
        for part in parts:
            if part.flag_bits & 1:
                raise self.fault(_("The workbook is encrypted. Save it without a password."))
            if part.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
                raise self.fault(BROKEN)
            if part.file_size > SMALL and part.file_size > HIGHEST_RATIO * part.compress_size:
                raise self.fault(TOO_BIG)

    def refuse_others(self) -> None:
        if "word/document.xml" in self.parts:
            raise self.fault(SAVE_AS_XLSX % {"what": _("a text document")})
        if "ppt/presentation.xml" in self.parts:
            raise self.fault(SAVE_AS_XLSX % {"what": _("a presentation")})
        if "mimetype" in self.parts:
            raise self.fault(SAVE_AS_XLSX % {"what": _("an OpenDocument file")})
        if "xl/workbook.bin" in self.parts:
            raise self.fault(SAVE_AS_XLSX % {"what": _("a binary workbook (XLSB)")})
        if any(part.endswith("vbaProject.bin") for part in self.parts):
            raise self.fault(_("The workbook holds macros. Save it as XLSX, without them."))
        if "[Content_Types].xml" not in self.parts:
            raise self.fault(SAVE_AS_XLSX % {"what": _("a zip archive")})

    def tree(self, part: str) -> Element:
        """A small part, parsed whole."""
        found = self.parts.get(part)
        if found is None:
            raise self.fault(BROKEN)
        if found.file_size > SMALL:
            raise self.fault(TOO_BIG)
        try:
            return fromstring(self.zip.read(found), forbid_dtd=True)
        except DefusedXmlException as error:
            raise self.fault(HOSTILE) from error
        except (ParseError, *DAMAGES) as error:
            raise self.fault(BROKEN) from error

    def relations(self, part: str) -> list[tuple[str, str, str]]:
        """Id, kind and target of what a part refers to; nothing outside of the package."""
        folder, file = posixpath.split(part)
        beside = posixpath.join(folder, "_rels", f"{file}.rels")
        if beside not in self.parts:
            return []
        return [
            (
                relation.get("Id", ""),
                relation.get("Type", "").rpartition("/")[2],
                posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).strip(
                    "/"
                ),
            )
            for relation in self.tree(beside)
            if relation.get("TargetMode") != "External"
        ]


# What unpacking and decoding of a broken part can raise.
DAMAGES = (BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError, zlib.error)


def local(tag: str) -> str:
    """A tag without its namespace: the strict and the usual dialect differ in nothing else."""
    return tag.rpartition("}")[2]
