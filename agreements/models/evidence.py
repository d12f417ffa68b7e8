"""Who says so: sources, what each says, the texts themselves, and how agreements relate."""

from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from agreements.documents import BY_ENDING
from agreements.documents.field import DocumentField
from agreements.documents.keeping import replacing
from agreements.models.agreement import Agreement
from agreements.models.deeds import Approval, Event
from agreements.models.history import StatusChange
from agreements.querysets import OfAgreementQuerySet, being_seen, seats_kept_by, sees_internal
from cities.models import Place
from cities.offices import is_bound
from cities.validators import validate_language
from common.fields import PartialDateField
from common.names import fold
from common.versions import VersionedModel, VersionedQuerySet

DOCUMENT_EXTENSIONS = tuple(BY_ENDING)


class Evidence(models.TextChoices):
    """How good the word for an agreement is, from nothing to the text itself."""

    NONE = "none", _("no source")
    PRESS = "press", _("others’ reports only")
    ONE_PARTY = "one_party", _("one party’s own record")
    EVERY_PARTY = "every_party", _("every party’s own record")
    TEXT = "text", _("text on file")


class SourceQuerySet(VersionedQuerySet):
    def visible_to(self, user):
        """Sources that an agreement which the reader may see is drawn from.

        The staff see those too that no agreement is drawn from yet.
        """
        if sees_internal(user) and not is_bound(user):
            return self
        here = Citation.objects.order_by().filter(source=models.OuterRef("pk"))
        seen = models.Exists(here.visible_to(user))
        return self.filter(seen | ~models.Exists(here) if sees_internal(user) else seen)

    def kept_by(self, user):
        """Sources that no agreement rests on which this person does not keep."""
        if not is_bound(user):
            return self
        kept = Citation.objects.order_by().kept_by(user)
        return self.exclude(pk__in=Citation.objects.exclude(pk__in=kept).values("source"))


class Source(VersionedModel):
    """Something published that says so."""

    class Kind(models.TextChoices):
        PRESS = "press", _("press")
        OFFICIAL = "official", _("official publication")
        DECISION = "decision", _("decision or minutes")
        REGISTER = "register", _("register or list")
        OTHER = "other", _("other")

    key = models.SlugField(
        _("short name"),
        max_length=80,
        unique=True,
        blank=True,
        help_text=_("To find it again: asia-plus-2025-05-14. Left empty, it is made for you."),
    )
    publisher = models.CharField(
        _("publisher"),
        max_length=150,
        help_text=_("Who published it: a paper, a city, a ministry."),
    )
    title = models.CharField(
        _("title"), max_length=300, help_text=_("The headline, word for word, even where it errs.")
    )
    url = models.URLField(
        _("address"), max_length=700, blank=True, help_text=_("Where it can be read, if online.")
    )
    published_on = PartialDateField(
        _("published on"), null=True, blank=True, help_text=_("A year or a month is enough.")
    )
    accessed_on = PartialDateField(
        _("read on"), null=True, blank=True, help_text=_("When you read it, for pages that change.")
    )
    language = models.CharField(
        _("language"),
        max_length=3,
        default="en",
        validators=[validate_language],
        help_text=_("ISO 639 code of its language: en, fa, tg, ru …"),
    )
    kind = models.CharField(
        _("kind"), max_length=10, choices=Kind, help_text=_("What sort of publication it is.")
    )
    speaks_for = models.ForeignKey(
        Place,
        on_delete=models.PROTECT,
        related_name="sources",
        null=True,
        blank=True,
        verbose_name=_("speaks for"),
        help_text=_("Only for a place’s own record, such as a city’s own website. Else empty."),
    )
    history = HistoricalRecords()

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["publisher", "published_on", "key"]

    def __str__(self) -> str:
        return f"{self.publisher}: {self.title}"

    def save(self, *args, **kwargs):
        if not self.key:
            self.key = self._free_key()
        return super().save(*args, **kwargs)

    def _free_key(self) -> str:
        base = slugify(fold(f"{self.publisher} {self.published_on or ''}"))[:70] or "source"
        number = Source.objects.filter(key__startswith=base).count()
        while number and Source.objects.filter(key=f"{base}-{number + 1}").exists():
            number += 1
        return f"{base}-{number + 1}" if number else base


