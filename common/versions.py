"""Two people never overwrite each other: every row carries a version.

The version that a person started from is compared in the very UPDATE that saves, so there is no
moment between looking and writing in which a colleague's save could be lost.
"""

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _


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
        return super().update(**changes)


VersionedManager = models.Manager.from_queryset(VersionedQuerySet)


class VersionedModel(models.Model):
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    objects = VersionedManager()

    class Meta:
        abstract = True

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
