"""The fields of cooperation."""

from collections.abc import Iterable

from django.db import models
from django.db.models import CheckConstraint, Prefetch, Q, UniqueConstraint
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from cities.validators import validate_language
from common.versions import VersionedModel, VersionedQuerySet

# Of ``Sector.name``.
LANGUAGE = "en"


def readers_language() -> str:
    """``pt`` of a reader of ``pt-br``."""
    return (get_language() or LANGUAGE).split("-")[0]


class SectorQuerySet(VersionedQuerySet):
    def with_names(self):
        """Join the names in the reader's language, which ``shown_name`` draws on.

        Nothing is asked for a reader of English, whose names are there already.
        """
        language = readers_language()
        if language == LANGUAGE:
            return self
        spoken = SectorName.objects.filter(language=language)
        return self.prefetch_related(Prefetch("names", queryset=spoken, to_attr="spoken_names"))


class Sector(VersionedModel):
    """A field of cooperation, such as culture or agriculture."""

    name = models.CharField(
        _("name"),
        max_length=80,
        unique=True,
        help_text=_("In English, one or two words: Culture, Health. Other languages go below."),
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

    objects = SectorQuerySet.as_manager()

    class Meta:
        verbose_name = _("sector")
        verbose_name_plural = _("sectors")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("sector-detail", args=[self.slug])

    @property
    def shown(self) -> "SectorName | None":
        """The row behind ``shown_name``; None where that is ``name`` itself."""
        if readers_language() == LANGUAGE:
            return None
        return next(iter(getattr(self, "spoken_names", ())), None)

    @property
    def shown_name(self) -> str:
        """The name in the reader's language where one is on record, else in English."""
        return self.shown.text if self.shown else self.name

    @property
    def shown_language(self) -> str:
        """The code of the language of ``shown_name``."""
        return self.shown.language if self.shown else LANGUAGE


def by_shown_name(sectors: "Iterable[Sector]") -> "list[Sector]":
    """In the order of their names for the reader."""
    return sorted(sectors, key=lambda sector: sector.shown_name)


class SectorName(VersionedModel):
    """What the sector is called in one more language."""

    sector = models.ForeignKey(Sector, on_delete=models.CASCADE, related_name="names")
    language = models.CharField(
        _("language"),
        max_length=3,
        validators=[validate_language],
        help_text=_("ISO 639 code, other than en: fa, tg, ru …"),
    )
    text = models.CharField(
        _("name"),
        max_length=80,
        help_text=_("One or two words, as readers of that language say it: Фарҳанг."),
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("name in another language")
        verbose_name_plural = _("names in other languages")
        ordering = ["language"]
        constraints = [
            UniqueConstraint(
                name="sector_named_once_in_language",
                fields=["sector", "language"],
                violation_error_message=_("The sector has a name in this language already."),
            ),
            CheckConstraint(
                name="sector_named_otherwise_than_above",
                condition=~Q(language="en"),
                violation_error_message=_("The English name is the one above."),
            ),
        ]

    def __str__(self) -> str:
        return self.text
