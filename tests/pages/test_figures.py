"""Every number of the page of figures is the count of the list behind it, for whoever asks."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agreements.filters import AgreementFilterSet
from agreements.models import Agreement
from tests.api.ties import lay_ties
from tests.factories import AgreementFactory, PlaceFactory, on
from tests.pages.reading import read
from twinning import counting

pytestmark = pytest.mark.django_db
PAGE = "/figures/"
DECADE = "decade" in AgreementFilterSet.base_filters

ASKED = st.lists(
    st.sampled_from(
        [
            *("status=signed", "status=ended", "kind=sister_city", "country=TJ", "sector=culture"),
            *("as_of=2020", "as_of=1999-06", "as_of=0001", "as_of=9999", "in_force=true"),
            *("evidence=none", "evidence=press", "place=khujand", "expired=false", "q=Khujand"),
        ]
    ),
    max_size=3,
    unique_by=lambda one: one.partition("=")[0],
)


@pytest.fixture
def ties(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return lay_ties()


def shown(client, query: str = "") -> dict:
    response = client.get(f"{PAGE}?{query}")
    assert response.status_code == 200, query
    return response.context


def counted(client, address: str) -> int:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.context["page_obj"].paginator.count


def rows(page) -> list:
    names = ("by_status", "by_kind", "by_evidence", "by_country", "other_countries", "by_sector")
    points = [*page["growth"].points, *page["signed"].points]
    return [*(row for name in names for row in page[name]), *points]


@pytest.mark.parametrize("who", ["anonymous", "auditor"])
@pytest.mark.parametrize(
    "query",
    ["", "as_of=2020", "country=TJ&status=signed", "in_force=true&as_of=2010", "sector=culture"],
)
def test_every_number_is_the_count_of_the_list_behind_it(client, request, ties, who, query):
    if who == "auditor":
        client.force_login(request.getfixturevalue("auditor"))
    page = shown(client, query)
    assert page["total"] == counted(client, f"/agreements/?{query}")
    for row in rows(page):
        if row.address:
            assert row.number == counted(client, row.address), row


@settings(
    deadline=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(asked=ASKED)
def test_the_parts_of_each_whole_sum_up_to_the_list(client, ties, asked):
    query = "&".join(asked)
    page = shown(client, query)
    total = counted(client, f"/agreements/?{query}")
    for name in ("by_status", "by_kind", "by_evidence"):
        assert sum(row.number for row in page[name]) == total
    parts = ("signed_number", "signing_unknown", "not_signed")
    assert sum(page[name] for name in parts) == total
    known = sum(point.number for point in page["signed"].points) + page["signed"].earlier
    assert known == page["signed_number"]


@pytest.mark.parametrize(
    "term", [(None, None), ("1995", None), (None, "2009-06"), ("1985", "2019")]
)
def test_what_was_in_force_at_the_end_of_a_decade_is_what_the_list_says(term):
    starts_on, expires_on = map(on, term)
    tie = AgreementFactory(
        status="signed", happened_on="1985", starts_on=starts_on, expires_on=expires_on
    )
    tie.move("suspend", by=None, happened_on=on("1991"))
    tie.move("reinstate", by=None, happened_on=on("1999-12-31"))
    tie.move("end", by=None, happened_on=on("2020-01-01"), end_reason="terminated")
    AgreementFactory(status="signed", on_record_by="2005")
    years = list(range(1959, 2030, 10))
    found = Agreement.objects.all()
    for one in counting.in_force(found, years, date(2012, 3, 4)):
        assert one.number == found.in_force(one.day).count(), one
        undated = found.filter(pk=tie.pk).in_force(one.day).count()
        assert one.dated == undated


def test_the_day_asked_about_is_told_and_kept(client, ties):
    page = read(client, f"{PAGE}?as_of=2020-01-01&status=signed")
    assert "as of 1 January 2020" in page
    html = client.get(f"{PAGE}?as_of=2020-01-01&status=signed").content.decode()
    assert 'href="/agreements/?as_of=2020-01-01&amp;status=signed"' in html
    assert "as of 1 January 2020" in read(client, "/agreements/?as_of=2020-01-01")


def test_an_internal_agreement_is_in_no_number(client, auditor):
    before = read(client, PAGE)
    AgreementFactory(status="signed", happened_on="1977")
    assert read(client, PAGE) == before
    client.force_login(auditor)
    assert shown(client)["total"] == 1


def test_a_country_counts_an_agreement_once_however_many_parties_lie_in_it(client):
    cities = PlaceFactory.create_batch(3, country_code="TJ")
    AgreementFactory(parties=cities, public=True)
    assert [(row.key, row.number) for row in shown(client)["by_country"]] == [("TJ", 1)]


def test_the_largest_countries_are_shown_and_the_others_folded_away(client):
    codes = "AT BE BG CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IT LT LU LV MT".split()
    for code in codes:
        AgreementFactory(parties=PlaceFactory.create_batch(2, country_code=code), public=True)
    page = shown(client)
    assert (len(page["by_country"]), len(page["other_countries"])) == (20, 2)
    assert "2 more countries" in read(client, PAGE)


def test_another_value_of_a_filter_that_takes_one_is_no_link(client, ties):
    rows = {row.key: row for row in shown(client, "country=tj")["by_country"]}
    assert rows["TJ"].address
    assert rows["IR"].address == ""


def test_growth_is_counted_without_the_status_and_says_so(client, ties):
    page = read(client, f"{PAGE}?status=signed")
    assert "counted without the chosen status" in page
    assert "counted without the chosen status" not in read(client, PAGE)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("as_of=0000", "as_of"),
        ("as_of=" + "9" * 31, "as_of"),
        ("q=%00", "q"),
        ("q=" + "word+" * 10_000, "q"),
        ("colour=red", "colour"),
        ("page=1", "page"),
        ("status=married", "status"),
        ("country=XX", "country"),
    ],
)
def test_what_is_not_understood_is_named_and_nothing_is_counted(client, ties, query, name):
    page = read(client, f"{PAGE}?{query}", status=400)
    assert f" {name}: " in page
    assert "By status" not in page


def test_nothing_is_counted_where_nothing_is_found(client):
    assert "Nothing is on record yet." in read(client, PAGE)


def test_digits_are_those_of_the_reader(client, ties):
    page = client.get(f"/fa{PAGE}").content.decode()
    assert '<text class="column-label"' in page
    assert "۲۰۱" in page[page.index("chart-drawing") :]
