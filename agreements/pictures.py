"""A picture for those who pass a page on: PNG, 1200 × 630, in English, drawn by the server.

The font that comes with Pillow has Latin letters alone; what it lacks is folded into them.
"""

from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from typing import Any

from anyascii import anyascii
from django.core.cache import cache
from django.utils.translation import override
from PIL import Image, ImageDraw, ImageFont

from agreements.models import Agreement
from agreements.spine import AHEAD, CURRENT, DONE, UNRECORDED, Station, stations
from common.dates_display import display_partial_date

SIZE = (1200, 630)
EDGE = 72
LATER = "2"  # raise it when the drawing changes: what was kept of it is drawn anew
KEPT_FOR = 24 * 3_600  # seconds
LONGEST_TEXT = 200
INK, SOFT, PAPER, LINE = "#1b2326", "#4e595d", "#fbfaf7", "#7d8789"
TONES = {
    "proposed": "#4a5a76",
    "drafted": "#855800",
    "signed": "#0a6a43",
    "suspended": "#9c4a14",
    "ended": "#575a5f",
    "withdrawn": "#8d3340",
}
REGISTER = "Twinning: the register of agreements between places"
FINER = 4  # shapes are drawn so many times larger, and made small again with soft edges


@dataclass(frozen=True)
class Stop:
    """One station: its word, its day, its state and its status."""

    word: str
    when: str
    state: str
    status: str


