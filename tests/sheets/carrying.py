"""A list of the admin on its way out as a table, through a spreadsheet, and back."""

import csv
import io
from collections.abc import Callable, Iterable
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from agreements.models import Agreement, Sector, Source
from cities.models import Institution, Official, Place, PlaceIdentifier
from common.dates import PartialDate
from tests.admin.sheets import sheet
from tests.factories import (
    AgreementFactory,
    InstitutionFactory,
    OfficialFactory,
    PlaceFactory,
    PlaceIdentifierFactory,
    SectorFactory,
    SourceFactory,
    khujand,
    qazvin,
)

MODELS = (Place, Official, Institution, Agreement, Sector, Source)
NASTY = (
    "=1+1", "+992 3422", "-1", "@SUM(A1)", "'", "''", "'=1", "\t=1", "\n=1", " =1", "\u200f=1",
    "＝1", "007", "2025-05", "1e5", "TRUE", 'say "hi"', "a;b,c\td", "one; two", "line\nline",
    "line\r\nline", " blanks ", "\u00a0", "خجند", "می‌خوش", "\u202eabc\u202c", "🏙️",
    "Mu\u0308nster",
    "_x0041_", "\x07bell", "<b>&amp;</b>", "{{!}}", "#REF!", "\ufeffmark", "'Aktobe", "NULL",
    "Long, and with “quotes”; " * 150,
)  # fmt: skip


def address(model: Any, what: str, *args: str) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{what}", args=args)


def export(client: Client, model: Any, ending: str = "csv", **asked: str) -> bytes:
    response = client.get(address(model, f"export_{ending}"), asked)
    assert response.status_code == 200, response
    return response.getvalue()


def bring(client: Client, model: Any, content: bytes, name: str = "edited.csv"):
    """The page that shows what would become of the rows; the form again, where it is no table."""
    form = {"file": SimpleUploadedFile(name, content)}
    response = client.post(address(model, "import"), form)
    return client.get(response["Location"]) if response.status_code == 302 else response


def confirm(client: Client, preview, **more: str):
    """Press the button of that page."""
    digest = sheet(preview).get("digest", "")
    return client.post(preview.wsgi_request.path, {"digest": digest, **more})


def plan(preview):
    assert preview.status_code == 200, said(preview)
    return preview.context["plan"]


def said(response) -> str:
    """All that the page says is wrong."""
    shown = response.context
    lines = [shown.get("said") or "", shown.get("fault") or ""]
    if form := shown.get("form"):
        lines += [str(text) for texts in form.errors.values() for text in texts]
    if found := shown.get("plan"):
        rows = [(row.row, one) for row in found.shown for one in row.problems]
        lines += [f"{row}, {one.column}: {one.message}" for row, one in rows]
    return "\n".join(filter(None, lines))


# --- In the spreadsheet ---------------------------------------------------------------------


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def table(rows: list[dict[str, str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def edited(content: bytes, which: Callable[[dict], bool] | None = None, **cells: str) -> bytes:
    """The same table with these cells written anew, in the rows that are meant or in all."""
    rows = rows_of(content)
    for row in rows:
        if which is None or which(row):
            row.update(cells)
    return table(rows)


def new_row(content: bytes, **cells: str) -> bytes:
    rows = rows_of(content)
    return table([*rows, {**dict.fromkeys(rows[0], ""), **cells}])


def saved_again(content: bytes) -> bytes:
    """As a spreadsheet that opens a workbook and saves it."""
    out = io.BytesIO()
    load_workbook(io.BytesIO(content)).save(out)
    return out.getvalue()


# --- What is on record -----------------------------------------------------------------------


def lay(model: Any, texts: Iterable[str] = NASTY, first: int = 0) -> None:
    """A record of each of these texts, written past all forms, as a command might."""
    for number, text in enumerate(texts, first):
        MAKE[model](number, text)


def lay_place(number: int, text: str) -> None:
    more = {} if number % 2 else {"latitude": "40.280", "longitude": "-0.000001"}
    place = PlaceFactory(name=text[:200], about=text, parent=qazvin().parent, **more)
    PlaceIdentifierFactory(place=place, value=f"Q{number + 10}")
    PlaceIdentifier.objects.create(place=place, scheme="geonames", value=str(number + 10))


def lay_institution(number: int, text: str) -> None:
    # Named apart: two that differ in a blank at the end alone are one to a spreadsheet.
    InstitutionFactory(place=khujand(), name=f"{text[:200]} {number}", about=text)


def lay_agreement(number: int, text: str) -> None:
    AgreementFactory(
        parties=[qazvin(), khujand()],
        title=text[:250],
        summary=text,
        local_term=text[:120],
        internal_note="Canary note",
        status="drafted",
        happened_on=("2025", "2025-05", None)[number % 3],
        starts_on=PartialDate.parse("2025-05") if number % 2 else None,
        sectors=Sector.objects.order_by("slug")[: number % 3],
    )


def lay_sector(number: int, text: str) -> None:
    SectorFactory(name=f"{text[:60]} {number}", description=text[:1000])


def lay_source(number: int, text: str) -> None:
    speaks_for = khujand() if number % 2 else None
    SourceFactory(publisher=text[:150], title=text[:300], speaks_for=speaks_for)


MAKE: dict[Any, Callable[[int, str], None]] = {
    Place: lay_place,
    Official: lambda number, text: OfficialFactory(name=text[:200], about=text[:2000]),
    Institution: lay_institution,
    Agreement: lay_agreement,
    Sector: lay_sector,
    Source: lay_source,
}
