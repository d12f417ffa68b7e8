"""Numbers become the shapes of a chart: none is lost, none is out of the drawing."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from common import charts

NUMBERS = st.integers(min_value=0, max_value=10**9)
ROWS = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=30)


@given(st.lists(NUMBERS, max_size=30))
def test_bars_are_shares_of_the_longest_and_what_is_not_nought_is_seen(numbers):
    lengths = [float(length.rstrip("%")) for length in charts.lengths(numbers)]
    assert all(0 <= length <= 100 for length in lengths)
    assert [length > 0 for length in lengths] == [number > 0 for number in numbers]
    assert max(lengths, default=0) == (100 if any(numbers) else 0)


@given(NUMBERS)
def test_the_scale_reaches_the_highest_and_its_quarters_are_whole(most):
    top = charts.nice_top(most)
    assert max(most, 4) <= top <= max(4, 3 * most)
    assert top % charts.STEPS_OF_SCALE == 0


@given(ROWS, st.booleans())
def test_columns_stand_inside_of_the_drawing_and_none_on_another(rows, rtl):
    drawing = charts.columns(rows, rtl=rtl)
    places = sorted(drawing.columns, key=lambda column: column.x)
    assert len(places) == len(rows)
    assert all(charts.TOP <= column.top <= charts.BASE for column in places)
    assert places[0].x >= drawing.start
    assert places[-1].x + places[-1].width <= drawing.end
    assert all(one.x + one.width <= other.x for one, other in pairwise(places))


@given(ROWS)
def test_from_right_to_left_the_drawing_is_mirrored(rows):
    plain, turned = (charts.columns(rows, rtl=rtl) for rtl in (False, True))
    for one, other in zip(plain.columns, turned.columns, strict=True):
        assert abs(one.middle + other.middle - charts.WIDTH) <= 1
        assert (one.top, one.parts) == (other.top, other.parts)


def test_pieces_stand_one_on_top_of_the_other():
    (column,) = charts.columns([(3, 1)]).columns
    low, high = column.parts
    assert low.y + low.height == charts.BASE
    assert high.y + high.height == low.y
    assert column.top == high.y == charts.TOP


def test_one_among_thousands_is_a_hair_and_is_seen():
    assert charts.columns([(100_000,), (1,)]).columns[1].parts[0].height == 1
    assert charts.lengths([100_000, 1])[1] == "0.4%"


def test_nothing_is_drawn_of_nothing():
    assert charts.columns([]).columns == []
    assert charts.lengths([0, 0]) == ["0%", "0%"]
