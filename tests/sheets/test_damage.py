"""However a workbook is damaged or made up: it is read, or refused in words, and never a crash."""

import io
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.sheets import SheetError, open_sheet
from tests.sheets.making import hand_made, parts, row_xml, strings, workbook, zipped

ROW = row_xml(2, '<c r="A2" t="s"><v>0</v></c>', '<c r="B2" s="0"><v>3</v></c>', "x")
WHOLE = {name: str(content).encode() for name, content in parts(ROW).items()}
SAVED = workbook((1, True, date(1998, 5, 10)), ("x", None, 0.5))
NOISE = st.sampled_from(
    [b"<", b">", b'"', b"\0", b"-1", b"9" * 30, b"\xff", b"</row>", b"", b"&x;"]
)


def read(content: bytes) -> list:
    found: list = []
    with suppress(SheetError):
        found.extend(open_sheet(io.BytesIO(content), "ties.xlsx"))
    return found


@given(st.sampled_from(sorted(WHOLE)), st.integers(0, 900), st.integers(0, 30), NOISE)
@settings(max_examples=300, deadline=None)
def test_a_part_with_noise_in_it(name, start, length, noise):
    whole = WHOLE[name]
    start %= len(whole)
    read(zipped({**WHOLE, name: whole[:start] + noise + whole[start + length :]}))


@given(st.integers(0, len(SAVED) - 1), st.binary(max_size=8))
@settings(max_examples=200, deadline=None)
def test_a_file_with_noise_in_it(start, noise):
    read(SAVED[:start] + noise + SAVED[start + len(noise) :])


@pytest.mark.parametrize("name", sorted(WHOLE))
def test_a_part_that_is_missing(name):
    read(zipped({other: content for other, content in WHOLE.items() if other != name}))


def test_what_is_not_damaged_is_read():
    [line] = read(zipped(WHOLE))
    assert line.cells == {"a": "Q1", "b": "3", "start": "x"}
    assert len(read(SAVED)) == 2


def test_a_row_far_down_and_a_wide_one_keep_their_places():
    content = hand_made(row_xml(70_000, "1", "2", "3") + row_xml(70_002, "4"), shared=strings())
    assert [line.number for line in read(content)] == [70_000, 70_002]
