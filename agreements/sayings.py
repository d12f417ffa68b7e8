"""What a digest and a calendar say of one thing that is due, as plain text.

Names and titles come from people: whatever they hold, a line stays one line, and its order of
reading is its own.
"""

import unicodedata
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from agreements.lifecycle import Status
from agreements.sentences import isolated
from common.dates_display import display_partial_date

if TYPE_CHECKING:
    from agreements.models import Agreement, Initiative, Request, StatusChange

LONGEST_TEXT = 200
# Marks that turn the order of reading until another mark ends it, which may never come.
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
BREAKING = frozenset({"Cc", "Zl", "Zp"})


def plain(text: object, most: int = LONGEST_TEXT) -> str:
    """One line of at most so many characters, without what could end or turn it."""
    kept = " ".join("".join(map(_kept, str(text))).split())
    return kept if len(kept) <= most else f"{kept[: most - 1]}…"


def _kept(character: str) -> str:
    if character in TURNING:
        return ""
    category = unicodedata.category(character)
    if category == "Cs":  # half of a character, which no mail and no file can hold
        return "\ufffd"
    return " " if category in BREAKING else character


def set_apart(text: object) -> str:
    """The text, isolated where it runs against the direction of the language."""
    text = plain(text)
    return isolated(text) if runs_against(text) else text


def runs_against(text: str) -> bool:
    """Whether some of it runs against the direction of the language."""
    against = {"L"} if get_language_bidi() else {"R", "AL"}
    return bool(against & {unicodedata.bidirectional(character) for character in text})


def lightened(line: str) -> str:
    """Without isolates where nothing needs them: some mail programs show them as boxes."""
    return line if runs_against(line) else line.replace("\u2068", "").replace("\u2069", "")


def person(user: Any) -> str:
    return set_apart(user.get_full_name() or user.get_username())


def named(agreement: "Agreement") -> str:
    """“Qazvin – Khujand (TW-25QZKH)”; join the parties first."""
    return f"{set_apart(agreement.name)} ({set_apart(agreement.reference)})"


# Of one agreement, and of the row that is meant. What the agreement itself is to be told of, the
# desk's lines say.


def due(agreement: "Agreement", row: "Initiative") -> str:
    day = display_partial_date(row.due_on)
    return _("“%(title)s”, due: %(day)s") % {"title": set_apart(row.title), "day": day}


def stalled(agreement: "Agreement", row: "StatusChange") -> str:
    since = row.happened_on or row.on_record_by or row.effective_from
    return _("%(status)s; no step is on record since %(day)s.") % {
        "status": str(Status(row.to_status).label).capitalize(),
        "day": display_partial_date(since),
    }


def asked(agreement: "Agreement", row: "Request") -> str:
    said = _("%(who)s asks for this: %(what)s.") % {
        "who": person(row.asked_by),
        "what": row.label,
    }
    return f"{said} {set_apart(row.note)}".strip()


def answered(agreement: "Agreement", row: "Request") -> str:
    said = {"what": row.label, "outcome": row.get_outcome_display()}
    if row.answered_by is None:
        told = _("%(what)s: %(outcome)s.") % said
    else:
        told = _("%(what)s: %(outcome)s by %(who)s.") % {**said, "who": person(row.answered_by)}
    return f"{told} {set_apart(row.answer)}".strip()
