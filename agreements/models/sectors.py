"""The fields of cooperation."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from common.versions import VersionedModel


class Sector(VersionedModel):
    """A field of cooperation, such as culture or agriculture."""

    name = models.CharField(
        _("name"), max_length=80, unique=True, help_text=_("One or two words: Culture, Health.")
    )
    slug = models.SlugField(
        _("address"),
        max_length=80,
        unique=True,
        help_text=_("The last part of the page's address."),
    )
    description = models.TextField(
        _("description"), max_length=1000, blank=True, help_text=_("What belongs in this sector.")
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("sector")
        verbose_name_plural = _("sectors")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("sector-detail", args=[self.slug])
