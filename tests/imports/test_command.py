"""``manage.py import_ties``: looks through by default, enters when told to, and says it plainly."""

import json
import signal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from agreements.imports.entering import Entering
from agreements.models import Agreement, Listing, Source, TieImport
from tests.imports.lists import KHUJAND, QAZVIN, the_list, tie, written
from tests.rows import all_rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places")]
dropped = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture
def ties(tmp_path):
    """Writes a file of rows and gives its path."""

    def write(*rows, name="ties.csv") -> str:
        path = tmp_path / name
        path.write_bytes(written(list(rows)))
        return str(path)

    return write


def run(*arguments: str, **options) -> str:
    out = StringIO()
    options = {"source": "the-list", "listed_on": "2016", **options}
    call_command("import_ties", *arguments, stdout=out, **options)
    return out.getvalue()


def refused(*arguments: str, status: int, **options) -> str:
    before = all_rows()
    with pytest.raises(CommandError) as raised:
        run(*arguments, **options)
    assert raised.value.returncode == status
    assert all_rows() == before
    return str(raised.value)


def test_without_commit_nothing_is_written(ties):
    before = all_rows()
    said = run(ties(tie(), tie(b=QAZVIN)))
    assert "Dry run: nothing was entered." in said
    assert "2  new" in said
    assert all_rows() == before


def test_with_commit_all_is_entered_and_again_nothing(ties):
    file = ties(tie(), tie(b=QAZVIN))
    assert run(file, commit=True).startswith("Entered.")
    assert Agreement.objects.count() == 2
    before = all_rows()
    assert "2  nothing changes" in run(file, commit=True)
    assert all_rows() == before


def test_several_files_are_one_list(ties):
    run(ties(tie(), name="one.csv"), ties(tie(b=QAZVIN), tie(), name="two.csv"), commit=True)
    assert sorted(Listing.objects.values_list("run__file_name", "row")) == [
        ("one.csv", 2),
        ("two.csv", 2),
    ]
    twice = ties(tie(), name="one.csv")
    assert "Two files are called one.csv" in refused(twice, twice, status=2)


def test_a_refused_row_is_told_and_keeps_all_from_being_entered(ties):
    file = ties(tie(), tie(b=QAZVIN, start="1998 or 1999"))
    said = refused(file, status=1, commit=True)
    assert said.startswith("1 row cannot be entered, so none is.")
    run(file, commit=True, leave_out_refused=True)
    assert Agreement.objects.count() == 1


def test_the_report_is_read_in_eighty_columns_and_says_where_and_what_to_do(ties, capsys):
    out = StringIO()
    rows = [
        tie(b="Qazvin|IR", start="1998 or 1999"),
        tie(b="Seatle|US", note="x" * 100),
        tie(KHUJAND, "Leninabad|TJ"),
        tie(start="1973", end="1973"),
    ]
    options = {"source": "the-list", "listed_on": "2016", "stdout": out}
    with pytest.raises(CommandError):
        call_command("import_ties", ties(*rows), **options)
    said = out.getvalue()
    assert max(len(line) for line in said.splitlines()) < 80
    assert "ties.csv, row 2: refused\n  start: “1998 or 1999”\n" in said
    assert "? Seattle, US, " in said
    assert "A place has no tie with itself" in said
    assert "The end is the same as the start" in said


def test_every_row_is_told_at_the_second_level(ties):
    places = [f"Q{n} Town {n}|US" for n in range(1, 8)]
    file = ties(*(tie(b=place) for place in places))
    assert run(file, make_places=True).count(": new") == 3
    assert run(file, make_places=True, verbosity=2).count(": new") == 7
    assert run(file, make_places=True, verbosity=0) == ""


def test_the_report_for_programs_has_every_row_and_its_agreement_once_entered(ties, tmp_path):
    path = tmp_path / "out.json"
    file = ties(tie(), tie(b="Atlantis|GR"))
    run(file, report=path, commit=True, leave_out_refused=True)
    found = json.loads(path.read_text(encoding="utf-8"))
    assert [row["result"] for row in found["rows"]] == ["new", "unclear"]
    assert found["rows"][0]["agreement"] == Agreement.objects.get().reference
    assert found["rows"][1]["reasons"][0]["column"] == "b_name"
    assert found["counts"] == {"new": 1, "unclear": 1}


