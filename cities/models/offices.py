"""Whose records a member of staff keeps: the places whose offices they belong to."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import UniqueConstraint
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from cities.models.places import Place
from common.versions import VersionedModel


class Clerkship(VersionedModel):
    """A person's seat in the office of a place.

    Who has one keeps the agreements of that place, and of places within it, and no others. Who has
    none, such as a ministry's staff, is not bound.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="clerkships",
        verbose_name=_("person"),
        help_text=_("The account of the member of staff. Whoever is in no office keeps all."),
    )
    place = models.ForeignKey(
        Place,
        on_delete=models.PROTECT,
        related_name="clerkships",
        verbose_name=_("office of"),
        help_text=_(
            "They then keep the agreements of this place and of the places in it, and no others."
        ),
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("seat in an office")
        verbose_name_plural = _("seats in offices")
        ordering: ClassVar[list] = ["place__name", "user__username"]
        constraints: ClassVar[list] = [
            UniqueConstraint(
                name="clerkship_once",
                fields=["user", "place"],
                violation_error_message=_("This person belongs to that office already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.place.name}"
