"""Rows turned into the shapes of a chart: numbers in, lengths and places out.

Bars are shares of the longest, as texts for SVG: `62.5%`. They begin at the inline start; the
style sheet turns them round where a language runs from right to left. Columns stand in a drawing
of 720 by 280 units; it has text in it, so here they are placed from the right where that is so.
"""

from collections.abc import Sequence
from dataclasses import dataclass

# What is not nought is seen.
SHORTEST = 0.4

WIDTH, HEIGHT = 720, 280
TOP, BASE, MARGIN = 24, 244, 8
SCALE_ROOM = 52  # for the numbers of the scale
STEPS_OF_SCALE = 4
WIDEST = 56


def lengths(numbers: Sequence[int]) -> list[str]:
    """For each number its share of the largest."""
    most = max(numbers, default=0)
    return [_percent(number, most) for number in numbers]


def _percent(number: int, most: int) -> str:
    if number <= 0:
        return "0%"
    share = max(100 * number / most, SHORTEST)
    return f"{share:.1f}%".replace(".0%", "%")


def nice_top(most: int) -> int:
    """The least of 4, 8, 20, 40, 80, 200 … that is not less: each quarter of it is whole."""
    size = 1
    while True:
        for digit in (4, 8, 20):
            if most <= digit * size:
                return digit * size
        size *= 10


@dataclass(frozen=True)
class Part:
    """A piece of a column, counted from the base; ``number`` is its place among the pieces."""

    number: int
    y: int
    height: int


@dataclass(frozen=True)
class Column:
    x: int
    width: int
    middle: int
    top: int
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Line:
    """A line of the scale, and the number that it stands for."""

    y: int
    number: int


@dataclass(frozen=True)
class Drawing:
    columns: list[Column]
    lines: list[Line]
    rtl: bool
    width: int = WIDTH
    height: int = HEIGHT
    base: int = BASE

    @property
    def start(self) -> int:
        """Where the lines begin, and `end` where they end; the scale is written before it."""
        return MARGIN if self.rtl else SCALE_ROOM

    @property
    def end(self) -> int:
        return WIDTH - SCALE_ROOM if self.rtl else WIDTH - MARGIN

    @property
    def scale_at(self) -> int:
        return WIDTH - SCALE_ROOM + 8 if self.rtl else SCALE_ROOM - 8

    @property
    def scale_anchor(self) -> str:
        return "start" if self.rtl else "end"


def columns(rows: Sequence[Sequence[int]], *, rtl: bool = False) -> Drawing:
    """One column a row, of as many pieces as the row has numbers, one on top of the other."""
    top = nice_top(max((sum(row) for row in rows), default=0))
    room = (WIDTH - SCALE_ROOM - MARGIN) / max(len(rows), 1)
    width = min(round(room * 0.7), WIDEST)
    placed = []
    for at, row in enumerate(rows):
        middle = SCALE_ROOM + room * (at + 0.5)
        placed.append(_column(row, round(WIDTH - middle if rtl else middle), width, top))
    lines = [
        Line(_y(number, top), number) for number in range(0, top + 1, max(top // STEPS_OF_SCALE, 1))
    ]
    return Drawing(placed, lines, rtl)


def _column(row: Sequence[int], middle: int, width: int, top: int) -> Column:
    parts, below = [], 0
    for number, piece in enumerate(row):
        floor, below = _y(below, top), below + piece
        y = _y(below, top)
        # A piece of one among thousands is a hair, and is seen.
        y = min(y, floor - 1) if piece else y
        parts.append(Part(number, y, floor - y))
    return Column(middle - width // 2, width, middle, min(p.y for p in parts), tuple(parts))


def _y(number: int, top: int) -> int:
    return round(BASE - (BASE - TOP) * number / top)
