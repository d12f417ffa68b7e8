"""PDF: nothing before it, nothing behind it, and nothing in it that does more than show.

Two looks. The first goes over all bytes and over what objects are packed in, in bounded time, and
trusts no structure. The second has pypdf open the structure, in a process of its own with bounds
on time and memory: a parser can be led round in circles. Where that takes too long, the first one
decides.
"""

import logging
import re
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext_lazy

from agreements.documents import pdf_child
from agreements.documents.kinds import Refused

logger = logging.getLogger(__name__)
SECONDS = 5
MOST_UNPACKED = 64_000_000
BLANK = b"\0\t\n\f\r "
HEADER = re.compile(rb"%PDF-[12]\.\d")

BROKEN = gettext_lazy("The PDF is damaged or cut off. Open it and save it anew as PDF.")
BEHIND = gettext_lazy(
    "Something stands behind the end of the PDF, such as another file. Open it and save it anew."
)
LOCKED = gettext_lazy("The PDF is locked, so nobody can look into it. Save it without a password.")
UNUSUAL = gettext_lazy(
    "The PDF is packed in a way that cannot be looked into. Print it to a new PDF."
)
HOLDS = gettext_lazy("The PDF holds %s. Print it to a new PDF, which leaves that out.")
WHAT = {
    "JavaScript": gettext_lazy("a script"),
    "Launch": gettext_lazy("a command that starts programs"),
    "EmbeddedFile": gettext_lazy("an embedded file"),
    "RichMedia": gettext_lazy("embedded media"),
    "Rendition": gettext_lazy("embedded media"),
    "XFA": gettext_lazy("a form with scripts"),
    "SubmitForm": gettext_lazy("a form that sends itself elsewhere"),
    "ImportData": gettext_lazy("a form that reads files"),
}


def spelled(name: str) -> bytes:
    """A pattern of the name, each of whose signs may be written as #xx."""
    return b"".join(
        b"(?:%s|#%s)" % (sign.encode(), b"".join(digit(d) for d in f"{ord(sign):02x}"))
        for sign in name
    )


def digit(one: str) -> bytes:
    return f"[{one}{one.upper()}]".encode() if one.isalpha() else one.encode()


ACTIVE = re.compile(b"/(?:%s)" % b"|".join(b"(%s)" % spelled(name) for name in WHAT))
AFTER_A_NAME = b"\0\t\n\f\r ()<>[]{}/%"
ENCRYPT = re.compile(b"/" + spelled("Encrypt") + rb"[\s<]")
PACKED = re.compile(b"/" + spelled("ObjStm") + rb"(?![A-Za-z])")
STREAM = re.compile(rb"(>>\s*stream\r?\n?)|endstream")
FLATE = re.compile(rb"/Filter\s*\[?\s*/(?:FlateDecode|Fl)\b\s*\]?\s*(?=/|>)")


def look(data: bytes) -> None:
    if not HEADER.match(data):
        raise Refused(BROKEN)
    end = data.rfind(b"%%EOF")
    if end < 0 or b"startxref" not in data:
        raise Refused(BROKEN)
    if data[end + 5 :].strip(BLANK):
        raise Refused(BEHIND)
    if ENCRYPT.search(data):
        raise Refused(LOCKED)
    refuse_active(data)
    for objects in unpacked(data):
        refuse_active(objects)
    opened(data)


def refuse_active(data: bytes) -> None:
    for found in ACTIVE.finditer(data):
        name = list(WHAT)[(found.lastindex or 1) - 1]
        # Three letters turn up by chance in a packed picture: they must stand as a name does.
        after = data[found.end() : found.end() + 1]
        if name != "XFA" or (after and after in AFTER_A_NAME):
            raise Refused(HOLDS % WHAT[name])


def unpacked(data: bytes) -> Iterator[bytes]:
    """The streams that hold objects; of others nothing is read, for they are only shown."""
    found = list(STREAM.finditer(data))
    left = MOST_UNPACKED
    for before, begins, ends in zip([None, *found], found, [*found[1:], None], strict=False):
        about = data[before.end() if before else 0 : begins.start() + 2]
        if not begins[1] or not PACKED.search(about):
            continue
        # One filter, and nothing hidden behind a word that only looks like the end.
        flate = FLATE.search(about, about.rfind(b" obj") + 1) and b"/DecodeParms" not in about
        if not flate or ends is None or ends[1]:
            raise Refused(UNUSUAL)
        objects = inflated(data[begins.end() : ends.start()], left)
        left -= len(objects)
        yield objects


def inflated(body: bytes, most: int) -> bytes:
    inflate = zlib.decompressobj()
    try:
        objects = inflate.decompress(body, most)
    except zlib.error:
        raise Refused(BROKEN) from None
    if not inflate.eof:
        raise Refused(UNUSUAL)
    return objects


def opened(data: bytes) -> None:
    """Refuses what pypdf cannot open, and what it finds where the first look could not."""
    try:
        child = subprocess.run(  # noqa: S603 - our own interpreter and file
            [sys.executable, "-I", str(Path(pdf_child.__file__))],
            input=data,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return
    answer = child.stdout.decode(errors="replace").strip()
    if answer in WHAT:
        raise Refused(HOLDS % WHAT[answer])
    if answer == pdf_child.LOCKED:
        raise Refused(LOCKED)
    if answer == pdf_child.BROKEN:
        raise Refused(BROKEN)
    if answer != pdf_child.FINE:
        # It was stopped for its memory or its time, or there is no pypdf.
        logger.warning("a PDF was not opened by pypdf: exit code %d", child.returncode)
