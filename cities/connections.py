"""How connected a place is. What connects places is known one floor up, which tells it here."""

from collections.abc import Callable

from django.db.models import Value
from django.db.models.expressions import Combinable

MOST = 99_999_999  # of ties, so that a rank and these fit in one whole number

_told: list[Callable[[], Combinable]] = []


def count_by(count: Callable[[], Combinable]) -> None:
    """``count`` gives an expression for a place's number of ties that everybody may know of."""
    _told[:] = [count]


def ties() -> Combinable:
    return _told[0]() if _told else Value(0)
