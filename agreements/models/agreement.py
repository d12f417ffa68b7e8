"""The agreement: its record. How it is moved and published: ``moving``."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import CheckConstraint, F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from agreements import references
from agreements.lifecycle import MOVES, Status, opening_permission
from agreements.models.issued import IssuedReference
from agreements.models.moving import Moving, Opening
from agreements.models.sectors import Sector
from agreements.querysets import AgreementQuerySet
from cities.validators import validate_language
from common.fields import PartialDateField, span_constraint
from common.folded import FoldedField
from common.versions import VersionedModel


class Agreement(Moving, VersionedModel):
    """One instrument, or the intention to make one."""

    class Kind(models.TextChoices):
        SISTER_CITY = "sister_city", _("sister city or twinning")
        FRIENDSHIP = "friendship", _("friendship")
        COOPERATION = "cooperation", _("cooperation agreement")
        MEMORANDUM = "memorandum", _("memorandum of understanding")
        LETTER_OF_INTENT = "letter_of_intent", _("letter of intent")
        PROJECT = "project", _("project partnership")
        NETWORK = "network", _("network")
        OTHER = "other", _("other")

    class Renewal(models.TextChoices):
        AUTOMATIC = "automatic", _("renews itself")
        AGREED = "agreed", _("renewed by agreement of the parties")
        NONE = "none", _("not renewed: it ends")

    class Visibility(models.TextChoices):
        INTERNAL = "internal", _("internal")
        PUBLIC = "public", _("public")

    reference = models.CharField(
        _("reference"),
        max_length=12,
        unique=True,
        editable=False,
        validators=[RegexValidator(references.PATTERN + r"\Z")],
    )
    title = models.CharField(
        _("title"),
        max_length=250,
        blank=True,
        help_text=_("Only where the text has a title of its own; else the parties' names serve."),
    )
    kind = models.CharField(
        _("kind"),
        max_length=20,
        choices=Kind,
        help_text=_("What it is in the words of this register; what it calls itself goes below."),
    )
    local_term = models.CharField(
        _("local term"),
        max_length=120,
        blank=True,
        help_text=_("What the parties call it, word for word: Jumelage, Städtepartnerschaft …"),
    )
    local_term_language = models.CharField(
        _("language of the local term"),
        max_length=3,
        blank=True,
        validators=[validate_language],
        help_text=_("ISO 639 code: fr, de, fa, tg …"),
    )
    # Both are written by move() alone; the database refuses any other hand (agreements.refusals).
    status = models.CharField(
        _("status"), max_length=12, choices=Status, default=Status.PROPOSED, editable=False
    )
    status_since = PartialDateField(_("since"), null=True, blank=True, editable=False)
    starts_on = PartialDateField(
        _("begins"),
        null=True,
        blank=True,
        help_text=_("Only where the text names another day than that of signing."),
    )
    expires_on = PartialDateField(
        _("expires"),
        null=True,
        blank=True,
        help_text=_("The last day, month or year of its term. Empty if it runs until ended."),
    )
    notice_by = PartialDateField(
        _("notice by"),
        null=True,
        blank=True,
        help_text=_("The last day to give notice or to decide about renewal. Empty if none."),
    )
    renewal = models.CharField(
        _("renewal"),
        max_length=10,
        choices=Renewal,
        blank=True,
        help_text=_("What becomes of it when its term is over, if the text says so."),
    )
    summary = models.TextField(
        _("summary"),
        max_length=4000,
        blank=True,
        help_text=_("What it is about, what is known and what is not, in a few plain sentences."),
    )
    sectors = models.ManyToManyField(
        Sector,
        blank=True,
        related_name="agreements",
        verbose_name=_("sectors"),
        help_text=_("The fields of cooperation that it names."),
    )
    visibility = models.CharField(
        _("visibility"),
        max_length=10,
        choices=Visibility,
        default=Visibility.INTERNAL,
        editable=False,
    )
    internal_note = models.TextField(
        _("internal note"),
        max_length=4000,
        blank=True,
        help_text=_("For colleagues only. It is never published, nor exported."),
    )
    # Somebody compared the record with its sources; written by verify() alone.
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True, editable=False)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("verified by"),
    )
    # A record found to be another one is kept, internal and aside; its address leads there.
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged_from",
        verbose_name=_("is the same as"),
    )
    merged_while_public = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(_("entered at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)
    folded = FoldedField(source="title")
    history = HistoricalRecords(m2m_fields=[sectors])

    # Set before the first save, by whoever knows more than the default.
    opening: Opening | None = None

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["reference"]
        permissions = [
            *((f"{move.name}_agreement", f"Can {move.name} agreements") for move in MOVES.values()),
            ("publish_agreement", "Can publish agreements"),
            ("undo_agreement", "Can undo a mistaken step"),
            ("merge_agreement", "Can merge agreements"),
        ]
        constraints = [
            CheckConstraint(
                name="agreement_status_known",
                condition=Q(status__in=[str(status.value) for status in Status]),
                violation_error_message=_("There is no such status."),
            ),
            CheckConstraint(
                name="agreement_visibility_known",
                condition=Q(visibility__in=["internal", "public"]),
                violation_error_message=_("An agreement is internal or public."),
            ),
            CheckConstraint(
                name="merged_is_internal",
                condition=Q(merged_into__isnull=True) | Q(visibility="internal"),
                violation_error_message=_("A record that was merged into another stays internal."),
            ),
            CheckConstraint(
                name="merged_into_another",
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                violation_error_message=_("An agreement is not merged into itself."),
            ),
            span_constraint(
                "starts_on",
                "expires_on",
                name="agreement_runs_forwards",
                message=_("An agreement cannot expire before it begins."),
            ),
            span_constraint(
                "notice_by",
                "expires_on",
                name="notice_within_the_term",
                message=_("Notice is given before an agreement expires."),
            ),
            CheckConstraint(
                name="agreement_renewal_known",
                condition=Q(renewal__in=["", "automatic", "agreed", "none"]),
                violation_error_message=_("There is no such way of renewal."),
            ),
        ]
        indexes = [
            models.Index(fields=["visibility", "status"]),
            # The order in which the API turns its pages.
            models.Index(fields=["visibility", "reference"]),
            models.Index(fields=["visibility", "status_since"]),
        ]

    def __str__(self) -> str:
        """Its name, where that costs no query; else the title or the reference."""
        joined = "parties" in getattr(self, "_prefetched_objects_cache", {})
        return self.name if joined else self.title or self.reference

    def get_absolute_url(self) -> str:
        return reverse("agreement-detail", args=[self.reference])

    @property
    def name(self) -> str:
        """The title, else the parties in their order: Qazvin – Khujand. Join parties first."""
        return (
            self.title
            or " – ".join(p.place.shown_name for p in self.parties.all())
            or self.reference
        )

    @property
    def is_public(self) -> bool:
        return self.visibility == self.Visibility.PUBLIC

    # Writing

    @classmethod
    def record(cls, *, opening: Opening, parties=(), **fields) -> "Agreement":
        from agreements.models.parties import Party

        with transaction.atomic():
            sectors = fields.pop("sectors", ())
            agreement = cls(**fields)
            agreement.opening = opening
            agreement.save()
            for position, place in enumerate(parties, start=1):
                Party.objects.create(agreement=agreement, place=place, position=position)
            agreement.sectors.set(sectors)
            if not agreement.is_kept_by(opening.by):
                raise PermissionDenied
        return agreement

    def save(self, *args, **kwargs):
        """A new record is written with the first step of its history, or not at all."""
        if not self._state.adding:
            return super().save(*args, **kwargs)
        opening = self.opening or Opening(status=self.status)
        self._check_may_open(opening)
        with transaction.atomic():
            self.reference = IssuedReference.issue(self.reference)
            self.status, self.status_since = opening.status, opening.happened_on
            super().save(*args, **kwargs)
            self._write_step(move="", from_status="", to_status=opening.status, step=opening)

    @staticmethod
    def _check_may_open(opening: Opening) -> None:
        if opening.by is not None and not opening.by.has_perm(opening_permission(opening.status)):
            raise PermissionDenied
