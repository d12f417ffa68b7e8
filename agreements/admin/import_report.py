"""The plan of an import as a person reads it: what would be entered, what not, and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext, ngettext, pgettext

from agreements.imports import Outcome, Plan, Result
from agreements.imports.places import Fresh, Known
from agreements.models import Agreement
from cities.models import Place, PlaceIdentifier
from common.templatetags.numbers import number

PER_PAGE = 50
# What wants a decision comes first, and what needs none comes last.
ORDER = (
    Result.REFUSED,
    Result.UNCLEAR,
    Result.CONTRADICTS,
    Result.GONE,
    Result.CHANGED,
    Result.BACK,
    Result.NEW,
    Result.JOINED,
    Result.UNCHANGED,
)
ENTERED = (Result.NEW, Result.JOINED, Result.CONTRADICTS, Result.CHANGED, Result.BACK)
# A sign beside each word, so that neither says it by colour alone.
SIGNS = {
    Result.NEW: "+",
    Result.JOINED: "⊕",
    Result.CHANGED: "↻",
    Result.UNCHANGED: "=",
    Result.CONTRADICTS: "≠",
    Result.GONE: "−",
    Result.BACK: "↩",
    Result.REFUSED: "×",
    Result.UNCLEAR: "?",
}


@dataclass
class Side:
    """A place of a row: as it is written there, and which place on record is meant."""

    written: str
    country: str = ""
    place: Place | None = None
    is_new: bool = False


@dataclass
class Shown:
    """A row of the report, with the agreement that it is about, as far as there is one."""

    outcome: Outcome
    sides: list[Side]
    agreement: Agreement | None = None

    @property
    def sign(self) -> str:
        return SIGNS[self.outcome.result]


@dataclass(frozen=True)
class Count:
    result: Result
    rows: int
    sign: str
    is_chosen: bool


class Report:
    """``chosen`` is a result to show alone, ``page`` a number; what is neither is passed over."""

    def __init__(self, plan: Plan, chosen: str = "", page: str = "") -> None:
        self.plan = plan
        self.chosen = chosen if chosen in plan.counts else ""
        wanted = [one for one in plan.outcomes if self.chosen in ("", one.result)]
        # Both kinds of what is left out stand together, in the order of the file.
        wanted.sort(key=lambda one: 0 if one.left_out else ORDER.index(one.result))
        self.page = Paginator(wanted, PER_PAGE).get_page(page)

    @property
    def counts(self) -> list[Count]:
        found = self.plan.counts
        return [
            Count(result, found[result.value], SIGNS[result], result == self.chosen)
            for result in ORDER
            if result.value in found
        ]

    def number_of(self, *results: Result) -> int:
        return sum(self.plan.counts.get(result.value, 0) for result in results)

    @property
    def entered(self) -> int:
        return self.number_of(*ENTERED)

    @property
    def left_out(self) -> int:
        return len(self.plan.refused)

    @property
    def total(self) -> int:
        """The rows of the file: what vanished from the list is none of them."""
        return len(self.plan.outcomes) - self.number_of(Result.GONE)

    @property
    def headline(self) -> str:
        """“20 rows: 15 would be entered, 5 cannot be: look at them below.”"""
        same, gone = self.number_of(Result.UNCHANGED), self.number_of(Result.GONE)
        entered, out = self.entered, self.left_out
        parts = []
        if entered or not (same or gone):
            parts.append(
                ngettext("%(n)s would be entered", "%(n)s would be entered", entered)
                % {"n": number(entered)}
            )
        if same:
            parts.append(
                ngettext("%(n)s is on record already", "%(n)s are on record already", same)
                % {"n": number(same)}
            )
        if gone:
            parts.append(
                ngettext(
                    "%(n)s other is no longer listed", "%(n)s others are no longer listed", gone
                )
                % {"n": number(gone)}
            )
        if out:
            parts.append(
                ngettext(
                    "%(n)s cannot be: look at it below",
                    "%(n)s cannot be: look at them below",
                    out,
                )
                % {"n": number(out)}
            )
        rows = ngettext("%(n)s row: %(what)s.", "%(n)s rows: %(what)s.", self.total)
        what = pgettext("between the words of a list", ", ").join(parts)
        return rows % {"n": number(self.total), "what": what}

    @cached_property
    def rows(self) -> list[Shown]:
        """The rows of this page, in a fixed number of queries."""
        outcomes = list(self.page)
        candidates = [each.place for one in outcomes for each in one.candidates if each.place]
        prefetch_related_objects(candidates, "identifiers")
        references = [one.agreement_reference for one in outcomes if one.agreement_reference]
        agreements = Agreement.objects.with_parties().filter(reference__in=references)
        by_reference = {agreement.reference: agreement for agreement in agreements}
        known = Place.objects.in_bulk({place.pk for one in outcomes for place in on_record(one)})
        alike = self.alike
        return [
            Shown(one, sides(one, known, alike), by_reference.get(one.agreement_reference))
            for one in outcomes
        ]

    @property
    def alike(self) -> Place | None:
        """The first side of every row, where one was chosen for all."""
        constants = self.plan.options.mapping.constants
        for scheme in PlaceIdentifier.Scheme.values:
            if value := constants.get(f"a_{scheme}"):
                rows = PlaceIdentifier.objects.filter(scheme=scheme, value=value)
                return next((row.place for row in rows.select_related("place")), None)
        return None


def matched(outcome: Outcome) -> tuple:
    """The places that a row was found to mean, on record or to be made."""
    tie = getattr(outcome.step, "tie", None)
    return tie.places if tie else ()


def on_record(outcome: Outcome) -> list[Known]:
    return [place for place in matched(outcome) if isinstance(place, Known)]


def sides(outcome: Outcome, known: dict[int, Place], alike: Place | None) -> list[Side]:
    """The two places of a row. Of the one that is ``alike`` in all rows, none says anything."""
    found = []
    meant = matched(outcome) or (None, None)
    for side, place in zip("ab", meant, strict=True):
        if side == "a" and alike:
            found.append(Side("", place=alike))
            continue
        ids = (outcome.cells.get(f"{side}_{name}", "") for name in ("name", "wikidata", "geonames"))
        found.append(
            Side(
                next(filter(None, ids), ""),
                outcome.cells.get(f"{side}_country", ""),
                known.get(place.pk) if isinstance(place, Known) else None,
                is_new=isinstance(place, Fresh),
            )
        )
    return found


def refused_rows(plan: Plan) -> tuple[list[str], Iterator[list[str]]]:
    """Headings and rows of what cannot be entered, as in the file, with why in a last column.

    The register's own columns that every row has alike were not in the file and are left out.
    """
    claims = {(claim.file, claim.row): claim for claim in plan.claims}
    refused = [(one, claims[one.file, one.row]) for one in plan.refused]
    headings: dict[str, str] = {}
    for one, claim in refused:
        for name in one.cells:
            if name not in plan.options.mapping.constants:
                headings.setdefault(claim.layout.heading(name), name)
    names = headings.values()
    rows = ([*(one.cells.get(name, "") for name in names), why(one)] for one, _claim in refused)
    return [*headings, gettext("what to do")], rows


def why(outcome: Outcome) -> str:
    said = [f"{problem.column}: {problem.message}" for problem in outcome.reasons]
    for each in outcome.candidates:
        if each.place:
            place = f"{each.place.name} ({each.place.country_code or '?'}, {each.place.slug})"
            said.append(f"{place}: {each.reason}")
    return " ".join(said)
