"""What a cell of a workbook says, as text, and no more exactly than the cell shows it."""

import re
from datetime import date, datetime, time
from typing import Any

NOT_CODE = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
LIKE_AN_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}[_\x00-\x08\x0b-\x1f\ufffe\uffff])")
# No others: openpyxl takes the mark off from ``_x005F_x0041_``, a text that somebody typed.
ESCAPED = re.compile("_x(005F|00[01][0-9A-F]|D[89A-F][0-9A-F]{2}|FFF[EF])_", re.IGNORECASE)
MIDNIGHT = "T00:00:00"


class NotReadable(ValueError):
    pass


class NoYear(NotReadable):
    """The cell shows a day of no year; the program that made it has put in its own."""


def escaped(text: str) -> str:
    """``_x000D_`` is how a workbook writes what XML cannot, ``_x005F_`` what only looks like it."""
    text = LIKE_AN_ESCAPE.sub("_x005F_", text)
    return UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def unescaped(text: str) -> str:
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def value(said: Any, number_format: str) -> str:
    """A whole number without a point, a truth in words, a day as ISO writes it."""
    if isinstance(said, bool):
        return "true" if said else "false"
    if isinstance(said, float):
        if not abs(said) < float("inf"):
            raise NotReadable
        return str(int(said)) if said.is_integer() and abs(said) < 1e15 else repr(said)
    if isinstance(said, (date, datetime)):
        return day(said, number_format)
    return said.isoformat() if isinstance(said, time) else str(said)


def day(said: date, number_format: str) -> str:
    """As far as the cell shows it: a year alone where that is all that one sees."""
    bare = NOT_CODE.sub("", number_format.split(";")[0]).lower()
    shown = "".join(letter for letter in "ymdh" if letter in bare)
    if shown in ("m", "d", "md"):
        raise NoYear
    if shown == "y":
        return f"{said.year:04}"
    if shown == "ym":
        return f"{said.year:04}-{said.month:02}"
    return said.isoformat().removesuffix(MIDNIGHT)
