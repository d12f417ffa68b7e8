"""Every bad row is told with file, row, column and what to do, and is not entered."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from agreements.imports import ImportRefused, enter
from agreements.models import Agreement
from tests.factories import PlaceFactory
from tests.imports.bad_rows import BAD_ROWS
from tests.imports.lists import KHUJAND, looked_through, results, tie, written
from tests.rows import all_rows
from tests.sheets.bad_files import BAD_FILES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places", "countries")]
FATAL = [bad for bad in BAD_ROWS if bad.fatal]
TOLD = [bad for bad in BAD_ROWS if not bad.fatal]


@pytest.fixture
def countries(db):
    PlaceFactory(name="United States", level="country", country_code="US")


def by_name(bad) -> str:
    return bad.name


def test_there_are_many_of_them():
    assert len({bad.name for bad in BAD_ROWS}) == len(BAD_ROWS) >= 60
    assert len(BAD_ROWS) + len(BAD_FILES) >= 120


@pytest.mark.parametrize("bad", BAD_ROWS, ids=by_name)
def test_a_bad_row_says_where_it_is_wrong_and_what_to_do(bad):
    (outcome,) = looked_through(bad.cells).outcomes
    problem = next(problem for problem in outcome.reasons if problem.column == bad.column)
    assert bad.says in str(problem.message)
    assert str(problem.message).endswith(".")
    assert problem.fatal == bad.fatal
    assert outcome.left_out == bad.fatal
    assert (outcome.file, outcome.row) == ("ties.csv", 2)


@pytest.mark.parametrize("bad", FATAL, ids=by_name)
def test_a_bad_row_keeps_the_sound_ones_out_too_unless_it_is_left_out(bad):
    before = all_rows()
    found = looked_through(tie(a="Qazvin|IR"), bad.cells)
    with pytest.raises(ImportRefused):
        enter(found)
    assert all_rows() == before


@pytest.mark.parametrize("bad", FATAL, ids=by_name)
def test_the_command_enters_nothing_and_says_file_row_and_column(bad, tmp_path):
    file = tmp_path / "ties.csv"
    file.write_bytes(written([bad.cells]))
    before, out = all_rows(), StringIO()
    with pytest.raises(CommandError) as raised:
        call_command(
            "import_ties", str(file), source="the-list", listed_on="2016", commit=True, stdout=out
        )
    assert raised.value.returncode
    assert all_rows() == before
    said = " ".join(out.getvalue().split())
    assert "ties.csv, row 2" in said
    assert bad.column in said


@pytest.mark.parametrize("bad", TOLD, ids=by_name)
def test_what_is_only_doubtful_is_entered_without_it(bad):
    enter(looked_through(bad.cells))
    assert Agreement.objects.get().status == "signed"


@pytest.mark.parametrize("text", ["US ", " us", "United States", "united states", "UNITED STATES "])
def test_blanks_at_the_ends_and_capitals_of_a_country_are_forgiven(text):
    assert results(looked_through(tie(b=f"Seattle|{text}"))) == ["new"]


def test_two_places_of_one_name_are_two():
    for code in ("AU", "GB"):
        PlaceFactory(name=code, level="country", country_code=code)
        PlaceFactory(name="Perth", country_code=code)
    assert results(looked_through(tie(a="Perth|AU", b="Perth|GB"))) == ["new"]


def test_a_formula_in_a_row_is_refused_where_it_stands(tmp_path):
    file = tmp_path / "ties.csv"
    file.write_bytes(written([tie(note="=1+1")]))
    with pytest.raises(CommandError, match=r"ties\.csv, row 2, column “note”.*=1\+1"):
        call_command("import_ties", str(file), source="the-list", listed_on="2016")


def test_a_cell_without_use_is_kept_and_said_to_be_unread():
    rows = [tie() | {"coordinates": "47°36′N 122°20′W"}]
    from agreements.imports import CANONICAL, Options, plan
    from tests.factories import on
    from tests.imports.lists import sheet_of, the_list

    content = written(rows, header=(*CANONICAL, "coordinates"))
    found = plan([sheet_of(content)], Options(source=the_list(), listed_on=on("2016")))
    assert found.files[0].unread == ("coordinates",)
    assert results(found) == ["new"]


def test_khujand_is_no_tie_of_its_own():
    assert results(looked_through(tie(a=KHUJAND, b=KHUJAND))) == ["refused"]


@pytest.mark.parametrize("bad", BAD_FILES, ids=by_name)
def test_the_command_refuses_a_bad_file_by_its_place(bad, tmp_path):
    file = tmp_path / bad.file
    file.write_bytes(bad.build())
    before = all_rows()
    with pytest.raises(CommandError) as raised:
        call_command("import_ties", str(file), source="the-list", listed_on="2016", commit=True)
    assert bad.file in str(raised.value)
    assert all_rows() == before
