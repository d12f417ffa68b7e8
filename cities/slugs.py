from itertools import chain, count

from django.db.models import Model
from django.utils.text import slugify

from common.names import fold


def free_slug(model: type[Model], name: str, *suffixes: str) -> str:
    """A slug that no row of ``model`` has: the name alone, else with suffixes, else with a number.

    Munich → ``munich``; a second Munster → ``munster-de``; a third → ``munster-de-city`` …
    """
    candidates = [slugify(fold(name))[:60] or "unnamed"]
    for suffix in filter(None, suffixes):
        candidates.append(f"{candidates[-1]}-{suffix}")
    taken = set(
        model._default_manager.filter(slug__startswith=candidates[0]).values_list("slug", flat=True)
    )
    numbered = (f"{candidates[-1]}-{number}" for number in count(2))
    return next(slug for slug in chain(candidates, numbered) if slug not in taken)
