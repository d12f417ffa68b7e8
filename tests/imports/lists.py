"""Lists of ties made on the spot, looked through and entered."""

import csv
import io
import re

from agreements.imports import CANONICAL, Options, Plan, enter, plan
from agreements.models import Source
from cities.models import Place
from common.sheets import open_sheet
from tests.factories import PlaceFactory, PlaceIdentifierFactory, SourceFactory, on

KHUJAND, QAZVIN, SEATTLE = "Khujand|TJ", "Qazvin|IR", "Seattle|US"


def seattle() -> Place:
    """It has an id, so that a row may name it in two ways."""
    made = PlaceFactory(name="Seattle", country_code="US")
    PlaceIdentifierFactory(place=made, value="Q5083")
    PlaceIdentifierFactory(place=made, scheme="geonames", value="5809844")
    return made


def the_list() -> Source:
    found = Source.objects.filter(key="the-list").first()
    return found or SourceFactory(key="the-list", kind="register", publisher="Wikidata")


def side(letter: str, place: str) -> dict[str, str]:
    """``Q1``, ``5809844`` or ``Khujand|TJ``, and an id with a name as ``Q1 Khujand|TJ``."""
    cells = {}
    first, _, rest = place.partition(" ")
    if re.fullmatch(r"Q\d+|\d+", first):
        cells[f"{letter}_{'wikidata' if first.startswith('Q') else 'geonames'}"] = first
        place = rest
    name, _, country = place.partition("|")
    return cells | {f"{letter}_name": name, f"{letter}_country": country}


def tie(a: str = KHUJAND, b: str = SEATTLE, **cells: str) -> dict[str, str]:
    """A row of a list."""
    return side("a", a) | side("b", b) | cells


def written(rows: list[dict[str, str]], header=CANONICAL) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, header)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def sheet_of(content: bytes, name: str = "ties.csv"):
    return open_sheet(io.BytesIO(content), name)


def looked_through(*rows: dict[str, str], listed_on: str = "2016", **options) -> Plan:
    source = options.pop("source", None) or the_list()
    sheets = [sheet_of(written(list(rows)))]
    return plan(sheets, Options(source=source, listed_on=on(listed_on), **options))


def entered(*rows: dict[str, str], **options) -> Plan:
    found = looked_through(*rows, **options)
    enter(found)
    return found


def results(found: Plan) -> list[str]:
    return [outcome.result.value for outcome in found.outcomes]


def told(found: Plan) -> list[str]:
    """Where something is wrong and what, of all rows."""
    reasons = [reason for outcome in found.outcomes for reason in outcome.reasons]
    return [f"{reason.column}: {reason.message}" for reason in reasons]
