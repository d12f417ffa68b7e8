"""The steps as JSON: what happened between two days, as the page has it."""

import pytest
from django.test import Client

from tests.api.asking import Asking
from tests.factories import AgreementFactory, SourceFactory, on, staff

pytestmark = pytest.mark.django_db

QUERIES = (
    "",
    "from=2022&until=2022",
    "from=2022&until=2022&to_status=suspended&to_status=ended",
    "until=2021-06",
    "from=2022-02",
    "move=suspend",
    "undated=true",
    "undated=false",
    "undated=true&from=2016",
    "kind=network",
    "country=TJ",
    "place=Q373808&to_status=signed",
    "country=FR",
)
BAD = (
    "from=2023&until=2022",
    "from=x",
    "to_status=foo",
    "move=marry",
    "q=a",
    "until=%00",
    "as_of=1",
)


@pytest.fixture
def past(qazvin, khujand):
    first = AgreementFactory(
        status="signed", happened_on="2020-06", parties=[qazvin, khujand], public=True
    )
    first.move("suspend", by=None, happened_on=on("2022-03"), acted_by=khujand)
    source = SourceFactory(publisher="The City")
    first.move(
        "end",
        by=None,
        happened_on=on("2022-05-01"),
        end_reason="expired",
        citations=[(source, "It is over.")],
    )
    AgreementFactory(status="signed", on_record_by="2016", kind="network", public=True)
    AgreementFactory(status="proposed", happened_on="2022", public=True)
    AgreementFactory(status="drafted", happened_on="2022-04", title="Internal")
    return first


def keys(step: dict) -> tuple[str, int]:
    return step["agreement"]["reference"], step["sequence"]


def test_a_step_tells_of_its_agreement_its_day_and_its_source(api, past):
    (row,) = api.rows("steps/?move=end")
    assert row["agreement"]["reference"] == past.reference
    assert row["agreement"]["parties"] == ["qazvin", "khujand"]
    assert row["agreement"]["url"].endswith(f"/api/v1/agreements/{past.reference}/")
    assert (row["from_status"], row["to_status"]) == ("suspended", "ended")
    assert (row["happened_on"], row["end_reason"]) == ("2022-05-01", "expired")
    assert [(said["publisher"], said["says"]) for said in row["sources"]] == [
        ("The City", "It is over.")
    ]
    assert api.rows("steps/?move=suspend")[0]["acted_by"]["slug"] == "khujand"


@pytest.mark.parametrize("who", ["anonymous", "auditor"])
@pytest.mark.parametrize("query", QUERIES)
def test_page_and_api_find_the_same_steps_in_the_same_order(past, who, query):
    client = Client()
    if who == "auditor":
        client.force_login(staff("auditor"))
    page = client.get(f"/steps/?{query}").context["page_obj"]
    on_page = [(step.agreement.reference, step.sequence) for step in page]
    pages = Asking(client).walk(f"steps/?{query}&page_size=2")
    assert [keys(step) for rows in pages for step in rows] == on_page


@pytest.mark.parametrize("query", BAD)
def test_what_is_refused_is_refused_in_the_same_words(api, past, query):
    page = api.client.get(f"/steps/?{query}")
    assert page.status_code == 400
    assert page.context["refused"] == api.refused(f"steps/?{query}")


def test_a_cursor_leads_back_too(api, past):
    first = api.read("steps/?page_size=2")
    second = api.client.get(first["next"]).json()
    assert api.client.get(second["previous"]).json()["results"] == first["results"]


@pytest.mark.parametrize("cursor", ["cD0x", "r=1", "bz0xMDAw", "cD0lMDA="])
def test_a_cursor_of_another_making_is_refused(api, past, cursor):
    assert list(api.refused(f"steps/?cursor={cursor}")) == ["cursor"]


def test_what_is_internal_is_not_told_of(api, past, auditor):
    assert "Internal" not in api.get("steps/").content.decode()
    assert "Internal" in api.as_(auditor).get("steps/").content.decode()
