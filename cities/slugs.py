from collections.abc import Iterator
from itertools import chain, count
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.text import slugify
from django.utils.translation import gettext as _

from common.names import fold


def addresses(name: str, *suffixes: str) -> Iterator[str]:
    """What a name may have for its address, the best first, without end.

    Munich → ``munich``; a second Munster → ``munster-de``; a third → ``munster-de-city`` …
    """
    candidates = [slugify(fold(name))[:60] or "unnamed"]
    for suffix in filter(None, suffixes):
        candidates.append(f"{candidates[-1]}-{suffix}")
    return chain(candidates, (f"{candidates[-1]}-{number}" for number in count(2)))


def merges_of(model: Any) -> Any:
    """The records of the model that are no more, by whose addresses others are found now."""
    return model._meta.get_field("merges").related_model._default_manager


def refuse_old_address(record: Any) -> None:
    """The database refuses it too; here people are told."""
    if record.slug and merges_of(type(record)).filter(slug=record.slug).exists():
        said = _("This address belonged to a record that was merged with another, and leads there.")
        raise ValidationError({"slug": said})


def taken_slugs(model: type[Model], beginning: str = "") -> set[str]:
    """Those of the rows, and those that lead on since their rows were merged with others."""
    return {
        slug
        for rows in (model._default_manager, merges_of(model))
        for slug in rows.filter(slug__startswith=beginning).values_list("slug", flat=True)
    }


def free_slug(model: type[Model], name: str, *suffixes: str) -> str:
    """The best slug for a name that no row of ``model`` has, nor had before a merge."""
    taken = taken_slugs(model, next(addresses(name)))
    return next(slug for slug in addresses(name, *suffixes) if slug not in taken)
