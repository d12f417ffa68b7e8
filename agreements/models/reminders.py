"""What each member of the staff was reminded of, and how they want it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import UniqueConstraint
from django.utils.translation import gettext_lazy as _

from agreements.models.agreement import Agreement
from agreements.querysets import OfAgreementQuerySet, sees_internal
from common.versions import VersionedModel


class Preferences(VersionedModel):
    """How a person wants to be told what is due. Who has said nothing gets the digest."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preferences"
    )
    digest = models.BooleanField(
        _("digest by e-mail"),
        default=True,
        help_text=_("What is due among the agreements that you keep. Each thing is told once."),
    )
    language = models.CharField(
        _("language"),
        max_length=10,
        blank=True,
        help_text=_("Of the digest and of the calendar; if empty, the register’s own."),
    )
    # SHA-256 of the secret in the calendar's address, which is shown once; empty: no calendar.
    calendar_key = models.CharField(max_length=64, blank=True, editable=False, db_index=True)

    class Meta:
        verbose_name = _("preferences")
        verbose_name_plural = _("preferences")
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.user)


class ReminderQuerySet(OfAgreementQuerySet):
    def visible_to(self, user):
        return super().visible_to(user) if sees_internal(user) else self.none()

    def update(self, **changes):
        """Reminders have no version: nobody edits them."""
        return models.QuerySet.update(self, **changes)

    update.alters_data = True  # type: ignore[attr-defined]


class Reminder(models.Model):
    """That a person was told of one thing; ``what`` is a name in ``agreements.reminding.WHATS``.

    ``due`` is the thing's date as text: on another day it is another thing.

    It is written before the mail goes out, so that nothing is told twice; ``sent_at`` comes after.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reminders"
    )
    what = models.CharField(max_length=30)
    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="reminders")
    # The initiative or request that is meant, where an agreement has several; else 0.
    row = models.BigIntegerField(default=0)
    due = models.CharField(max_length=10, blank=True)
    run = models.UUIDField(db_index=True)
    claimed_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints: ClassVar[list] = [
            UniqueConstraint(
                name="reminded_once", fields=["user", "what", "agreement", "row", "due"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.what}, {self.agreement_id}"
