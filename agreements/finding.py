"""How agreements are found: by their titles, their references, and the names of their parties.

A name of a party is any that its place has or had, or the one that stands in the text. Each word
is looked for through the indexes, down to the agreements that have it; none is looked at that
has not.
"""

from typing import Any

from django.db.models import Case, Func, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Least

from agreements import references
from cities import finding
from common.finding import AS_WRITTEN, BEGINS_NAME, Names, Query, Sought, best_first


def search(agreements, text: str):
    """Those of the agreements that have every word of ``text``, the best first."""
    query = Query(text)
    if query.fault():
        return agreements.none()
    places = finding.of_places()
    found = _with_words(agreements, query, places)
    rank = query.rank(lambda sought: _rank(sought, places))
    if meant := references.meant(query.text):
        by_reference = Q(reference__range=meant)
        keys = _all().filter(by_reference).values("pk")
        found = agreements.filter(
            pk__in=keys.union(_with_words(_all(), query, places).values("pk"), all=True)
        )
        is_whole = When(reference=meant[0], then=Value(AS_WRITTEN))
        begins = When(by_reference, then=Value(BEGINS_NAME))
        rank = Least(rank, Case(is_whole, begins, default=rank, output_field=IntegerField()))
    return best_first(found, rank)


def _all() -> QuerySet:
    from agreements.models import Agreement

    return Agreement.objects.order_by()


def _with_words(agreements, query: Query, places: Names):
    for word in query.words:
        agreements = agreements.filter(pk__in=_having(word, places))
    return agreements


def _having(word: Sought, places: Names) -> QuerySet:
    """The keys of the agreements that have the word."""
    from agreements.models import Party

    seats = Party.objects.order_by()
    return (
        seats.filter(place__in=places.having(word))
        .values("agreement")
        .union(
            seats.filter(folded__finds=word.pattern).values("agreement"),
            _all().filter(folded__finds=word.pattern).values("pk"),
            all=True,
        )
    )


def _rank(sought: Sought, places: Names) -> Combinable:
    """The better of two ranks: the title's, and that of the party whose name fits best."""
    from agreements.models import Party

    seats = Party.objects.filter(agreement=OuterRef("pk")).order_by()
    best = seats.annotate(best=_over_all(_rank_of_party(sought, places), "MIN"))
    return Least(
        _rank_of_text(sought, "title"),
        Coalesce(Subquery(best.values("best")), Value(sought.least)),
    )


def _rank_of_text(sought: Sought, column: str) -> Combinable:
    levels = [
        When(**wanted, then=Value(rank)) for rank, wanted in sought.levels(column, "contains")
    ]
    return Case(*levels, default=Value(sought.least), output_field=IntegerField())


def _rank_of_party(sought: Sought, places: Names) -> Combinable:
    named_then = sought.levels("name_then", "contains")
    levels = [
        When(Q(place__in=keys) | Q(**wanted), then=Value(rank))
        for (rank, keys), (_rank, wanted) in zip(places.ranked(sought), named_then, strict=True)
    ]
    return Case(*levels, default=Value(sought.least), output_field=IntegerField())


def public_ties() -> Combinable:
    """The number of a place's agreements that everybody may see: internal ones show nowhere."""
    from agreements.models import PublicSeat

    seats = PublicSeat.objects.filter(place_id=OuterRef("pk")).order_by()
    return Subquery(seats.annotate(number=_over_all("agreement_id", "COUNT")).values("number"))


def _over_all(column: Any, function: str) -> Combinable:
    """One figure over all rows of a subquery. Django's own aggregates would group them first,
    by the one value that they have in common, which takes twice as long."""
    return Func(column, function=function, output_field=IntegerField())
