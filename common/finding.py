"""The one rule by which a text finds a row under its names, and by which the best comes first.

A row is found when each word is in one of its names, in whatever order (``folded__finds``). How
well a text fits a row is a rank: of the whole text against the best of the row's names, or, where
that is better, the worst of its words, each against the best name for it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext_lazy as _

from common.names import words, written

MOST_WORDS = 12
AS_WRITTEN, WHOLE_NAME, BEGINS_NAME, BEGINS_WORD, PART = range(5)

TOO_MANY_WORDS = _("Search for at most %(most)d words; these are %(number)d.")
NO_WORD = _("Search for letters or digits; there are none in this.")


@dataclass(frozen=True)
class Sought:
    """A folded text to find: one word, or several that stand together.

    ``written`` is the text itself, where a name may equal it. An ``open`` word may still be
    typed on; a single letter is so only after other words, for it begins half of all names.
    """

    folded: str
    written: str = ""
    open: bool = True

    @property
    def whole(self) -> str:
        return f" {self.folded} "

    @property
    def beginning(self) -> str:
        return f" {self.folded}" if self.open else self.whole

    @property
    def pattern(self) -> str:
        """By which it is found at all: a part from three letters on, fewer begin a word."""
        return self.folded if len(self.folded) > 2 else self.beginning

    def levels(self, text: str, by: str = "finds") -> Iterator[tuple[int, dict[str, str]]]:
        """Each rank but the last, and what a name in the column ``text`` must be for it.

        ``by`` is the lookup: ``finds`` goes through the index to a set of rows, ``contains``
        looks at the one row that is there already.
        """
        is_whole = {f"folded__{by}": self.whole, "folded": self.whole}
        if self.written:
            yield AS_WRITTEN, {**is_whole, text: self.written}
        yield WHOLE_NAME, is_whole
        begins = {f"folded__{by}": self.beginning}
        yield BEGINS_NAME, {**begins, "folded__startswith": self.beginning}
        if self.pattern != self.beginning:
            yield BEGINS_WORD, begins

    @property
    def least(self) -> int:
        """The rank of what is found and fits no better."""
        return PART if self.pattern != self.beginning else BEGINS_WORD


class Query:
    """A text that somebody typed to find something by."""

    def __init__(self, text: str) -> None:
        self.text = written(text)
        folded = words(text)
        joined = " ".join(folded)
        self.whole = Sought(joined, self.text, open=len(joined) > 1)
        self.words = [Sought(word, open=len(word) > 1) for word in folded[:-1]]
        self.words += [Sought(word) for word in folded[-1:]] if self.words else [self.whole]

    def fault(self) -> ValidationError | None:
        """Why it cannot be looked for, if it cannot."""
        if not self.whole.folded:
            return ValidationError(NO_WORD, "no_word")
        if len(self.words) > MOST_WORDS:
            params = {"most": MOST_WORDS, "number": len(self.words)}
            return ValidationError(TOO_MANY_WORDS, "too_many_words", params)
        return None

    def rank(self, of: Callable[[Sought], Combinable]) -> Combinable:
        """The rank of a row, out of ranks of rows for one ``Sought`` each."""
        if len(self.words) == 1:
            return of(self.whole)
        ranks = [of(word) for word in self.words]
        return Least(of(self.whole), Greatest(*ranks))


@dataclass(frozen=True)
class Names:
    """Where the names of some rows stand: a set of rows each, its text, and its owner's key."""

    written: tuple[tuple[QuerySet, str, str], ...]
    # Keys by which a text names a row outright, as values of its own key.
    outright: Callable[[str], QuerySet | None] = lambda text: None

    def having(self, sought: Sought) -> QuerySet:
        """The keys of the rows that are found by it."""
        conditions = {"folded__finds": sought.pattern}
        return self._keys([conditions] * len(self.written), self.outright(sought.written))

    def ranked(self, sought: Sought) -> Iterator[tuple[int, QuerySet]]:
        """Each rank but the last, and the keys of the rows that have it, or a better one."""
        levels = [sought.levels(text) for _rows, text, _owner in self.written]
        for level in zip(*levels, strict=True):
            rank = level[0][0]
            outright = self.outright(sought.written) if rank == AS_WRITTEN else None
            yield rank, self._keys([conditions for _rank, conditions in level], outright)

    def case(self, sought: Sought, key: str, *better: When) -> Combinable:
        """The rank of the row whose key is in the column ``key``."""
        at = [When(**{f"{key}__in": keys}, then=Value(rank)) for rank, keys in self.ranked(sought)]
        return Case(*better, *at, default=Value(sought.least), output_field=IntegerField())

    def _keys(self, conditions: list[dict[str, str]], outright: QuerySet | None) -> QuerySet:
        sets = [
            rows.filter(**wanted).order_by().values(owner)
            for (rows, _text, owner), wanted in zip(self.written, conditions, strict=True)
        ]
        first, *others = sets if outright is None else [*sets, outright]
        return first.union(*others, all=True)


def best_first(rows: Any, rank: Combinable, *then: str, **more: Combinable) -> Any:
    """By rank, then by ``then``, and rows that are alike in the order in which they came."""
    former = rows.query.order_by or rows.model._meta.ordering
    return rows.annotate(rank=rank, **more).order_by("rank", *then, *former)


class QueryField(forms.CharField):
    """Takes what can be searched for, and says why it cannot take the rest."""

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and (fault := Query(value).fault()):
            raise fault


class SearchFilter(django_filters.CharFilter):
    """``q``, for a queryset with ``search``: what fits best comes first."""

    field_class = QueryField

    def filter(self, qs: Any, value: str) -> QuerySet:
        return qs.search(value) if value else qs
