"""The plan: every row of a list with what would become of it. Nothing is written."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agreements.imports.claims import Claim, read_claim
from agreements.imports.columns import layout
from agreements.imports.country_cells import Countries
from agreements.imports.offices import Office
from agreements.imports.options import Options
from agreements.imports.outcomes import (
    Candidate,
    FileRead,
    ImportRefused,
    Outcome,
    Plan,
    Problem,
    Result,
)
from agreements.imports.places import Found, Fresh, Gazetteer
from agreements.imports.register import OnRecord
from agreements.imports.settling import Settled, pair_of, settle
from agreements.imports.steps import Record
from agreements.imports.ties import Row, believe, ties_of
from agreements.imports.wording import Progress, said
from cities.models import Place

TOLD_EVERY = 1000


def plan(sheets: Iterable[Any], options: Options, progress: Progress | None = None) -> Plan:
    """Read the sheets, which are one list, and say what would become of each row.

    Raises SheetError where a file cannot be read, ImportRefused where the options are at odds
    with each other or the register, and PermissionDenied.
    """
    options.check()
    claims, files = _read(sheets, options, progress)
    return plan_of_claims(claims, files, options, progress)


def plan_of_claims(
    claims: list[Claim], files: list[FileRead], options: Options, progress: Progress | None = None
) -> Plan:
    """The part that looks at the register; it is done again before anything is entered."""
    places = Gazetteer(make_places=options.make_places)
    sound = [claim for claim in claims if not claim.is_fatal]
    places.look_up(named for claim in sound for named in claim.sides)
    outcomes: dict[int, Outcome] = {}
    rows = [
        row
        for number, claim in enumerate(claims)
        if (row := _row_of(number, claim, places, options, outcomes))
    ]
    order = {id(claim): number for number, claim in enumerate(claims)}
    office = Office(options.by, rows)
    for row in (row for row in rows if not office.keeps(row)):
        outcomes[order[id(row.claim)]] = _foreign(row, office)
    groups = ties_of(row for row in rows if office.keeps(row))
    pairs = {pair for ties in groups if (pair := pair_of(ties[0]))}
    settled = Settled(options, OnRecord(options.source, pairs, options.by), progress)
    for ties in groups:
        for claim, outcome in settle(ties, settled):
            outcomes[order[id(claim)]] = outcome
    kept = [claims[number] for number, outcome in outcomes.items() if outcome.left_out]
    everything = [outcomes[number] for number in sorted(outcomes)]
    everything += settled.gone(kept)
    _fetch_candidates(everything)
    digest = _digest(options, everything)
    return Plan(options, files, everything, digest, claims, _to_be_made(everything), progress)


def _to_be_made(outcomes: list[Outcome]) -> dict[str, Fresh]:
    """Only those that a tie needs: a row that is left out makes no place."""
    return {
        place.key: place
        for outcome in outcomes
        if isinstance(outcome.step, Record)
        for place in outcome.step.tie.places
        if isinstance(place, Fresh)
    }


def _read(sheets, options: Options, progress: Progress | None):
    lands = Countries()
    claims: list[Claim] = []
    files: list[FileRead] = []
    for sheet in sheets:
        if any(file.name == sheet.name for file in files):
            raise ImportRefused(
                said(_("Two files are called %(name)s. Rename one of them."), name=sheet.name)
            )
        columns = layout(sheet, options.mapping)
        before = len(claims)
        for line in sheet:
            claims.append(read_claim(sheet.name, line.number, line.cells, columns, lands))
            if progress and len(claims) % TOLD_EVERY == 0:
                progress(_("Reading rows"), len(claims), 0)
        files.append(FileRead(sheet.name, sha256_of(sheet), len(claims) - before, columns.unread))
    return claims, files


def sha256_of(sheet: Any) -> str:
    file = sheet.file
    if hasattr(file, "open") and not hasattr(file, "read"):
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    file.seek(0)
    return hashlib.file_digest(file, "sha256").hexdigest()


# One row


def _row_of(number: int, claim: Claim, places: Gazetteer, options: Options, outcomes):
    """The row with its places; where they are not found, its outcome is written down instead."""
    if claim.is_fatal:
        outcomes[number] = _left_out(claim, Result.REFUSED, _("Not entered."), claim.problems)
        return None
    found = [places.find(named) for named in claim.sides]
    doubts = [
        claim.problem(f"{side}_{what}", message, fatal=False)
        for side, each in zip("ab", found, strict=True)
        for what, message in each.doubts
    ]
    a, b = found[0].place, found[1].place
    if a is None or b is None:
        outcomes[number] = _unclear(claim, found, doubts)
        return None
    if a.identity == b.identity:
        message = said(
            _("Both sides are %(place)s. A place has no tie with itself; correct one of them."),
            place=a.name,
        )
        column = next(n for n in ("b_wikidata", "b_geonames", "b_name") if claim.cells.get(n))
        problem = claim.problem(column, message)
        outcomes[number] = _left_out(claim, Result.REFUSED, _("Not entered."), [problem])
        return None
    believed = believe(claim, options.listed_on, timezone.localdate())
    return Row(claim, (a, b), claim.kind or options.kind, believed, doubts)


def _left_out(claim: Claim, result: Result, says: Any, reasons: list[Problem]) -> Outcome:
    return Outcome(claim.file, claim.row, result, says, reasons, cells=claim.cells)


def _foreign(row: Row, office: Office) -> Outcome:
    """Refused at the first of its two places."""
    problem = row.claim.problem(_column(row.claim, "a", "name"), office.refusal)
    return _left_out(row.claim, Result.REFUSED, _("Not entered."), [problem, *row.doubts])


def _unclear(claim: Claim, found: list[Found], doubts: list[Problem]) -> Outcome:
    reasons = [
        claim.problem(_column(claim, side, each.about), each.why)
        for side, each in zip("ab", found, strict=True)
        if not each.place
    ]
    outcome = _left_out(
        claim, Result.UNCLEAR, _("Not entered: a place is not certain."), reasons + doubts
    )
    # Candidates are fetched for all rows at once; until then the number stands for the place.
    outcome.candidates = [
        Candidate(place, reason, side)  # type: ignore[arg-type]
        for side, each in zip("ab", found, strict=True)
        if not each.place
        for place, reason in each.candidates
    ]
    return outcome


def _column(claim: Claim, side: str, about: str) -> str:
    """A doubt about a name is told at the cell that the place was written in."""
    tried = [f"{side}_{what}" for what in (about, "name", "wikidata", "geonames")]
    return tried[0] if about == "country" else next(n for n in tried if claim.cells.get(n))


def _fetch_candidates(outcomes: list[Outcome]) -> None:
    """Put the places for the words that matching had for them, in one query."""
    wanted = {c.place.pk for outcome in outcomes for c in outcome.candidates if c.place}
    places = Place.objects.prefetch_related("identifiers").in_bulk(wanted) if wanted else {}
    for outcome in outcomes:
        outcome.candidates = [
            Candidate(places[c.place.pk], c.reason, c.side)
            for c in outcome.candidates
            if c.place and c.place.pk in places
        ]


# What the plan is known by


def _digest(options: Options, outcomes: list[Outcome]) -> str:
    """Of what would be done and what it rests on, in no language."""
    digest = hashlib.sha256()
    head = [options.source.key, str(options.listed_on), options.as_json()]
    digest.update(json.dumps(head, sort_keys=True).encode())
    for outcome in outcomes:
        line = [
            outcome.file,
            outcome.row,
            outcome.result.value,
            outcome.agreement_reference,
            outcome.cells,
            [[reason.column, reason.fatal] for reason in outcome.reasons],
            [candidate.place.pk for candidate in outcome.candidates if candidate.place],
            list(outcome.rests_on),
        ]
        digest.update(json.dumps(line, sort_keys=True).encode())
    return digest.hexdigest()
