"""What a cell of a workbook says, as text, and no more exactly than the cell shows it."""

import re
from datetime import date, datetime, time
from xml.etree.ElementTree import Element

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from common.sheets.package import local

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
NOT_CODE = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
MIDNIGHT = "T00:00:00"


class NotReadable(ValueError):
    pass


def unescaped(text: str) -> str:
    """``_x000D_`` is how a workbook writes what XML cannot."""
    if "_x" not in text:
        return text
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def escaped(text: str) -> str:
    text = ESCAPED.sub(r"_x005F_x\1_", text)
    return UNWRITABLE.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")


def date_formats(styles: Element | None) -> list[str]:
    """For every style by its number: '', or the letters of ``ymdh`` that its dates show."""
    if styles is None:
        return []
    own = {}
    shown = []
    for group in styles:
        if local(group.tag) == "numFmts":
            own = {one.get("numFmtId"): one.get("formatCode", "") for one in group}
        elif local(group.tag) == "cellXfs":
            shown = [style.get("numFmtId", "0") for style in group]
    return [shows(own.get(key) or builtin(key)) for key in shown]


def builtin(key: str) -> str:
    return BUILTIN_FORMATS.get(int(key), "") if key.isdecimal() and len(key) < 6 else ""


def shows(code: str) -> str:
    code = code.split(";")[0]
    if not is_date_format(code):
        return ""
    bare = NOT_CODE.sub("", code).lower()
    return "".join(letter for letter in "ymdh" if letter in bare) or "h"


def number(text: str) -> str:
    """A whole number without a point: ``1998.0`` → ``1998``; others in their shortest form."""
    text = text.strip()
    if not NUMBER.fullmatch(text):
        raise NotReadable(text)
    if text.lstrip("+-").isdecimal():
        return str(int(text[:400])) if len(text) < 400 else text
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise NotReadable(text)
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(value)


def day(text: str, shown: str, since_1904: bool) -> str:
    """A date as far as the cell shows it: a year alone where that is all that one sees."""
    try:
        epoch = CALENDAR_MAC_1904 if since_1904 else CALENDAR_WINDOWS_1900
        moment = from_excel(float(text), epoch)
    except (ValueError, OverflowError, TypeError) as error:
        raise NotReadable(text) from error
    if isinstance(moment, time):
        return moment.isoformat()
    if not isinstance(moment, (datetime, date)):
        raise NotReadable(text)
    if shown == "y":
        return f"{moment.year:04}"
    if shown == "ym":
        return f"{moment.year:04}-{moment.month:02}"
    return moment.isoformat().removesuffix(MIDNIGHT)
