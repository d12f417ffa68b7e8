"""The agreement: its record, its moves, its publishing."""

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import CheckConstraint, F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from agreements import references
from agreements.lifecycle import MOVES, ONCE_SIGNED, Facts, Status, opening_permission
from agreements.models.history import MoveRefused, StatusChange
from agreements.models.issued import IssuedReference
from agreements.models.sectors import Sector
from agreements.models.standing import Standing
from agreements.querysets import AgreementQuerySet
from cities.models import Place
from cities.validators import validate_language
from common.dates import PartialDate
from common.fields import PartialDateField, span_constraint
from common.folded import FoldedField
from common.versions import StaleVersion, VersionedModel

MERGED = _("This record was merged into another, which is the one to go on with.")


@dataclass
class Opening:
    """How a record begins. ``by`` is the person who records it; None stands for a command."""

    status: str = Status.PROPOSED
    happened_on: PartialDate | None = None
    on_record_by: PartialDate | None = None
    end_reason: str = ""
    acted_by: Place | None = None
    note: str = ""
    by: Any = None
    citations: list = field(default_factory=list)


class Agreement(Standing, VersionedModel):
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

    def _write_step(self, *, move: str, from_status: str, to_status: str, step: Opening):
        from agreements.models.evidence import Citation

        change = StatusChange(
            agreement=self,
            sequence=self.steps.count() + 1,
            move=move,
            from_status=from_status,
            to_status=to_status,
            happened_on=step.happened_on,
            on_record_by=step.on_record_by,
            end_reason=step.end_reason,
            acted_by=step.acted_by,
            note=step.note,
            recorded_by=step.by,
        )
        change.save()
        for source, says in step.citations:
            Citation.objects.create(agreement=self, step=change, source=source, says=says)
        return change

    def move(
        self,
        name: str,
        *,
        by,
        happened_on: PartialDate | None = None,
        on_record_by: PartialDate | None = None,
        end_reason: str = "",
        acted_by: Place | None = None,
        note: str = "",
        citations=(),
    ) -> StatusChange:
        """Make one move of the lifecycle: the status and its step together, or neither.

        ``by`` is the person who records it (None: a command); ``citations`` are pairs of a Source
        and what it says. Raises PermissionDenied, MoveRefused with words for people, or
        StaleVersion when somebody changed the agreement since this copy of it was read.
        """
        row = MOVES[name]
        if by is not None and not by.has_perm(row.permission):
            raise PermissionDenied
        step = Opening(
            row.to_status,
            happened_on,
            on_record_by,
            end_reason,
            acted_by,
            note,
            by,
            list(citations),
        )
        with transaction.atomic():
            current = Agreement.objects.select_for_update().filter(pk=self.pk).first()
            if current is None or current.version != self.version:
                raise StaleVersion(self)
            current._check_may_move(row, step)
            change = current._write_step(
                move=name, from_status=current.status, to_status=row.to_status, step=step
            )
            current.status, current.status_since = row.to_status, step.happened_on
            if by is not None:
                current._history_user = by  # type: ignore[attr-defined]
            current.save()
        self.refresh_from_db()
        return change

    def _check_may_move(self, row, step: Opening) -> None:
        if self.merged_into_id:
            raise MoveRefused(MERGED)
        if self.status not in row.from_statuses:
            raise MoveRefused(
                _("An agreement that is %(status)s cannot be %(done)s.")
                % {"status": self.get_status_display(), "done": row.done}
            )
        if step.acted_by and not self.parties.filter(place=step.acted_by).exists():
            raise MoveRefused({"acted_by": _("Only a party can act alone.")})
        if lacking := row.lacks(self.facts(step)):
            raise MoveRefused(lacking)

    def facts(self, step: Opening) -> Facts:
        return Facts(
            parties=self.parties.count(),
            has_day=bool(step.happened_on or step.on_record_by),
            has_evidence=bool(step.citations)
            or self.signatures.exists()
            or self.documents.exists(),
            end_reason=step.end_reason,
        )

    # Publishing

    def publish(self, *, by) -> None:
        """Show it, and all that hangs on it, to everybody.

        Raises PermissionDenied, or MoveRefused when the record is not fit to be shown.
        """
        self._check_may_publish(by)
        if lacking := self.lacks_for_publishing():
            raise MoveRefused(lacking)
        self._set_visibility(self.Visibility.PUBLIC)

    def unpublish(self, *, by) -> None:
        self._check_may_publish(by)
        self._set_visibility(self.Visibility.INTERNAL)

    def lacks_for_publishing(self) -> list:
        """What a public record of this status must have and this one has not, in words."""
        lacking = [MERGED] if self.merged_into_id else []
        if self.parties.count() < 2:
            lacking.append(_("An agreement needs two parties or more."))
        evidence = self.citations.exists() or self.signatures.exists() or self.documents.exists()
        if self.status in ONCE_SIGNED and not evidence:
            lacking.append(_("Nothing on record says that it was signed: add a source."))
        return lacking

    @staticmethod
    def _check_may_publish(by) -> None:
        if by is not None and not by.has_perm("agreements.publish_agreement"):
            raise PermissionDenied

    def _set_visibility(self, visibility: str) -> None:
        self.visibility = visibility
        self.save(update_fields=["visibility", "updated_at"])
