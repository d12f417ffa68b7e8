"""Loads records written by hand as TOML (``fixtures/story``) through the models' own doors.

Every row passes ``full_clean``, every status comes from a move. What is on record already is left
alone, so loading again never undoes anybody's work; to that end each record has a key of its own.
"""

import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Model

from agreements.models import (
    Agreement,
    Approval,
    Citation,
    Document,
    Event,
    Initiative,
    Opening,
    Party,
    Relation,
    Sector,
    SectorName,
    Signature,
    Source,
)
from cities.models import (
    Appointment,
    Institution,
    Official,
    Place,
    PlaceIdentifier,
    PlaceName,
    Spelling,
)

Row = dict[str, Any]


class StoryError(Exception):
    """What is wrong and where: the file, the table and the entry."""


def load(folder: Path) -> dict[str, int]:
    """Load every TOML file of the folder, all or nothing; how many records of each were new."""
    tables = read(folder)
    new: dict[str, int] = {}
    with transaction.atomic():
        for table, loader in LOADERS.items():
            new[table] = 0
            for where, row in tables.get(table, []):
                with naming(where):
                    new[table] += loader(row)
    return new


def read(folder: Path) -> dict[str, list[tuple[str, Row]]]:
    tables: dict[str, list[tuple[str, Row]]] = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            content = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise StoryError(f"{path.name}: {error}") from error
        for table, rows in content.items():
            refuse_other_tables(f"{path.name}, {table}", table, rows)
            for row in rows:
                where = f"{path.name}, {table} {label(row)}"
                tables.setdefault(table, []).append((where, row))
                with naming(where):
                    tables.setdefault("relation", []).extend(
                        (where, {**relation, "from": row["reference"]})
                        for relation in row.pop("relations", [])
                    )
    # What others lie in comes first.
    tables.get("place", []).sort(key=lambda entry: -Place.RANKS.get(str(entry[1].get("level")), 0))
    return tables


def refuse_other_tables(where: str, table: str, rows: Any) -> None:
    if table not in LOADERS:
        raise StoryError(f"{where}: nothing is called that; there are {', '.join(LOADERS)}")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise StoryError(f"{where}: write each entry below a line of its own, [[{table}]]")


def label(row: Row) -> str:
    keys = ("slug", "key", "reference", "title")
    return next((str(row[key]) for key in keys if key in row), "without a key")


@contextmanager
def naming(where: str) -> Iterator[None]:
    try:
        yield
    except ValidationError as error:
        raise StoryError(f"{where}: {'; '.join(error.messages)}") from error
    except KeyError as error:
        raise StoryError(f"{where}: {error} is missing or unknown") from error
    except (TypeError, ValueError, IntegrityError, models.ObjectDoesNotExist) as error:
        raise StoryError(f"{where}: {error}") from error


def add(model: type[Model], **fields) -> Any:
    row = model(**fields)
    row.full_clean()
    row.save()
    return row


def place(slug: str | None) -> Place | None:
    if not slug:
        return None
    try:
        return Place.objects.at(slug).get()
    except Place.DoesNotExist:
        raise ValidationError(f"no place has the address “{slug}”") from None


def load_place(row: Row) -> int:
    row = dict(row)
    names, seated = row.pop("names", []), row.pop("institutions", [])
    if there := Place.objects.at(row["slug"]).first():
        belongings(there, names, seated)
        return 0
    ids = {scheme: row.pop(scheme) for scheme in ("wikidata", "geonames") if scheme in row}
    made = add(
        Place,
        parent=place(row.pop("parent", None)),
        country_code=row.pop("country", ""),
        **{
            field: str(value) if isinstance(value, float) else value for field, value in row.items()
        },
    )
    for scheme, value in ids.items():
        add(PlaceIdentifier, place=made, scheme=scheme, value=value)
    belongings(made, names, seated)
    return 1


def belongings(there: Place, names: list[Row], seated: list[Row]) -> None:
    """Names and institutions, whoever brought the place; what was taken away stays away."""
    for name in names:
        same = {"text": name["text"], "language": name["language"]}
        if not PlaceName.history.filter(place=there, **same).exists():
            add(PlaceName, place=there, **name)
    for institution in seated:
        if not Institution.history.filter(name=institution["name"]).exists():
            add(Institution, place=there, **institution)


def load_official(row: Row) -> int:
    if Official.objects.at(row["slug"]).exists():
        return 0
    row = dict(row)
    spellings, offices = row.pop("spellings", []), row.pop("appointments", [])
    made = add(Official, **row)
    for spelling in spellings:
        add(Spelling, official=made, **spelling)
    for office in offices:
        seats = {key: place(office.get(key)) for key in ("place", "accredited_to")}
        add(Appointment, official=made, **{**office, **seats})
    return 1


