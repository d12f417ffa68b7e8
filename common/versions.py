"""Two people never overwrite each other: every row carries a version.

The version that a person started from is compared in the very UPDATE that saves, so there is no
moment between looking and writing in which a colleague's save could be lost. Whatever way a name
is written here, its folded form is written with it (``common.folded``).
"""

from typing import Any

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from common.folded import fold_row, folded_fields, with_folded


class StaleVersion(Exception):
    """Raised when a row was saved, moved or deleted by somebody else since it was read."""

    def __init__(self, instance: models.Model) -> None:
        super().__init__(f"{instance._meta.label} {instance.pk} has changed since it was read")
        self.instance = instance


def alters_data(method):
    """Keep templates from calling a method; an override does not inherit Django's own mark."""
    vars(method)["alters_data"] = True
    return method


class VersionedQuerySet(models.QuerySet):
    @alters_data
    def update(self, **changes):
        """Raise the version too: a form that is open on one of these rows must notice."""
        changes.setdefault("version", F("version") + 1)
        for field in folded_fields(self.model):
            if field.source in changes and field.name not in changes:
                changes[field.name] = field.folded(plain_text(field.source, changes))
        return super().update(**changes)

    @alters_data
    def bulk_update(self, objs, fields, batch_size=None):
        """Write the folded form of a name with the name."""
        objs, written = tuple(objs), with_folded(self.model, fields)
        for row in objs:
            fold_row(row, written)
        return super().bulk_update(objs, written, batch_size)


def plain_text(name: str, changes: dict) -> str:
    """The text that is to be written; what only the database can work out cannot be folded."""
    if not isinstance(changes[name], str):
        raise ValueError(f"Search could not find it: give {name} as text, or save row by row")
    return changes[name]


VersionedManager = models.Manager.from_queryset(VersionedQuerySet)


class VersionedModel(models.Model):
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    objects = VersionedManager()

    class Meta:
        abstract = True

    def save_base(self, *args: Any, update_fields: Any = None, **kwargs: Any) -> None:
        """A save of the name alone writes the folded form as well."""
        if update_fields:
            update_fields = frozenset(with_folded(type(self), update_fields))
        super().save_base(*args, **{**kwargs, "update_fields": update_fields})

    def _do_update(self, base_qs, using, pk_val, values, *options):
        """Django's one place that writes the UPDATE of a save; the comparison belongs in it.

        Fixtures (``raw``) build their rows from nothing, so there is no version to compare.
        """
        if self._state.adding:
            return super()._do_update(base_qs, using, pk_val, values, *options)
        version = self._meta.get_field("version")
        values = [entry for entry in values if entry[0] is not version]
        values.append((version, None, self.version + 1))
        unchanged = base_qs.filter(version=self.version)
        if not super()._do_update(unchanged, using, pk_val, values, *options):
            raise StaleVersion(self)
        self.version += 1
        return True
