"""The earth on a page: the projection of ``static/map/world.svg``, and what is laid over it.

Equal Earth, by B. Šavrič, T. Patterson and B. Jenny (2018). ``fixtures/map/make.mjs`` draws the
world in the same scale, and a test compares the two.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import asin, copysign, cos, hypot, pi, radians, sin, sqrt

Spot = tuple[float, float]
"""Degrees north and east."""
Point = tuple[float, float]
"""Units from the left and from the top of the drawing."""

WIDTH = 1000.0
HEIGHT = 486.8
MIDDLE = 11.0  # degrees east; the seam lies opposite, at 169 degrees west

_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796
_M = sqrt(3) / 2
_SCALE = WIDTH * _M * _A1 / (2 * pi)
# South of this lies Antarctica alone. A view of the whole world ends here while it can.
_LAND_ENDS = 440.0
# How far an arc rises over the straight line: a share of its length, and at most so many units.
_RISE, _HIGHEST = 0.12, 42.0


def _height(latitude: float) -> tuple[float, float]:
    """The distance from the equator, and what a degree of longitude is worth there."""
    theta = asin(_M * sin(radians(latitude)))
    square = theta * theta
    sixth = square**3
    up = theta * (_A1 + _A2 * square + sixth * (_A3 + _A4 * square))
    slope = _A1 + 3 * _A2 * square + sixth * (7 * _A3 + 9 * _A4 * square)
    return up, cos(theta) / (_M * slope)


_TOP = _height(90)[0] * _SCALE


def _turned(degrees: float) -> float:
    """The same direction, from −180 up to but not 180."""
    return (degrees + 180) % 360 - 180


def _flat(latitude: float, east: float) -> Point:
    """``east`` counts from the middle of the map, from −180 to 180."""
    up, worth = _height(latitude)
    return WIDTH / 2 + radians(east) * worth * _SCALE, _TOP - up * _SCALE


def project(spot: Spot) -> Point:
    latitude, longitude = spot
    return _flat(latitude, _turned(longitude - MIDDLE))


def said(*numbers: float) -> str:
    """Numbers of a drawing, to a tenth of a unit, whatever the reader's language."""
    return " ".join(f"{round(number, 1):g}" for number in numbers)


def arc(start: Spot, end: Spot) -> str:
    """The path of a bow from one spot to another, the short way round the earth.

    Where it passes the seam it is in two pieces, so that none runs across the whole map.
    """
    (latitude, longitude), (other, elsewhere) = start, end
    east = _turned(longitude - MIDDLE)
    way = _turned(elsewhere - longitude)
    if abs(east + way) <= 180:
        return _bow(_flat(latitude, east), _flat(other, east + way))
    edge = copysign(180, way)
    crossing = latitude + (other - latitude) * (edge - east) / way
    there = _flat(other, east + way - copysign(360, way))
    return _bow(_flat(latitude, east), _flat(crossing, edge)) + _bow(_flat(crossing, -edge), there)


def _bow(start: Point, end: Point) -> str:
    """A curve that bends away from the equator, as the straight way over the globe does."""
    across, down = end[0] - start[0], end[1] - start[1]
    length = hypot(across, down) or 1
    middle = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    # Its crown lies half as high as the point that it bends towards.
    lift = 2 * min(_RISE * length, _HIGHEST)
    lift = copysign(lift, -across) if middle[1] <= _TOP else copysign(lift, across)
    towards = middle[0] - down / length * lift, middle[1] + across / length * lift
    inside = min(max(towards[0], 0), WIDTH), min(max(towards[1], 0), HEIGHT)
    return f"M{said(*start)}Q{said(*inside)} {said(*end)}"


@dataclass(frozen=True)
class View:
    """A part of the drawing, in its units."""

    left: float
    top: float
    width: float
    height: float

    def __str__(self) -> str:
        """As the ``viewBox`` of an SVG."""
        return said(self.left, self.top, self.width, self.height)


def world_view(points: Iterable[Point] = ()) -> View:
    """The whole world, without Antarctica as long as no point lies there."""
    lowest = max((point[1] for point in points), default=0)
    return View(0, 0, WIDTH, _LAND_ENDS if lowest <= _LAND_ENDS else HEIGHT)


def view_of(points: Iterable[Point], *, least: float = 90) -> View:
    """The region around these points, ``least`` units wide or more, once and a half to twice as
    wide as high. Where they lie far apart it is the whole world.
    """
    points = list(points)
    across, down = [point[0] for point in points], [point[1] for point in points]
    wide, high = max(across) - min(across), max(down) - min(down)
    width = max(least, 1.4 * wide)
    height = max(width / 2, 1.6 * high)
    width = max(width, 1.5 * height)
    if width > 0.75 * WIDTH or height > HEIGHT:
        return world_view(points)
    left = (max(across) + min(across) - width) / 2
    top = (max(down) + min(down) - height) / 2
    return View(min(max(left, 0), WIDTH - width), min(max(top, 0), HEIGHT - height), width, height)
