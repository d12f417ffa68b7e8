"""``sweep_files``: what a kill left behind is found, and nothing else is touched."""

import io
import os
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.factories import DocumentFactory, TieImportFactory, a_file

pytestmark = pytest.mark.django_db
DAY = 24 * 3600


@pytest.fixture
def left(media):
    """A file that lies there for so many seconds."""

    def make(name: str, age: float) -> Path:
        path = Path(media) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"left")
        os.utime(path, times=(time.time() - age,) * 2)
        return path

    return make


def sweep(*options: str) -> str:
    out = io.StringIO()
    call_command("sweep_files", *options, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize(
    "name",
    [
        f"documents/{'a' * 32}-0123abcd.pdf",
        f"documents/{'a' * 32}.pdf",
        f"documents/{'a' * 32}_x7d9Qk2.jpeg",
        f"imports/{'b' * 32}",
        f"sheets/{'c-' * 16}",
    ],
)
def test_a_file_that_no_row_knows_goes_after_a_day(left, name):
    old = left(name, DAY + 60)
    assert f"{name}: no row knows of it" in sweep()
    assert not old.exists()


def test_a_file_that_is_on_its_way_stays(left):
    fresh = left(f"documents/{'a' * 32}-0123abcd.pdf", DAY - 60)
    assert "0 of no row" in sweep()
    assert fresh.exists()


@pytest.mark.parametrize("name", ["documents/letters to my aunt.pdf", "notes.txt", "other/x.pdf"])
def test_what_is_not_ours_stays(left, name):
    theirs = left(name, 10 * DAY)
    sweep()
    assert theirs.exists()


def test_files_of_rows_stay_however_old(media, lying):
    document = DocumentFactory(file=a_file())
    run = TieImportFactory()
    run.file.save("b" * 32, a_file())
    for name in lying():
        os.utime(media / name, times=(0, 0))
    assert "2 files of rows, 0 of no row" in sweep()
    assert lying() == sorted([document.file.name, run.file.name])


def test_a_row_without_its_file_is_named(media):
    document = DocumentFactory(file=a_file())
    (media / document.file.name).unlink()
    out = io.StringIO()
    with pytest.raises(CommandError, match="1 files are missing") as error:
        call_command("sweep_files", stdout=out)
    assert error.value.returncode == 1
    assert f"{document.file.name}: is missing ({document.agreement.reference}" in out.getvalue()


def test_an_altered_file_is_found_by_its_checksum_if_asked(media):
    document = DocumentFactory(file=a_file())
    (media / document.file.name).write_bytes(b"another")
    assert "1 files of rows" in sweep()
    with pytest.raises(CommandError, match="altered"):
        sweep("--checksums")


def test_a_dry_run_deletes_nothing(left):
    old = left(f"documents/{'a' * 32}-0123abcd.pdf", DAY + 60)
    assert "1 of no row would be deleted" in sweep("--dry-run")
    assert old.exists()


def test_a_link_has_no_file_to_be_missed(media):
    DocumentFactory()
    assert sweep().startswith("0 files of rows")