class Document(VersionedModel):
    """A text of the agreement in a language, as a file with its checksum, or a link."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="documents")
    title = models.CharField(
        _("title"), max_length=200, help_text=_("What it is: “Agreement”, “Annex 1” …")
    )
    language = models.CharField(
        _("language"),
        max_length=3,
        validators=[validate_language],
        help_text=_("ISO 639 code of the text’s language: en, fa, tg, ru …"),
    )
    file = DocumentField(
        _("file"),
        upload_to="documents/",
        max_length=200,
        blank=True,
        validators=[FileExtensionValidator(DOCUMENT_EXTENSIONS)],
        help_text=_("PDF, DOCX, ODT, JPEG, PNG or TXT. It is published with the agreement."),
    )
    url = models.URLField(
        _("link"), max_length=700, blank=True, help_text=_("Where the text can be read, if online.")
    )
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True, editable=False)
    history = HistoricalRecords()

    objects = OfAgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["language", "title", "id"]
        constraints = [
            CheckConstraint(
                name="document_somewhere",
                condition=~Q(file="") | ~Q(url=""),
                violation_error_message=_("Give the file or a link."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.language})"

    def get_absolute_url(self) -> str:
        """Of the file on this site where there is one, else of the text elsewhere."""
        if not self.file:
            return self.url
        return reverse("document-file", args=[self.agreement.reference, self.sha256])

    def save(self, *args, update_fields=None, **kwargs):
        if not self.file:
            self.sha256 = ""
        if update_fields and "file" in update_fields:
            update_fields = {*update_fields, "sha256"}
        with replacing(self, "file", kwargs.get("using")):
            return super().save(*args, update_fields=update_fields, **kwargs)


class Citation(VersionedModel):
    """What a source says of an agreement, or of one step, approval or event of it."""

    source = models.ForeignKey(
        Source,
        on_delete=models.PROTECT,
        related_name="citations",
        verbose_name=_("source"),
        help_text=_("Search by publisher, headline or address; add it if it is new."),
    )
    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="citations")
    step = models.ForeignKey(
        StatusChange,
        on_delete=models.CASCADE,
        related_name="citations",
        null=True,
        blank=True,
        verbose_name=_("of the step"),
        help_text=_("If it speaks of one step, such as the signing."),
    )
    approval = models.ForeignKey(
        Approval,
        on_delete=models.CASCADE,
        related_name="citations",
        null=True,
        blank=True,
        verbose_name=_("of the approval"),
        help_text=_("If it speaks of one approval."),
    )
    event = models.ForeignKey(
        Event,
        on_delete=models.CASCADE,
        related_name="citations",
        null=True,
        blank=True,
        verbose_name=_("of the event"),
        help_text=_("If it speaks of one event."),
    )
    says = models.TextField(
        _("what it says"),
        max_length=1500,
        blank=True,
        help_text=_(
            "In your words, and no more than it says: “Headline says “became sister city”; the "
            "text reports a council’s vote.”"
        ),
    )
    history = HistoricalRecords()

    objects = OfAgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["source__published_on", "id"]
        constraints = [
            CheckConstraint(
                name="citation_of_one_thing",
                condition=Q(step__isnull=True, approval__isnull=True)
                | Q(step__isnull=True, event__isnull=True)
                | Q(approval__isnull=True, event__isnull=True),
                violation_error_message=_("Choose one step, one approval or one event."),
            )
        ]

    def __str__(self) -> str:
        return str(self.source)

    def clean(self):
        """The database refuses these too (``agreements.refusals``)."""
        for name in ("step", "approval"):
            subject = getattr(self, name)
            if subject and subject.agreement_id != self.agreement_id:
                raise ValidationError({name: _("This belongs to another agreement.")})
        if self.event and not self.event.agreements.filter(pk=self.agreement_id).exists():
            raise ValidationError({"event": _("This event is not one of this agreement.")})


class RelationQuerySet(VersionedQuerySet):
    def visible_to(self, user):
        """A relation would tell of both its ends, so both must be visible."""
        both = being_seen(user, "from_agreement__") & being_seen(user, "to_agreement__")
        return self.filter(both)

    def kept_by(self, user):
        if not is_bound(user):
            return self
        return self.filter(from_agreement__in=seats_kept_by(user).values("agreement"))


class Relation(VersionedModel):
    """What an agreement is to an older one."""

    class Kind(models.TextChoices):
        RENEWS = "renews", _("renews")
        AMENDS = "amends", _("amends")
        IMPLEMENTS = "implements", _("implements")
        REPLACES = "replaces", _("replaces")
        RESUMES = "resumes", _("resumes")

    from_agreement = models.ForeignKey(
        Agreement, on_delete=models.CASCADE, related_name="relations", verbose_name=_("from")
    )
    kind = models.CharField(
        _("relation"),
        max_length=12,
        choices=Kind,
        help_text=_("Read it aloud: this one … that one."),
    )
    to_agreement = models.ForeignKey(
        Agreement,
        on_delete=models.CASCADE,
        related_name="related_from",
        verbose_name=_("agreement"),
        help_text=_("The older agreement."),
    )
    history = HistoricalRecords()

    objects = RelationQuerySet.as_manager()

    class Meta:
        verbose_name = _("relation")
        verbose_name_plural = _("relations")
        ordering = ["kind", "id"]
        constraints = [
            UniqueConstraint(
                name="relation_once",
                fields=["from_agreement", "to_agreement", "kind"],
                violation_error_message=_("This relation is on record already."),
            ),
            CheckConstraint(
                name="relation_between_two",
                condition=~Q(from_agreement=F("to_agreement")),
                violation_error_message=_("An agreement is not related to itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.to_agreement}"
