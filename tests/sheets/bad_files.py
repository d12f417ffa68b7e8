"""Files that are no table that can be read without guessing: each with what is said of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from tests.sheets.making import (
    DECLARED,
    GOOD,
    HEAD,
    HEADER,
    MAIN,
    csv_of,
    hand_made,
    marked_encrypted,
    million_rows_xlsx,
    old_office,
    parts,
    relations,
    row_xml,
    sheet_xml,
    strings,
    with_part,
    workbook,
    zipped,
)


@dataclass(frozen=True)
class Bad:
    name: str
    build: Callable[[], bytes]
    says: str
    row: int | None = None
    column: str | None = None
    file: str = "ties.csv"


def hide_first(book):
    book.active.sheet_state = "hidden"
    book.create_sheet("Seen")


def lol(before: str) -> bytes:
    entities = "".join(
        f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "lol">' for n in range(10)
    )
    return hand_made("", sheet=sheet_xml(HEAD + row_xml(2, "&l9;"), before=before % entities))


DOCTYPE = "<!DOCTYPE worksheet [%s]>"
XXE = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
FAR = '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">'
NOT_BOOK = "save it as XLSX"
UTF_8 = "CSV UTF-8"

TEXTS = [
    Bad("empty file", lambda: b"", "The file is empty"),
    Bad("BOM alone", lambda: b"\xef\xbb\xbf", "The file is empty"),
    Bad("blank lines alone", lambda: b"\n\n \n,,\n", "The file is empty"),
    Bad("header alone", lambda: HEADER.encode(), "no row beneath it"),
    Bad("header and blank lines", lambda: csv_of("\n,,\n\n"), "no row beneath it"),
    Bad("Latin-1", lambda: csv_of(GOOD, "Q1,Köln,1998\n", encoding="latin-1"), UTF_8, 3, "b"),
    Bad("cp1251", lambda: csv_of("Q1,Худжанд,1998\n", encoding="cp1251"), UTF_8, 2, "b"),
    Bad("cp1256", lambda: csv_of("خجند,Q2,1998\n", encoding="cp1256"), UTF_8, 2, "a"),
    Bad("Latin-1 in the header", lambda: b"a,St\xe4dte\n1,2\n", UTF_8, 1, "B"),
    Bad("UTF-16 little end", lambda: b"\xff\xfe" + csv_of(GOOD, encoding="utf-16-le"), "UTF-16"),
    Bad("UTF-16 big end", lambda: b"\xfe\xff" + csv_of(GOOD, encoding="utf-16-be"), "UTF-16"),
    Bad("UTF-16 without BOM", lambda: csv_of(GOOD, encoding="utf-16-le"), "NUL", 1, "A"),
    Bad("NUL in a cell", lambda: csv_of(GOOD, "Q1,Q\0002,1998\n"), "NUL", 3, "b"),
    Bad("lone surrogate", lambda: csv_of("Q1,x").strip() + b"\xed\xa0\x80,1\n", UTF_8, 2, "b"),
    Bad("control character", lambda: csv_of("Q1,Khu\x07jand,1998\n"), "U+0007", 2, "b"),
    Bad("escape sequence", lambda: csv_of("Q1,\x1b[31mred,1998\n"), "U+001B", 2, "b"),
    Bad("turned text", lambda: csv_of("Q1,\u202ednajuhK,1998\n"), "U+202E", 2, "b"),
    Bad("isolated text", lambda: csv_of("\u2067Q1,Q2,1998\n"), "U+2067", 2, "a"),
    Bad("control in the header", lambda: b"a,b\x01,c\n1,2,3\n", "U+0001", 1, "B"),
    Bad("short row", lambda: csv_of(GOOD, "Q1,Q2\n"), "has 2 cells where the header has 3", 3),
    Bad("long row", lambda: csv_of(GOOD, "Q1,Q2,1998,x\n"), "a cell too many", 3, "D"),
    Bad("comma unquoted", lambda: csv_of("Washington, D.C.,Q2,1998\n"), "too many", 2, "D"),
    Bad("doubled header", lambda: b"a,b,a\n1,2,3\n", "two columns, A and C", 1, "C"),
    Bad("doubled in other case", lambda: b"Start,start\n1,2\n", "two columns, A and B", 1, "B"),
    Bad("data without a heading", lambda: b"a,,c\n1,2,3\n", "no heading", 2, "B"),
    Bad("quote unclosed", lambda: csv_of(GOOD, 'Q1,"Q2,1998\n', GOOD), "never closed", 3),
    Bad("quote unclosed, long file", lambda: csv_of('Q1,"Q2\n', GOOD * 20_000), "not closed", 2),
    Bad("quote in the midst", lambda: csv_of('Q1,"Q"2,1998\n'), "inside of a quoted", 2),
    Bad("quote within a quoted cell", lambda: csv_of('"say "hi"",Q2,1\n'), "twice", 2),
    Bad("old line ends", lambda: b"a,b\r1,2\r3,4\r", "lines end in an old way", 1),
    Bad("cell of ten megabytes", lambda: csv_of(f"Q1,{'x' * 10_000_000},1\n"), "10000", 2, "b"),
    Bad("cell of 10 001", lambda: csv_of(GOOD, f"Q1,Q2,{'x' * 10_001}\n"), "10000", 3, "start"),
    Bad("10 000 columns", lambda: (",".join(map(str, range(10_000))) + "\n1\n").encode(), "200", 1),
    Bad("million rows", lambda: csv_of(GOOD * 1_000_000), "more than 200000 rows", 200_002),
    Bad("formula", lambda: csv_of("Q1,Q2,=1+1\n"), "a formula (=1+1)", 2, "start"),
    Bad("link by formula", lambda: csv_of('Q1,"=HYPERLINK(""http://x"")",\n'), "=HYPER", 2, "b"),
    Bad("command by formula", lambda: csv_of("=cmd|'/C calc'!A0,Q2,\n"), "=cmd", 2, "a"),
    Bad("HTML as XLS", lambda: b"<html><table><tr><td>a</table>", "a web page", file="t.xls"),
    Bad("XML", lambda: b'<?xml version="1.0"?><rows/>', "XML"),
    Bad("JSON list", lambda: b'[{"a": 1}]', "JSON"),
    Bad("JSON object", lambda: b'\xef\xbb\xbf {"a": 1}', "JSON"),
    Bad("PDF", lambda: b"%PDF-1.7\n...", "a PDF"),
    Bad("RTF", lambda: b"{\\rtf1\\ansi a}", "a text document"),
    Bad("picture", lambda: b"\x89PNG\r\n\x1a\n....", "a picture"),
    Bad("gzip", lambda: b"\x1f\x8b\x08\x00....", "a compressed file"),
    Bad("too many bytes", lambda: b"a\n" + b"1\n" * 25_500_000, "at most 50 MB"),
]

BOOKS = [
    Bad("old Excel", old_office, "an old Excel file", file="ties.xls"),
    Bad("old Excel named XLSX", old_office, NOT_BOOK, file="ties.xlsx"),
    Bad(
        "encrypted workbook",
        lambda: old_office("EncryptedPackage".encode("utf-16-le")),
        "without a password",
    ),
    Bad("encrypted zip", lambda: marked_encrypted(hand_made(HEAD)), "without a password"),
    Bad("Word", lambda: with_part("word/document.xml", "<w/>"), "a text document"),
    Bad("slides", lambda: with_part("ppt/presentation.xml", "<p/>"), "a presentation"),
    Bad("OpenDocument", lambda: with_part("mimetype", "application/x"), "an OpenDocument file"),
    Bad("binary workbook", lambda: with_part("xl/workbook.bin", b"\0"), "XLSB"),
    Bad("macros", lambda: with_part("xl/vbaProject.bin", b"\0"), "without them"),
    Bad("zip of anything", lambda: zipped({"ties.csv": csv_of(GOOD)}), "a zip archive"),
    Bad("empty zip", lambda: zipped({}), "an empty zip archive"),
    Bad("half a zip", lambda: workbook((1, 2, 3))[:3000], "damaged"),
    Bad("zip cut in a part", lambda: cut_in_a_part(), "damaged"),
    Bad("no sheet in it", lambda: hand_made("", related=relations(theme="x.xml")), "damaged"),
    Bad("sheets without end", lambda: hand_made("", sheet="<worksheet><sheetData>"), "damaged"),
    Bad("rows out of order", lambda: hand_made(row_xml(3, "1") + row_xml(2, "1")), "damaged"),
    Bad("row past all rows", lambda: hand_made(row_xml(1_048_577, "1")), "damaged"),
    Bad("row of no number", lambda: hand_made('<row r="two"/>'), "damaged"),
    Bad("cells out of order", lambda: hand_made(out_of_order()), "damaged"),
    Bad("nothing visible", lambda: unseen_workbook(), "Unhide it"),
    Bad("empty workbook", lambda: hand_made("", sheet=sheet_xml("")), "The file is empty"),
    Bad("header alone, XLSX", workbook, "no row beneath it"),
    Bad("hidden sheet first", lambda: workbook((1, 2, 3), change=hide_first), "is empty"),
    Bad("formula, XLSX", lambda: workbook((1, 2, "=1+1")), "a formula (=1+1)", 2, "start"),
    Bad("link, XLSX", lambda: workbook(('=HYPERLINK("x")', 2, 3)), "=HYPERLINK", 2, "a"),
    Bad(
        "formula that shows a text",
        lambda: hand_made(row_xml(2, '<c t="str"><f>A1&amp;"x"</f><v>Q1x</v></c>')),
        "a formula",
        2,
        "a",
    ),
    Bad("error in a cell", lambda: workbook((1, "#REF!", 3)), "an error (#REF!)", 2, "b"),
    Bad("merged cells", lambda: workbook((1, 2, 3), change=merge), "cells B2:C3 are merged", 2),
    Bad("no such text", lambda: hand_made(shared_cell("7")), "Below row 1"),
    Bad("text of no number", lambda: hand_made(shared_cell("x")), "damaged"),
    Bad("number that is none", lambda: hand_made(number_cell("nan")), "Below row 1"),
    Bad("number without end", lambda: hand_made(number_cell("1e999")), "no readable", 2, "a"),
    Bad("date past all days", lambda: dated(99_999_999), "an error (#VALUE!)", 2, "start"),
    Bad("surrogate by escape", lambda: hand_made(row_xml(2, "_xD800_")), "U+D800", 2, "a"),
    Bad("NUL by escape", lambda: hand_made(row_xml(2, "x_x0000_")), "U+0000", 2, "a"),
    Bad("bell by escape", lambda: hand_made(row_xml(2, "x_x0007_")), "U+0007", 2, "a"),
    Bad("NUL in the XML", lambda: hand_made(row_xml(2, "x\0")), "damaged"),
    Bad("value beside the header", lambda: workbook((1, 2, 3, 4)), "no heading", 2, "D"),
    Bad("value far to the right", lambda: hand_made(far_cell()), "At most 200 columns", 2, "XFD"),
    Bad("10 000 columns, XLSX", lambda: workbook(range(10_000)), "At most 200 columns", 2, "GS"),
    Bad("big cell, XLSX", lambda: hand_made(row_xml(2, long_text())), "10000", 2, "a"),
    Bad("million rows, XLSX", million_rows_xlsx, "more than 200000 rows", 200_002),
    Bad("bomb of high ratio", lambda: hand_made(row_xml(2, "0" * 20_000_000)), "far too big"),
    Bad("bomb of many sheets", lambda: many_sheets(), "far too big"),
    Bad("bomb of texts", lambda: hand_made("", shared=strings(*["x"] * 1_100_000)), "too big"),
    Bad("bomb of parts", lambda: zipped({f"p{n}": "" for n in range(3000)}), "far too big"),
    Bad("bomb of empty rows", lambda: hand_made(row_xml(2, "x") + "<row/>" * 600_000), "too big"),
    Bad("bomb of elements", lambda: hand_made("", sheet=sheet_xml("", "<x/>" * 600_000)), "big"),
    Bad("bomb in a row", lambda: hand_made(f"<row>{'<c/>' * 600_000}</row>"), "far too big"),
    Bad("bomb of depth", lambda: hand_made("", sheet=sheet_xml("", "<x>" * 600_000)), "far too"),
    Bad("strict kind of XLSX", lambda: strict_workbook(), "Excel Workbook"),
    Bad("big styles", lambda: big_styles(), "far too big"),
    Bad("billion laughs", lambda: lol(DOCTYPE), "declares entities"),
    Bad("XXE in the sheet", lambda: in_sheet(XXE, "&f;"), "declares entities"),
    Bad("XXE in the texts", lambda: hand_made("", shared=strings("&f;").replace(*XXE_IN)), "enti"),
    Bad("XXE in the workbook", lambda: hand_made("", book=f"{XXE}<x>&f;</x>"), "declares entities"),
    Bad("XXE in the relations", lambda: hand_made("", related=f"{XXE}<x/>"), "declares entities"),
    Bad("DTD from afar", lambda: in_sheet(FAR, "x"), "declares entities"),
]
XXE_IN = (DECLARED, DECLARED + XXE)


def cut_in_a_part() -> bytes:
    """The directory is whole; the bytes of the sheet are not those that were packed."""
    whole = bytearray(workbook(*[(n, n, n) for n in range(500)]))
    at = whole.find(b"xl/worksheets/sheet1.xml") + 300
    whole[at : at + 200] = bytes(200)
    return bytes(whole)


def unseen_workbook() -> bytes:
    book = str(parts("")["xl/workbook.xml"]).replace("sheetId", 'state="veryHidden" sheetId')
    return hand_made("", book=book)


def out_of_order() -> str:
    return '<row r="2"><c r="B2"><v>1</v></c><c r="A2"><v>2</v></c></row>'


def far_cell() -> str:
    return '<row r="2"><c r="XFD2"><v>1</v></c></row>'


def shared_cell(index: str) -> str:
    return row_xml(2, f'<c t="s"><v>{index}</v></c>')


def number_cell(text: str) -> str:
    return row_xml(2, f"<c><v>{text}</v></c>")


def long_text() -> str:
    return "".join(str(n * n) for n in range(1_000_000))


def merge(book) -> None:
    book.active.merge_cells("B2:C3")


def dated(serial: int) -> bytes:
    def change(book):
        book.active["C2"] = date(1998, 5, 10)
        book.active["C2"].value = serial
        book.active["C2"].number_format = "yyyy-mm-dd"

    return workbook((1, 2, 3), change=change)


def many_sheets() -> bytes:
    """Each alone is within bounds."""
    filler = {f"xl/worksheets/s{n}.xml": b"<x/>" * 1_200_000 for n in range(60)}
    return zipped({**parts(row_xml(2, "Q1", "Q2", "1998")), **filler}, compresslevel=1)


def big_styles() -> bytes:
    formats = "".join(f'<xf numFmtId="{n}"/>' for n in range(400_000))
    styles = f'<styleSheet xmlns="{MAIN}"><cellXfs>{formats}</cellXfs></styleSheet>'
    return with_part("xl/styles.xml", styles)


def strict_workbook() -> bytes:
    usual, strict = "http://schemas.openxmlformats.org", "http://purl.oclc.org/ooxml"
    return zipped(
        {name: str(part).replace(usual, strict) for name, part in parts(row_xml(2, "x")).items()}
    )


def in_sheet(before: str, text: str) -> bytes:
    return hand_made("", sheet=sheet_xml(HEAD + row_xml(2, text), before=before))


BAD_FILES = [*TEXTS, *BOOKS]
