"""The map: what the list would list, drawn, and the same as tables."""

import re

import pytest

from tests.factories import (
    AgreementFactory,
    CountryFactory,
    PlaceFactory,
    iran,
    khujand,
    on,
    qazvin,
    tajikistan,
)
from tests.pages.reading import read
from tests.pages.test_query_counts import queries
from twinning import maps

pytestmark = pytest.mark.django_db
MAP = "/map/"


def at(latitude: float, longitude: float, **fields):
    return PlaceFactory(latitude=latitude, longitude=longitude, **fields)


@pytest.fixture
def of_countries(monkeypatch):
    """Two places are more than the map can hold."""
    monkeypatch.setattr(maps, "MOST_PLACES", 1)


def home_and_abroad():
    """Three ties of Tajikistan: one at home, two with Iran."""
    other = PlaceFactory(name="Bokhtar", parent=tajikistan(), country_code="TJ")
    AgreementFactory(status="signed", parties=[khujand(), other], public=True)
    AgreementFactory(status="drafted", parties=[khujand(), qazvin()], public=True)
    AgreementFactory(status="proposed", parties=[tajikistan(), iran()], public=True)


def lines(html: str) -> list[str]:
    return re.findall(r'<path class="tie ([^"]*)" data-ends', html)


def linked(html: str, words: str) -> str:
    """The address behind a number of a table, in the row that begins with these words."""
    row = next(row for row in html.split("<tr")[1:] if re.search(rf">{words}<", row))
    found = re.findall(r'href="(/agreements/[^"]*)"', row)
    return found[0].replace("&amp;", "&")


def test_few_places_are_marks_that_lead_to_what_they_count(client):
    AgreementFactory(parties=[at(10, 10, name="Here"), at(20, 20, name="There")], public=True)
    html = client.get(MAP).content.decode()
    assert html.count("data-key=") == 2
    assert lines(html) == ["tie-before tie-1"]
    assert "/agreements/?place=here" in html
    page = read(client, MAP)
    assert "1 agreement on the map" in page
    assert "Here: 1" in page


@pytest.mark.parametrize(
    ("status", "line", "word"),
    [
        ("signed", "tie-signed tie-1", "signed"),
        ("drafted", "tie-before tie-1", "before signing"),
        ("ended", "tie-over tie-1", "suspended, ended or withdrawn"),
    ],
)
def test_a_line_tells_the_status_by_its_shape_and_in_words(client, status, line, word):
    AgreementFactory(status=status, parties=[at(1, 1), at(2, 2)], public=True)
    html = client.get(MAP).content.decode()
    assert lines(html) == [line]
    assert f"<td>{word}</td>" in html


def test_a_pair_with_one_agreement_leads_to_it(client):
    tie = AgreementFactory(parties=[at(1, 1, name="One"), at(2, 2, name="Two")], public=True)
    html = client.get(MAP).content.decode()
    assert linked(html, "One.*Two") == tie.get_absolute_url()
    AgreementFactory(parties=[one.place for one in tie.parties.all()], public=True)
    address = linked(client.get(MAP).content.decode(), "One.*Two")
    assert client.get(address).context["page_obj"].paginator.count == 2


def test_places_without_coordinates_are_counted_and_stay_in_the_table(client):
    AgreementFactory(parties=[at(1, 1), PlaceFactory(name="Nowhere")], public=True)
    html = client.get(MAP).content.decode()
    assert html.count("data-key=") == 1
    assert "1 place has no coordinates on record" in read(client, MAP)
    assert "Nowhere not on the map" in read(client, MAP)


def test_a_country_without_coordinates_lies_in_the_middle_of_itself(client):
    AgreementFactory(parties=[tajikistan(), iran()], public=True)
    assert client.get(MAP).content.decode().count("data-key=") == 2


def test_many_places_become_their_countries(client, of_countries):
    home_and_abroad()
    page = read(client, MAP)
    assert "4 places" not in page
    assert "5 places are more than the map can hold" in page
    assert "Tajikistan 3 3 1" in page
    assert "Iran 2 2 0" in page
    assert "Iran – Tajikistan 2" in page


def test_every_count_of_a_country_is_that_of_the_list_behind_it(client, of_countries):
    home_and_abroad()
    asked = client.get(MAP).context["atlas"]
    counts = [(mark.address, mark.agreements) for mark in asked.marks]
    counts += [(mark.within_address, mark.within) for mark in asked.marks]
    counts += [(pair.address, pair.agreements) for pair in asked.pairs]
    assert len(counts) == 5
    for address, count in counts:
        assert client.get(address).context["page_obj"].paginator.count == count, address


@pytest.mark.parametrize("query", ["country=tj", "country=TJ&with_country=TJ", "place=khujand"])
def test_the_counts_hold_beside_other_filters(client, of_countries, query):
    home_and_abroad()
    kyrgyzstan = CountryFactory(name="Kyrgyzstan", country_code="KG")
    AgreementFactory(parties=[khujand(), qazvin(), kyrgyzstan], public=True)
    asked = client.get(f"{MAP}?{query}").context["atlas"]
    for one in [*asked.marks, *asked.pairs]:
        if one.address:
            count = client.get(one.address).context["page_obj"].paginator.count
            assert count == one.agreements, one.address
    assert any(mark.address for mark in asked.marks)


def test_an_internal_agreement_is_in_no_mark_count_line_or_table(client, auditor, of_countries):
    AgreementFactory(parties=[khujand(), qazvin()], public=True)
    before = client.get(MAP).context["atlas"]
    hidden = CountryFactory(name="Hiddenland", country_code="KG")
    AgreementFactory(parties=[khujand(), hidden])
    AgreementFactory(parties=[khujand(), qazvin()])
    assert client.get(MAP).context["atlas"] == before
    assert "Hiddenland" not in read(client, MAP).split("agreement on the map")[1]
    client.force_login(auditor)
    assert "Hiddenland 1" in read(client, MAP)


