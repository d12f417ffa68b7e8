"""Lists of ties as offices bring them, and the way of one through the admin."""

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook

from agreements.models import TieImport
from cities.models import Place
from tests.admin.sheets import sheet
from tests.factories import CountryFactory, PlaceFactory, PlaceIdentifierFactory

ADD = "admin:agreements_tieimport_add"
HEADER = ("partner", "country", "since", "until", "remarks")
# Twenty partners of Berlin as a clerk would type them: fifteen rows are sound, and five are not.
SOUND = (
    ("Los Angeles", "United States", "1967"),
    ("Paris", "France", "1987"),
    ("Madrid", "Spain", "1988"),
    ("Moscow", "Russia", "1991"),
    ("Budapest", "Hungary", "1992"),
    ("Brussels", "Belgium", "1992"),
    ("Mexico City", "Mexico", "1993"),
    ("Jakarta", "Indonesia", "1994"),
    ("Beijing", "China", "1994"),
    ("Tokyo", "Japan", "1994"),
    ("Prague", "Czechia", "1995"),
    ("Istanbul", "Turkey", ""),
    ("Buenos Aires", "Argentina", ""),
    ("Warsaw", "Poland", ""),
    ("Windhoek", "Namibia", ""),
)
WRONG = (
    ("London", "United Kingdom", "2000-02-30"),
    ("Tashkent", "USSR", "1993"),
    ("Sevilla", "Spain", ""),
    ("Berlin", "Germany", "1990"),
    ("Mumbai", "India", "1998 or 1999", "", "asked the archive"),
)
CODES = dict(
    zip(
        (*(row[1] for row in SOUND), "United Kingdom", "Germany", "India"),
        "US FR ES RU HU BE MX ID CN JP CZ TR AR PL NA GB DE IN".split(),
        strict=True,
    )
)


def lay_places() -> None:
    """The places of those rows; Sevilla goes by its English name here."""
    countries = {name: CountryFactory(name=name, country_code=code) for name, code in CODES.items()}
    known = [row for row in (*SOUND, *WRONG) if row[1] in CODES and row[0] != "Sevilla"]
    for name, country, *_rest in (*known, ("Seville", "Spain")):
        PlaceFactory(name=name, parent=countries[country], country_code=CODES[country])
    PlaceIdentifierFactory(place=berlin(), value="Q64")
    PlaceIdentifierFactory(place=Place.objects.get(name="Seville"), value="Q8717")


def berlin() -> Place:
    return Place.objects.get(name="Berlin")


def workbook(rows=(*SOUND, *WRONG), header=HEADER) -> bytes:
    book = Workbook()
    for row in (header, *rows):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def csv_of(*lines: str) -> bytes:
    return "\n".join(lines).encode()


def form(content: bytes, name: str = "partners.xlsx", **fields: Any) -> dict[str, Any]:
    """A new list of Berlin's own, unless the fields say otherwise."""
    return {
        "file": SimpleUploadedFile(name, content),
        "publisher": "Berlin city office",
        "title": "Sister cities of Berlin",
        "listed_on": "2024",
        "kind": "sister_city",
        "side_a": berlin().pk,
        **fields,
    }


def upload(client: Client, content: bytes, name: str = "partners.xlsx", again="", **fields: Any):
    return client.post(reverse(ADD) + again, form(content, name, **fields))


def brought(client: Client, content: bytes | None = None, **fields: Any) -> TieImport:
    """The upload that waits to be confirmed."""
    response = upload(client, workbook() if content is None else content, **fields)
    assert response.status_code == 302, said(response)
    return TieImport.objects.filter(committed_at=None).latest("pk")


def at(run: TieImport, view: str = "preview") -> str:
    return reverse(f"admin:agreements_tieimport_{view}", args=[run.pk])


def confirm(client: Client, run: TieImport, **more: Any):
    """Press the button of the preview, with the rows that cannot be entered left out."""
    digest = sheet(client.get(at(run)))["digest"]
    return client.post(at(run, "enter"), {"digest": digest, "leave_out": "on", **more})


def said(response) -> str:
    """All that the refused form says."""
    form = (response.context or {}).get("form")
    return "\n".join(str(text) for texts in form.errors.values() for text in texts) if form else ""
