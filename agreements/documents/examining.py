"""The one look that every document passes before it is kept. It knows no models and no settings."""

import hashlib
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from agreements.documents import office, pdfs, pictures, scanning, texts
from agreements.documents.kinds import (
    CODE,
    DOCX,
    JPEG,
    MARKUP,
    ODT,
    PDF,
    PNG,
    TXT,
    UNKNOWN,
    Kind,
    Refused,
    told,
)
from agreements.documents.naming import kind_by_name

ARCHIVE = b"PK\x05\x06"
ARCHIVE_REACH = 65_557  # how far from the end unpackers look for an archive


@dataclass(frozen=True)
class Examined:
    kind: Kind
    sha256: str


def examine(stream: Any, name: str, *, most_bytes: int, scanner: str = "") -> Examined:
    """Raises Refused with what is wrong. ``stream`` is binary and seekable, read from its start.

    No more than ``most_bytes`` are read, and what is unpacked of them is bounded too.
    """
    kind = kind_by_name(name)
    stream.seek(0)
    data = stream.read(most_bytes + 1)
    if not data:
        raise Refused(_("The file is empty."))
    if len(data) > most_bytes:
        raise Refused(
            _("The file is larger than %(size)s MB.") % {"size": f"{most_bytes / 2**20:g}"}
        )
    refuse_other(data, kind)
    LOOKS[kind](data)
    scanning.refuse_eicar(data)
    if scanner:
        scanning.scan(data, scanner)
    return Examined(kind, hashlib.sha256(data).hexdigest())


def refuse_other(data: bytes, kind: Kind) -> None:
    found: Any = told(data)
    if kind is TXT and found is UNKNOWN:
        return  # the look through it says better why it is no text
    if found is not kind:
        what = found.what if isinstance(found, Kind) else found
        raise Refused(
            _("The name says %(named)s, but the content is %(found)s.")
            % {"named": kind.name, "found": what}
        )
    if kind in (PDF, JPEG, PNG):
        if CODE.search(data):
            raise Refused(_("Inside of the file stands %s. Save it anew.") % MARKUP)
        if ARCHIVE in data[-ARCHIVE_REACH:]:
            raise Refused(_("Inside of the file stands an archive. Save it anew."))


LOOKS: dict[Kind, Any] = {
    PDF: pdfs.look,
    JPEG: lambda data: pictures.look(data, JPEG),
    PNG: lambda data: pictures.look(data, PNG),
    DOCX: lambda data: office.look(data, DOCX),
    ODT: lambda data: office.look(data, ODT),
    TXT: texts.look,
}
