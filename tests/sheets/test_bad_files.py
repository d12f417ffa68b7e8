"""Every bad file is refused with its place and what to do, in little memory, and never a crash."""

import io
import time
import tracemalloc

import pytest

from common.sheets import SheetError, open_sheet
from tests.sheets.bad_files import BAD_FILES

MEGABYTE = 1_000_000


def refused(bad) -> SheetError:
    with pytest.raises(SheetError) as raised:
        list(open_sheet(io.BytesIO(bad.build()), bad.file))
    return raised.value


def test_there_are_many_of_them():
    assert len(BAD_FILES) >= 60
    assert len({bad.name for bad in BAD_FILES}) == len(BAD_FILES)


@pytest.mark.parametrize("bad", BAD_FILES, ids=lambda bad: bad.name)
def test_a_bad_file_is_refused_with_its_place(bad):
    error = refused(bad)
    assert bad.says in str(error)
    assert (error.file, error.row, error.column) == (bad.file, bad.row, bad.column)
    assert str(error).startswith(bad.file)
    assert str(error).endswith(".")


@pytest.mark.parametrize("bad", BAD_FILES, ids=lambda bad: bad.name)
def test_a_bad_file_is_refused_from_the_disk_too(bad, tmp_path):
    path = tmp_path / "file"
    path.write_bytes(bad.build())
    with pytest.raises(SheetError) as raised:
        list(open_sheet(path, bad.file))
    assert bad.says in str(raised.value)


HEAVY = ("million rows", "bomb", "ten megabytes", "big", "laughs", "10 000", "too many bytes")


@pytest.mark.parametrize(
    "bad",
    [bad for bad in BAD_FILES if any(word in bad.name for word in HEAVY)],
    ids=lambda b: b.name,
)
def test_a_bad_file_costs_little_memory_and_time(bad):
    content = io.BytesIO(bad.build())
    tracemalloc.start()
    began = time.monotonic()
    with pytest.raises(SheetError):
        list(open_sheet(content, bad.file))
    took, peak = time.monotonic() - began, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100 * MEGABYTE
    assert took < 30


def test_a_file_that_is_not_there_is_told_so(tmp_path):
    with pytest.raises(SheetError, match="cannot be read"):
        open_sheet(tmp_path / "nowhere.csv", "nowhere.csv")
