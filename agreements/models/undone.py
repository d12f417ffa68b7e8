"""Steps that were recorded by mistake: out of the history, and on record for the staff."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from agreements.lifecycle import MOVES, EndReason, Status
from agreements.models.history import StatusChange
from agreements.querysets import OfAgreementQuerySet, sees_internal
from cities.models import Place
from common.fields import PartialDateField

FACTS = (
    *("agreement_id", "sequence", "move", "from_status", "to_status", "happened_on"),
    *("on_record_by", "end_reason", "acted_by_id", "note", "recorded_by_id", "recorded_at"),
)


class UndoneStepQuerySet(OfAgreementQuerySet):
    def visible_to(self, user):
        """A mistake is for the staff's eyes, also where the agreement is public."""
        return super().visible_to(user) if sees_internal(user) else self.none()


class UndoneStep(models.Model):
    """A step as it was recorded, and who undid it, when and why. Written by ``Agreement.undo``."""

    agreement = models.ForeignKey(
        "agreements.Agreement", on_delete=models.CASCADE, related_name="undone_steps"
    )
    sequence = models.PositiveSmallIntegerField(_("number"))
    move = models.CharField(_("move"), max_length=12)
    from_status = models.CharField(_("from"), max_length=12, choices=Status)
    to_status = models.CharField(_("to"), max_length=12, choices=Status)
    happened_on = PartialDateField(_("happened on"), null=True, blank=True)
    on_record_by = PartialDateField(_("on record by"), null=True, blank=True)
    end_reason = models.CharField(_("reason"), max_length=12, choices=EndReason, blank=True)
    acted_by = models.ForeignKey(
        Place,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("acted alone"),
    )
    note = models.TextField(_("note"), max_length=2000, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    recorded_at = models.DateTimeField(_("recorded at"))
    reason = models.CharField(_("what was wrong"), max_length=500)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("undone by"),
    )
    undone_at = models.DateTimeField(_("undone at"), auto_now_add=True)

    objects = UndoneStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("undone step")
        verbose_name_plural = _("undone steps")
        ordering: ClassVar[list] = ["-undone_at", "-pk"]
        default_permissions = ("view",)
        # The trigger looks here for each step that is deleted.
        indexes: ClassVar[list] = [models.Index(fields=["agreement", "sequence"])]

    def __str__(self) -> str:
        return f"{self.done} ({self.happened_on or _('date unknown')})"

    @property
    def done(self):
        return MOVES[self.move].done

    @classmethod
    def of(cls, step: StatusChange, *, by: Any, reason: str) -> "UndoneStep":
        facts = {name: getattr(step, name) for name in FACTS}
        return cls.objects.create(**facts, undone_by=by, reason=reason)
