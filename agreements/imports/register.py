"""What the register has of the ties of a list: agreements of its pairs, rows entered before."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count

from agreements.lifecycle import Status
from agreements.models import Agreement, Citation, Listing, Party, Source, StatusChange
from cities.offices import is_bound
from common.dates import PartialDate

Pair = frozenset[int]
# SQLite takes some 32 000 values in one query.
AT_ONCE = 10_000
BEGINNING = re.compile(r" @\d{4}(-\d\d){0,2}\Z")


@dataclass
class Instrument:
    """An agreement on record, as far as a list can agree or disagree with it."""

    pk: int
    reference: str
    kind: str
    status: str
    version: int
    starts_on: PartialDate | None
    expires_on: PartialDate | None
    was_signed: bool = False
    signed_on: PartialDate | None = None
    ended_on: PartialDate | None = None
    ended_by: date | None = None

    def take(self, to_status: str, happened_on: PartialDate | None, effective_from: date) -> None:
        """Take in a step of its history, the first first."""
        if to_status == Status.SIGNED and not self.was_signed:
            self.was_signed, self.signed_on = True, happened_on
        ended = to_status == Status.ENDED
        self.ended_on = happened_on if ended else None
        self.ended_by = effective_from if ended else None

    @property
    def over(self) -> PartialDate | None:
        """The day, month or year after which it was no more."""
        return self.ended_on or self.expires_on


def in_parts(values: Iterable) -> Iterator[list]:
    everything = list(values)
    for start in range(0, len(everything), AT_ONCE):
        yield everything[start : start + AT_ONCE]


class OnRecord:
    """Read in a few queries, however many the ties; of agreements that ``by`` keeps alone."""

    def __init__(self, source: Source, pairs: set[Pair], by: Any = None) -> None:
        self.listings = self._listings(source, by)
        seats = self._seats(source, pairs)
        self.listings_by_key: dict[str, list[Listing]] = defaultdict(list)
        self.listings_by_pair: dict[tuple[Pair, str], list[Listing]] = defaultdict(list)
        listed = {listing.citation.agreement_id for listing in self.listings}
        ours = {pk for pk, places in seats.items() if frozenset(places) in pairs}
        self.instruments = self._instruments(ours | listed)
        self.by_pair: dict[tuple[Pair, str], list[Instrument]] = defaultdict(list)
        for pk in sorted(ours & self.instruments.keys()):
            instrument = self.instruments[pk]
            self.by_pair[frozenset(seats[pk]), instrument.kind].append(instrument)
        for listing in self.listings:
            self.listings_by_key[BEGINNING.sub("", listing.key)].append(listing)
            pk = listing.citation.agreement_id
            if pk in self.instruments:
                pair = frozenset(seats.get(pk, ()))
                self.listings_by_pair[pair, self.instruments[pk].kind].append(listing)

    def _listings(self, source: Source, by: Any) -> list[Listing]:
        if source.pk is None:
            return []
        of_source = Listing.objects.filter(citation__source=source)
        if is_bound(by):
            kept = Citation.objects.order_by().kept_by(by)
            of_source = of_source.filter(citation__in=kept.values("pk"))
        return list(of_source.select_related("citation", "run").order_by("pk"))

    def _seats(self, source: Source, pairs: set[Pair]) -> dict[int, set[int]]:
        """The parties of every agreement that has one of these places, or is in the list."""
        seats: dict[int, set[int]] = defaultdict(set)
        wanted = [
            Party.objects.filter(place__in=part) for part in in_parts({p for s in pairs for p in s})
        ]
        if source.pk is not None:
            wanted.append(Party.objects.filter(agreement__citations__source=source))
        for parties in wanted:
            rows = parties.order_by().values_list("agreement_id", "place_id")
            for agreement, place in rows.iterator(chunk_size=5000):
                seats[agreement].add(place)
        return seats

    def _instruments(self, keys: set[int]) -> dict[int, Instrument]:
        """Those between exactly two parties; a pair may be a part of more."""
        found: dict[int, Instrument] = {}
        fields = ("pk", "reference", "kind", "status", "version", "starts_on", "expires_on")
        for part in in_parts(sorted(keys)):
            agreements = Agreement.objects.filter(pk__in=part, merged_into__isnull=True)
            of_two = agreements.annotate(seated=Count("parties")).filter(seated=2).order_by()
            for row in of_two.values_list(*fields):
                found[row[0]] = Instrument(*row)
            steps = StatusChange.objects.filter(agreement__in=part).order_by("sequence")
            columns = ("agreement_id", "to_status", "happened_on", "effective_from")
            for pk, *step in steps.values_list(*columns).iterator(chunk_size=5000):
                if pk in found:
                    found[pk].take(*step)
        return found
