"""Small maps: a few places, and the ties between them, over the part of the world they lie in."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from agreements.lifecycle import BEFORE_SIGNING, Status
from agreements.models import Agreement
from cities.centres import whereabouts
from cities.models import Place
from common.earth import Point, View, arc, project, said, view_of

# A name beside every point of a small map, up to so many points.
MOST_NAMES = 6
# The width of a map in letters: beside the text, and in its own column.
EMS, MORE_EMS = 26, 34


class Stroke(TextChoices):
    """How a tie is drawn. A line for several agreements takes the first that fits one of them."""

    SIGNED = "signed", _("signed")
    BEFORE = "before", _("before signing")
    OVER = "over", _("suspended, ended or withdrawn")


def stroke_of(statuses: Iterable[str]) -> Stroke:
    held = set(statuses)
    if Status.SIGNED in held:
        return Stroke.SIGNED
    return Stroke.BEFORE if held & set(BEFORE_SIGNING) else Stroke.OVER


class Tie(NamedTuple):
    """Two places, and the statuses of what is between them."""

    one: Place
    other: Place
    statuses: Iterable[str]


@dataclass(frozen=True)
class Line:
    path: str
    stroke: Stroke


@dataclass(frozen=True)
class Mark:
    """A place on the map; its name stands at ``name_at`` where there is room for names."""

    place: Place
    at: Point
    name_at: Point | None = None

    @property
    def path(self) -> str:
        return dot(self.at)


@dataclass(frozen=True)
class SmallMap:
    view: View
    marks: list[Mark]
    lines: list[Line]
    missing: list[Place] = field(default_factory=list)
    ems: int = EMS

    @property
    def strokes(self) -> list[Stroke]:
        """Those that the legend explains."""
        return [stroke for stroke in Stroke if stroke in {line.stroke for line in self.lines}]

    @property
    def font_size(self) -> str:
        """In units of the drawing."""
        return said(self.view.width / self.ems)


def dot(at: Point) -> str:
    """A stroke of nearly no length: with round ends a dot, as wide at every scale as its pen."""
    return f"M{said(*at)}h.01"


def small_map(
    places: Iterable[Place],
    ties: Iterable[Tie],
    named: Iterable[Place] = (),
    ems: int = EMS,
) -> SmallMap | None:
    """None where no place has coordinates. ``named`` are the places whose names are written."""
    spots = {place: whereabouts(place) for place in places}
    known = {place: spot for place, spot in spots.items() if spot}
    if not known:
        return None
    points = {place: project(spot) for place, spot in known.items()}
    view = view_of(points.values())
    lines = [
        Line(arc(known[tie.one], known[tie.other]), stroke_of(tie.statuses))
        for tie in ties
        if tie.one in known and tie.other in known
    ]
    written = set(named)
    marks = [
        Mark(place, at, name_at(at, points.values(), view, ems) if place in written else None)
        for place, at in points.items()
    ]
    return SmallMap(view, marks, lines, [place for place, spot in spots.items() if not spot], ems)


def name_at(at: Point, points: Iterable[Point], view: View, ems: int) -> Point:
    """Above the northern places and below the southern ones, inside the view."""
    heights = sorted(point[1] for point in points)
    line = view.width / ems
    above = at[1] < heights[-1] or len(heights) == 1
    x = min(max(at[0], view.left + 4 * line), view.left + view.width - 4 * line)
    return x, at[1] - 0.7 * line if above else at[1] + 1.4 * line


def of_agreement(agreement: Agreement, on: date | None = None) -> SmallMap | None:
    """The parties, each tied to every other, as the agreement stood on that day; None is today.

    Parties and steps are joined.
    """
    places = [party.place for party in agreement.parties.all()]
    status = agreement.status_as_of(on) or agreement.status
    ties = [Tie(one, other, [status]) for one, other in combinations(places, 2)]
    return small_map(places, ties, named=places if len(places) <= MOST_NAMES else ())
