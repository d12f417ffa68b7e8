"""Who an agreement is between."""

from django.db import models
from django.db.models import UniqueConstraint
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from agreements.models.agreement import Agreement
from agreements.querysets import OfAgreementQuerySet
from cities.models import Place
from common.folded import FoldedField
from common.versions import VersionedModel


class Party(VersionedModel):
    """A place's seat at an agreement."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="parties")
    # PROTECT: a place with agreements is not deleted from under them.
    place = models.ForeignKey(
        Place,
        on_delete=models.PROTECT,
        related_name="seats",
        verbose_name=_("place"),
        help_text=_("The city, region or country that is bound, not the person who signs for it."),
    )
    position = models.PositiveSmallIntegerField(
        _("order"), default=1, help_text=_("1 for the party named first, then 2, and so on.")
    )
    name_then = models.CharField(
        _("name in the text"),
        max_length=200,
        blank=True,
        help_text=_("Where the text names it otherwise than today, such as Stalingrad."),
    )
    folded = FoldedField(source="name_then")
    history = HistoricalRecords()

    objects = OfAgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        ordering = ["position", "id"]
        constraints = [
            UniqueConstraint(
                name="party_once",
                fields=["agreement", "place"],
                violation_error_message=_("A place is a party to an agreement only once."),
            )
        ]
        # From a place to its agreements without looking at the rows between.
        indexes = [models.Index(fields=["place", "agreement"])]

    def __str__(self) -> str:
        return self.place.name
