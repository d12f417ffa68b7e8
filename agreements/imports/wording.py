"""Sentences with values in them that wait for the reader's language."""

from collections.abc import Callable
from typing import Any

from django.utils import translation
from django.utils.functional import lazy

# Called now and then with what is being done, how much of it is done, and of how much (0: unknown).
Progress = Callable[[Any, int, int], None]


def _fill(sentence: Any, values: dict[str, Any]) -> str:
    return str(sentence) % values


_filled = lazy(_fill, str)


def said(sentence: Any, **values: Any) -> Any:
    """``sentence % values``, worked out each time that somebody reads it."""
    return _filled(sentence, values)


def in_english(sentence: Any) -> str:
    """As it is kept on record: what a row says there is data, and is not translated."""
    if isinstance(sentence, str):
        return sentence
    with translation.override("en"):
        return str(sentence)
