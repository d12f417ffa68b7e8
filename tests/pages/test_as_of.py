"""A day is chosen by a small form on any page, and the rest of its query is kept."""

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.translation import override

from common.as_of import DayChoice


def form(query: str) -> str:
    request = RequestFactory().get(f"/agreements/?{query}")
    with override("en"):
        return render_to_string("includes/as_of.html", request=request)


def choice(query: str) -> DayChoice:
    return DayChoice(RequestFactory().get(f"/?{query}").GET)


def test_other_parameters_are_kept_and_places_in_the_list_are_not():
    html = form("status=signed&status=ended&q=a%22b&as_of=2020&page=4&cursor=x&kind=")
    for kept in ('name="status" value="signed"', 'name="status" value="ended"'):
        assert f'<input type="hidden" {kept}>' in html
    assert 'name="q" value="a&quot;b"' in html
    assert not [name for name in ("page", "cursor", "kind") if f'name="{name}"' in html]
    assert html.count('name="as_of"') == 1


@pytest.mark.parametrize(
    ("given", "year"),
    [("2020", 2020), ("2020-05", 2020), ("2020-05-01", 2020), ("۱۹۹۰", 1990), ("0900", 1900)],
)
def test_the_slider_stands_at_the_year_that_was_asked_for(given, year):
    assert choice(f"as_of={given}").slider_at == year
    assert f'value="{given}"' in form(f"as_of={given}")


@pytest.mark.parametrize("given", ["", "yesterday", "2020-13", "0000", "9999", "9" * 31, "%00"])
def test_the_slider_stands_at_this_year_where_there_is_no_such_day(given):
    assert choice(f"as_of={given}").slider_at == choice("").this_year


def test_round_years_and_today_are_links_that_keep_the_query():
    html = form("status=signed&as_of=1990")
    link = '<a href="/agreements/?status=signed&amp;as_of=1990" aria-current="true">1990</a>'
    assert link in html
    assert '<a href="/agreements/?status=signed">today</a>' in html
    assert '<a href="/agreements/" aria-current="true">today</a>' in form("")


def test_what_every_filter_refuses_is_not_sent_again():
    assert len(form("q=" + "word+" * 10_000)) < 5_000
    assert "<script>" not in form("q=<script>&<script>=1").replace("<script src", "")
