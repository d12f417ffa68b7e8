"""What one member of the staff asks of another: a move, or to publish."""

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agreements.lifecycle import MOVES
from agreements.querysets import OfAgreementQuerySet, sees_internal
from common.versions import alters_data

PUBLISH_ACT = "publish"
ACTS = {**{name: move.permission for name, move in MOVES.items()}}
ACTS[PUBLISH_ACT] = "agreements.publish_agreement"


class RequestQuerySet(OfAgreementQuerySet):
    def visible_to(self, user):
        """What the staff ask of each other is for the staff's eyes alone."""
        return super().visible_to(user) if sees_internal(user) else self.none()

    def waiting(self):
        return self.filter(answered_at__isnull=True)

    @alters_data
    def close(self, agreement, act: str, *, by: Any) -> None:
        """It was done: whoever asked for it has their answer."""
        asked = self.waiting().filter(agreement=agreement, act=act)
        asked.update(answered_at=timezone.now(), answered_by=by, outcome=Request.Outcome.DONE)

    @alters_data
    def update(self, **changes):
        """Requests have no version: they are asked once and answered once."""
        return models.QuerySet.update(self, **changes)


class Request(models.Model):
    """Somebody asks who may to move an agreement, or to publish it; it waits until answered.

    ``act`` is the name of a move, or ``publish``.
    """

    class Outcome(models.TextChoices):
        DONE = "done", _("done")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("taken back")

    agreement = models.ForeignKey(
        "agreements.Agreement", on_delete=models.CASCADE, related_name="requests"
    )
    act = models.CharField(
        _("what is asked"), max_length=12, help_text=_("The move to make, or to publish.")
    )
    note = models.TextField(
        _("note"),
        max_length=1000,
        blank=True,
        help_text=_("What the registrar should know: what is ready, and on which source."),
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("asked by"),
    )
    asked_at = models.DateTimeField(_("asked at"), default=timezone.now)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True)
    answer = models.TextField(
        _("answer"), max_length=1000, blank=True, help_text=_("Why not, and what is still missing.")
    )
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        ordering: ClassVar[list] = ["asked_at", "pk"]
        default_permissions = ("add", "view")
        constraints: ClassVar[list] = [
            UniqueConstraint(
                name="asked_once",
                fields=["agreement", "act"],
                condition=Q(answered_at__isnull=True),
                violation_error_message=_("This is asked for already."),
            ),
            CheckConstraint(
                name="answered_with_an_outcome",
                condition=Q(answered_at__isnull=True, outcome="")
                | (Q(answered_at__isnull=False) & ~Q(outcome="")),
            ),
        ]
        indexes: ClassVar[list] = [models.Index(fields=["answered_at", "act"])]

    def __str__(self) -> str:
        return f"{self.label}: {self.agreement}"

    @property
    def label(self):
        return MOVES[self.act].label if self.act in MOVES else _("Publish")

    @property
    def permission(self) -> str:
        return ACTS[self.act]

    @classmethod
    def ask(cls, agreement, act: str, *, by: Any, note: str = "") -> "Request":
        """Raises PermissionDenied, or ValidationError where it is asked for already."""
        if act not in ACTS:
            raise ValidationError(_("There is no such move."))
        agreement.check_may(by, "agreements.add_request")
        asked = cls(agreement=agreement, act=act, note=note, asked_by=by)
        asked.full_clean()
        asked.save()
        return asked

    def decline(self, *, by: Any, answer: str) -> None:
        """By whoever could do it. Raises PermissionDenied, or ValidationError."""
        self.agreement.check_may(by, self.permission)
        if not answer.strip():
            raise ValidationError({"answer": _("Say why not.")})
        self._answer(Request.Outcome.DECLINED, by, answer.strip())

    def take_back(self, *, by: Any) -> None:
        if by != self.asked_by:
            raise PermissionDenied
        self._answer(Request.Outcome.WITHDRAWN, by, "")

    def _answer(self, outcome: str, by: Any, answer: str) -> None:
        told = {"outcome": outcome, "answered_by": by, "answer": answer}
        here = Request.objects.waiting().filter(pk=self.pk)
        if not here.update(answered_at=timezone.now(), **told):
            raise ValidationError(_("Somebody answered this meanwhile."))
        self.refresh_from_db()
