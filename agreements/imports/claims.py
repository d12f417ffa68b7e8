"""One row of a list, read: what it says of two places, and what in it cannot be read."""

import re
from dataclasses import dataclass, field
from hashlib import md5
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from agreements.imports.columns import Layout
from agreements.imports.country_cells import Countries, NoCountry, same
from agreements.imports.day_cells import NoDate, read_day
from agreements.imports.outcomes import Problem
from agreements.imports.wording import said
from agreements.models import Agreement
from cities.models import PlaceIdentifier
from common.dates import PartialDate

LONGEST_NAME = 200
LONGEST_NOTE = 1000
LONGEST_KEY = 180
SIDES = ("", "both", "a_only", "b_only")
# What is left of the page that a name was copied from.
MARKUP = (
    (re.compile(r"\[\[|\]\]|\{\{|\}\}|\{!|\{\||\|\}"), _("Wiki markup is left in the name.")),
    (re.compile(r"<\s*/?\s*[a-zA-Z!]|&(?:[a-zA-Z]+|#\d+);"), _("HTML is left in the name.")),
    (
        re.compile(r"\[\s*(?:\d+|[a-z]|note \d+|citation needed)\s*\]", re.I),
        _("A mark of a footnote is left in the name."),
    ),
    (re.compile(r"\b(?:File|Image|Datei|Файл):", re.I), _("This is a picture, not a name.")),
    (re.compile(r"https?://|www\."), _("This is an address, not a name.")),
    (re.compile(r"^[=@+]"), _("This is a formula, not a name.")),
    (re.compile(r"[\n\t]|\\[nt]"), _("The name goes over several lines.")),
)
WRITE_THE_NAME = _("Write the name alone, such as Khujand.")


class Named(NamedTuple):
    """What a row says of one of its two places; ``country`` is a code."""

    wikidata: str
    geonames: str
    name: str
    country: str

    @property
    def key(self) -> str:
        """What the list knows the place by."""
        if self.wikidata:
            return self.wikidata
        return f"geonames:{self.geonames}" if self.geonames else f"{same(self.name)}|{self.country}"

    def __str__(self) -> str:
        return self.name or self.wikidata or self.geonames


NOBODY = Named("", "", "", "")


@dataclass
class Claim:
    """What a row says. ``cells`` are by our columns; ``layout`` knows their headings."""

    file: str
    row: int
    cells: dict[str, str]
    layout: Layout
    sides: tuple[Named, Named] = (NOBODY, NOBODY)
    start: PartialDate | None = None
    end: PartialDate | None = None
    problems: list[Problem] = field(default_factory=list)

    @property
    def listed_by(self) -> str:
        return self.cells.get("listed_by", "").casefold()

    @property
    def kind(self) -> str:
        """The kind that the row itself gives, if any."""
        return self.cells.get("kind", "")

    @property
    def note(self) -> str:
        return self.cells.get("note", "")

    @property
    def is_fatal(self) -> bool:
        return any(problem.fatal for problem in self.problems)

    @property
    def key(self) -> str:
        """The pair as the list knows it, whichever side stands first."""
        pair = sorted(side.key for side in self.sides)
        key = " ".join([*pair, self.kind] if self.kind else pair)
        if len(key) <= LONGEST_KEY:
            return key
        return f"{key[: LONGEST_KEY - 33]} {md5(key.encode(), usedforsecurity=False).hexdigest()}"

    @property
    def written(self) -> tuple[frozenset[str], frozenset[str]]:
        """Each side by what stands in its cells, readable or not."""
        a, b = (written(self.cells, side) for side in "ab")
        return a, b

    def problem(self, name: str, message: Any, *, fatal: bool = True) -> Problem:
        return Problem(self.layout.heading(name), self.cells.get(name, ""), message, fatal)

    def wrong(self, name: str, message: Any, *, fatal: bool = True) -> None:
        self.problems.append(self.problem(name, message, fatal=fatal))


def written(cells: dict[str, str], side: str) -> frozenset[str]:
    """What the cells of a row call one side; an id or a name is enough to know it by."""
    found = (cells.get(f"{side}_{what}", "") for what in ("wikidata", "geonames", "name"))
    return frozenset(same(text) for text in found if text)


def read_claim(file: str, row: int, cells: dict[str, str], layout: Layout, lands: Countries):
    claim = Claim(file, row, layout.read(cells), layout)
    claim.sides = (_named(claim, "a", lands), _named(claim, "b", lands))
    claim.start, claim.end = _day(claim, "start"), _day(claim, "end")
    if claim.listed_by not in SIDES:
        claim.wrong(
            "listed_by",
            _("Write both, a_only or b_only; leave it empty where it is not known who lists it."),
        )
    if claim.kind and claim.kind not in Agreement.Kind.values:
        kinds = ", ".join(Agreement.Kind.values)
        claim.wrong("kind", said(_("Write one of %(kinds)s, or leave it empty."), kinds=kinds))
    if len(claim.note) > LONGEST_NOTE:
        claim.wrong("note", said(_("Shorten the note to %(most)s characters."), most=LONGEST_NOTE))
    return claim


def _named(claim: Claim, side: str, lands: Countries) -> Named:
    named = Named(
        wikidata=_id(claim, f"{side}_wikidata", "wikidata"),
        geonames=_id(claim, f"{side}_geonames", "geonames"),
        name=_name(claim, f"{side}_name"),
        country=_country(claim, f"{side}_country", lands),
    )
    given = (claim.cells.get(f"{side}_{what}") for what in ("wikidata", "geonames", "name"))
    if not any(given):
        column = next(
            (
                f"{side}_{what}"
                for what in ("name", "wikidata", "geonames")
                if f"{side}_{what}" in claim.cells
            ),
            f"{side}_name",
        )
        claim.wrong(
            column,
            said(
                _(
                    "The row does not say which place is side %(side)s. Write its id, or its name "
                    "and country."
                ),
                side=side,
            ),
        )
    return named


def _id(claim: Claim, name: str, scheme: str) -> str:
    text = claim.cells.get(name, "")
    form = PlaceIdentifier.FORMS[scheme]
    if not text or (re.fullmatch(form, text) and len(text) <= 40):
        return text
    inside = set(re.findall(rf"(?<![A-Za-z0-9.+-]){form}(?![A-Za-z0-9.])", text.upper()))
    if len(inside) == 1:
        claim.wrong(name, said(_("Write the id alone: %(id)s."), id=inside.pop()))
    elif scheme == "wikidata":
        claim.wrong(name, _("A Wikidata id is Q and digits, such as Q373808."))
    else:
        claim.wrong(name, _("A GeoNames id is digits alone, such as 1514879."))
    return ""


def _name(claim: Claim, name: str) -> str:
    text = claim.cells.get(name, "")
    for pattern, what in MARKUP:
        if pattern.search(text):
            claim.wrong(name, said("%(what)s %(do)s", what=what, do=WRITE_THE_NAME))
            return ""
    if len(text) > LONGEST_NAME:
        claim.wrong(
            name, said(_("The name is longer than %(most)s characters."), most=LONGEST_NAME)
        )
        return ""
    return text


def _country(claim: Claim, name: str, lands: Countries) -> str:
    try:
        return lands.code(claim.cells.get(name, ""))
    except NoCountry as error:
        claim.wrong(name, error.message)
        return ""


def _day(claim: Claim, name: str) -> PartialDate | None:
    try:
        return read_day(claim.cells.get(name, ""))
    except NoDate as error:
        claim.wrong(name, error.message)
        return None
