"""Files that are not what they say, or more than that: each with what is said of it."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from tests.documents.making import (
    ODT,
    body,
    content,
    content_types,
    docx,
    jpeg,
    odt,
    pdf,
    png,
    relation,
    relations,
    zipped,
)

# In two parts, so that no scanner finds it here.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
HTML = b"<!DOCTYPE html><html><body><script>alert(1)</script></body></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
PHP = b"<?php system($_GET['c']); ?>"
PROGRAM = b"MZ\x90\0" + bytes(60) + b"PE\0\0" + bytes(200)
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
LAUGHS = '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">]>'
XXE = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
MAIN, MEDIA = "word/document.xml", "word/media/a.png"
SHEET = "application/vnd.oasis.opendocument.spreadsheet"
FAR = "http://example.org/t.dotm"
FAR_PICTURE = f'<draw:image xlink:href="{FAR}"/>'
DDE = "<w:instrText>DDE</w:instrText><w:instrText>AUTO c:\\cmd</w:instrText>"
MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"


@dataclass(frozen=True)
class Bad:
    """``type`` is what the browser says that it is."""

    what: str
    name: str
    build: Callable[[], bytes]
    says: str
    type: str = "application/pdf"


def action(**entries: str) -> Callable[[PdfWriter], None]:
    """An OpenAction of these entries."""

    def change(writer: PdfWriter) -> None:
        act = DictionaryObject(
            {
                NameObject(f"/{key}"): NameObject(value)
                if value.startswith("/")
                else TextStringObject(value)
                for key, value in entries.items()
            }
        )
        writer.root_object[NameObject("/OpenAction")] = writer._add_object(act)

    return change


def packed_script(filtered: bytes = b"/FlateDecode", pack: Callable = zlib.compress) -> bytes:
    """A script in a stream of objects, where no name stands open."""
    objects = b"9 0 << /S /JavaScript /JS (app.alert(1)) >>"
    body = pack(objects)
    stream = (
        b"8 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter %s /Length %d >>\nstream\n%s\nendstream"
    )
    return pdf().replace(
        b"\nxref", b"\n" + stream % (filtered, len(body), body) + b"\nendobj\nxref", 1
    )


def locked(writer: PdfWriter) -> None:
    writer.encrypt("secret", algorithm="RC4-128")


def attached(writer: PdfWriter) -> None:
    writer.add_attachment("tool.exe", PROGRAM)


def form_of_xml(writer: PdfWriter) -> None:
    form = DictionaryObject({NameObject("/XFA"): ArrayObject()})
    writer.root_object[NameObject("/AcroForm")] = form


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def in_png(part: bytes) -> bytes:
    """A part before the last one."""
    whole = png()
    return whole[:-12] + part + whole[-12:]


def wide_png() -> bytes:
    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def wide_jpeg() -> bytes:
    at = (whole := bytearray(jpeg())).find(b"\xff\xc0")
    whole[at + 5 : at + 9] = struct.pack(">HH", 65_000, 65_000)
    return bytes(whole)


def archive(**parts: bytes) -> bytes:
    return zipped({name.replace("_", "."): part for name, part in parts.items()})


def behind_comment() -> bytes:
    """A zip whose comment is a page."""
    return docx()[:-2] + struct.pack("<H", len(HTML)) + HTML


def bomb() -> bytes:
    return docx({"word/media/image1.png": bytes(60_000_000)})


def overlapping() -> bytes:
    """Two names for one part, as bombs have millions."""
    out = io.BytesIO(docx())
    with zipfile.ZipFile(out, "a") as package:
        twin = zipfile.ZipInfo("word/twin.xml")
        first = package.getinfo("word/document.xml")
        for slot in ("header_offset", "CRC", "compress_size", "file_size", "compress_type"):
            setattr(twin, slot, getattr(first, slot))
        package.filelist.append(twin)
        package.NameToInfo[twin.filename] = twin
        package._didModify = True
    return out.getvalue()


def lying_sizes() -> bytes:
    """A part that says it is small and is not."""
    whole = bytearray(docx({"word/z.xml": "<x>" + "0" * 5_000_000 + "</x>"}))
    at = whole.rfind(b"word/z.xml") - 46
    struct.pack_into("<L", whole, at + 24, 100)
    return bytes(whole)


def marked_locked() -> bytes:
    whole = bytearray(docx())
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = whole.find(sign)
        while start >= 0:
            whole[start + at] |= 1
            start = whole.find(sign, start + 4)
    return bytes(whole)


def linked(kind: str, target: str, mode: str = "External") -> bytes:
    return docx({"word/_rels/document.xml.rels": relations(relation(kind, target, mode))})


def typed(main: str) -> bytes:
    return docx({"[Content_Types].xml": content_types(main)})


def written(inner: str) -> bytes:
    return odt({"content.xml": content(inner)})


def many_parts() -> bytes:
    return docx({f"p{number}.xml": "<x/>" for number in range(2500)})


def declared(before: str) -> bytes:
    return docx({"word/document.xml": body().replace("?>", "?>" + before, 1)})


PDFS = [
    Bad("page before", "a.pdf", lambda: HTML + pdf(), "markup"),
    Bad("blank before", "a.pdf", lambda: b"\n" + pdf(), "PDF"),
    Bad("page behind", "a.pdf", lambda: pdf() + HTML, "markup"),
    Bad("data behind", "a.pdf", lambda: pdf() + bytes(range(256)), "behind the end"),
    Bad("archive behind", "a.pdf", lambda: pdf() + archive(a_class=b"x"), "an archive"),
    Bad(
        "page in a comment",
        "a.pdf",
        lambda: pdf().replace(b"\nxref", b"\n%" + HTML + b"\nxref"),
        "markup",
    ),
    Bad(
        "PHP in a comment",
        "a.pdf",
        lambda: pdf().replace(b"\nxref", b"\n%" + PHP + b"\nxref"),
        "markup",
    ),
    Bad("head alone", "a.pdf", lambda: b"%PDF-1.4 the text", "damaged"),
    Bad("head and end alone", "a.pdf", lambda: b"%PDF-1.4\nstartxref\n0\n%%EOF\n", "damaged"),
    Bad("cut off", "a.pdf", lambda: pdf()[:-80], "damaged"),
    Bad("script", "a.pdf", lambda: pdf(action(S="/JavaScript", JS="app.alert(1)")), "a script"),
    Bad(
        "script in other signs",
        "a.pdf",
        lambda: pdf(action(S="/JavaScript")).replace(b"/JavaScript", b"/J#61vaScrip#74"),
        "a script",
    ),
    Bad("script packed", "a.pdf", packed_script, "a script"),
    Bad(
        "script packed oddly",
        "a.pdf",
        lambda: packed_script(b"/ASCIIHexDecode", lambda raw: raw.hex().encode() + b">"),
        "packed in a way",
    ),
    Bad("launches", "a.pdf", lambda: pdf(action(S="/Launch", F="cmd.exe")), "starts programs"),
    Bad(
        "sends a form", "a.pdf", lambda: pdf(action(S="/SubmitForm", F="http://x/")), "sends itself"
    ),
    Bad("attachment", "a.pdf", lambda: pdf(attached), "an embedded file"),
    Bad("form of XML", "a.pdf", lambda: pdf(form_of_xml), "a form with scripts"),
    Bad("media", "a.pdf", lambda: pdf(action(S="/Rendition")), "embedded media"),
    Bad("locked", "a.pdf", lambda: pdf(locked), "locked"),
    Bad(
        "test virus in it",
        "a.pdf",
        lambda: pdf().replace(b"\nxref", b"\n%" + EICAR + b"\nxref"),
        "EICAR",
    ),
]

PICTURES = [
    Bad("PNG as PDF", "a.pdf", png, "The name says PDF, but the content is a PNG picture."),
    Bad("PNG as JPEG", "a.jpg", png, "but the content is a PNG picture", "image/jpeg"),
    Bad("GIF as PNG", "a.png", lambda: b"GIF89a" + bytes(50), "a GIF picture", "image/png"),
    Bad("GIF that is an archive", "a.png", lambda: b"GIF89a" + archive(a_class=b"x"), "a GIF"),
    Bad("JPEG and page", "a.jpg", lambda: jpeg() + HTML, "markup"),
    Bad("JPEG and archive", "a.jpg", lambda: jpeg() + archive(a_class=b"x"), "an archive"),
    Bad("JPEG and another", "a.jpg", lambda: jpeg() + jpeg(), "behind the end"),
    Bad("PHP in a JPEG's comment", "a.jpg", lambda: jpeg(comment=PHP), "markup", "image/jpeg"),
    Bad("JPEG cut off", "a.jpg", lambda: jpeg()[:-20], "damaged"),
    Bad("JPEG of many pixels", "a.jpg", wide_jpeg, "100 million pixels"),
    Bad("JPEG head alone", "a.jpg", lambda: b"\xff\xd8\xff\xe0", "damaged"),
    Bad("PNG and PHP", "a.png", lambda: png() + PHP, "markup", "image/png"),
    Bad("PNG and program", "a.png", lambda: png() + PROGRAM, "behind the end", "image/png"),
    Bad("PHP in a PNG's part", "a.png", lambda: in_png(chunk(b"tEXt", b"c\0" + PHP)), "markup"),
    Bad(
        "archive in a PNG's part",
        "a.png",
        lambda: in_png(chunk(b"zzZz", archive(a_class=b"x"))),
        "an archive",
    ),
    Bad("PNG of many pixels", "a.png", wide_png, "100 million pixels"),
    Bad("PNG with a wrong sum", "a.png", lambda: png().replace(b"IDAT", b"IDAT\1", 1), "damaged"),
    Bad("test virus in a PNG", "a.png", lambda: in_png(chunk(b"tEXt", b"c\0" + EICAR)), "EICAR"),
]

TEXTS = [
    Bad("SVG as PNG", "a.png", lambda: SVG, "markup", "image/png"),
    Bad("SVG as text", "a.txt", lambda: SVG, "markup", "text/plain"),
    Bad("page as text", "a.txt", lambda: b"\n\n " + HTML, "markup", "text/plain"),
    Bad("page as text in UTF-16", "a.txt", lambda: HTML.decode().encode("utf-16"), "markup"),
    Bad("page behind words", "a.txt", lambda: b"Article 1\n<iframe src=x>", "markup"),
    Bad("XML as text", "a.txt", lambda: b"\xef\xbb\xbf<?xml version='1.0'?><a/>", "markup"),
    Bad("PHP as text", "a.txt", lambda: b"Article 1\n" * 500 + PHP, "markup", "text/plain"),
    Bad("program as text", "a.txt", lambda: b"#!/bin/sh\nrm -rf /\n", "markup", "text/plain"),
    Bad("program as PDF", "a.pdf", lambda: PROGRAM, "a Windows program"),
    Bad("ELF as DOCX", "a.docx", lambda: b"\x7fELF" + bytes(100), "a program"),
    Bad("text with NUL", "a.txt", lambda: b"Article\0 1", "NUL", "text/plain"),
    Bad("text with an escape", "a.txt", lambda: b"one\ntwo \x1b[31m", "U+001B) in line 2"),
    Bad("text in cp1251", "a.txt", lambda: "Договор".encode("cp1251"), "UTF-8", "text/plain"),
    Bad("text of a surrogate", "a.txt", lambda: b"x\xed\xa0\x80y", "UTF-8", "text/plain"),
    Bad("text of blanks", "a.txt", lambda: b" \n\n ", "The text is empty", "text/plain"),
    Bad("test virus", "a.txt", lambda: EICAR, "EICAR", "text/plain"),
    Bad("test virus in UTF-16", "a.txt", lambda: EICAR.decode().encode("utf-16"), "EICAR"),
    Bad("text as PDF", "a.pdf", lambda: b"Article 1", "the content is plain text"),
    Bad("one byte", "a.pdf", lambda: b"%", "the content is plain text"),
    Bad("RTF as text", "a.txt", lambda: b"{\\rtf1\\ansi a}", "an RTF text", "text/plain"),
]

PACKAGES = [
    Bad("archive as DOCX", "a.docx", lambda: archive(a_txt=b"x"), "a zip archive"),
    Bad("DOCX as ODT", "a.odt", docx, "but the content is a Word document"),
    Bad("DOCX as PDF", "a.pdf", docx, "but the content is a Word document"),
    Bad("old Word as DOCX", "a.docx", lambda: OLD_OFFICE, "an old Office file"),
    Bad("DOCM as DOCX", "a.docx", lambda: typed(MACROS), "macros"),
    Bad("no main part", "a.docx", lambda: typed("text/xml"), "another kind"),
    Bad("macros in DOCX", "a.docx", lambda: docx({"word/vbaProject.bin": b"x"}), "macros"),
    Bad("billion laughs", "a.docx", lambda: declared(LAUGHS), "entities of its own"),
    Bad("entity from outside", "a.docx", lambda: declared(XXE), "entities of its own"),
    Bad("template from elsewhere", "a.docx", lambda: linked("attachedTemplate", FAR), FAR),
    Bad("picture from elsewhere", "a.docx", lambda: linked("image", FAR), "from elsewhere"),
    Bad("link that runs", "a.docx", lambda: linked("hyperlink", "javascript:x()"), "macros"),
    Bad("embedded object", "a.docx", lambda: linked("oleObject", "a.bin", ""), "embedded object"),
    Bad("OLE in a part", "a.docx", lambda: docx({MEDIA: OLD_OFFICE}), "embedded object"),
    Bad("program in a part", "a.docx", lambda: docx({MEDIA: PROGRAM}), "a program"),
    Bad("program by name", "a.docx", lambda: docx({"word/media/a.exe": b"x"}), "a.exe"),
    Bad("field that starts a program", "a.docx", lambda: docx({MAIN: body(DDE)}), "DDE"),
    Bad("test virus in a part", "a.docx", lambda: docx({MEDIA: b"\0" * 50 + EICAR}), "EICAR"),
    Bad("part outside", "a.docx", lambda: docx({"../../etc/cron.d/x": b"x"}), "with a name"),
    Bad("part with a drive", "a.docx", lambda: docx({"C:\\x.xml": b"<x/>"}), "with a name"),
    Bad("bomb", "a.docx", bomb, "far too big"),
    Bad("bomb of parts", "a.docx", many_parts, "far too big"),
    Bad("bomb of depth", "a.docx", lambda: docx({"word/a.xml": "<x>" * 100_000}), "far too big"),
    Bad("bomb of overlap", "a.docx", overlapping, "between"),
    Bad("lying sizes", "a.docx", lying_sizes, "damaged"),
    Bad("locked package", "a.docx", marked_locked, "locked"),
    Bad("package with a page before", "a.docx", lambda: HTML + docx(), "markup"),
    Bad("package with a page behind", "a.docx", lambda: docx() + HTML, "behind"),
    Bad("package with a comment", "a.docx", behind_comment, "behind"),
    Bad("half a package", "a.docx", lambda: docx()[:900], "damaged"),
    Bad("ODS as ODT", "a.odt", lambda: odt(mimetype=SHEET), "another OpenDocument"),
    Bad("template as ODT", "a.odt", lambda: odt(mimetype=f"{ODT}-template"), "another kind"),
    Bad("macros in ODT", "a.odt", lambda: odt({"Basic/Standard/a.xml": "<x/>"}), "macros"),
    Bad("listener in ODT", "a.odt", lambda: written("<script:event-listener/>"), "macros"),
    Bad("ODT with a picture from elsewhere", "a.odt", lambda: written(FAR_PICTURE), FAR),
    Bad("locked ODT", "a.odt", lambda: odt({"META-INF/x.xml": "<encryption-data/>"}), "locked"),
]

NAMES = [
    Bad("two endings, run at the end", "a.pdf.exe", pdf, "not allowed"),
    Bad("two endings, run before", "a.php.pdf", pdf, "two endings, .php and .pdf"),
    Bad("page in the name", "a.html.txt", lambda: b"Article 1", ".html and .txt"),
    Bad("page by name", "a.html", lambda: HTML, "not allowed", "text/html"),
    Bad("SVG by name", "a.svg", lambda: SVG, "not allowed", "image/svg+xml"),
    Bad("PHP by name", "a.php", lambda: PHP, "not allowed", "image/png"),
    Bad("DOCM by name", "a.docm", docx, "not allowed"),
    Bad("no ending", "pdf", pdf, "not allowed"),
    Bad("long name", "a" * 500 + ".pdf", pdf, "200"),
    Bad("empty file", "a.pdf", lambda: b"", "empty"),
]
# What no browser sends and Django's parser takes out of a name: for other doors.
STRANGE = [
    Bad("NUL in the name", "a.php\0.pdf", pdf, "U+0000"),
    Bad("turned name", "a\u202efdp.txt", lambda: b"Article 1", "U+202E"),
    Bad("path in the name", "../../a.pdf", pdf, "is a path"),
]
LARGE = Bad("100 MB", "a.pdf", lambda: pdf() + bytes(100 * 2**20), "larger than 20 MB")

BAD = [*PDFS, *PICTURES, *TEXTS, *PACKAGES, *NAMES]
