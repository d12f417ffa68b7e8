"""The list of agreements: filters, pages, and what is said when something is not understood."""

import pytest
from django.utils.html import strip_tags

from tests.factories import AgreementFactory, PlaceFactory, on, tajikistan
from tests.pages.reading import read

pytestmark = pytest.mark.django_db
LIST = "/agreements/"


@pytest.fixture
def tie(qazvin, khujand):
    return AgreementFactory(
        status="drafted", on_record_by="2025-05-10", parties=[qazvin, khujand], public=True
    )


def test_a_row_says_where_an_agreement_stands_and_since_when(client, tie):
    page = read(client, LIST)
    assert "Qazvin – Khujand" in page
    assert "drafted On record by 10 May 2025 In force no Evidence no source" in page
    assert "Qazvin Iran" in page


def test_an_internal_agreement_is_neither_listed_nor_counted(client, tie):
    hidden = AgreementFactory(title="Not for the public yet")
    page = read(client, LIST)
    assert "1 agreement " in page
    assert hidden.title not in page


def test_staff_see_internal_agreements_marked_as_such(client, auditor):
    AgreementFactory(title="Not for the public yet")
    client.force_login(auditor)
    page = read(client, LIST)
    assert "Not for the public yet internal" in page
    assert "You also see internal records" in page


@pytest.mark.parametrize("name", ["Leninabad", "Хуҷанд", "خجند", "khujand qazvin"])
def test_an_agreement_is_found_by_any_name_of_a_party(client, tie, name):
    assert "Qazvin – Khujand" in read(client, f"{LIST}?q={name}")


def test_chosen_filters_are_shown_and_each_can_be_taken_away(client, tie):
    response = client.get(LIST, {"status": ["drafted", "signed"], "country": "TJ", "page": "1"})
    chosen = {(one.label, strip_tags(one.value), one.without) for one in response.context["chosen"]}
    assert ("Country", "Tajikistan", "status=drafted&status=signed") in chosen
    assert ("Status", "drafted", "status=signed&country=TJ") in chosen


def test_fields_left_empty_are_not_filters(client, tie):
    response = client.get(f"{LIST}?q=&status=drafted&kind=&country=&in_force=")
    assert [one.name for one in response.context["chosen"]] == ["status"]


def test_an_empty_answer_says_what_to_loosen(client, tie):
    page = read(client, f"{LIST}?q=Khujand&status=ended")
    assert "Nothing was found" in page
    assert "without Status: ended" in page
    assert "without Words: Khujand" in page


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("colour=red", "colour"),
        ("status=married", "status"),
        ("as_of=2025-02-30", "as_of"),
        ("page=0", "page"),
        ("page=2", "page"),
        ("page=x", "page"),
        ("page=1&page=1", "page"),
        ("q=a&q=b", "q"),
        ("page_size=1000", "page_size"),
        ("q=%00", "q"),
    ],
)
def test_what_is_not_understood_is_named_and_nothing_is_listed(client, tie, query, name):
    page = read(client, f"{LIST}?{query}", status=400)
    assert f" {name}: " in page
    assert "Qazvin – Khujand" not in page


def test_words_of_the_query_cannot_become_markup(client):
    html = client.get(f"{LIST}?<script>=1&q=<script>").content.decode()
    assert "<script>" not in html


def test_as_of_shows_the_status_that_stood_on_that_day(client):
    agreement = AgreementFactory(status="proposed", happened_on="2010", public=True, title="Tie")
    agreement.move("draft", by=None, happened_on=on("2015"))
    page = read(client, f"{LIST}?as_of=2012")
    assert "Shown as it stood on 31 December 2012" in page
    assert "proposed Since 2010" in page
    assert "drafted Since 2015" in read(client, LIST)
    assert "Tie" not in read(client, f"{LIST}?as_of=2009")


def test_the_same_query_is_offered_as_data(client, tie):
    html = client.get(f"{LIST}?status=drafted&page=1").content.decode()
    assert 'href="/api/v1/agreements/?status=drafted"' in html
    assert 'href="/api/v1/agreements/export.json?status=drafted"' in html


def test_pages_keep_the_filters(client):
    parties = PlaceFactory.create_batch(2)
    for _number in range(26):
        AgreementFactory(parties=parties, public=True)
    html = client.get(f"{LIST}?status=proposed").content.decode()
    assert 'href="?status=proposed&amp;page=2"' in html
    assert len(client.get(f"{LIST}?status=proposed&page=2").context["rows"]) == 1


def test_the_place_filter_shows_the_name_and_takes_the_wikidata_id(client, tie):
    response = client.get(f"{LIST}?place=Q373808")
    assert [strip_tags(one.value) for one in response.context["chosen"]] == ["Khujand"]
    assert "<title>Agreements: Khujand · Twinning</title>" in response.content.decode()
    assert response.context["page_obj"].paginator.count == 1


def test_a_country_is_not_said_to_lie_in_itself(client, qazvin):
    AgreementFactory(parties=[qazvin, tajikistan()], public=True)
    assert "Tajikistan country" in read(client, LIST)
