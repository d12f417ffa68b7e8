"""The query of a page with something else asked: links that keep what was chosen."""

from collections.abc import Iterable, Mapping

from django.http import QueryDict


def changed(
    query: QueryDict, changes: Mapping[str, Iterable[str]], drop: Iterable[str] = ()
) -> str:
    """The query as text, with these parameters instead of theirs and without those to drop."""
    new = QueryDict(mutable=True)
    for name, values in query.lists():
        if name not in changes and name not in drop:
            new.setlist(name, values)
    for name, wanted in changes.items():
        new.setlist(name, list(wanted))
    return new.urlencode()
