"""Partial dates as values, and as people read them."""

import pickle
from datetime import UTC, date, datetime, timedelta

import pytest
from django.template import Context, Template
from django.utils.translation import override
from hypothesis import example, given
from hypothesis import strategies as st

from common.dates import InvalidPartialDate, PartialDate
from common.dates_display import display_partial_date
from tests.common.strategies import partial_dates

EDGES = ["0001", "0001-01-01", "1900-02-28", "2000-02-29", "2024-02-29", "2025-12", "9999-12-31"]

NOT_DATES = [
    *["", " ", "25", "20255", "-2025", "+2025", "2025-", "2025-5", "2025-05-1", "202505"],
    *["2025/05", "2025-05-10T00:00", "2025~", "2025?", "20XX", "2025-05-10-01", "2025 - 05"],
    *["0000", "0000-01-01", "2025-00", "2025-13", "2025-05-00", "2025-05-32", "2025-04-31"],
    *[
        "2025-02-29",
        "1900-02-29",
        "2025\0",
        "\x002025",
        "२०२५",
        "²⁰²⁵",
        "2025\u201005",
        "x" * 10_000,
    ],
]


@given(partial_dates())
def test_a_value_comes_back_from_its_text(value):
    assert PartialDate.parse(str(value)) == value
    assert len(str(value)) == {"year": 4, "month": 7, "day": 10}[value.precision]


@pytest.mark.parametrize("text", EDGES)
def test_the_edges_of_the_calendar_are_kept_as_written(text):
    assert str(PartialDate.parse(text)) == text


@pytest.mark.parametrize("written", ["۲۰۲۵-۰۵-۱۰", "٢٠٢٥-٠٥-١٠", "  2025-05-10\n", "20۲۵-05-١0"])
def test_digits_and_blanks_of_people_are_understood(written):
    assert str(PartialDate.parse(written)) == "2025-05-10"


@pytest.mark.parametrize("written", NOT_DATES, ids=range(len(NOT_DATES)))
def test_what_is_no_year_month_or_day_is_refused(written):
    with pytest.raises(InvalidPartialDate):
        PartialDate.parse(written)


@given(st.text())
def test_whatever_is_read_is_written_with_ten_signs_at_most(text):
    try:
        value = PartialDate.parse(text)
    except InvalidPartialDate:
        return
    assert str(value).isascii()
    assert len(str(value)) in {4, 7, 10}


@pytest.mark.parametrize("thing", [None, 2025, 2025.5, b"2025", date(2025, 5, 10)])
def test_only_text_is_parsed(thing):
    with pytest.raises(InvalidPartialDate):
        PartialDate.parse(thing)


@pytest.mark.parametrize(
    "parts",
    [(0,), (10_000,), (2025, 0), (2025, None, 1), (2025, 2, 0), (2025, 2, 30), ("2025",), (True,)],
)
def test_no_impossible_value_can_be_made(parts):
    with pytest.raises(InvalidPartialDate):
        PartialDate(*parts)


def test_a_date_gives_its_day_and_a_moment_is_refused():
    assert str(PartialDate.from_date(date(2025, 5, 10))) == "2025-05-10"
    with pytest.raises(InvalidPartialDate):
        PartialDate.from_date(datetime(2025, 5, 10, tzinfo=UTC))


@given(partial_dates(), partial_dates())
def test_values_sort_as_their_texts(one, other):
    assert (one < other) == (str(one) < str(other))
    assert (one <= other) == (str(one) <= str(other))
    assert (one == other) == (hash(one) == hash(other)) == (str(one) == str(other))


def test_a_value_is_not_compared_with_text_or_a_date():
    assert PartialDate(2025) != "2025"
    with pytest.raises(TypeError):
        assert PartialDate(2025) < date(2025, 5, 10)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2025-02", date(2025, 2, 1), date(2025, 2, 28)),
        ("9999", date(9999, 1, 1), date(9999, 12, 31)),
        ("2025-05-10", date(2025, 5, 10), date(2025, 5, 10)),
    ],
)
def test_a_partial_date_spans_its_first_to_its_last_day(text, first, last):
    value = PartialDate.parse(text)
    assert (value.first_day, value.last_day) == (first, last)


