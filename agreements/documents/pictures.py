"""JPEG and PNG: whole, of a bearable size, and nothing before, between or behind.

Pixels are never unpacked here: nobody needs them, and they are what a bomb is made of.
"""

import io
import re
import struct
import warnings

from django.utils.translation import gettext_lazy as _
from PIL import Image

from agreements.documents.kinds import JPEG, PNG, Kind, Refused

MOST_PIXELS = 100_000_000  # A3 at 600 dots to the inch has 70 million
MOST_PARTS = 20_000
MOST_SCANS = 100
PADDING = b"\0\t\n\r "

BROKEN = _("The picture is damaged or cut off. Open it and save it anew.")
BEHIND = _(
    "Something stands behind the end of the picture, such as another file. Open it and save it "
    "anew."
)
TOO_BIG = _("The picture has more than %d million pixels. Save it smaller.")
SOI, EOI, SOS = 0xD8, 0xD9, 0xDA
FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
ALONE = {0x01, *range(0xD0, 0xD8)}  # markers without a length
MARKER = re.compile(rb"\xff[^\x00\x01\xd0-\xd7\xff]")


def look(data: bytes, kind: Kind) -> None:
    end = {JPEG: end_of_jpeg, PNG: end_of_png}[kind](data)
    if data[end:].strip(PADDING):
        raise Refused(BEHIND)
    try:
        with warnings.catch_warnings():
            # Pillow's own bound of pixels only warns at first; ours is held below.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=[kind.name]) as picture:
                width, height = picture.size
                if width * height > MOST_PIXELS:
                    raise Refused(TOO_BIG % (MOST_PIXELS // 1_000_000))
                picture.verify()
    except Refused:
        raise
    except Image.DecompressionBombError:
        raise Refused(TOO_BIG % (MOST_PIXELS // 1_000_000)) from None
    except Exception as error:  # Pillow raises whatever the bytes lead to
        raise Refused(BROKEN) from error


def end_of_png(data: bytes) -> int:
    at = 8
    for _number in range(MOST_PARTS * 10):
        if at + 12 > len(data):
            break
        length, name = struct.unpack_from(">I4s", data, at)
        at += 12 + length
        if name == b"IEND" and at <= len(data):
            return at
    raise Refused(BROKEN)


def end_of_jpeg(data: bytes) -> int:
    at, scans = 2, 0
    for _number in range(MOST_PARTS):
        if at + 4 > len(data) or data[at] != 0xFF:
            # At the very end the last marker has but two bytes.
            if data[at : at + 2] == bytes((0xFF, EOI)) and scans:
                return at + 2
            break
        marker = data[at + 1]
        if marker == EOI and scans:
            return at + 2
        if marker == 0xFF or marker in ALONE:
            at += 1 if marker == 0xFF else 2
            continue
        length = struct.unpack_from(">H", data, at + 2)[0]
        if marker in (SOI, EOI, 0x00) or length < 2:
            break
        if marker in FRAMES:
            refuse_many_pixels(data, at)
        at += 2 + length
        if marker == SOS:
            scans += 1
            at = end_of_scan(data, at)
        if scans > MOST_SCANS:
            break
    raise Refused(BROKEN)


def end_of_scan(data: bytes, at: int) -> int:
    """Where the next marker stands that is none of the scan's own."""
    if found := MARKER.search(data, at):
        return found.start()
    raise Refused(BROKEN)


def refuse_many_pixels(data: bytes, at: int) -> None:
    if at + 9 <= len(data):
        height, width = struct.unpack_from(">HH", data, at + 5)
        if width * height > MOST_PIXELS:
            raise Refused(TOO_BIG % (MOST_PIXELS // 1_000_000))
