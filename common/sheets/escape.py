"""Cells that no spreadsheet takes for a formula, and the way back, exact for every text.

The first sign decides: one of ``= + - @`` (in full width too), behind whatever blanks and unseen
signs, or a tab or line end in front. Such a text gets an apostrophe, and so does a text that has
one already; ``as_written`` takes exactly that one away.
"""

import unicodedata

MARK = "'"
STARTS_A_FORMULA = frozenset("=+-@＝＋－＠﹢﹣﹦﹫−")
NEVER_FIRST = frozenset("\t\r\n")


def harmless(text: str) -> str:
    return MARK + text if needs_mark(text) else text


def as_written(text: str) -> str:
    return text[1:] if text[:1] == MARK and needs_mark(text[1:]) else text


def needs_mark(text: str) -> bool:
    if text[:1] == MARK or text[:1] in NEVER_FIRST:
        return bool(text)
    return first_seen(text) in STARTS_A_FORMULA


def first_seen(text: str) -> str:
    """The first character that is neither a blank nor unseen; Excel and others skip those."""
    for character in text:
        if unicodedata.category(character)[0] not in "ZC":
            return character
    return ""
