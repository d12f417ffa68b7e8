"""What is seated in a place."""

from django.db import models
from django.db.models import UniqueConstraint
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from cities.models.places import Place
from common.versions import VersionedModel


class Institution(VersionedModel):
    """A body seated in a place that can carry out what an agreement promises."""

    class Kind(models.TextChoices):
        UNIVERSITY = "university", _("university")
        COLLEGE = "college", _("college")
        CHAMBER = "chamber", _("chamber")
        MUSEUM = "museum", _("museum")
        COMPANY = "company", _("company")
        PLANT = "plant", _("plant")
        OTHER = "other", _("other")

    name = models.CharField(_("name"), max_length=250, help_text=_("Its own name, in English."))
    kind = models.CharField(
        _("kind"), max_length=12, choices=Kind, help_text=_("What it is first of all.")
    )
    place = models.ForeignKey(
        Place,
        on_delete=models.PROTECT,
        related_name="institutions",
        verbose_name=_("seat"),
        help_text=_("The place that it is seated in."),
    )
    website = models.URLField(
        _("website"), max_length=500, blank=True, help_text=_("Its own page.")
    )
    about = models.TextField(
        _("about"), max_length=2000, blank=True, help_text=_("What a partner should know of it.")
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("institution")
        verbose_name_plural = _("institutions")
        ordering = ["name"]
        constraints = [
            UniqueConstraint(
                name="institution_once_in_place",
                fields=["place", "name"],
                violation_error_message=_("This place has an institution of that name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name
