"""Each tie of a list against the register: new, on record, told otherwise, gone or back."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from agreements.imports.claims import Claim, written
from agreements.imports.comparing import can_be, contradiction, is_the_one
from agreements.imports.options import Options
from agreements.imports.outcomes import Outcome, Problem, Result
from agreements.imports.places import Fresh, Known
from agreements.imports.register import BEGINNING, Instrument, OnRecord
from agreements.imports.steps import Join, Record, Restate, Still, Vanish
from agreements.imports.ties import Row, Tie
from agreements.imports.wording import Progress, in_english, said
from agreements.lifecycle import Status
from agreements.models import Listing
from common.dates import PartialDate

TOLD_EVERY = 500


class Mentioned:
    """Rows that cannot be entered, by what they call their places: the list has them still."""

    def __init__(self, claims: Iterable[Claim]) -> None:
        self.keys: set[str] = set()
        self.partners: dict[str, set[str]] = defaultdict(set)
        for claim in claims:
            self.keys.add(claim.key)
            a, b = claim.written
            for one, other in ((a, b), (b, a)):
                for name in one:
                    self.partners[name] |= other

    def __contains__(self, listing: Listing) -> bool:
        if BEGINNING.sub("", listing.key) in self.keys:
            return True
        a, b = (written(listing.stated, side) for side in "ab")
        return any(self.partners.get(name, set()) & b for name in a)


class Settled:
    """What was settled so far, so that no agreement and no listing is taken twice."""

    def __init__(
        self, options: Options, register: OnRecord, progress: Progress | None = None
    ) -> None:
        self.options = options
        self.register = register
        self.progress = progress
        self.listings: set[int] = set()
        self.instruments: set[int] = set()
        self.ties = 0

    def tick(self) -> None:
        self.ties += 1
        if self.progress and self.ties % TOLD_EVERY == 0:
            self.progress(_("Comparing with the register"), self.ties, 0)

    def listings_of(self, ties: list[Tie]) -> list[Listing]:
        """The rows of this list that speak of the same pair; those still listed first."""
        keys = {row.claim.key for tie in ties for row in tie.rows}
        found = [listing for key in keys for listing in self.register.listings_by_key[key]]
        if pair := pair_of(ties[0]):
            found += self.register.listings_by_pair[pair, ties[0].kind]
        fresh = {listing.pk: listing for listing in found if listing.pk not in self.listings}
        return sorted(fresh.values(), key=lambda one: (one.gone_since is not None, one.pk))

    def gone(self, left_out: Iterable[Claim]) -> Iterator[Outcome]:
        """What the list has no more. A row that was left out is still a row of the list."""
        if not self.options.whole_list:
            return
        mentioned = Mentioned(left_out)
        for listing in self.register.listings:
            if listing.pk in self.listings or listing.gone_since or listing in mentioned:
                continue
            yield self._gone(listing)

    def _gone(self, listing: Listing) -> Outcome:
        instrument = self.register.instruments.get(listing.citation.agreement_id)
        return Outcome(
            listing.run.file_name,
            listing.row,
            Result.GONE,
            said(
                _("Listed until %(last)s, and no more. The agreement is kept."),
                last=listing.last_listed_on,
            ),
            agreement_reference=instrument.reference if instrument else "",
            cells=dict(listing.stated),
            step=Vanish(listing),
            rests_on=("listing", listing.pk, listing.version),
        )


def pair_of(tie: Tie) -> frozenset[int] | None:
    """The places by their keys on record; None where one is new."""
    known = [place.pk for place in tie.places if isinstance(place, Known)]
    return frozenset(known) if len(known) == 2 else None


def settle(ties: list[Tie], settled: Settled) -> Iterator[tuple[Claim, Outcome]]:
    """The outcome of every row of the ties of one pair and kind."""
    listings = settled.listings_of(ties)
    waiting = []
    for tie, listing in _with_listings(ties, listings):
        settled.tick()
        if listing is None:
            waiting.append(tie)
            continue
        settled.listings.add(listing.pk)
        yield from _told(tie, _listed_before(tie, listing, settled))
    taken = {listing.citation.agreement_id for listing in listings} | settled.instruments
    of_pair = settled.register.by_pair[pair_of(ties[0]) or frozenset(), ties[0].kind]
    free = [instrument for instrument in of_pair if instrument.pk not in taken]
    for tie, instrument in _with_instruments(waiting, free, settled):
        outcome = _joined(tie, instrument, settled) if instrument else _new(tie, settled)
        yield from _told(tie, outcome)


def _told(tie: Tie, outcome: Outcome) -> Iterator[tuple[Claim, Outcome]]:
    """One outcome for the row that speaks for the tie; the others only say it again."""
    yield tie.claim, outcome
    for row in tie.rows[1:]:
        again = said(_("The same tie as row %(row)s."), row=tie.claim.row)
        if row.claim.file != tie.claim.file:
            again = said(
                _("The same tie as row %(row)s of %(file)s."),
                row=tie.claim.row,
                file=tie.claim.file,
            )
        yield (
            row.claim,
            Outcome(
                row.claim.file,
                row.claim.row,
                Result.UNCHANGED,
                again,
                _reasons(row),
                agreement_reference=outcome.agreement_reference,
                cells=row.claim.cells,
            ),
        )


def _reasons(row: Row) -> list[Problem]:
    return [*row.doubts, *row.believed.doubts]


def _outcome(tie: Tie, result: Result, says: Any, **more: Any) -> Outcome:
    claim = tie.claim
    return Outcome(
        claim.file, claim.row, result, says, _reasons(tie.speaker), cells=claim.cells, **more
    )


# Rows that were entered before


def _with_listings(ties: list[Tie], listings: list[Listing]):
    """Each tie with its listing: the one that gives the same beginning, else one that is left."""
    left = list(listings)
    found: dict[int, Listing] = {}
    for tie in ties:
        stated = tie.claim.cells.get("start", "")
        same = [listing for listing in left if listing.stated.get("start", "") == stated]
        if same:
            found[id(tie)] = same[0]
            left.remove(same[0])
    for tie in ties:
        if id(tie) not in found and left:
            found[id(tie)] = left.pop(0)
    return [(tie, found.get(id(tie))) for tie in ties]


def _statement(cells: dict[str, str]) -> tuple[str, ...]:
    return tuple(cells.get(name, "") for name in ("start", "end", "note"))


def _says_otherwise(tie: Tie, listing: Listing) -> bool:
    lister = tie.lister.pk if isinstance(tie.lister, Known) else None
    before = (_statement(listing.stated), listing.sides, listing.listed_by_id)
    return before != (_statement(tie.claim.cells), tie.sides, lister)


def _listed_before(tie: Tie, listing: Listing, settled: Settled) -> Outcome:
    state = settled.options.listed_on
    instrument = settled.register.instruments.get(listing.citation.agreement_id)
    against = contradiction(tie, instrument, state) if instrument else ""
    if instrument:
        settled.instruments.add(instrument.pk)
    told = in_english(against)
    result, says, step = _since_then(tie, listing, told, state)
    outcome = _outcome(
        tie,
        result,
        says,
        agreement_reference=instrument.reference if instrument else "",
        step=step,
        rests_on=("listing", listing.pk, listing.version, listing.citation.version, told),
    )
    return _with_contradiction(outcome, tie, against)


def _since_then(tie: Tie, listing: Listing, against: str, state: PartialDate):
    """What became of a row since it was entered, in words too, and what is to be written."""
    restate = Restate(tie, listing, against)
    if listing.gone_since:
        return Result.BACK, _("Listed again."), restate
    if against and against != listing.contradicts:
        says = _("The list contradicts the register, which is kept.")
        return Result.CONTRADICTS, says, restate
    if against != listing.contradicts or _says_otherwise(tie, listing):
        return Result.CHANGED, _("The list says otherwise than before."), restate
    if listing.last_listed_on.last_day < state.last_day:
        says = said(_("Listed still, in %(state)s."), state=state)
        return Result.UNCHANGED, says, Still(listing)
    return Result.UNCHANGED, _("On record already, just so."), None


def _with_contradiction(outcome: Outcome, tie: Tie, against: Any) -> Outcome:
    if against:
        names = ("start", "end", "a_name", "a_wikidata", "a_geonames")
        column = next((name for name in names if tie.claim.cells.get(name)), "a_name")
        outcome.reasons.append(tie.claim.problem(column, against, fatal=False))
    return outcome


# Agreements on record that the list has not been a source of


def _with_instruments(ties: list[Tie], free: list[Instrument], settled: Settled):
    """Each tie with the agreement that it is: first those that began at the same time."""
    state = settled.options.listed_on
    found: dict[int, Instrument] = {}
    left = list(free)

    def take(tie: Tie, fitting: list[Instrument]) -> None:
        if fitting:
            found[id(tie)] = fitting[0]
            left.remove(fitting[0])

    for tie in ties:
        take(tie, [one for one in left if is_the_one(tie, one) and can_be(tie, one)])
    for tie in (tie for tie in ties if id(tie) not in found):
        fitting = [one for one in left if can_be(tie, one)]
        take(tie, sorted(fitting, key=lambda one: _order(tie, one, state)))
    return [(tie, found.get(id(tie))) for tie in ties]


def _order(tie: Tie, instrument: Instrument, state) -> tuple:
    disagrees = bool(contradiction(tie, instrument, state))
    return disagrees, instrument.status != Status.SIGNED, instrument.reference


def _joined(tie: Tie, instrument: Instrument, settled: Settled) -> Outcome:
    settled.instruments.add(instrument.pk)
    against = contradiction(tie, instrument, settled.options.listed_on)
    result, says = Result.JOINED, _("On record already; the list is added to its sources.")
    if against:
        result = Result.CONTRADICTS
        says = _("The list contradicts the register. It is added as a source, and nothing else.")
    outcome = _outcome(
        tie,
        result,
        says,
        agreement_reference=instrument.reference,
        step=Join(tie, instrument, in_english(against)),
        rests_on=("agreement", instrument.pk, instrument.version, in_english(against)),
    )
    return _with_contradiction(outcome, tie, against)


def _new(tie: Tie, settled: Settled) -> Outcome:
    values = {"tie": tie.name, "state": settled.options.listed_on, "start": tie.start}
    if tie.start:
        says = said(_("%(tie)s, signed %(start)s."), **values)
    elif tie.end:
        says = said(_("%(tie)s, signed on an unknown day, ended %(end)s."), end=tie.end, **values)
    else:
        says = said(_("%(tie)s, signed on an unknown day, on record by %(state)s."), **values)
    if tie.start and tie.end:
        says = said(_("%(tie)s, signed %(start)s, ended %(end)s."), end=tie.end, **values)
    new = [place.identity for place in tie.places if isinstance(place, Fresh)]
    return _outcome(
        tie,
        Result.NEW,
        says,
        step=Record(tie),
        rests_on=("new", *sorted(place.identity for place in tie.places), *new),
    )
