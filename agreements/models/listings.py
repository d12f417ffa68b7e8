"""Lists of ties that were read in from files, and what each of their rows says."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from agreements.models.evidence import Citation, Source
from agreements.querysets import being_seen
from cities.models import Place
from common.fields import PartialDateField
from common.versions import VersionedModel, VersionedQuerySet


class TieImport(VersionedModel):
    """A file of ties that somebody had looked through, and perhaps entered."""

    source = models.ForeignKey(
        Source,
        on_delete=models.PROTECT,
        related_name="imports",
        verbose_name=_("list"),
        help_text=_("The list that the file is a copy of: each tie is entered on its word."),
    )
    listed_on = PartialDateField(
        _("state of the list"),
        help_text=_("The day, month or year of the copy: what it lists was on record by then."),
    )
    file = models.FileField(_("file"), upload_to="imports/", max_length=200, blank=True)
    file_name = models.CharField(_("name of the file"), max_length=200)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    # How it is to be read: kind, new places, publishing, mapping of columns.
    options: models.JSONField = models.JSONField(default=dict, blank=True)
    # Of the plan that was shown; what is entered must be just that.
    plan_digest = models.CharField(max_length=64, blank=True)
    # How many rows had which outcome.
    counts: models.JSONField = models.JSONField(default=dict, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("uploaded by"),
    )
    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)
    committed_at = models.DateTimeField(_("entered at"), null=True, blank=True)

    class Meta:
        verbose_name = _("import of ties")
        verbose_name_plural = _("imports of ties")
        ordering = ["-uploaded_at", "-pk"]
        default_permissions = ("add", "view")

    def __str__(self) -> str:
        return f"{self.file_name} ({self.listed_on})"


class ListingQuerySet(VersionedQuerySet):
    def visible_to(self, user):
        return self.filter(being_seen(user, "citation__agreement__"))


class Listing(VersionedModel):
    """The row of a list behind a citation: where it stood, and what it said."""

    class Sides(models.TextChoices):
        BOTH = "both", _("both sides list it")
        ONE = "one", _("one side alone lists it")
        UNKNOWN = "unknown", _("who lists it is not known")

    citation = models.OneToOneField(Citation, on_delete=models.CASCADE, related_name="listing")
    run = models.ForeignKey(TieImport, on_delete=models.PROTECT, related_name="listings")
    row = models.PositiveIntegerField(_("row"), help_text=_("Its number in the file, from 1."))
    # The parties by their keys in the list, and the beginning where one pair has several ties.
    key = models.CharField(max_length=200, db_index=True)
    sides = models.CharField(_("listed by"), max_length=8, choices=Sides, default=Sides.UNKNOWN)
    listed_by = models.ForeignKey(
        Place,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="lone_listings",
        verbose_name=_("the side that lists it"),
    )
    # The cells of the row as they stood, by their columns.
    stated: models.JSONField = models.JSONField(default=dict, blank=True)
    contradicts = models.CharField(_("contradicts the register"), max_length=300, blank=True)
    first_listed_on = PartialDateField(_("listed since"))
    last_listed_on = PartialDateField(_("listed until"))
    gone_since = PartialDateField(_("no longer listed since"), null=True, blank=True)
    history = HistoricalRecords()

    objects = ListingQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of a list")
        verbose_name_plural = _("rows of lists")
        ordering = ["run", "row"]
        default_permissions = ("view",)
        constraints: ClassVar[list] = [
            CheckConstraint(
                name="one_side_is_named",
                condition=Q(sides="one", listed_by__isnull=False)
                | (~Q(sides="one") & Q(listed_by__isnull=True)),
                violation_error_message=_("Name the side that lists it, where it is one alone."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.run}, {self.row}"
