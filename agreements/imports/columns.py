"""Which column of a file is which: by its heading, or as a mapping says."""

import re
from collections.abc import Mapping as Names
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from agreements.imports.wording import said
from common.sheets.errors import SheetError

OF_A_SIDE = ("wikidata", "geonames", "name", "country")
OF_THE_TIE = ("start", "end", "listed_by", "kind", "note")
CANONICAL = (*(f"{side}_{what}" for side in "ab" for what in OF_A_SIDE), *OF_THE_TIE)

# What people call the columns of a side, besides the name of the column itself.
WORDS: dict[str, tuple[str, ...]] = {
    "wikidata": ("wikidata", "wikidata id", "wikidata qid", "qid"),
    "geonames": ("geonames", "geonames id", "geonameid"),
    "name": ("name", "place", "city", "town", "municipality", "place name", "city name"),
    "country": ("country", "country code", "country iso2", "iso2"),
}
PARTNERS = ("partner", "twin", "sister", "other")
ALSO = {
    "start": ("since", "begin", "begins", "begun", "from", "start date", "year", "signed"),
    "end": ("until", "to", "ended", "ends", "end date"),
    "listed_by": ("listed", "direction", "direction 2016"),
    "kind": ("type", "kind of tie"),
    "note": ("notes", "remark", "remarks", "comment", "comments"),
}


def plain(heading: str) -> str:
    """As it is compared: ``Place_A`` is ``place a``."""
    return " ".join(re.split(r"[\s_\-.:()/]+", heading.casefold())).strip()


def _known_headings() -> dict[str, str]:
    """Every heading that says which side it is of, or that it is of the tie."""
    known = {plain(name): name for name in CANONICAL}
    for what, words in WORDS.items():
        for word in words:
            for side in "ab":
                known |= dict.fromkeys((f"{word} {side}", f"{side} {word}"), f"{side}_{what}")
            known |= {f"{partner} {word}": f"b_{what}" for partner in PARTNERS}
    known |= dict.fromkeys((*PARTNERS[:2], "sister city", "twin town"), "b_name")
    for name, words in ALSO.items():
        known |= dict.fromkeys(words, name)
    return known


KNOWN = _known_headings()
# “Country” alone is of the first side, or of the other where the first is the same in every row.
OF_EITHER = {word: what for what, words in WORDS.items() for word in words}


@dataclass(frozen=True)
class Mapping:
    """``columns`` name the headings of our columns, ``constants`` what every row has alike."""

    columns: Names[str, str] = field(default_factory=dict)
    constants: Names[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {"columns": dict(self.columns), "constants": dict(self.constants)}


@dataclass(frozen=True)
class Layout:
    """The columns of one file: the headings of ours, and the headings of no use."""

    headings: dict[str, str]
    constants: dict[str, str]
    unread: tuple[str, ...]

    def heading(self, name: str) -> str:
        """What people see over the column, for telling them where something is wrong."""
        return self.headings.get(name, name)

    def read(self, cells: dict[str, str]) -> dict[str, str]:
        """The cells of a row by our names; what is of no use is kept by its heading."""
        read = dict(self.constants)
        for name, heading in self.headings.items():
            read[name] = cells.get(heading, "")
        return read | {name: cells[name] for name in self.unread if cells.get(name)}


def layout(sheet: Any, mapping: Mapping) -> Layout:
    """Raises SheetError where the columns do not say what every row must."""
    headings = _mapped(sheet, mapping)
    first_side_is_constant = any(name.startswith("a_") for name in mapping.constants)
    for heading in sheet.header:
        name = _meaning(heading, first_side_is_constant)
        if name is None or name in mapping.columns or heading in headings.values():
            continue
        if name in headings:
            raise _fault(
                sheet,
                heading,
                _("“%(one)s” and “%(other)s” would both be read as %(name)s. Rename one of them."),
                one=headings[name],
                other=heading,
                name=name,
            )
        headings[name] = heading
    _check(sheet, headings, mapping)
    used = set(headings.values())
    unread = (heading for heading in sheet.header if heading not in used)
    # A heading of no use that has the name of a column of ours would pass for that.
    aside = tuple(heading for heading in unread if heading not in CANONICAL)
    return Layout(headings, dict(mapping.constants), aside)


def _mapped(sheet: Any, mapping: Mapping) -> dict[str, str]:
    in_file = {heading.casefold(): heading for heading in sheet.header}
    headings = {}
    for name, wanted in mapping.columns.items():
        found = in_file.get(" ".join(wanted.split()).casefold())
        if found is None:
            raise _fault(
                sheet,
                None,
                _(
                    "The mapping reads %(name)s from a column “%(heading)s”, and there is none. "
                    "The file has: %(headings)s."
                ),
                name=name,
                heading=wanted,
                headings=", ".join(sheet.header),
            )
        headings[name] = found
    return headings


def _meaning(heading: str, first_side_is_constant: bool) -> str | None:
    words = plain(heading)
    if words in OF_EITHER:
        return f"{'b' if first_side_is_constant else 'a'}_{OF_EITHER[words]}"
    return KNOWN.get(words)


def _check(sheet: Any, headings: dict[str, str], mapping: Mapping) -> None:
    for name in mapping.constants:
        if name in headings:
            raise _fault(
                sheet,
                headings[name],
                _(
                    "The mapping gives one %(name)s to every row, and this column gives each its "
                    "own. Take one of the two away."
                ),
                name=name,
            )
    given = {*headings, *mapping.constants}
    for side in "ab":
        if not given & {f"{side}_wikidata", f"{side}_geonames", f"{side}_name"}:
            raise _fault(
                sheet,
                None,
                _(
                    "No column says which place is side %(side)s. Give one of them the heading "
                    "%(side)s_wikidata, %(side)s_geonames or %(side)s_name (with "
                    "%(side)s_country), or say in a mapping file which it is. The file has: "
                    "%(headings)s."
                ),
                side=side,
                headings=", ".join(sheet.header),
            )


def _fault(sheet: Any, column: str | None, sentence: Any, **values: Any) -> SheetError:
    return SheetError(said(sentence, **values), file=sheet.name, row=1, column=column)
