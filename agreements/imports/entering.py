"""Entering a plan: just what was shown, all of it in one transaction, or nothing."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from agreements.imports.options import Options
from agreements.imports.outcomes import Outcome, Plan, PlanChanged, RowsRefused
from agreements.imports.places import Fresh, Known
from agreements.imports.planning import plan_of_claims
from agreements.imports.steps import Join, Record, Restate, Still, Vanish
from agreements.imports.ties import Tie
from agreements.imports.wording import Progress
from agreements.lifecycle import EndReason, Status
from agreements.models import Agreement, Citation, Listing, Opening, Source, TieImport
from agreements.models.bulk import Draft, publish_many, record_many, save_many
from cities.bulk import NewPlace, make_places
from cities.models import Place
from common.bulk import create_with_history
from common.versions import StaleVersion

AT_ONCE = 1000


def enter(plan: Plan, run: TieImport | None = None, progress: Progress | None = None) -> TieImport:
    """Write what was planned. ``run`` is the file's own record where it was uploaded before.

    Raises RowsRefused where rows cannot be entered and nobody said to leave them out, and
    PlanChanged where the register has moved since the plan was made, or shown (``run``).
    """
    if not plan.is_ready:
        raise RowsRefused(_refusal(len(plan.refused)))
    source, is_new = plan.options.source, plan.options.source.pk is None
    try:
        with transaction.atomic():
            _lock(source, plan.options.by)
            _lock_agreements(plan)
            plan.options.check()
            fresh = _planned_again(plan, run)
            entered = Entering(fresh, run, progress or plan.progress).write()
    except BaseException as error:
        if is_new:  # what was rolled back is not on record
            source.pk, source._state.adding = None, True
        if isinstance(error, (StaleVersion, IntegrityError)):
            raise PlanChanged from error
        raise
    # With the references of what is new.
    plan.outcomes = fresh.outcomes
    return entered


def _refusal(count: int) -> str:
    told = ngettext(
        "%(count)s row cannot be entered. Correct it, or ask to leave it out.",
        "%(count)s rows cannot be entered. Correct them, or ask to leave them out.",
        count,
    )
    return told % {"count": count}


def _planned_again(plan: Plan, run: TieImport | None) -> Plan:
    fresh = plan_of_claims(plan.claims, plan.files, plan.options)
    shown = run.plan_digest if run else ""
    if fresh.digest != plan.digest or (shown and shown != plan.digest):
        raise PlanChanged
    return fresh


def _lock(source: Source, by: Any) -> None:
    """One import at a time: two lists may hold the same tie. Readers and citations go on."""
    if source.pk is None:
        if Source.objects.filter(key=source.key).exists():
            raise PlanChanged
        if by is not None:
            source._history_user = by
        source.save()
    lists = Source.objects.filter(kind=Source.Kind.REGISTER).select_for_update(no_key=True)
    if source.pk not in set(lists.order_by("pk").values_list("pk", flat=True)):
        raise PlanChanged


def _lock_agreements(plan: Plan) -> None:
    """A merge may be at one of them; in the same order as a merge locks them."""
    for part in in_slices(sorted(plan.agreements)):
        locked = Agreement.objects.select_for_update().filter(pk__in=part)
        list(locked.order_by("pk").values_list("pk"))


def in_slices(steps: list) -> Iterator[list]:
    for start in range(0, len(steps), AT_ONCE):
        yield steps[start : start + AT_ONCE]


class Entering:
    """One go at writing a plan; the caller holds the transaction."""

    def __init__(self, plan: Plan, run: TieImport | None, progress: Progress | None) -> None:
        self.plan = plan
        self.options: Options = plan.options
        self.run = run
        self.progress = progress
        self.written = 0
        self.made: dict[str, Place] = {}
        self.runs: dict[str, TieImport] = {}
        self.places: dict[int, Place] = {}

    def write(self) -> TieImport:
        nothing_to_do = self.plan.changes_nothing and self.run is None
        if nothing_to_do and (before := self._entered_before()):
            return before
        self._write_runs()
        self._make_places()
        self._load_places()
        for records in in_slices(self._with(Record)):
            self._record(records)
        for joins in in_slices(self._with(Join)):
            self._join(joins)
        for restated in in_slices(self._with(Restate)):
            self._restate(restated)
        self._set_alike(Still, last_listed_on=self.options.listed_on)
        self._set_alike(Vanish, gone_since=self.options.listed_on)
        # Told at the very end too: it is the last moment at which it can be stopped.
        self._tick(0)
        return next(iter(self.runs.values()))

    def _with(self, kind: type) -> list[tuple[Outcome, Any]]:
        return [(o, o.step) for o in self.plan.outcomes if isinstance(o.step, kind)]

    def _tick(self, count: int) -> None:
        self.written += count
        if self.progress:
            total = sum(1 for outcome in self.plan.outcomes if outcome.step)
            self.progress(_("Entering ties"), self.written, total)

    # The files

    def _entered_before(self) -> TieImport | None:
        runs = TieImport.objects.filter(source=self.options.source, committed_at__isnull=False)
        return runs.order_by("committed_at", "pk").last()

    def _write_runs(self) -> None:
        """One for each file: a row is found again in the file that it came from."""
        for number, file in enumerate(self.plan.files):
            own = [o for o in self.plan.outcomes if o.file == file.name]
            run = self.run if number == 0 and self.run else TieImport(file_name=file.name)
            run.source = self.options.source
            run.listed_on = self.options.listed_on
            run.sha256 = file.sha256
            run.options = self.options.as_json()
            run.plan_digest = self.plan.digest
            run.counts = self.plan.counts if len(self.plan.files) == 1 else _counts(own)
            run.uploaded_by = run.uploaded_by or self.options.by
            run.committed_at = timezone.now()
            run.save()
            self.runs[file.name] = run

    # The places

    def _make_places(self) -> None:
        needed = self.plan.new_places
        if not needed:
            return
        countries = {
            place.country_code: place for place in Place.objects.filter(level=Place.Level.COUNTRY)
        }
        rows = [
            NewPlace(
                key=fresh.key,
                name=fresh.name,
                name_language=self.options.source.language,
                parent=countries.get(fresh.country),
                country_code=fresh.country,
                identifiers=fresh.ids,
            )
            for fresh in needed.values()
        ]
        self.made = make_places(rows)

    def _load_places(self) -> None:
        keys = {
            place.pk
            for kind in (Record, Restate, Join)
            for _outcome, step in self._with(kind)
            for place in step.tie.places
            if isinstance(place, Known)
        }
        for part in in_slices(sorted(keys)):
            self.places.update(Place.objects.in_bulk(part))

    def _place(self, place: Known | Fresh) -> Place:
        return self.made[place.key] if isinstance(place, Fresh) else self.places[place.pk]

    # The ties

    def _record(self, records: list[tuple[Outcome, Record]]) -> None:
        drafts = [
            Draft(
                opening=self._opening(step.tie),
                parties=[self._place(place) for place in step.tie.places],
                fields={"kind": step.tie.kind},
            )
            for _outcome, step in records
        ]
        record_many(drafts)
        listings = []
        for (outcome, step), draft in zip(records, drafts, strict=True):
            outcome.agreement_reference = draft.agreement.reference
            listings.append(self._listing(step.tie, draft.citations[0]))
        self._create(listings)
        for (_outcome, step), draft in zip(records, drafts, strict=True):
            self._end(draft.agreement, step.tie)
        if self.options.publish:
            publish_many([draft.agreement for draft in drafts], by=self.options.by)
        self._tick(len(records))

    def _end(self, agreement: Agreement, tie: Tie) -> None:
        if tie.end:
            reason = EndReason.UNKNOWN
            agreement.move("end", by=self.options.by, happened_on=tie.end, end_reason=reason)

    def _opening(self, tie: Tie) -> Opening:
        """Signed on an unknown day, unless the list gives one: it stood when it was listed."""
        by_then = None if tie.start else tie.end or self.options.listed_on
        return Opening(
            status=Status.SIGNED,
            happened_on=tie.start,
            on_record_by=by_then,
            by=self.options.by,
            citations=[(self.options.source, tie.says)],
        )

    def _join(self, joins: list[tuple[Outcome, Join]]) -> None:
        citations = [
            Citation(
                agreement_id=step.instrument.pk, source=self.options.source, says=step.tie.says
            )
            for _outcome, step in joins
        ]
        self._create(citations)
        self._create(
            [
                self._listing(step.tie, citation, contradicts=step.contradicts)
                for (_outcome, step), citation in zip(joins, citations, strict=True)
            ]
        )
        self._tick(len(joins))

    def _restate(self, restated: list[tuple[Outcome, Restate]]) -> None:
        names = ("run", "row", "key", "sides", "listed_by", "stated", "contradicts")
        said_anew = []
        for _outcome, step in restated:
            listing, citation = step.listing, step.listing.citation
            new = self._listing(step.tie, citation, contradicts=step.contradicts)
            for name in names:
                setattr(listing, name, getattr(new, name))
            listing.last_listed_on = self.options.listed_on
            listing.gone_since = None
            if citation.says != step.tie.says:
                citation.says = step.tie.says
                said_anew.append(citation)
        listings = [step.listing for _outcome, step in restated]
        save_many(listings, [*names, "last_listed_on", "gone_since"], by=self.options.by)
        save_many(said_anew, ["says"], by=self.options.by)
        self._tick(len(restated))

    def _set_alike(self, kind: type, **values: Any) -> None:
        listings = [step.listing for _outcome, step in self._with(kind)]
        for listing in listings:
            for name, value in values.items():
                setattr(listing, name, value)
        save_many(listings, list(values), by=self.options.by)
        self._tick(len(listings))

    def _listing(self, tie: Tie, citation: Citation, contradicts: str = "") -> Listing:
        lister = tie.lister
        return Listing(
            citation=citation,
            run=self.runs[tie.claim.file],
            row=tie.claim.row,
            key=tie.key,
            sides=tie.sides,
            listed_by=self._place(lister) if lister else None,
            stated={name: text for name, text in tie.claim.cells.items() if text},
            contradicts=contradicts[:300],
            first_listed_on=self.options.listed_on,
            last_listed_on=self.options.listed_on,
        )

    def _create(self, rows: list) -> None:
        if self.options.by is not None:
            for row in rows:
                row._history_user = self.options.by
        create_with_history(rows)


def _counts(outcomes: Iterable[Outcome]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for outcome in outcomes:
        counts[outcome.result.value] = counts.get(outcome.result.value, 0) + 1
    return counts