def load_sector(row: Row) -> int:
    row = dict(row)
    names = dict(row.pop("names", {}))
    there = Sector.objects.filter(slug=row["slug"]).first()
    sector = there or add(Sector, **row)
    for language, text in names.items():
        # What was taken away stays away.
        if not SectorName.history.filter(sector=sector, language=language).exists():
            add(SectorName, sector=sector, language=language, text=text)
    return 0 if there else 1


def load_source(row: Row) -> int:
    if Source.objects.filter(key=row["key"]).exists():
        return 0
    add(Source, **{**row, "speaks_for": place(row.get("speaks_for"))})
    return 1


def load_agreement(row: Row) -> int:
    if Agreement.objects.filter(reference=row["reference"]).exists():
        return 0
    row = dict(row)
    internal = row.pop("internal", False)
    parts = {key: row.pop(key, []) for key in (*PARTS, "parties", "steps", "citations", "sectors")}
    if not parts["steps"]:
        raise ValidationError("it has no steps; the first says where its record begins")
    opening, *later = parts["steps"]
    agreement = Agreement(**row)
    agreement.opening = Opening(status=opening["to"], **step_details(opening))
    agreement.full_clean()
    agreement.save()
    agreement.sectors.set(Sector.objects.get(slug=slug) for slug in parts["sectors"])
    for position, seat in enumerate(parts["parties"], start=1):
        seat = {**seat, "place": place(seat["place"])}
        add(Party, agreement=agreement, position=position, **seat)
    for name, loader in PARTS.items():
        for part in parts[name]:
            loader(agreement, dict(part))
    for step in later:
        agreement.move(step["move"], by=None, **step_details(step))
    cite(parts["citations"], agreement)
    if not internal:
        agreement.publish(by=None)
    return 1


def step_details(step: Row) -> Row:
    details = {key: value for key, value in step.items() if key not in ("to", "move", "citations")}
    details["acted_by"] = place(step.get("acted_by"))
    details["citations"] = [
        (Source.objects.get(key=citation["source"]), citation.get("says", ""))
        for citation in step.get("citations", [])
    ]
    return details


def cite(citations: list[Row], agreement: Agreement, **subject) -> None:
    for citation in citations:
        source = Source.objects.get(key=citation["source"])
        says = citation.get("says", "")
        add(Citation, source=source, agreement=agreement, says=says, **subject)


def party(agreement: Agreement, slug: str) -> Party:
    return agreement.parties.get(place=place(slug))


def load_approval(agreement: Agreement, row: Row) -> None:
    citations = row.pop("citations", [])
    row["party"] = party(agreement, row["party"])
    cite(citations, agreement, approval=add(Approval, agreement=agreement, **row))


def load_signature(agreement: Agreement, row: Row) -> None:
    row["party"] = party(agreement, row["party"])
    row["signed_in"] = place(row.get("signed_in"))
    if row.get("official"):
        row["official"] = Official.objects.at(row["official"]).get()
    add(Signature, agreement=agreement, **row)


def load_initiative(agreement: Agreement, row: Row) -> None:
    institutions = row.pop("institutions", [])
    if row.get("sector"):
        row["sector"] = Sector.objects.get(slug=row["sector"])
    made = add(Initiative, agreement=agreement, **row)
    made.institutions.set(Institution.objects.get(name=name) for name in institutions)


def load_document(agreement: Agreement, row: Row) -> None:
    add(Document, agreement=agreement, **row)


PARTS = {
    "approvals": load_approval,
    "signatures": load_signature,
    "initiatives": load_initiative,
    "documents": load_document,
}


def load_event(row: Row) -> int:
    if Event.objects.filter(title=row["title"], happened_on=row.get("happened_on")).exists():
        return 0
    row = dict(row)
    agreements, people = row.pop("agreements"), row.pop("participants", [])
    citations = row.pop("citations", [])
    made = add(Event, **{**row, "place": place(row.get("place"))})
    made.agreements.set(Agreement.objects.get(reference=reference) for reference in agreements)
    made.participants.set(Official.objects.at(slug).get() for slug in people)
    for citation in citations:
        agreement = Agreement.objects.get(reference=citation["agreement"])
        cite([citation], agreement, event=made)
    return 1


def load_relation(row: Row) -> int:
    """Written under the younger agreement, loaded when every agreement is on record."""
    ends = {f"{end}_agreement": Agreement.objects.get(reference=row[end]) for end in ("from", "to")}
    if Relation.objects.filter(kind=row["kind"], **ends).exists():
        return 0
    add(Relation, kind=row["kind"], **ends)
    return 1


LOADERS = {
    "place": load_place,
    "official": load_official,
    "sector": load_sector,
    "source": load_source,
    "agreement": load_agreement,
    "relation": load_relation,
    "event": load_event,
}