@dataclass(frozen=True)
class Picture:
    """All that is drawn; the same gives the same bytes."""

    title: str
    kind: str
    tone: str
    says: str
    foot: str
    stops: tuple[Stop, ...] = ()

    @property
    def digest(self) -> str:
        return sha256(f"{LATER}{self!r}".encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def png(self) -> bytes:
        """Kept by what is in it, so that it is never out of date and tells nothing to others."""
        key = f"picture-{self.digest}"
        made = cache.get(key)
        if made is None:
            made = drawn(self)
            cache.set(key, made, KEPT_FOR)
        return made


def of_agreement(agreement: Agreement) -> Picture:
    """Of an agreement with steps and parties joined."""
    with override("en"):
        names = " - ".join(party.place.name for party in agreement.parties.all())
        status = str(agreement.get_status_display())
        return Picture(
            title=latin(agreement.title or names or agreement.reference),
            kind=latin(str(agreement.get_kind_display()).capitalize()),
            tone=agreement.status,
            says=f"{status.capitalize()}{'. In force' if agreement.is_in_force() else ''}.",
            foot=f"{agreement.reference} · {REGISTER}",
            stops=tuple(map(stop, stations(agreement))),
        )


def stop(station: Station) -> Stop:
    when = {UNRECORDED: "no record of it", AHEAD: "not reached"}.get(station.state, "")
    if station.state in (CURRENT, DONE) and station.step:
        step = station.step
        if step.happened_on:
            when = display_partial_date(step.happened_on)
        elif step.on_record_by:
            when = f"by {display_partial_date(step.on_record_by)}"
    return Stop(str(station.status.label).capitalize(), when, station.state, station.status.value)


# --- Text ---------------------------------------------------------------------------------


@lru_cache
def font(size: int) -> Any:
    return ImageFont.load_default(size)


@lru_cache(maxsize=4_096)
def is_drawn(sign: str) -> bool:
    """Whether the font has it: what it has not is drawn as the same box."""
    return bytes(font(24).getmask(sign)) != bytes(font(24).getmask("\uffff"))


def latin(text: str) -> str:
    """One line of what the font can draw."""
    short = " ".join(text.split())[:LONGEST_TEXT]
    folded = "".join(sign if is_drawn(sign) else anyascii(sign) for sign in short)
    return "".join(sign for sign in folded if sign.isprintable())[:LONGEST_TEXT]


def lines(text: str, size: int, room: float, most: int) -> list[str]:
    """The text broken where it is too wide; at most so many lines, the last cut short."""
    made: list[str] = []
    for word in text.split(" "):
        longer = f"{made[-1]} {word}" if made else word
        if made and font(size).getlength(longer) <= room:
            made[-1] = longer
        else:
            made.append(word)
    kept = made[:most]
    if len(made) > most:
        kept[-1] += " …"
    return [cut(line, size, room) for line in kept]


def cut(line: str, size: int, room: float) -> str:
    if font(size).getlength(line) <= room:
        return line
    line = line.removesuffix(" …")
    too_many = bisect_left(
        range(len(line)), True, key=lambda kept: font(size).getlength(f"{line[:kept]}…") > room
    )
    return f"{line[: max(too_many - 1, 0)]}…"


# --- Drawing ------------------------------------------------------------------------------


def drawn(picture: Picture) -> bytes:
    image = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    tone = TONES[picture.tone]
    draw.rectangle((0, 0, SIZE[0], 14), fill=tone)
    room = SIZE[0] - 2 * EDGE
    draw.text((EDGE, 66), cut(picture.kind, 32, room), SOFT, font(32))
    size = 72 if len(lines(picture.title, 72, room, 9)) <= 2 else 52
    y = 116
    for line in lines(picture.title, size, room, 3):
        draw.text((EDGE, y), line, INK, font(size))
        y += round(size * 1.2)
    if picture.stops:
        spine(image, draw, picture.stops, tone)
    draw.text((EDGE, 478), cut(picture.says, 46, room), tone, font(46))
    draw.text((EDGE, 562), cut(picture.foot, 27, room), SOFT, font(27))
    made = BytesIO()
    image.save(made, "PNG")
    return made.getvalue()


def spine(
    image: Image.Image, draw: ImageDraw.ImageDraw, stops: tuple[Stop, ...], tone: str
) -> None:
    """The way: a line to where it stands, dots to what is ahead, a shape at every stop."""
    step, y = (SIZE[0] - 2 * EDGE) // len(stops), 352
    for number, one in enumerate(stops):
        x = EDGE + 22 + number * step
        if number + 1 < len(stops):
            way(draw, x + 32, x + step - 32, y, "" if stops[number + 1].state == AHEAD else tone)
        shape(image, one, tone, (x - 24, y - 24))
        ahead = one.state == AHEAD
        draw.text((x - 22, y + 34), one.word, SOFT if ahead else INK, font(28))
        draw.text((x - 22, y + 70), cut(one.when, 22, step - 16), SOFT, font(22))


def way(draw: ImageDraw.ImageDraw, first: int, last: int, y: int, tone: str) -> None:
    if tone:
        draw.line((first, y, last, y), tone, 5)
    else:
        for x in range(first, last, 14):
            draw.ellipse((x, y - 2, x + 4, y + 2), LINE)


def shape(image: Image.Image, one: Stop, tone: str, at: tuple[int, int]) -> None:
    """Shapes as on the page: a tick, a ring, a square, two bars, a cross; empty if not recorded."""
    side = 48 * FINER
    tile = Image.new("RGB", (side, side), PAPER)
    pen = ImageDraw.Draw(tile)
    circle = (4 * FINER, 4 * FINER, 44 * FINER, 44 * FINER)
    if one.state == DONE:
        pen.ellipse(circle, tone)
        points = [(15, 25), (22, 32), (34, 17)]
        pen.line([(x * FINER, y * FINER) for x, y in points], PAPER, 4 * FINER, "curve")
    elif one.state == CURRENT:
        current(pen, one.status, tone, circle)
    else:
        pen.ellipse(circle, PAPER, LINE if one.state == AHEAD else tone, 3 * FINER)
    image.paste(tile.resize((48, 48), Image.Resampling.LANCZOS), at)


def current(pen: ImageDraw.ImageDraw, status: str, tone: str, circle: Any) -> None:
    if status == "ended":
        pen.rectangle(circle, tone)
    elif status == "suspended":
        for x in (10, 28):
            pen.rectangle((x * FINER, 4 * FINER, (x + 10) * FINER, 44 * FINER), tone)
    elif status == "withdrawn":
        low, high = 8 * FINER, 40 * FINER
        pen.line((low, low, high, high), tone, 8 * FINER)
        pen.line((low, high, high, low), tone, 8 * FINER)
    else:
        pen.ellipse(circle, tone)
        pen.ellipse([11 * FINER, 11 * FINER, 37 * FINER, 37 * FINER], PAPER)
        pen.ellipse([15 * FINER, 15 * FINER, 33 * FINER, 33 * FINER], tone)
