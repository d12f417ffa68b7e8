"""What is read from good files, however the spreadsheet wrote them."""

import io
from datetime import date, time

import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from common.sheets import SheetError, open_sheet
from tests.sheets.making import csv_of, hand_made, row_xml, strings, workbook


def cells(content: bytes, name: str = "ties.csv", **options) -> list[dict[str, str]]:
    return [line.cells for line in open_sheet(io.BytesIO(content), name, **options)]


KHUJAND = {"a": "Q373808", "b": "Qazvin", "start": "2025"}


@pytest.mark.parametrize(
    "content",
    [
        b"a,b,start\nQ373808,Qazvin,2025\n",
        b"a,b,start\r\nQ373808,Qazvin,2025\r\n",
        b"a,b,start\nQ373808,Qazvin,2025",
        b"\xef\xbb\xbfa,b,start\nQ373808,Qazvin,2025\n",
        b"a;b;start\nQ373808;Qazvin;2025\n",
        b"a\tb\tstart\nQ373808\tQazvin\t2025\n",
        b'"a","b","start"\n"Q373808","Qazvin","2025"\n',
        b" a , b ,start \n Q373808,Qazvin ,\xc2\xa02025\n",
        b"a,b,start,,\nQ373808,Qazvin,2025,,\n",
        b"\n\na,b,start\n\nQ373808,Qazvin,2025\n,,\n",
    ],
)
def test_the_usual_dialects_say_the_same(content):
    assert cells(content) == [KHUJAND]


def test_a_row_is_counted_as_a_spreadsheet_counts_it():
    content = csv_of('"two\nlines",Q2,1\n', "\n", "Q3,Q4,5\n")
    assert [line.number for line in open_sheet(io.BytesIO(content), "x")] == [2, 4]


def test_a_sheet_can_be_read_again_and_knows_its_header():
    sheet = open_sheet(io.BytesIO(csv_of("Q1,Q2,3\n")), "ties.csv")
    assert sheet.header == ["a", "b", "start"]
    assert list(sheet) == list(sheet)


def test_texts_are_composed_and_keep_their_joiners():
    composed = "Mu\u0308nster"
    assert cells(csv_of(f"{composed},می‌خوش,\n"))[0] == {"a": "Münster", "b": "می‌خوش", "start": ""}


def test_separators_within_quotes_do_not_decide():
    assert cells(b'"a,b,c";d\n1;2\n') == [{"a,b,c": "1", "d": "2"}]


def test_an_escaped_formula_is_the_text_that_was_meant():
    assert cells(csv_of("'=1+1,''x,'Aktobe\n"))[0] == {"a": "=1+1", "b": "'x", "start": "'Aktobe"}


def test_the_kinds_of_cells_of_a_workbook():
    row = (1998.0, 0.5, date(2025, 5, 10), True, " x ", "007", 1234567890123, time(14, 30))
    names = ("a", "b", "start", "d", "e", "f", "g", "h")
    content = workbook(row, change=lambda book: book.active.append(()) or header(book, names))
    assert list(cells(content)[0].values()) == [
        *("1998", "0.5", "2025-05-10", "true", "x", "007", "1234567890123", "14:30:00")
    ]


def header(book, names) -> None:
    for at, name in enumerate(names, 1):
        book.active.cell(1, at, name)


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ("yyyy-mm-dd", "1998-05-10"),
        ("d mmm yy", "1998-05-10"),
        ("yyyy", "1998"),
        ("mmm yyyy", "1998-05"),
        ('yyyy"d"', "1998"),
        ("0", "35925"),
    ],
)
def test_a_date_is_no_more_exact_than_the_cell_shows_it(shown, said):
    def change(book):
        book.active["C2"] = date(1998, 5, 10)
        book.active["C2"].number_format = shown

    assert cells(workbook((1, 2, 3), change=change))[0]["start"] == said


@pytest.mark.parametrize("shown", ["d mmm", "mmmm", "dd/mm"])
def test_a_day_without_its_year_is_refused(shown):
    def change(book):
        book.active["C2"] = date(2026, 5, 10)
        book.active["C2"].number_format = shown

    with pytest.raises(SheetError, match="a day without its year"):
        cells(workbook((1, 2, 3), change=change))


def test_days_counted_from_1904():
    def change(book):
        book.epoch = CALENDAR_MAC_1904
        book.active["C2"] = date(1998, 5, 10)

    assert cells(workbook((1, 2, 3), change=change))[0]["start"] == "1998-05-10"


def test_shared_rich_and_spoken_texts():
    shared = strings("x").replace(
        "<t>x</t>",
        '<r><t>Khu</t></r><r><t xml:space="preserve">jand </t></r>'
        '<rPh sb="0" eb="1"><t>no</t></rPh>',
    )
    row = row_xml(2, '<c t="s"><v>0</v></c>', "A_x0041__x005F_x000A_")
    content = hand_made(row, shared=shared)
    assert cells(content)[0] == {"a": "Khujand", "b": "A_x0041__x000A_", "start": ""}


def test_the_first_sheet_that_is_seen_is_read_or_the_one_asked_for():
    def change(book):
        book.active.sheet_state = "hidden"
        for name in ("Ties", "Others"):
            book.create_sheet(name).append(["a"])
            book[name].append([name])

    content = workbook((1, 2, 3), change=change)
    assert cells(content) == [{"a": "Ties"}]
    assert cells(content, sheet="Others") == [{"a": "Others"}]
    with pytest.raises(SheetError, match="It has: Sheet, Ties, Others"):
        cells(content, sheet="Nowhere")


def test_what_a_file_is_called_does_not_decide():
    assert cells(workbook(("Q373808", "Qazvin", 2025)), name="ties.csv") == [KHUJAND]
    assert cells(csv_of("Q373808,Qazvin,2025\n"), name="ties.xlsx") == [KHUJAND]


def test_a_file_that_somebody_else_opened_stays_open():
    file = io.BytesIO(csv_of("Q1,Q2,3\n"))
    list(open_sheet(file, "ties.csv"))
    assert not file.closed
