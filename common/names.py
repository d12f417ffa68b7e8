"""Folding of names, for finding only: two records are never one because their names fold alike."""

import re
import unicodedata

from anyascii import anyascii

MAX_WORDS = 12

# Letters that Persian, Arabic and Tajik writers interchange; anyascii romanises each its own way.
SAME_LETTERS = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "ۀ": "ه", "أ": "ا", "إ": "ا"})
NOT_A_WORD = re.compile(r"[^0-9a-z]+")


def fold(text: str) -> str:
    """Lower-case ASCII words, one blank between them: ``Хуҷанд`` → ``khujand``."""
    composed = unicodedata.normalize("NFKC", text).translate(SAME_LETTERS)
    return NOT_A_WORD.sub(" ", anyascii(composed).casefold()).strip()


def words(text: str) -> list[str]:
    """The folded words of a query, the first ``MAX_WORDS`` of them."""
    return fold(text).split()[:MAX_WORDS]
