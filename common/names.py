"""Folding of names, for finding only: two records are never one because their names fold alike."""

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

# Letters that Persian, Arabic and Tajik writers interchange; anyascii romanises each its own way.
# Left out is what some write and others don't: the tatweel, and apostrophes, as in Xi’an.
SAME_LETTERS = str.maketrans(
    dict.fromkeys("يىےئ", "ی")
    | dict.fromkeys("ك", "ک")
    | dict.fromkeys("ةۀھہەۃ", "ه")
    | dict.fromkeys("أإآٱ", "ا")
    | {"ؤ": "و", "և": "ev"}
    | dict.fromkeys("ـ'’‘‛`´′＇", "")
)
NOT_A_WORD = re.compile(r"[^0-9a-z]+")
NO_WORD = re.compile(r"[^0-9A-Za-z]+")


def fold(text: str) -> str:
    """Lower-case ASCII words, one blank between them: ``Хуҷанд`` → ``khujand``."""
    text = text.translate(SAME_LETTERS)
    if not text.isascii():
        composed = unicodedata.normalize("NFKC", text).translate(SAME_LETTERS)
        text = "".join(map(_plain, composed))
    return NOT_A_WORD.sub(" ", text.lower()).strip()


@lru_cache(maxsize=1 << 16)
def _plain(sign: str) -> str:
    """One sign in ASCII. What a letter turns into stays within its word: ``Львів`` → ``Lviv``."""
    kind = unicodedata.category(sign)
    if kind[0] == "L" or (kind[0] == "M" and not _is_arabic(sign)):
        return NO_WORD.sub("", anyascii(sign))
    if kind[0] == "M" or kind == "Cf":
        return ""  # vowels that Arabic and Persian seldom write; joiners and other hidden signs
    return anyascii(sign) if kind[0] == "N" else sign if sign.isascii() else " "


def _is_arabic(sign: str) -> bool:
    return "\u0600" <= sign <= "\u08ff"


def words(text: str) -> list[str]:
    """The folded words of a text."""
    return fold(text).split()


def written(text: str) -> str:
    """A text as it is compared sign by sign: composed, with single blanks, and storable."""
    storable = text.replace("\0", " ").encode(errors="ignore").decode()
    return " ".join(unicodedata.normalize("NFC", storable).split())
