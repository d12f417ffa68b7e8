"""The kinds of file that are taken in, and what else a file may turn out to be."""

import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

HEAD = 1024  # as far as browsers look when they guess
BOMS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


class Refused(Exception):
    """Why a file is not taken in, for the person who brought it. ``message`` may be lazy."""

    def __init__(self, message: Any) -> None:
        super().__init__(message)
        self.message = message


# Each is one of a kind; and words in the reader's language would hash otherwise in each.
@dataclass(frozen=True, eq=False)
class Kind:
    """``name`` and ``what`` are for people; ``endings`` what a name may end in, ours the first."""

    name: str
    endings: tuple[str, ...]
    mime: str
    what: Any

    @property
    def ending(self) -> str:
        return self.endings[0]


OPEN_XML = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = Kind("PDF", ("pdf",), "application/pdf", _("a PDF"))
DOCX = Kind("DOCX", ("docx",), OPEN_XML, _("a Word document (DOCX)"))
ODT = Kind("ODT", ("odt",), "application/vnd.oasis.opendocument.text", _("an ODT document"))
JPEG = Kind("JPEG", ("jpg", "jpeg"), "image/jpeg", _("a JPEG picture"))
PNG = Kind("PNG", ("png",), "image/png", _("a PNG picture"))
TXT = Kind("TXT", ("txt",), "text/plain", _("plain text"))
KINDS = (PDF, DOCX, ODT, JPEG, PNG, TXT)
BY_ENDING = {ending: kind for kind in KINDS for ending in kind.endings}
UNKNOWN = _("of a kind that is not taken")

# What a file begins with, the surest first. Plain text can begin with none of these.
MAGICS: tuple[tuple[bytes, Kind | Any], ...] = (
    (b"%PDF-", PDF),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _("an old Office file")),
    (b"GIF87a", _("a GIF picture")),
    (b"GIF89a", _("a GIF picture")),
    (b"{\\rtf", _("an RTF text")),
    (b"%!PS", _("a PostScript file")),
    (b"\x7fELF", _("a program")),
    (b"\xca\xfe\xba\xbe", _("a program")),
    (b"\x1f\x8b", _("a compressed file")),
    (b"7z\xbc\xaf\x27\x1c", _("a compressed file")),
    (b"Rar!\x1a\x07", _("a compressed file")),
    (b"PK\x05\x06", _("an empty zip archive")),
)
MARKUP = _("a web page or other markup")
# In text alone: what a browser or a server would take for more than text.
LEADING = re.compile(rb"#!|<|MIME-Version:|Content-Type:\s*multipart/", re.IGNORECASE)
TAGS = re.compile(
    rb"<!doctype|<!--|<\?xml|<%|</?(?:html|head|body|script|iframe|frame|svg|math|style|title|h1|div"
    rb"|span|font|table|img|meta|link|object|embed|form|input|base|video|audio|a|br|p|b)[\s>/]",
    re.IGNORECASE,
)
# Anywhere in what is no zip: long enough that no picture has them by chance.
CODE = re.compile(
    rb"<\?php|<script[\s>/]|<html[\s>]|<!doctype html|<svg[\s>]|<iframe", re.IGNORECASE
)


def told(data: bytes) -> Kind | Any:
    """The kind that the content is of, or words for what else it is."""
    for magic, found in MAGICS:
        if data.startswith(magic):
            return found
    if data.startswith(b"PK\x03\x04"):
        return of_zip(data)
    text = as_ascii(data[: 4 * HEAD])
    head = data[: 4 * HEAD] if text is None else text
    if LEADING.match(head.lstrip()) or TAGS.search(head[:HEAD]) or CODE.search(head):
        return MARKUP
    if text is None:
        return _("a Windows program") if data.startswith(b"MZ") else UNKNOWN
    return TXT


def of_zip(data: bytes) -> Kind | Any:
    """Only a guess from the names in it, which the look through the package confirms."""
    if data[30:38] == b"mimetype":
        return ODT if data[38:].startswith(ODT.mime.encode()) else _("another OpenDocument file")
    for part, found in (
        (b"word/document.xml", DOCX),
        (b"xl/workbook", _("a workbook")),
        (b"ppt/presentation", _("a presentation")),
    ):
        if part in data:
            return found
    return _("a zip archive")


def as_ascii(head: bytes) -> bytes | None:
    """Text in its ASCII signs, whatever its encoding; None if it is no text."""
    bom = next((bom for bom in BOMS if head.startswith(bom)), b"")
    text = head[len(bom) :].decode(BOMS.get(bom, "utf-8"), errors="ignore")
    if "\0" in text or (not bom and len(text.encode()) < len(head) - 3):
        return None
    return text.encode("ascii", errors="replace")
