"""What happened between two days: the page of the steps, with their counts and years."""

import pytest

from tests.factories import AgreementFactory, PlaceFactory, SectorFactory, SourceFactory, on
from tests.pages.reading import read

pytestmark = pytest.mark.django_db
LIST = "/steps/"


def ended(day: str, move: str = "end", **fields):
    tie = AgreementFactory(status="signed", happened_on="1990-05", public=True, **fields)
    reason = {"end_reason": "terminated"} if move == "end" else {}
    tie.move(move, by=None, happened_on=on(day), **reason)
    return tie


@pytest.fixture
def past(qazvin, khujand):
    ended("2022-03-01", title="Spring", parties=[qazvin, khujand])
    ended("2022", "suspend", title="Some day", kind="network")
    ended("2021-12-31", title="Eve", sectors=[SectorFactory(slug="culture")])
    ended("2023-01-01", title="Morrow")


def titles(client, query: str) -> list[str]:
    response = client.get(f"{LIST}?{query}")
    assert response.status_code == 200, query
    return [step.agreement.title for step in response.context["page_obj"]]


def test_a_year_means_from_its_first_day_to_its_last(client, past):
    asked = "from=2022&until=2022&to_status=suspended&to_status=ended"
    assert titles(client, asked) == ["Spring", "Some day"]
    page = read(client, f"{LIST}?{asked}")
    assert "2 steps" in page
    assert "In 2022: 1 suspended, 1 ended" in page
    assert "1 March 2022 Spring Ended (terminated)" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("to_status=ended", ["Morrow", "Spring", "Eve"]),
        ("move=suspend", ["Some day"]),
        ("move=end&from=2022-03-02", ["Morrow"]),
        ("move=end&until=2022-03-01", ["Spring", "Eve"]),
        ("from=2021-12&until=2022-01&to_status=ended", ["Eve"]),
        ("to_status=ended&country=TJ", ["Spring"]),
        ("to_status=ended&place=khujand", ["Spring"]),
        ("to_status=ended&sector=culture", ["Eve"]),
        ("kind=network&from=2000", ["Some day"]),
        ("from=9999", []),
        ("until=0001", []),
    ],
)
def test_filters_find_the_steps_of_the_agreements_meant(client, past, query, found):
    assert titles(client, query) == found


def test_a_step_of_an_unknown_day_is_in_no_span_and_is_told_of(client):
    AgreementFactory(status="signed", on_record_by="2016", title="Listed", public=True)
    ended("2016-05-05", title="Known")
    assert "Listed" not in titles(client, "from=2016&until=2016")
    page = read(client, f"{LIST}?from=2016&until=2016")
    assert "1 more step of an unknown day may belong here." in page
    assert titles(client, "undated=true") == ["Listed"]
    assert titles(client, "")[-1] == "Listed"
    assert "on record by 2016 Listed First on record as signed" in read(client, LIST)


def test_years_are_counted_and_each_count_is_a_link_to_that_many_steps(client, past):
    years = client.get(f"{LIST}?country=TJ&from=2022&to_status=ended").context["years"]
    assert [(row.year, row.all.number) for row in years] == [(2022, 1), (1990, 1)]
    for row in client.get(LIST).context["years"]:
        for cell in (row.all, row.signed, row.out_of_force):
            if cell.number:
                assert len(titles(client, cell.query)) == cell.number


def test_counts_by_status_sum_up_to_the_list_and_each_leads_to_its_steps(client, past):
    response = client.get(f"{LIST}?from=1990&until=2022")
    counts = response.context["counts"]
    assert sum(one.number for one in counts) == response.context["page_obj"].paginator.count
    for one in counts:
        assert len(titles(client, one.query)) == one.number


def test_what_ended_in_2022_is_two_clicks_from_the_home_page(client, past):
    assert 'href="/steps/"' in client.get("/").content.decode()
    link = "?from=2022&amp;until=2022&amp;to_status=suspended&amp;to_status=ended"
    assert f'<td><a href="{link}">2</a></td>' in client.get(LIST).content.decode()


def test_who_acted_alone_and_the_source_are_told(client, qazvin, khujand):
    tie = AgreementFactory(status="signed", parties=[qazvin, khujand], public=True)
    source = SourceFactory(publisher="The City")
    tie.move(
        "suspend", by=None, happened_on=on("2026"), acted_by=khujand, citations=[(source, "so")]
    )
    page = read(client, f"{LIST}?move=suspend")
    assert "Suspended, by Khujand alone" in page
    assert "Source: The City" in page
    html = client.get(f"{LIST}?move=suspend").content.decode()
    assert f'href="{tie.get_absolute_url()}#source-{source.key}"' in html


def test_steps_of_what_is_internal_are_neither_listed_nor_counted(client, auditor):
    AgreementFactory(title="Not yet", happened_on="2022")
    AgreementFactory(title="Nobody knows", on_record_by="2022")
    page = read(client, f"{LIST}?from=2022&until=2022")
    assert "Nothing was found" in page
    assert "unknown day may" not in page
    assert client.get(LIST).context["years"] == []
    client.force_login(auditor)
    assert titles(client, "from=2022&until=2022") == ["Not yet"]
    assert "Not yet internal" in read(client, LIST)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("from=2022-02-30", "from"),
        ("from_=2022", "from_"),
        ("until=0000", "until"),
        ("from=" + "9" * 31, "from"),
        ("from=2023&until=2022", "until"),
        ("from=2022&from=2022", "from"),
        ("to_status=married", "to_status"),
        ("move=marry", "move"),
        ("undated=perhaps", "undated"),
        ("country=XX", "country"),
        ("place=%00", "place"),
        ("place=" + "word+" * 10_000, "place"),
        ("as_of=2020", "as_of"),
        ("page=7", "page"),
    ],
)
def test_what_is_not_understood_is_named_and_nothing_is_listed(client, past, query, name):
    page = read(client, f"{LIST}?{query}", status=400)
    assert f" {name}: " in page
    assert "Spring" not in page


def test_pages_follow_each_other_in_the_order_of_the_days(client):
    parties = PlaceFactory.create_batch(2)
    for year in range(1990, 2020):
        AgreementFactory(parties=parties, title=str(year), happened_on=str(year), public=True)
    assert titles(client, "") == [str(year) for year in range(2019, 1994, -1)]
    assert titles(client, "page=2") == [str(year) for year in range(1994, 1989, -1)]
