"""Which words of a text are new, and which are gone."""

import re
from difflib import SequenceMatcher

KEPT, GONE, NEW = "", "gone", "new"
# Comparing takes time as the product of both; what is longer is shown without marks.
MOST_WORDS = 1_000
# Of texts that have less in common than this, marks would tell less than the texts themselves.
LEAST_ALIKE = 0.3

Part = tuple[str, str]


def marked(old: str, new: str) -> list[Part]:
    """The new text in parts, with what is gone where it stood: pairs of a mark and a text."""
    before, after = words(old), words(new)
    if old == new or max(len(before), len(after)) > MOST_WORDS:
        return [(KEPT, new)]
    matcher = SequenceMatcher(None, bared(before), bared(after))
    if matcher.ratio() < LEAST_ALIKE:
        return [(KEPT, new)]
    parts: list[Part] = []
    for what, start, end, new_start, new_end in matcher.get_opcodes():
        if what == "equal":
            parts.append((KEPT, "".join(after[new_start:new_end])))
            continue
        if start < end:
            # The last word of a text has no blank behind it, and what follows here is another.
            parts.append((GONE, "".join(before[start:end]).rstrip() + " "))
        if new_start < new_end:
            parts.append((NEW, "".join(after[new_start:new_end])))
    return parts


def words(text: str) -> list[str]:
    """Each with the blanks behind it, so that joined they are the text again."""
    return re.findall(r"\S+\s*|^\s+", text)


def bared(found: list[str]) -> list[str]:
    return [word.rstrip() for word in found]
