"""What is to be done about agreements: the rules of the desk's queues, for sets of rows.

They speak of today's status. The rule for one row has the same stem, in
``agreements.models.standing``; what was merged into another record is never to be done.
"""

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from agreements.lifecycle import Status
from common.versions import VersionedQuerySet


def within_notice(name: str, on: date) -> Q:
    """True where the last day of this partial date is to come, and soon."""
    end = on + timedelta(days=settings.EXPIRING_WITHIN_DAYS + 1)
    soon = Q(**{f"{name}__over_before": end})
    return Q(**{f"{name}__isnull": False}) & soon & ~Q(**{f"{name}__over_before": on})


def verified_since(on: date) -> datetime:
    """What was verified before this moment was not verified for long."""
    day = date.fromordinal(max(on.toordinal() - settings.VERIFY_AFTER_DAYS, 1))
    return timezone.make_aware(datetime.combine(day, time.min))


class DueQuerySet(VersionedQuerySet):
    """``on`` is a date; None means today."""

    def not_merged(self):
        return self.filter(merged_into__isnull=True)

    def expiring(self, on: date | None = None):
        """Signed, and its term is over within ``EXPIRING_WITHIN_DAYS``."""
        soon = within_notice("expires_on", on or timezone.localdate())
        return self.not_merged().filter(soon, status=Status.SIGNED)

    def notice_due(self, on: date | None = None):
        """Signed, and notice can be given for some days only (``EXPIRING_WITHIN_DAYS``)."""
        soon = within_notice("notice_by", on or timezone.localdate())
        return self.not_merged().filter(soon, status=Status.SIGNED)

    def with_overdue_initiative(self, on: date | None = None):
        from agreements.models import Initiative

        overdue = Initiative.objects.overdue(on).order_by()
        return self.not_merged().filter(pk__in=overdue.values("agreement"))

    def unsourced(self):
        """Nothing on record says so: neither a source nor the text; ``evidence`` is none."""
        from agreements.models import Citation, Document

        here = OuterRef("pk")
        text = Document.objects.order_by().filter(agreement=here).exclude(file="")
        cited = Citation.objects.order_by().filter(agreement=here)
        return self.not_merged().filter(~Exists(cited), ~Exists(text))

    def unverified(self, on: date | None = None):
        """Not compared with its sources for ``VERIFY_AFTER_DAYS``, nor entered since."""
        since = verified_since(on or timezone.localdate())
        never = Q(verified_at__isnull=True, created_at__lt=since)
        return self.not_merged().filter(Q(verified_at__lt=since) | never)

    def unpublished(self):
        return self.not_merged().filter(visibility="internal")

    def with_open_request(self):
        from agreements.models import Request

        return self.not_merged().filter(
            pk__in=Request.objects.waiting().order_by().values("agreement")
        )
