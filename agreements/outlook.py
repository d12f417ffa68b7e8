"""What the public reads of an agreement now, and would read once something is done to it.

It is not guessed: the thing is done, the page is read, and all of it is taken back.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from agreements import pages, sentences
from agreements.lifecycle import Move
from agreements.models import Agreement


@dataclass(frozen=True)
class Said:
    """The sentences of the page that tell where the agreement stands."""

    standing: str
    in_force: sentences.InForce
    warnings: list[str]


@dataclass(frozen=True)
class Outlook:
    """``now`` and ``then`` are None where the public sees nothing of it."""

    now: Said | None
    then: Said | None

    @property
    def changes(self) -> bool:
        return self.now != self.then


def said(agreement: Agreement) -> Said | None:
    """What the page says to a reader who is not signed in."""
    seen = pages.joined(Agreement.objects.visible_to(None)).filter(pk=agreement.pk).first()
    if seen is None:
        return None
    return Said(sentences.standing(seen), sentences.in_force(seen), pages.warnings(seen))


def after(agreement: Agreement, act: Callable[[], Any]) -> Outlook:
    """What ``act`` would change in public. Raises what the act raises.

    The agreement in memory is left as the act leaves it; read it again.
    """
    now = said(agreement)
    with pages.taken_back():
        act()
        return Outlook(now, said(agreement))


def announced(row: Move) -> str:
    """“Signed on …”, before it is known when and who says so."""
    on_a_day, *_others = sentences.HEADS.get(row.name) or sentences.HEADS[row.to_status]
    return on_a_day % {"when": "…"}
