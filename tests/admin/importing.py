"""Lists of ties as offices bring them, and the way of one through the admin."""

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook

from agreements.models import TieImport
from tests.admin.sheets import sheet
from tests.factories import PlaceFactory, PlaceIdentifierFactory, iran, khujand, tajikistan

ADD = "admin:agreements_tieimport_add"
HEADER = ("partner", "country", "since", "until", "remarks")
# Khujand's partners as its office keeps them: fifteen that are sound, and five that are not.
SOUND = tuple((f"Partner {n}", "IR", str(1990 + n), "", "") for n in range(1, 16))
WRONG = (
    ("Partner 16", "IR", "2001-02-30", "", ""),
    ("Partner 17", "Persja", "2005", "", ""),
    ("Munster", "DE", "2008", "", ""),
    ("Khujand", "TJ", "2009", "", ""),
    ("Partner 18", "IR", "1998 or 1999", "", "asked the archive"),
)


def lay_places() -> None:
    tajikistan(), khujand()
    germany = PlaceFactory(name="Germany", slug="germany", level="country", country_code="DE")
    for number in range(1, 19):
        PlaceFactory(name=f"Partner {number}", parent=iran(), country_code="IR")
    munster = PlaceFactory(name="Münster", slug="munster-de", parent=germany, country_code="DE")
    PlaceIdentifierFactory(place=munster, value="Q2742")


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
    """A new list of Khujand's own, unless the fields say otherwise."""
    return {
        "file": SimpleUploadedFile(name, content),
        "publisher": "Khujand city administration",
        "title": "Sister cities of Khujand",
        "listed_on": "2024",
        "kind": "sister_city",
        "side_a": khujand().pk,
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