def test_an_internal_agreement_ties_no_places(client):
    AgreementFactory(parties=[at(1, 1), at(2, 2)], public=True)
    AgreementFactory(status="signed", parties=[at(3, 3, name="Hiddenburg"), khujand()])
    html = client.get(MAP).content.decode()
    assert "Hiddenburg" not in html
    assert lines(html) == ["tie-before tie-1"]


def test_the_map_of_a_day_has_the_lines_of_that_day(client):
    tie = AgreementFactory(
        status="drafted", happened_on="2010", parties=[at(1, 1), at(2, 2)], public=True
    )
    tie.move("withdraw", by=None, happened_on=on("2015"))
    assert lines(client.get(f"{MAP}?as_of=2012").content.decode()) == ["tie-before tie-1"]
    assert lines(client.get(MAP).content.decode()) == ["tie-over tie-1"]
    assert "Nothing was found" in read(client, f"{MAP}?as_of=2009")


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("colour=red", "colour"),
        ("page=1", "page"),
        ("status=married", "status"),
        ("as_of=2025-02-30", "as_of"),
        ("country=XX", "country"),
        ("with_country=%00", "with_country"),
        ("with_place=atlantis", "with_place"),
        ("place=a&place=b", "place"),
        ("q=" + "word+" * 10_000, "q"),
        ("as_of=" + "9" * 400, "as_of"),
    ],
)
def test_what_is_not_understood_is_named_and_nothing_is_drawn(client, query, name):
    AgreementFactory(parties=[at(1, 1, name="Somewhere"), at(2, 2)], public=True)
    page = read(client, f"{MAP}?{query}", status=400)
    assert f" {name}: " in page
    assert "Somewhere" not in page


def test_a_tie_over_the_seam_is_drawn_in_two_pieces(client):
    fiji, samoa = at(-18, 178, name="Suva"), at(-14, -166, name="East of it")
    AgreementFactory(parties=[fiji, samoa, at(-18, -180)], public=True)
    atlas = client.get(MAP).context["atlas"]
    assert sorted(pair.path.count("M") for pair in atlas.pairs) == [1, 2, 2]


@pytest.mark.parametrize("most", [1, 1000])
def test_thirty_ties_take_no_more_queries_than_three(client, monkeypatch, most):
    monkeypatch.setattr(maps, "MOST_PLACES", most)

    def more(number: int) -> None:
        for step in range(number):
            AgreementFactory(parties=[at(step, step, country_code="TJ"), at(0, 0)], public=True)

    more(3)
    for_three = queries(client, MAP)
    more(27)
    assert queries(client, MAP) == for_three


def test_only_the_strongest_pairs_are_drawn_and_the_page_says_so(client, monkeypatch):
    monkeypatch.setattr(maps, "MOST_PAIRS", 1)
    one, other = at(1, 1, name="One"), at(2, 2, name="Two")
    AgreementFactory.create_batch(2, parties=[one, other], public=True)
    AgreementFactory(parties=[one, at(3, 3, name="Three")], public=True)
    assert "Of 2 pairs, the 1 with the most agreements" in read(client, MAP)
    (pair,) = client.get(MAP).context["atlas"].pairs
    assert pair.agreements == 2


def test_the_world_in_force_counts_what_the_reader_sees_in_force(anonymous, auditor):
    AgreementFactory(status="signed", parties=[khujand(), qazvin()], public=True)
    AgreementFactory(status="drafted", parties=[khujand(), qazvin()], public=True)
    AgreementFactory(status="signed", parties=[khujand(), qazvin()])
    assert [mark.agreements for mark in maps.world_in_force(anonymous).marks] == [1, 1]
    assert [mark.agreements for mark in maps.world_in_force(auditor).marks] == [2, 2]


def test_the_world_of_the_home_page_can_be_included(anonymous):
    from django.template.loader import render_to_string

    home_and_abroad()
    html = render_to_string("includes/world_map.html", {"atlas": maps.world_in_force(anonymous)})
    assert "1 country with agreements in force today" in html
    assert "/agreements/?in_force=true&amp;country=TJ" in html


def test_the_page_of_an_agreement_shows_its_parties_on_a_map(client):
    tie = AgreementFactory(parties=[at(40, 70, name="East"), at(36, 50, name="West")], public=True)
    html = client.get(tie.get_absolute_url()).content.decode()
    assert html.count('class="dot dot-city"') == 2
    assert html.count('class="tie tie-before"') == 2  # on the map, and in its legend
    assert 'viewBox="0 0 1000 440"' not in html


def test_a_party_that_is_not_on_the_map_is_named(client):
    tie = AgreementFactory(parties=[at(40, 70), PlaceFactory(name="Nowhere")], public=True)
    assert "Nowhere is not on the map" in read(client, tie.get_absolute_url())
    lost = AgreementFactory(public=True)
    assert "small-map" not in client.get(lost.get_absolute_url()).content.decode()


def test_the_page_of_a_place_shows_its_partners_and_none_that_are_internal(client):
    place = at(40, 70, name="Hub")
    AgreementFactory(parties=[place, at(36, 50, name="Known")], public=True)
    AgreementFactory(parties=[place, at(10, 10, name="Hidden")])
    html = client.get(place.get_absolute_url()).content.decode()
    assert '<title lang="en">Known</title>' in html
    assert html.count('class="dot dot-city"') == 2
    assert "Hidden" not in html
