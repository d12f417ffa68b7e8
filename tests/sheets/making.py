"""Small builders of files, good and bad, so that no binary lies in the repository."""

import io
import struct
import zipfile
from collections.abc import Callable, Iterable

from openpyxl import Workbook

HEADER = "a,b,start\n"
GOOD = "Q1,Q2,1998\n"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
OFFICE = "application/vnd.openxmlformats-officedocument"
OF_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def csv_of(*rows: str, encoding: str = "utf-8") -> bytes:
    return "".join((HEADER, *rows)).encode(encoding)


def workbook(*rows: Iterable, change: Callable | None = None) -> bytes:
    """As openpyxl writes it; ``change`` is done to it before."""
    book = Workbook()
    for row in (("a", "b", "start"), *rows):
        book.active.append(list(row))
    if change:
        change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def zipped(parts: dict[str, str | bytes], **options) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, **options) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def relations(**targets: str) -> str:
    rows = "".join(
        f'<Relationship Id="{kind}" Type="{RELATED}/{kind}" Target="{target}"/>'
        for kind, target in targets.items()
    )
    return f'{DECLARED}<Relationships xmlns="{OF_PACKAGE}/relationships">{rows}</Relationships>'


def content_types(**kinds: str) -> str:
    rows = "".join(
        f'<Override PartName="/xl/{part}.xml" ContentType="{OFFICE}.spreadsheetml.{kind}+xml"/>'
        for part, kind in kinds.items()
    )
    return f'{DECLARED}<Types xmlns="{OF_PACKAGE}/content-types">{rows}</Types>'


def strings(*texts: str) -> str:
    inner = "".join(f"<si><t>{text}</t></si>" for text in texts)
    return f'{DECLARED}<sst xmlns="{MAIN}">{inner}</sst>'


def sheet_xml(data: str, after: str = "", before: str = "") -> str:
    inner = f"<sheetData>{data}</sheetData>{after}"
    return f'{DECLARED}{before}<worksheet xmlns="{MAIN}">{inner}</worksheet>'


def row_xml(number: int, *cells: str) -> str:
    """Cells are texts, or whole elements."""
    inner = "".join(
        cell if cell.startswith("<c") else f'<c t="inlineStr"><is><t>{cell}</t></is></c>'
        for cell in cells
    )
    return f'<row r="{number}">{inner}</row>'


HEAD = row_xml(1, "a", "b", "start")


def parts(data: str, **changed: str | bytes) -> dict[str, str | bytes]:
    """The parts of the smallest workbook; ``changed`` replaces some: shared, book, sheet."""
    book = (
        f'{DECLARED}<workbook xmlns="{MAIN}" xmlns:r="{RELATED}"><sheets>'
        '<sheet name="One" sheetId="1" r:id="worksheet"/></sheets></workbook>'
    )
    related = {"worksheet": "worksheets/sheet1.xml", "sharedStrings": "sharedStrings.xml"}
    return {
        "[Content_Types].xml": content_types(
            workbook="sheet.main", sharedStrings="sharedStrings", styles="styles"
        ),
        "_rels/.rels": relations(officeDocument="xl/workbook.xml"),
        "xl/workbook.xml": changed.get("book", book),
        "xl/_rels/workbook.xml.rels": changed.get("related", relations(**related)),
        "xl/worksheets/sheet1.xml": changed.get("sheet", sheet_xml(HEAD + data)),
        "xl/sharedStrings.xml": changed.get("shared", strings("Q1")),
    }


def hand_made(data: str, **changed: str | bytes) -> bytes:
    return zipped(parts(data, **changed))


def with_part(name: str, content: str | bytes) -> bytes:
    return zipped({**parts(row_xml(2, "Q1", "Q2", "1998")), name: content})


def old_office(inside: bytes = b"") -> bytes:
    return OLE + bytes(504) + inside + bytes(1024)


def marked_encrypted(package: bytes) -> bytes:
    """The flag of encryption in every header of a zip, though nothing is."""
    changed = bytearray(package)
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = changed.find(signature)
        while start >= 0:
            flags = struct.unpack_from("<H", changed, start + at)[0]
            struct.pack_into("<H", changed, start + at, flags | 1)
            start = changed.find(signature, start + 4)
    return bytes(changed)


def million_rows_xlsx() -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package,
    ):
        for name, content in parts("").items():
            if "sheet1" not in name:
                package.writestr(name, content)
        with package.open("xl/worksheets/sheet1.xml", "w") as sheet:
            start, end = sheet_xml(HEAD).split("</sheetData>")
            sheet.write(start.encode())
            for first in range(2, 1_000_002, 10_000):
                rows = (
                    f'<row r="{n}"><c><v>{n}</v></c><c><v>{n * 7}</v></c></row>'
                    for n in range(first, first + 10_000)
                )
                sheet.write("".join(rows).encode())
            sheet.write(f"</sheetData>{end}".encode())
    return out.getvalue()
