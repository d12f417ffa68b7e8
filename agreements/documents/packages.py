"""The zip around a DOCX or ODT: its shape to the byte, before any of it is unpacked."""

import io
import struct
from collections.abc import Iterator
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.utils.translation import gettext_lazy as _

from agreements.documents import scanning
from agreements.documents.kinds import Kind, Refused
from agreements.documents.naming import RUN
from common.sheets.package import HIGHEST_RATIO, MOST_PARTS, SMALL

MOST_UNPACKED = 100_000_000
CHUNK = 1 << 20
END = struct.Struct("<4s4H2LH")
LOCAL = struct.Struct("<4s5H3L2H")
LONGEST_NAME = 255
# Endings that parts of an honest document have, though a server or a browser reads them.
USUAL = {"xml", "svg"}
PROGRAMS = (b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"#!")

BROKEN = _("The document is damaged. Open it and save it anew.")
TOO_BIG = _("Unpacked, the document is far too big. Make its pictures smaller and save it anew.")
LOCKED = _("The document is locked with a password. Save it without one.")
BESIDE = _(
    "Something stands before, between or behind the parts of the document, such as another file. "
    "Open it and save it anew."
)
NAMES = _("The document has a part with a name that no such document has (%s).")
OBJECT = _("The document holds an embedded object (%s). Paste it as a picture or a table.")
PROGRAM = _("The document holds a program (%s).")


def opened(data: bytes) -> ZipFile:
    """The package, once its shape is found to be right. Raises whatever a damaged zip leads to."""
    refuse_what_is_behind(data)
    package = ZipFile(io.BytesIO(data))
    parts = package.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Refused(TOO_BIG)
    for part in parts:
        refuse_part(part)
    lowered = [part.filename.lower() for part in parts]
    if len(set(lowered)) < len(lowered):
        raise Refused(BROKEN)
    refuse_what_is_between(data, parts, package.start_dir)
    return package


def refuse_what_is_behind(data: bytes) -> None:
    """The directory ends the file, and lies where it says."""
    at = len(data) - END.size
    found = END.unpack_from(data, max(at, 0)) if at >= 0 else (b"",)
    if found[0] != b"PK\x05\x06":
        raise Refused(BESIDE if b"PK\x05\x06" in data else BROKEN)
    _sign, _disk, _first, here, total, size, offset, comment = found
    if comment or here != total or offset + size != at:
        raise Refused(BESIDE)


def refuse_part(part: ZipInfo) -> None:
    if part.flag_bits & 1:
        raise Refused(LOCKED)
    if part.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise Refused(BROKEN)
    if part.file_size > SMALL and part.file_size > HIGHEST_RATIO * part.compress_size:
        raise Refused(TOO_BIG)
    name = part.orig_filename
    steps = name.removesuffix("/").split("/")
    if (
        len(name) > LONGEST_NAME
        or any(sign in name for sign in "\\:\0")
        or not name.isprintable()
        or any(step.strip(". ") == "" for step in steps)
    ):
        raise Refused(NAMES % repr(name[:60]))
    ending = name.lower().rpartition(".")[2]
    if ending in RUN - USUAL:
        raise Refused(NAMES % name[-60:])


def refuse_what_is_between(data: bytes, parts: list[ZipInfo], end: int) -> None:
    """Each part begins where the one before ends: nothing is hidden, nothing is used twice."""
    at = 0
    for part in sorted(parts, key=lambda part: part.header_offset):
        if part.header_offset != at:
            raise Refused(BESIDE)
        header = LOCAL.unpack_from(data, at)
        at += LOCAL.size + header[-2] + header[-1] + part.compress_size
        at += described(data, at) if part.flag_bits & 8 else 0
    if at != end:
        raise Refused(BESIDE)


def described(data: bytes, at: int) -> int:
    """The length of the sums that may follow a part: with or without a sign before them."""
    marked = data[at : at + 4] == b"PK\x07\x08"
    for length in (16, 24) if marked else (12, 20):
        if data[at + length : at + length + 4] in (b"PK\x03\x04", b"PK\x01\x02"):
            return length
    raise Refused(BESIDE)


def chunks(package: ZipFile, part: ZipInfo, kind: Kind) -> Iterator[bytes]:
    """The content of a part, looked through on its way."""
    rest = b""
    with package.open(part) as stream:
        while chunk := stream.read(CHUNK):
            if not rest:
                refuse_object(part.filename, chunk)
            scanning.refuse_eicar(rest + chunk)
            rest = chunk[-2 * len(scanning.EICAR) :]
            yield chunk


def refuse_object(name: str, head: bytes) -> None:
    if head.startswith((b"\xd0\xcf\x11\xe0", b"PK\x03\x04", b"%PDF-", b"{\\rtf", b"MIME-Version")):
        raise Refused(OBJECT % name[-60:])
    is_dos = head.startswith(b"MZ") and b"PE\0\0" in head[:4096]
    if is_dos or head.startswith(PROGRAMS):
        raise Refused(PROGRAM % name[-60:])
