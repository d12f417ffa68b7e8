"""From rows to ties: what of a row is believed, and which rows speak of one and the same tie."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from agreements.imports.claims import Claim
from agreements.imports.outcomes import Problem
from agreements.imports.places import Fresh, Known
from agreements.imports.wording import said
from agreements.models import Listing
from common.dates import PartialDate

PRECISION = {"year": 0, "month": 1, "day": 2}


@dataclass
class Believed:
    """What of a row's dates can be so; what else it gives is told, in English, as given."""

    start: PartialDate | None = None
    end: PartialDate | None = None
    given: list[str] = field(default_factory=list)
    doubts: list[Problem] = field(default_factory=list)

    def doubt(self, claim: Claim, name: str, message: Any, given: str) -> None:
        self.doubts.append(claim.problem(name, message, fatal=False))
        self.given.append(given)


@dataclass
class Row:
    """A claim whose two places are found."""

    claim: Claim
    places: tuple[Known | Fresh, Known | Fresh]
    kind: str
    believed: Believed
    doubts: list[Problem] = field(default_factory=list)

    @property
    def listers(self) -> set[str]:
        """The sides that list it, by identity; nobody where that is not known."""
        a, b = (place.identity for place in self.places)
        return {"both": {a, b}, "a_only": {a}, "b_only": {b}}.get(self.claim.listed_by, set())

    @property
    def in_order(self) -> tuple:
        """The row of a tie that speaks for it comes first: the one that says most."""
        start, end = self.believed.start, self.believed.end
        exact = -PRECISION[start.precision] if start else 1
        return (exact, str(start or ""), end is None, not self.claim.note)


@dataclass
class Tie:
    """What a list says of one tie, in one row or several; ``rows[0]`` speaks for them."""

    rows: list[Row]
    start: PartialDate | None
    end: PartialDate | None = None
    # One of several of the same pair and kind, told apart by their beginnings.
    among_several: bool = False

    @property
    def speaker(self) -> Row:
        return self.rows[0]

    @property
    def claim(self) -> Claim:
        return self.speaker.claim

    @property
    def places(self) -> tuple[Known | Fresh, Known | Fresh]:
        return self.speaker.places

    @property
    def kind(self) -> str:
        return self.speaker.kind

    @property
    def name(self) -> str:
        return " – ".join(place.name for place in self.places)

    @property
    def key(self) -> str:
        apart = f" @{self.start}" if self.among_several and self.start else ""
        return f"{self.claim.key}{apart}"

    @property
    def sides(self) -> str:
        listers = set().union(*(row.listers for row in self.rows))
        return (Listing.Sides.UNKNOWN, Listing.Sides.ONE, Listing.Sides.BOTH)[len(listers)].value

    @property
    def lister(self) -> Known | Fresh | None:
        """The side that alone lists it."""
        listers = set().union(*(row.listers for row in self.rows))
        alone = len(listers) == 1
        return next((p for p in self.places if alone and p.identity in listers), None)

    @property
    def says(self) -> str:
        """For the record, in English, and no more than the list says."""
        parts = ["Lists the tie"]
        parts[0] += f", begun {self.start}" if self.start else ""
        parts[0] += f", ended {self.end}" if self.end else ""
        if self.lister:
            parts.append(f"of the two, only {self.lister.name}’s own record does")
        elif self.sides == Listing.Sides.BOTH:
            parts.append("both sides’ own records do")
        parts += dict.fromkeys(given for row in self.rows for given in row.believed.given)
        note = f" It notes: “{self.claim.note}”" if self.claim.note else ""
        return f"{'; '.join(parts)}.{note}"[:1500]


def believe(claim: Claim, listed_on: PartialDate, today: date) -> Believed:
    """An end like its start, an end before it, and days to come are reported, not believed."""
    start, end = claim.start, claim.end
    found = Believed(start, end)
    if start and end and start == end:
        message = _(
            "The end is the same as the start, so it is most likely the day of signing entered "
            "twice. The start is believed, the end is not. Give the true end, or leave it empty."
        )
        found.end = None
        found.doubt(claim, "end", message, f"gives {end} for its end as well")
    elif start and end and end.over_before(start):
        message = said(
            _("The end is before the start (%(start)s). Neither is believed. Correct them."),
            start=start,
        )
        found.start = found.end = None
        found.doubt(claim, "end", message, f"gives {start} for its beginning and {end} for its end")
    _not_to_come(found, claim, "start", "beginning", listed_on, today)
    _not_to_come(found, claim, "end", "end", listed_on, today)
    return found


def _not_to_come(found, claim, name: str, word: str, listed_on, today: date) -> None:
    day = getattr(found, name)
    if day is None or (day.begun_by(today) and day.begun_by(listed_on)):
        return
    message = _("This is in the future, so it is not believed. Correct it, or leave it empty.")
    if day.begun_by(today):
        message = said(
            _(
                "The list is of %(state)s and cannot know of this, so it is not believed. Correct "
                "the date, or the state of the list."
            ),
            state=listed_on,
        )
    setattr(found, name, None)
    found.doubt(claim, name, message, f"gives {day} for its {word}")


def ties_of(rows: Iterable[Row]) -> list[list[Tie]]:
    """The ties of each pair and kind together, those that began first in front."""
    pairs: dict[tuple[frozenset[str], str], list[Row]] = defaultdict(list)
    for row in rows:
        pairs[frozenset(place.identity for place in row.places), row.kind].append(row)
    return [_told_apart(of_pair) for of_pair in pairs.values()]


def _told_apart(rows: list[Row]) -> list[Tie]:
    """What cannot have been at one time makes two ties; all else is said twice."""
    ties: list[Tie] = []
    for row in sorted(rows, key=lambda row: row.in_order):
        same = next((tie for tie in ties if _may_be_one(tie.start, row.believed)), None)
        if same:
            same.rows.append(row)
        else:
            ties.append(Tie([row], row.believed.start))
    for tie in ties:
        tie.among_several = len(ties) > 1
        _agree_on_the_end(tie)
    return sorted(ties, key=lambda tie: str(tie.start or ""))


def _may_be_one(start: PartialDate | None, row: Believed) -> bool:
    """Not where the row’s tie began at another time, or was over before this one began."""
    if start is None:
        return True
    if row.end and row.end.over_before(start):
        return False
    return row.start is None or overlap(start, row.start)


def overlap(one: PartialDate, other: PartialDate) -> bool:
    return not (one.over_before(other) or other.over_before(one))


def _agree_on_the_end(tie: Tie) -> None:
    ends = {str(row.believed.end): row.believed.end for row in tie.rows if row.believed.end}
    tie.end = next(iter(ends.values())) if len(ends) == 1 else None
    if len(ends) > 1:
        given = " and ".join(sorted(ends))
        for row in (row for row in tie.rows if row.believed.end):
            message = said(
                _("The rows of this tie give different ends, %(ends)s. None is believed."),
                ends=", ".join(sorted(ends)),
            )
            row.believed.doubt(row.claim, "end", message, f"gives both {given} for its end")
