"""People who speak for places, and the offices that they hold."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from cities.models.places import Place
from cities.models.written import Written
from cities.querysets import OfficialQuerySet
from cities.slugs import free_slug, refuse_old_address
from common.fields import PartialDateField, span_constraint
from common.folded import FoldedField
from common.versions import VersionedModel


class Official(VersionedModel):
    """A person in public office. Only what belongs to the office is recorded."""

    name = models.CharField(
        _("name"),
        max_length=200,
        help_text=_("In English, as most sources spell it; other spellings go below."),
    )
    slug = models.SlugField(
        _("address"),
        max_length=80,
        unique=True,
        blank=True,
        help_text=_("The last part of the page's address. Left empty, it is made from the name."),
    )
    about = models.TextField(
        _("about"), max_length=2000, blank=True, help_text=_("Only what matters to the office.")
    )
    folded = FoldedField(source="name")
    history = HistoricalRecords()

    objects = OfficialQuerySet.as_manager()

    class Meta:
        verbose_name = _("official")
        verbose_name_plural = _("officials")
        ordering = ["name", "slug"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("official-detail", args=[self.slug])

    def save(self, *args, **kwargs):
        if not self.slug:
            self.slug = free_slug(Official, self.name)
        return super().save(*args, **kwargs)

    def validate_unique(self, exclude=None):
        super().validate_unique(exclude)
        refuse_old_address(self)


class Spelling(Written):
    """One way in which a source writes an official's name."""

    official = models.ForeignKey(Official, on_delete=models.CASCADE, related_name="spellings")
    text = models.CharField(
        _("spelling"), max_length=200, help_text=_("As a source writes it, such as Nowzari.")
    )
    folded = FoldedField(source="text")
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("spelling")
        verbose_name_plural = _("spellings")
        ordering = ["language", "text"]
        constraints = [
            models.UniqueConstraint(
                name="spelling_recorded_once",
                fields=["official", "text", "language"],
                violation_error_message=_("This spelling is on record already."),
            )
        ]

    def __str__(self) -> str:
        return self.text


class Appointment(VersionedModel):
    """An office that an official holds or held, and the place that it speaks for."""

    official = models.ForeignKey(Official, on_delete=models.CASCADE, related_name="appointments")
    title = models.CharField(
        _("office"), max_length=200, help_text=_("Such as Governor, Mayor, Ambassador.")
    )
    place = models.ForeignKey(
        Place,
        on_delete=models.PROTECT,
        related_name="appointments",
        verbose_name=_("speaks for"),
        help_text=_(
            "The place for which the office speaks: a mayor's city, a governor's province."
        ),
    )
    accredited_to = models.ForeignKey(
        Place,
        on_delete=models.PROTECT,
        related_name="accredited",
        null=True,
        blank=True,
        verbose_name=_("accredited to"),
        help_text=_("For an ambassador or consul: the country that receives them."),
    )
    began_on = PartialDateField(
        _("from"), null=True, blank=True, help_text=_("A year is enough. Empty if unknown.")
    )
    ended_on = PartialDateField(
        _("to"), null=True, blank=True, help_text=_("Empty while in office, or unknown.")
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ["-began_on", "title"]
        constraints = [
            span_constraint(
                "began_on",
                "ended_on",
                name="office_held_forwards",
                message=_("An office cannot end before it begins."),
            ),
            models.CheckConstraint(
                name="accredited_abroad",
                condition=models.Q(accredited_to__isnull=True)
                | ~models.Q(accredited_to=models.F("place")),
                violation_error_message=_("Nobody is accredited to the place they speak for."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.place}"
