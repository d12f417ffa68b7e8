"""The lifecycle's own record: one row a step, only ever added to."""

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, CheckConstraint, F, Func, Q, UniqueConstraint, Value, When
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agreements.lifecycle import MOVES, EndReason, Status, legal_step
from agreements.querysets import OfAgreementQuerySet
from cities.models import Place
from common.fields import PartialDateField
from common.versions import alters_data

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class MoveRefused(ValidationError):
    """A move that the lifecycle does not allow; its messages say why, for people."""


class StatusChangeQuerySet(OfAgreementQuerySet):
    @alters_data
    def update(self, **changes):
        raise ValueError("The history of an agreement is only ever added to")

    @alters_data
    def delete(self):
        raise ValueError("The history of an agreement is only ever added to")

    # What happened, and when

    def of_known_day(self):
        """Steps of which the day, the month or the year is known."""
        return self.filter(happened_on__isnull=False)

    def of_unknown_day(self):
        """Nobody knows when they happened; some are on record by a day."""
        return self.filter(happened_on__isnull=True)

    def between(self, first: date | None = None, last: date | None = None):
        """Steps of a known day from the first to the last, both included; None is no bound.

        One of a month or a year lies on the day from which it counts, so that it is of one year
        alone. What is on record by a day happened then or before: it lies in no span.
        """
        found = self.of_known_day()
        if first is not None:
            found = found.filter(effective_from__gte=first)
        return found if last is None else found.filter(effective_from__lte=last)

    def becoming(self, statuses):
        return self.filter(to_status__in=statuses)

    def by_moves(self, moves):
        return self.filter(move__in=moves)

    def of_agreements(self, agreements):
        return self.filter(agreement__in=agreements.order_by())

    def newest_first(self):
        """By the day from which they count; those of an unknown day come last."""
        order = ("-effective_from", "-agreement__reference", "-sequence")
        return self.alias(known=KNOWN_DAY).order_by("-known", *order)

    def in_line(self):
        """Annotate ``line``, unique texts in the contrary of that order, for pages by cursor."""
        # Whole numbers of one length are in the order of their texts, and so are days.
        number = Cast(F("sequence") + 10_000, models.CharField())
        parts = (KNOWN_DAY, DayAsText("effective_from"), F("agreement__reference"), number)
        return self.annotate(line=Concat(*parts, output_field=models.CharField()))


KNOWN_DAY = Case(When(happened_on__isnull=False, then=Value("1")), default=Value("0"))


class DayAsText(Func):
    """A column of days as texts of ten signs; SQLite keeps them so."""

    function = "CAST"
    template = "CAST(%(expressions)s AS text)"
    output_field = models.CharField()

    def as_postgresql(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, template="to_char(%(expressions)s, 'YYYY-MM-DD')")


class StatusChange(models.Model):
    """One step of an agreement's life.

    The day on which it happened and the time at which it was recorded are two different things;
    both are kept.
    """

    agreement = models.ForeignKey(
        "agreements.Agreement", on_delete=models.CASCADE, related_name="steps"
    )
    sequence = models.PositiveSmallIntegerField(_("number"))
    move = models.CharField(_("move"), max_length=12, blank=True)
    from_status = models.CharField(_("from"), max_length=12, choices=Status, blank=True)
    to_status = models.CharField(_("to"), max_length=12, choices=Status)
    happened_on = PartialDateField(_("happened on"), null=True, blank=True)
    # A tie may be known to have stood by a day although nobody knows when it was signed.
    on_record_by = PartialDateField(_("on record by"), null=True, blank=True)
    effective_from = models.DateField(_("counts from"))
    end_reason = models.CharField(_("reason"), max_length=12, choices=EndReason, blank=True)
    # PROTECT: neither a place nor an account may take a part of the history with it.
    acted_by = models.ForeignKey(
        Place,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="lone_acts",
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
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now)

    objects = StatusChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("history")
        ordering = ["sequence"]
        default_permissions = ("view",)
        constraints = [
            UniqueConstraint(fields=["agreement", "sequence"], name="one_step_at_a_time"),
            CheckConstraint(
                name="step_in_the_table",
                condition=legal_step(),
                violation_error_message=_("The lifecycle has no such step."),
            ),
            CheckConstraint(
                name="end_has_reason",
                condition=Q(to_status="ended") | Q(end_reason=""),
                violation_error_message=_("Only an end has a reason for the end."),
            ),
            CheckConstraint(
                name="day_known_or_not",
                condition=Q(happened_on__isnull=True) | Q(on_record_by__isnull=True),
                violation_error_message=_("“On record by” is for a day that is not known."),
            ),
        ]
        indexes = [models.Index(fields=["agreement", "effective_from", "sequence"])]

    def __str__(self) -> str:
        return f"{self.get_to_status_display()} ({self.happened_on or _('date unknown')})"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise ValueError("The history of an agreement is only ever added to")
        self.effective_from = self.counted_from()
        try:
            self.full_clean()
        except ValidationError as error:
            raise MoveRefused(error) from error
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        """Refuse; an internal agreement that is deleted takes its steps along."""
        raise ValueError("The history of an agreement is only ever added to")

    @property
    def done(self) -> "StrOrPromise":
        """What was done, in a word: “signed”, “reinstated”; the status for the first step."""
        return MOVES[self.move].done if self.move else self.get_to_status_display()

    def clean(self):
        """Order in time: nothing in the future, nothing certainly before the step before it."""
        day = self.happened_on or self.on_record_by
        if day and not day.begun_by(timezone.localdate()):
            raise MoveRefused({"happened_on": _("This day has not come yet.")})
        before = self.previous
        if before and day and day.over_before(before.effective_from):
            raise MoveRefused(
                {
                    "happened_on": _("This is before the step before it (%(step)s).")
                    % {"step": before}
                }
            )

    @property
    def previous(self) -> "StatusChange | None":
        if self.sequence == 1:
            return None
        earlier = StatusChange.objects.filter(
            agreement_id=self.agreement_id, sequence__lt=self.sequence
        )
        return earlier.order_by("sequence").last()

    def counted_from(self) -> date:
        """The day from which ``as_of`` counts the step; never before the step before it.

        A month or a year counts from its first day, so that a reader who asks about 2019 finds
        what was signed in 2019. An unknown day counts from the end of the span by which the step
        is on record, and without even that, from the day on which it was recorded.
        """
        if self.happened_on:
            day = self.happened_on.first_day
        elif self.on_record_by:
            day = min(self.on_record_by.last_day, timezone.localdate())
        else:
            day = timezone.localdate(self.recorded_at)
        before = self.previous
        return max(day, before.effective_from) if before else day
