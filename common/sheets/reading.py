"""The one door for tables from outside: what a file is, is told by what is in it."""

import io
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from common.sheets.delimited import BOM, DelimitedSheet, opened
from common.sheets.errors import SheetError
from common.sheets.lines import LIMITS, Limits, Sheet
from common.sheets.package import SAVE_AS_XLSX
from common.sheets.workbook import WorkbookSheet

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# The name of the stream in which an encrypted workbook keeps itself.
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
HEAD = 4096
OTHERS = (
    (b"%PDF", _("a PDF")),
    (b"{\\rtf", _("a text document")),
    (b"{", _("JSON")),
    (b"[", _("JSON")),
    (b"<", _("a web page or XML")),
    (b"\x1f\x8b", _("a compressed file")),
    (b"\x89PNG", _("a picture")),
    (b"\xff\xd8\xff", _("a picture")),
    (b"GIF8", _("a picture")),
    (b"PK\x05\x06", _("an empty zip archive")),
    (b"7z\xbc\xaf", _("a compressed file")),
    (b"Rar!", _("a compressed file")),
    (b"SQLite format 3", _("a database")),
)


def open_sheet(
    file: Path | BinaryIO, name: str, *, limits: Limits = LIMITS, sheet: str | None = None
) -> Sheet:
    """Raises SheetError for whatever is no table that can be read without guessing."""
    head = looked_at(file, name, limits)
    if head.startswith(ZIP):
        return WorkbookSheet(file, name, limits, sheet)
    refuse_others(file, head, name)
    return DelimitedSheet(file, name, limits)


def looked_at(file: Path | BinaryIO, name: str, limits: Limits) -> bytes:
    try:
        with opened(file) as stream:
            size = stream.seek(0, io.SEEK_END)
            if size > limits.bytes:
                raise SheetError(
                    _("The file has %(size)s MB; at most %(most)s MB are read. Split it.")
                    % {"size": size // 1_000_000, "most": limits.bytes // 1_000_000},
                    file=name,
                )
            stream.seek(0)
            return stream.read(HEAD)
    except OSError as error:
        said = error.strerror or str(error)
        message = _("The file cannot be read: %(said)s. Check its name and its place.")
        raise SheetError(message % {"said": said}, file=name) from error


def refuse_others(file: Path | BinaryIO, head: bytes, name: str) -> None:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SheetError(
            _(
                "The text is in UTF-16. Open the file in a spreadsheet and save it as “CSV UTF-8”, "
                "or as XLSX."
            ),
            file=name,
        )
    if head.startswith(OLE):
        raise SheetError(of_old_office(file), file=name)
    start = head.removeprefix(BOM).lstrip()
    for magic, what in OTHERS:
        if start.startswith(magic):
            raise SheetError(SAVE_AS_XLSX % {"what": what}, file=name)


def of_old_office(file: Path | BinaryIO):
    with opened(file) as stream:
        rest = b""
        while chunk := stream.read(1 << 16):
            if ENCRYPTED in rest + chunk:
                return _("The workbook is encrypted. Save it without a password.")
            rest = chunk[-len(ENCRYPTED) :]
    return SAVE_AS_XLSX % {"what": _("an old Excel file (XLS)")}
