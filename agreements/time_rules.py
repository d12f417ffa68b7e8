"""The rules of time for sets of rows that ``as_of`` has picked, whatever rows they are.

The rule for one row has the same stem (``in_force`` / ``is_in_force``) in
``agreements.models.standing``; a test holds each pair equal.
"""

from datetime import date

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from agreements.lifecycle import BEFORE_SIGNING, Status


def days_before(on: date, days: int) -> date:
    """That many days earlier, or the first day of the calendar: anybody may ask about year 1."""
    return date.fromordinal(max(on.toordinal() - days, 1))


def stalled_since(on: date) -> date:
    return days_before(on, settings.STALLED_AFTER_DAYS)


def dormant_since(on: date) -> date:
    return days_before(on, settings.DORMANT_AFTER_DAYS)


# Conditions, so that each has its contrary among the same rows.


def being_in_force(on: date) -> Q:
    begun = Q(starts_on__isnull=True) | Q(starts_on__begun_by=on)
    running = Q(expires_on__isnull=True) | ~Q(expires_on__over_before=on)
    return Q(status_on=Status.SIGNED) & begun & running


def being_expired(on: date) -> Q:
    over = Q(expires_on__isnull=False, expires_on__over_before=on)
    return Q(status_on=Status.SIGNED) & over


def being_stalled(on: date) -> Q:
    return Q(status_on__in=BEFORE_SIGNING, step_day__lte=stalled_since(on))


def being_dormant(on: date, agreement_key: str) -> Q:
    from agreements.models import Event

    since = dormant_since(on)
    recent = Event.objects.filter(
        ~Q(happened_on__over_before=since),
        agreements=OuterRef(agreement_key),
        happened_on__begun_by=on,
    )
    return being_in_force(on) & Q(step_day__lte=since) & Q(~Exists(recent))


class TimeRules:
    """Mixed into a queryset whose ``as_of`` annotates ``status_on`` and ``step_day``.

    ``on`` is a date; None means today. ``agreement_key`` is the column of the agreement's key.
    """

    agreement_key: str

    def as_of(self, on: date | None = None):
        raise NotImplementedError

    def _on_record_and(self, rule: Q, on: date):
        return self.as_of(on).filter(rule)

    def _on_record_but_not(self, rule: Q, on: date):
        return self.as_of(on).exclude(rule)

    def in_force(self, on: date | None = None):
        """Signed, begun and not yet expired on that day.

        An unknown beginning counts as begun, for the signing is on record; an unknown expiry means
        that it runs until somebody ends it.
        """
        on = on or timezone.localdate()
        return self._on_record_and(being_in_force(on), on)

    def not_in_force(self, on: date | None = None):
        """On record by that day, and not in force on it."""
        on = on or timezone.localdate()
        return self._on_record_but_not(being_in_force(on), on)

    def expired(self, on: date | None = None):
        """Signed and past its term, and nobody has recorded its end or its renewal."""
        on = on or timezone.localdate()
        return self._on_record_and(being_expired(on), on)

    def not_expired(self, on: date | None = None):
        on = on or timezone.localdate()
        return self._on_record_but_not(being_expired(on), on)

    def stalled(self, on: date | None = None):
        """Not signed, and no step for long (``STALLED_AFTER_DAYS``)."""
        on = on or timezone.localdate()
        return self._on_record_and(being_stalled(on), on)

    def not_stalled(self, on: date | None = None):
        on = on or timezone.localdate()
        return self._on_record_but_not(being_stalled(on), on)

    def dormant(self, on: date | None = None):
        """In force for long, and no event on record for long (``DORMANT_AFTER_DAYS``)."""
        on = on or timezone.localdate()
        return self._on_record_and(being_dormant(on, self.agreement_key), on)

    def not_dormant(self, on: date | None = None):
        on = on or timezone.localdate()
        return self._on_record_but_not(being_dormant(on, self.agreement_key), on)