@given(partial_dates(), st.dates())
@example(PartialDate(2024, 2), date(2024, 2, 29))
@example(PartialDate(2024, 2), date(2024, 3, 1))
def test_begun_and_over_look_at_the_first_and_the_last_day(value, day):
    assert value.begun_by(day) == (value.first_day <= day)
    assert value.over_before(day) == (value.last_day < day)
    assert not value.over_before(day) or value.begun_by(day)


@given(partial_dates(), partial_dates())
def test_a_span_is_over_before_another_exactly_when_that_has_not_begun_by_it(one, other):
    assert one.over_before(other) == (one.last_day < other.first_day)
    assert one.over_before(other) == (not other.begun_by(one))


def test_a_value_survives_pickling():
    value = PartialDate(2025, 5)
    assert pickle.loads(pickle.dumps(value)) == value  # noqa: S301


@pytest.mark.parametrize(
    ("language", "text", "shown"),
    [
        ("en", "2025-05-10", "10 May 2025"),
        ("en", "2025-05", "May 2025"),
        ("en", "2025", "2025"),
        ("ru", "2025-05-10", "10 мая 2025"),
        ("ru", "2025-05", "май 2025"),
        ("tg", "2025-05", "майи 2025"),
        ("fa", "2025-05-10", "۱۰ مه ۲۰۲۵ (۲۰ اردیبهشت ۱۴۰۴)"),
        ("fa", "2025-05", "مه ۲۰۲۵ (اردیبهشت–خرداد ۱۴۰۴)"),
        ("fa", "2025-03", "مارس ۲۰۲۵ (اسفند ۱۴۰۳ – فروردین ۱۴۰۴)"),
        ("fa", "2025", "۲۰۲۵ (۱۴۰۳–۱۴۰۴)"),
        ("fa", "0600", "۰۶۰۰"),
        ("fa", "9999-12-31", "۳۱ دسامبر ۹۹۹۹"),
    ],
)
def test_a_date_is_shown_as_exactly_as_it_is_known(language, text, shown):
    with override(language):
        assert display_partial_date(PartialDate.parse(text)) == shown


@given(partial_dates(), st.sampled_from(["en", "fa", "ru", "tg"]))
def test_every_date_can_be_shown_in_every_language(value, language):
    with override(language):
        assert display_partial_date(value)


def test_a_language_without_month_names_shows_the_plain_text(monkeypatch):
    monkeypatch.setattr("common.dates_display._has_month_names", lambda: False)
    assert display_partial_date(PartialDate(2025, 5)) == "2025-05"


def render(value, argument=""):
    template = Template("{% load dates %}{{ value|partial_date" + argument + " }}")
    return template.render(Context({"value": value}))


@override("en")
def test_the_template_filter_gives_an_isolated_time_element():
    shown = '<bdi><time datetime="2025-05">May 2025</time></bdi>'
    assert render(PartialDate(2025, 5)) == shown
    assert 'datetime="2025-05-10"' in render(date(2025, 5, 10))
    assert 'datetime="2025-05-10"' in render(datetime(2025, 5, 10, 12))  # noqa: DTZ001


@override("en")
def test_an_unknown_date_is_said_or_replaced_and_never_an_element():
    assert render(None) == render("") == "date unknown"
    assert render(None, ':"—"') == "—"


def test_digits_in_persian_run_right_to_left():
    with override("fa"):
        assert render(PartialDate(2025)).startswith('<bdi dir="rtl"><time datetime="2025">')


def test_a_moment_is_shown_as_its_day_in_the_current_time_zone(settings):
    settings.TIME_ZONE = "Asia/Dushanbe"
    moment = datetime(2025, 5, 10, 23, tzinfo=UTC)
    assert 'datetime="2025-05-11"' in render(moment)
    assert 'datetime="2025-05-10"' in render(moment - timedelta(hours=12))
