"""The questions of ``AgreementQuerySet``, asked of spans: by the same names, of the same FilterSet.

A filter and its count cannot differ, for both are one method of one FilterSet; a property test
holds the two querysets equal. What spans do not say is asked of the agreements.
"""

from datetime import date, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Case, F, Value, When
from django.utils import timezone

from agreements.time_rules import TimeRules


class SpanQuerySet(TimeRules, models.QuerySet):
    """Begin with ``visible_to`` and ``current``, or let ``as_of`` pick the spans of a day."""

    agreement_key = "agreement_id"
    # Filters whose answer is not in the spans alone.
    ASKED_ELSEWHERE: ClassVar = frozenset({"q", "place", "with_place", "one_sided", "dormant"})

    def visible_to(self, user):
        from agreements.models import Agreement
        from agreements.querysets import sees_internal

        if not sees_internal(user):
            return self.filter(visibility="public")
        return self.among(Agreement.objects.visible_to(user))

    def among(self, agreements):
        """The spans of these agreements."""
        return self.filter(agreement_id__in=agreements.order_by().values("pk"))

    def _asked_of_agreements(self, question: str, *args):
        from agreements.models import Agreement

        return self.among(getattr(Agreement.objects, question)(*args))

    def current(self):
        """The span that each agreement is in now."""
        from agreements.models.spans import FOREVER

        return self.filter(until_day=FOREVER)._as_rules_name_them()

    def _as_rules_name_them(self):
        return self.annotate(status_on=F("status"), step_day=F("from_day"))

    # As AgreementQuerySet has them. ``on`` is a date; None means today.

    def as_of(self, on: date | None = None):
        from agreements.models.spans import FOREVER

        on = min(on or timezone.localdate(), FOREVER - timedelta(days=1))
        return self.filter(from_day__lte=on, until_day__gt=on)._as_rules_name_them()

    def having_status(self, statuses, on: date | None = None):
        return (self if on is None else self.as_of(on)).filter(status__in=statuses)

    def of_kind(self, kinds):
        return self.filter(kind__in=kinds)

    def of_decade(self, decade: str):
        return self.filter(decade=decade)

    def having_evidence(self, levels):
        return self.filter(evidence__in=levels)

    def of_country(self, code: str):
        return self.filter(countries__contains=f" {code} ")

    def within_country(self, code: str):
        return self._asked_of_agreements("within_country", code)

    def of_sector(self, sector):
        return self.filter(sectors__contains=f" {sector.pk} ")

    def of_place(self, key: str):
        return self._asked_of_agreements("of_place", key)

    def one_sided(self):
        return self._asked_of_agreements("one_sided")

    def not_one_sided(self):
        return self._asked_of_agreements("not_one_sided")

    def search(self, text: str):
        """Those of the agreements that are found, in no order."""
        return self._asked_of_agreements("search", text)

    # Orders of a list

    def newest_first(self):
        """By the day of the latest step; those of an unknown day come last."""
        return self.order_by("-happened_on", "reference")

    def oldest_first(self):
        """By the day of the latest step; those of an unknown day come last."""
        unknown = Case(When(happened_on="", then=Value(1)), default=Value(0))
        return self.alias(unknown=unknown).order_by("unknown", "happened_on", "reference")

    def by_name(self):
        """By the title, or the names of the parties by which lists show them."""
        return self.order_by("name", "reference")
