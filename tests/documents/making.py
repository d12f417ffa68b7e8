"""Good documents of each kind, small and real, so that no binary lies in the repository."""

import functools
import io
import zipfile
from collections.abc import Callable

from PIL import Image
from pypdf import PdfWriter

DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
OPEN = "http://schemas.openxmlformats.org"
OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
ODF = "urn:oasis:names:tc:opendocument:xmlns"
ODT = "application/vnd.oasis.opendocument.text"


def pdf(change: Callable[[PdfWriter], None] | None = None) -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    if change:
        change(writer)
    writer.write(out)
    return out.getvalue()


def picture(kind: str, size: tuple[int, int] = (40, 30), **options) -> bytes:
    out = io.BytesIO()
    image = Image.new("RGB", size, "teal")
    image.putpixel((3, 4), (255, 0, 0))
    image.save(out, kind, **options)
    return out.getvalue()


jpeg = functools.partial(picture, "JPEG")
png = functools.partial(picture, "PNG")


def zipped(parts: dict[str, str | bytes]) -> bytes:
    """``mimetype`` is stored as it is, as OpenDocument has it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            plain = zipfile.ZIP_STORED if name == "mimetype" else None
            package.writestr(name, content, compress_type=plain)
    return out.getvalue()


def relation(kind: str, target: str, mode: str = "") -> str:
    external = f' TargetMode="{mode}"' if mode else ""
    kind = f"{OPEN}/officeDocument/2006/relationships/{kind}"
    return f'<Relationship Id="r{kind[-3:]}" Type="{kind}" Target="{target}"{external}/>'


def relations(*rows: str) -> str:
    inner = "".join(rows)
    namespace = f"{OPEN}/package/2006/relationships"
    return f'{DECLARED}<Relationships xmlns="{namespace}">{inner}</Relationships>'


def content_types(main: str = f"{OFFICE}.document.main+xml") -> str:
    return (
        f'{DECLARED}<Types xmlns="{OPEN}/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
    )


def body(inner: str = "<w:p><w:r><w:t>Article 1</w:t></w:r></w:p>") -> str:
    namespace = f"{OPEN}/wordprocessingml/2006/main"
    return f'{DECLARED}<w:document xmlns:w="{namespace}"><w:body>{inner}</w:body></w:document>'


def docx(changed: dict[str, str | bytes] | None = None) -> bytes:
    link = relation("hyperlink", "https://example.org/", "External")
    return zipped(
        {
            "[Content_Types].xml": content_types(),
            "_rels/.rels": relations(relation("officeDocument", "word/document.xml")),
            "word/document.xml": body(),
            "word/_rels/document.xml.rels": relations(link),
        }
        | (changed or {})
    )


def content(inner: str = "<text:p>Article 1</text:p>") -> str:
    names = "".join(f' xmlns:{n}="{ODF}:{n}:1.0"' for n in ("office", "text", "draw", "script"))
    return (
        f'{DECLARED}<office:document-content{names} xmlns:xlink="http://www.w3.org/1999/xlink">'
        f"<office:body><office:text>{inner}</office:text></office:body></office:document-content>"
    )


def odt(changed: dict[str, str | bytes] | None = None, mimetype: str = ODT) -> bytes:
    manifest = f'{DECLARED}<m:manifest xmlns:m="{ODF}:manifest:1.0"/>'
    parts = {"mimetype": mimetype, "content.xml": content(), "META-INF/manifest.xml": manifest}
    parts["Configurations2/accelerator/current.xml"] = ""  # as LibreOffice writes it
    return zipped(parts | (changed or {}))


TEXT = "Соглашение о сотрудничестве\nموافقت‌نامه\nArticle 1\n"
GOOD = {
    "agreement.pdf": pdf,
    "agreement.docx": docx,
    "agreement.odt": odt,
    "scan.jpeg": jpeg,
    "scan.PNG": png,
    "10.05.2025 www.khujand.com.txt": lambda: TEXT.encode(),
}
