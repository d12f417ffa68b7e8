"""The shape of a row, and on which day it tells where an agreement stands."""

import pytest
from django.utils import timezone

from tests.factories import AgreementFactory, SectorFactory, khujand, on, qazvin

pytestmark = pytest.mark.django_db


@pytest.fixture
def drafted(db):
    return AgreementFactory(
        status="drafted",
        happened_on="2025-05",
        parties=[qazvin(), khujand()],
        sectors=[SectorFactory(slug="tourism"), SectorFactory(slug="culture")],
        local_term="خواهرخواندگی",
        local_term_language="fa",
        internal_note="Do not tell",
        public=True,
    )


def test_a_row_tells_who_is_tied_and_how_far_it_got(api, drafted):
    (row,) = api.rows("agreements/")
    parties = row.pop("parties")
    assert row == {
        "reference": drafted.reference,
        "url": f"http://testserver/api/v1/agreements/{drafted.reference}/",
        "page": f"http://testserver/agreements/{drafted.reference}/",
        "name": "Qazvin – Khujand",
        "title": "",
        "kind": "sister_city",
        "local_term": "خواهرخواندگی",
        "local_term_language": "fa",
        "as_of": timezone.localdate().isoformat(),
        "status": "drafted",
        "status_since": "2025-05",
        "in_force": False,
        "evidence": "none",
        "claimed_by": None,
        "starts_on": None,
        "expires_on": None,
        "notice_by": None,
        "renewal": "",
        "sectors": [sector.slug for sector in drafted.sectors.all()],
        "visibility": "public",
    }
    assert [party["place"] for party in parties] == ["qazvin", "khujand"]


def test_a_party_is_known_by_its_slug_and_its_wikidata_id(api, drafted):
    drafted.parties.filter(place__slug="khujand").update(name_then="Khodjent")
    assert api.rows("agreements/")[0]["parties"][1] == {
        "place": "khujand",
        "url": "http://testserver/api/v1/places/khujand/",
        "name": "Khujand",
        "name_then": "Khodjent",
        "level": "city",
        "country_code": "TJ",
        "wikidata": "Q373808",
    }


def test_the_addresses_in_a_row_lead_somewhere(api, drafted):
    (row,) = api.rows("agreements/")
    for url in (row["url"], row["page"], row["parties"][1]["url"]):
        assert api.client.get(url).status_code == 200


def test_names_do_not_depend_on_the_readers_language(api, drafted):
    response = api.get("agreements/", accept_language="fa")
    assert response.json()["results"][0]["name"] == "Qazvin – Khujand"


def test_script_is_sent_as_it_is_written(api, drafted):
    assert "خواهرخواندگی".encode() in api.get("agreements/").content


def test_an_unknown_day_is_null(api):
    AgreementFactory(status="signed", on_record_by="2016-09", public=True)
    (row,) = api.rows("agreements/")
    assert (row["status"], row["status_since"], row["in_force"]) == ("signed", None, True)


@pytest.mark.parametrize(
    ("as_of", "day", "status", "since", "in_force"),
    [
        ("2013", "2013-12-31", "signed", "2012-05", True),
        ("2022-02", "2022-02-28", "suspended", "2022-02-24", False),
        ("2022-02-23", "2022-02-23", "signed", "2012-05", True),
        ("2030", "2030-12-31", "suspended", "2022-02-24", False),
    ],
)
def test_a_row_says_on_which_day_it_stood_so(api, ties, as_of, day, status, since, in_force):
    answer = api.read(f"agreements/?q=frozen&as_of={as_of}")
    (row,) = answer["results"]
    told = row["as_of"], row["status"], row["status_since"], row["in_force"]
    assert told == (day, status, since, in_force)
    assert answer["as_of"] == day


def test_an_answer_says_its_day_even_when_it_is_empty(api):
    assert api.read("agreements/")["as_of"] == timezone.localdate().isoformat()
    assert api.read("agreements/?as_of=2020")["as_of"] == "2020-12-31"


def test_what_is_to_expire_is_no_longer_in_force_on_the_day_after(api):
    AgreementFactory(status="signed", happened_on="2020", expires_on=on("2040-06"), public=True)
    in_force = {
        day: api.rows(f"agreements/?as_of={day}")[0]["in_force"]
        for day in ("2040-06-30", "2040-07-01")
    }
    assert in_force == {"2040-06-30": True, "2040-07-01": False}


def test_staff_are_told_what_is_internal(api, auditor):
    AgreementFactory()
    assert api.rows("agreements/") == []
    assert api.as_(auditor).rows("agreements/")[0]["visibility"] == "internal"
