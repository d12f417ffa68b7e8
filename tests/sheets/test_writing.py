"""What goes out comes back, and is no formula on the way."""

import csv
import io
import unicodedata

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from common.sheets import (
    Limits,
    SheetError,
    as_written,
    harmless,
    open_sheet,
    write_csv,
    write_xlsx,
)
from common.sheets.values import escaped, unescaped

OWN = Limits(unseen_signs=True)
NASTY = (
    "=1+1", "+992", "-1", "@SUM(A1)", "'", "''", "'=1", "\t=1", "\r=1", "\n=1", " =1", "\u200f=1",
    "＝1", "007", "2025-05", "1e5", "TRUE", 'say "hi"', "a;b,c\td", "line\nline", "خجند", "🏙️",
    "می‌خوش", "_x0041_", "\x07", "\u202eabc", "x" * 9_000, "<b>&amp;</b>", "#REF!", "\ufeffx",
    "'Aktobe", "_x005F_x0007_", "_x0007\x07",
)  # fmt: skip
FORMULA_SIGNS = "=+-@＝＋－＠"


def starts_a_formula(text: str) -> bool:
    seen = next((sign for sign in text if unicodedata.category(sign)[0] not in "ZC"), "")
    return (bool(seen) and seen in FORMULA_SIGNS) or text[:1] in {"\t", "\r", "\n"}


@given(st.text())
@example("")
@example("'")
@example("'\t")
def test_every_text_comes_back_from_its_escape(text):
    assert as_written(harmless(text)) == text


@given(st.text(st.sampled_from("=+-@＝＋－＠'\t\r\n \u00a0\u200b\u200f\ufeff\x00aα1")))
def test_no_escaped_text_starts_a_formula(text):
    assert not starts_a_formula(harmless(text))
    assert as_written(harmless(text)) == text


@given(st.text())
def test_what_is_harmless_already_is_left_alone(text):
    if not starts_a_formula(text) and text[:1] != "'":
        assert harmless(text) == text


def as_csv(header, rows) -> io.BytesIO:
    return io.BytesIO(b"".join(write_csv(header, rows)))


def as_xlsx(header, rows) -> io.BytesIO:
    out = io.BytesIO()
    write_xlsx(header, rows, out)
    return out


def saved_again(file: io.BytesIO) -> io.BytesIO:
    """As a spreadsheet that opens and saves it."""
    out = io.BytesIO()
    openpyxl.load_workbook(file).save(out)
    return out


def texts(file: io.BytesIO) -> list[list[str]]:
    return [list(line.cells.values()) for line in open_sheet(file, "x", limits=OWN)]


@pytest.mark.parametrize("text", NASTY)
@pytest.mark.parametrize("write", [as_csv, as_xlsx])
def test_a_nasty_text_comes_back(write, text):
    [[found, _one]] = texts(write(["text", "one"], [[text, "1"]]))
    assert found == text.replace("\r", "\n").strip()


ANYTHING = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)


@given(st.lists(st.tuples(ANYTHING, ANYTHING), min_size=1, max_size=4))
def test_all_texts_come_back_alike_from_both_kinds_of_file(rows):
    rows = [[*row, "1"] for row in rows]
    header = ["one", "two", "three"]
    found = texts(as_csv(header, rows))
    assert found == texts(as_xlsx(header, rows))
    for row, said in zip(rows, found, strict=True):
        plain = [text.replace("\r\n", "\n").replace("\r", "\n") for text in row]
        assert said == [unicodedata.normalize("NFC", text).strip() for text in plain]


def test_a_workbook_that_was_opened_and_saved_says_the_same():
    rows = [[text, "1"] for text in NASTY if "_x" not in text]
    file = as_xlsx(["text", "one"], rows)
    assert texts(saved_again(file)) == texts(file)


def test_no_cell_of_a_workbook_is_a_formula_or_a_number():
    book = openpyxl.load_workbook(as_xlsx(["text"], [[text] for text in NASTY]))
    found = [row[0] for row in book.active.iter_rows(min_row=2)]
    assert {cell.data_type for cell in found} == {"s"}
    assert {cell.number_format for cell in found} == {"@"}


def test_no_cell_of_a_csv_starts_a_formula():
    file = as_csv(["text", "=header"], [[text, "1"] for text in NASTY])
    for row in csv.reader(io.StringIO(file.getvalue().decode("utf-8-sig"), newline="")):
        assert not any(starts_a_formula(cell) for cell in row)


def test_excel_is_told_that_it_is_utf_8():
    assert as_csv(["a"], []).getvalue() == b"\xef\xbb\xbfa\r\n"


def test_csv_flows_row_by_row():
    def rows():
        for _number in range(10_000):
            yield ["x" * 100]
        raise RuntimeError("The last row was asked for before the first was sent")

    assert next(write_csv(["a"], rows())).startswith(b"\xef\xbb\xbfa\r\nxxx")


def test_a_text_too_long_for_a_workbook_is_refused_and_not_cut():
    with pytest.raises(SheetError, match=r"row 2, column “A”: .* Export CSV"):
        as_xlsx(["a"], [["x" * 40_000]])


@given(st.text(st.sampled_from("_x005F7\x07\r\n"), max_size=20))
def test_what_looks_like_an_escape_of_xml_comes_back(text):
    assert unescaped(escaped(text)) == text