def test_a_report_that_cannot_be_written_is_told_before_anything_is_entered(ties, tmp_path):
    path = tmp_path / "missing" / "out.json"
    assert "out.json" in refused(ties(tie()), status=2, report=path, commit=True)


def test_a_later_list_that_is_a_part_makes_nothing_gone(ties):
    run(ties(tie(), tie(b=QAZVIN)), commit=True)
    assert "no longer listed" not in run(ties(tie()), listed_on="2022", part=True)
    assert "1  no longer listed" in run(ties(tie()), listed_on="2022")


MAPPING = """
listed_on = "2024"
[columns]
b_name = "Stadt"
b_country = "Land"
[constants]
a_wikidata = "Q373808"
[source]
key = "khujand-office"
publisher = "Khujand"
title = "Sister cities"
"""


def test_a_mapping_file_says_which_list_it_is_and_how_to_read_it(tmp_path):
    sheet, mapping = tmp_path / "staedte.csv", tmp_path / "khujand.toml"
    sheet.write_text("Stadt;Land\nSeattle;US\n", encoding="utf-8")
    mapping.write_text(MAPPING, encoding="utf-8")
    assert "khujand-office" in run(str(sheet), source=None, listed_on=None, map=mapping)
    assert not Source.objects.filter(key="khujand-office").exists()
    run(str(sheet), source=None, listed_on=None, map=mapping, commit=True)
    assert str(TieImport.objects.get(source__key="khujand-office").listed_on) == "2024"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"source": None}, "Say which list it is: --source KEY"),
        ({"source": "the-lst"}, "“the-lst”. Lists on record: the-list."),
        ({"listed_on": None}, "Say of when the list is: --listed-on"),
        ({"listed_on": "yesterday"}, "Say of when the list is: --listed-on"),
        ({"listed_on": "2990"}, "A list cannot be of a day to come"),
    ],
)
def test_options_that_cannot_be_are_told(ties, options, words):
    assert words in refused(ties(tie()), status=2, **options)


def test_a_source_that_is_no_list_is_not_taken_for_one(ties):
    Source.objects.filter(pk=the_list().pk).update(kind="press")
    assert "is no list" in refused(ties(tie()), status=2)


def test_a_file_that_is_not_there_or_no_table_is_told_by_its_name(ties, tmp_path):
    assert "nowhere.csv: There is no such file" in refused("nowhere.csv", status=2)
    (tmp_path / "list.pdf").write_bytes(b"%PDF-1.7")
    assert "list.pdf: " in refused(str(tmp_path / "list.pdf"), status=2)


def test_an_older_state_is_refused(ties):
    run(ties(tie()), listed_on="2022", commit=True)
    assert "an older state" in refused(ties(tie()), status=2)


def test_a_bar_is_drawn_on_a_terminal_alone(ties, monkeypatch, capsys):
    run(ties(tie()))
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    run(ties(tie(b=QAZVIN)), commit=True)
    assert "Entering ties" in capsys.readouterr().err


def stop_while_clearing_away(*_) -> None:
    """A Ctrl-C at the worst moment: what is raised in ``__del__`` is dropped by Python."""

    class Rubbish:
        def __del__(self):
            signal.raise_signal(signal.SIGINT)

    Rubbish()


@dropped
@pytest.mark.parametrize("at", ["_write_runs", "_make_places", "_load_places"])
def test_a_stop_that_python_drops_is_kept_and_nothing_is_entered(ties, monkeypatch, at):
    before = signal.getsignal(signal.SIGINT)
    own = getattr(Entering, at)
    monkeypatch.setattr(Entering, at, lambda self: (own(self), stop_while_clearing_away())[0])
    file = ties(tie())
    assert refused(file, status=130, commit=True) == "Stopped. Nothing was entered."
    assert signal.getsignal(signal.SIGINT) is before


@dropped
def test_the_very_last_moment_to_stop_is_after_all_is_written(ties, monkeypatch):
    def late(self, kind, **values):
        stop_while_clearing_away()

    monkeypatch.setattr(Entering, "_set_alike", late)
    assert refused(ties(tie()), status=130, commit=True) == "Stopped. Nothing was entered."
