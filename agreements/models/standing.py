"""Where one agreement stands on a day: the rules of ``agreements.time_rules``, for a row.

They read ``steps``, ``events``, ``citations`` and ``documents`` as joined, and ask nothing twice.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from agreements.due import verified_since
from agreements.lifecycle import BEFORE_SIGNING, ONCE_SIGNED, Status
from agreements.querysets import seats_kept_by
from agreements.time_rules import dormant_since, stalled_since
from cities.offices import is_bound
from common.dates import PartialDate


class Standing:
    """Mixed into Agreement. ``on`` is a date; None means today."""

    starts_on: PartialDate | None
    expires_on: PartialDate | None
    notice_by: PartialDate | None
    status: str
    merged_into_id: int | None
    verified_at: datetime | None
    created_at: datetime
    # Related managers, named here for the reader and for types; Agreement has them.
    steps: Any
    events: Any
    citations: Any
    documents: Any
    parties: Any

    def step_on(self, on: date | None = None):
        """The latest step that counts by that day, or None if it was not on record yet."""
        on = on or timezone.localdate()
        return next((s for s in reversed(list(self.steps.all())) if s.effective_from <= on), None)

    def status_as_of(self, on: date | None = None) -> str | None:
        step = self.step_on(on)
        return step.to_status if step else None

    def is_in_force(self, on: date | None = None) -> bool:
        on = on or timezone.localdate()
        begun = self.starts_on is None or self.starts_on.begun_by(on)
        running = self.expires_on is None or not self.expires_on.over_before(on)
        return begun and running and self.status_as_of(on) == Status.SIGNED

    def is_expired(self, on: date | None = None) -> bool:
        on = on or timezone.localdate()
        over = self.expires_on is not None and self.expires_on.over_before(on)
        return over and self.status_as_of(on) == Status.SIGNED

    def is_stalled(self, on: date | None = None) -> bool:
        on = on or timezone.localdate()
        step = self.step_on(on)
        return bool(
            step and step.to_status in BEFORE_SIGNING and step.effective_from <= stalled_since(on)
        )

    def is_dormant(self, on: date | None = None) -> bool:
        on = on or timezone.localdate()
        since = dormant_since(on)
        days = [event.happened_on for event in self.events.all() if event.happened_on]
        recent = any(day.begun_by(on) and not day.over_before(since) for day in days)
        return self.is_in_force(on) and not recent and self.step_on(on).effective_from <= since

    def is_expiring(self, on: date | None = None) -> bool:
        return self._ends_soon(self.expires_on, on or timezone.localdate())

    def is_notice_due(self, on: date | None = None) -> bool:
        return self._ends_soon(self.notice_by, on or timezone.localdate())

    def _ends_soon(self, day: PartialDate | None, on: date) -> bool:
        soon = on + timedelta(days=settings.EXPIRING_WITHIN_DAYS + 1)
        due = day is not None and not day.over_before(on) and day.over_before(soon)
        return due and self.status == Status.SIGNED and not self.merged_into_id

    def is_unverified(self, on: date | None = None) -> bool:
        last = self.verified_at or self.created_at
        return last < verified_since(on or timezone.localdate()) and not self.merged_into_id

    def is_kept_by(self, user: Any) -> bool:
        """Whether this person may keep it; None stands for a command, which may."""
        return not is_bound(user) or self.parties.filter(pk__in=seats_kept_by(user)).exists()

    @property
    def evidence(self) -> str:
        """How good the word for it is; one of ``Evidence``."""
        from agreements.models.evidence import Evidence

        if any(document.file for document in self.documents.all()):
            return Evidence.TEXT
        citations = self.citations.all()
        speaking = {citation.source.speaks_for_id for citation in citations}
        places = {party.place_id for party in self.parties.all()}
        if places and places <= speaking:
            return Evidence.EVERY_PARTY
        if places & speaking:
            return Evidence.ONE_PARTY
        return Evidence.PRESS if citations else Evidence.NONE

    @property
    def decade(self) -> str:
        """The year from which the ten years run in which it was signed; ``unknown``; or empty.

        What began as suspended or ended was signed once, nobody knows when.
        """
        first = next((step for step in self.steps.all() if step.to_status in ONCE_SIGNED), None)
        if first is None:
            return ""
        known = first.happened_on if first.to_status == Status.SIGNED else None
        return f"{str(known)[:3]}0" if known else "unknown"

    @property
    def claimed_by(self):
        """The party that alone lists it, where nothing else speaks for it; else None."""
        citations = self.citations.all()
        listings = [citation.listing for citation in citations if hasattr(citation, "listing")]
        alone = all(listing.sides == "one" for listing in listings)
        if not listings or not alone or len(listings) < len(citations) or self.documents.all():
            return None
        sides = {listing.listed_by_id for listing in listings}
        seated = {party.place_id for party in self.parties.all()}
        return listings[0].listed_by if len(sides) == 1 and sides <= seated else None

    def is_one_sided(self) -> bool:
        return self.claimed_by is not None
