"""Places on the flat map: where d3 puts them, inside the drawing, tied the short way round."""

import csv
import re

import pytest
from django.conf import settings
from hypothesis import example, given
from hypothesis import strategies as st

from cities.centres import centres
from cities.countries import CODES
from common.earth import HEIGHT, WIDTH, arc, project, view_of, world_view

MADE = settings.BASE_DIR / "fixtures" / "map" / "points.csv"
WORLD = settings.BASE_DIR / "static" / "map" / "world.svg"
latitudes = st.floats(-90, 90)
spots = st.tuples(latitudes, st.floats(-180, 180))
KHUJAND, TOKYO, SAN_FRANCISCO = (40.28, 69.62), (35.69, 139.69), (37.77, -122.42)


def by_d3() -> list[tuple[float, ...]]:
    with MADE.open() as lines:
        return [tuple(float(value) for value in row.values()) for row in csv.DictReader(lines)]


def numbers(path: str) -> list[list[float]]:
    """The numbers of each piece of a path: start, the point bent towards, end."""
    return [[float(one) for one in re.findall(r"[-\d.]+", piece)] for piece in path.split("M")[1:]]


@pytest.mark.parametrize("row", by_d3(), ids=str)
def test_a_place_lies_where_d3_puts_it(row):
    latitude, longitude, x, y = row
    assert project((latitude, longitude)) == pytest.approx((x, y), abs=1e-6)


@given(spots)
def test_every_place_lies_inside_the_drawing(spot):
    x, y = project(spot)
    assert -1e-6 <= x <= WIDTH + 1e-6
    assert -1e-6 <= y <= HEIGHT


@given(latitudes, latitudes, st.floats(-180, 180))
def test_further_north_is_never_further_down(one, other, longitude):
    south, north = sorted((one, other))
    assert project((north, longitude))[1] <= project((south, longitude))[1]


@given(spots, spots)
def test_no_arc_leaves_the_drawing_or_runs_the_long_way_round(start, end):
    for piece in numbers(arc(start, end)):
        across, down = piece[0::2], piece[1::2]
        assert min(across) >= 0
        assert max(across) <= WIDTH
        assert min(down) >= 0
        assert max(down) <= HEIGHT
        assert abs(across[0] - across[-1]) <= WIDTH / 2 + 0.2


@given(spots, spots)
def test_an_arc_begins_and_ends_at_its_places(start, end):
    pieces = numbers(arc(start, end))
    seam = [abs(abs((spot[1] - 11 + 180) % 360 - 180) - 180) < 1e-6 for spot in (start, end)]
    if not any(seam):
        assert pieces[0][:2] == pytest.approx(project(start), abs=0.06)
        assert pieces[-1][-2:] == pytest.approx(project(end), abs=0.06)


def test_an_arc_over_the_pacific_is_cut_at_the_seam():
    (here, there) = numbers(arc(TOKYO, SAN_FRANCISCO))
    assert here[-2] > 900
    assert there[0] < 100
    assert len(numbers(arc(KHUJAND, TOKYO))) == 1


@pytest.mark.parametrize("longitude", [-169, 191 - 360, 180, -180])
def test_a_place_on_the_seam_or_the_antimeridian_has_a_short_arc(longitude):
    for piece in numbers(arc((-17, longitude), (-17, 178))):
        assert abs(piece[0] - piece[-2]) < 60


def test_an_arc_from_a_place_to_itself_is_a_point():
    assert arc(KHUJAND, KHUJAND) == "M644.1 99.4Q644.1 99.4 644.1 99.4"


def test_a_view_holds_its_points_and_is_the_whole_world_where_they_are_far_apart():
    near = view_of([project(KHUJAND), project((36.27, 50.0))])
    assert near.width < 120
    assert near.left < project((36.27, 50.0))[0] < project(KHUJAND)[0] < near.left + near.width
    assert view_of([project(TOKYO), project(SAN_FRANCISCO)]) == world_view()


@given(st.lists(spots.map(project), min_size=1, max_size=5))
@example([project((17.0, 0.0)), project((-84.0, 0.0))])
def test_no_view_looks_beyond_the_drawing(points):
    view = view_of(points)
    assert view.left >= 0
    assert view.top >= 0
    assert view.left + view.width <= WIDTH + 1e-6
    assert view.top + view.height <= HEIGHT + 1e-6
    for x, y in points:
        assert view.left - 1e-6 <= x <= view.left + view.width + 1e-6
        assert view.top - 1e-6 <= y <= view.top + view.height + 1e-6


def test_every_country_code_has_a_middle_but_for_islands_nobody_lives_on():
    assert CODES - set(centres()) == {"BV", "UM"}


def test_the_world_is_a_small_drawing_of_that_size_that_follows_light_and_dark():
    text = WORLD.read_text()
    assert len(text) < 70_000
    assert "prefers-color-scheme:dark" in text
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
    assert f'viewBox="0 0 {WIDTH:g} {HEIGHT}"' in text
