"""What each parameter of the list of agreements finds, refuses, and never finds."""

import pytest

from tests.api.ties import FINDS, PUBLIC

pytestmark = pytest.mark.django_db


def test_every_query_finds_what_it_must_and_nothing_else(api, ties):
    found = {query: api.names(query) for query in FINDS}
    assert found == FINDS


def test_staff_find_what_is_internal_wherever_they_find_its_public_twin(api, ties, auditor):
    staff = api.as_(auditor)
    for query, titles in FINDS.items():
        by_title = "q=twins" in query
        secret = {"Secret"} if "Twins" in titles and not by_title else set()
        assert staff.names(query) == titles | secret, query


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("status=foo", {"status": "foo"}),
        ("status=signed&status=foo", {"status": "foo"}),
        ("kind=twin", {"kind": "twin"}),
        ("sector=magic", {"sector": "There is no sector “magic” here."}),
        ("country=XX", {"country": "“XX” is no ISO 3166-1 country code"}),
        ("country=Tajikistan", {"country": "“TAJIKISTAN”"}),
        ("place=atlantis", {"place": "There is no place “atlantis” here."}),
        ("place=Q1", {"place": "There is no place “Q1” here."}),
        ("in_force=perhaps", {"in_force": "true or false"}),
        ("in_force=1", {"in_force": "true or false"}),
        ("expired=yes", {"expired": "true or false"}),
        ("stalled=0", {"stalled": "true or false"}),
        ("dormant=no", {"dormant": "true or false"}),
        ("as_of=2025-02-30", {"as_of": "2025-05-10"}),
        ("as_of=today", {"as_of": "2025-05-10"}),
        ("evidence=rumour", {"evidence": "rumour"}),
        ("one_sided=maybe", {"one_sided": "true or false"}),
        ("q=" + "x" * 201, {"q": "200"}),
        ("q=a&q=b", {"q": "once"}),
        ("q=!!!", {"q": "Search for letters or digits"}),
        ("q=" + "+".join("abcdefghijklmnopqrstuvwxy"), {"q": "at most 12 words; these are 25"}),
        ("place=khujand&place=qazvin", {"place": "once"}),
        ("stauts=signed", {"stauts": "Is “status” meant?"}),
        ("page=2", {"page": "There is no parameter “page” here."}),
        ("ordering=internal_note", {"ordering": "There is no parameter"}),
        ("visibility=internal", {"visibility": "There is no parameter"}),
        ("internal_note__contains=a", {"internal_note__contains": "There is no parameter"}),
        ("status=foo&as_of=no&colour=red", {"status": "foo", "as_of": "2025", "colour": "colour"}),
    ],
)
@pytest.mark.parametrize("address", ["agreements/", "agreements/export.json"])
def test_what_is_not_understood_is_said_by_its_name(api, ties, address, query, words):
    refused = api.refused(f"{address}?{query}")
    assert refused.keys() == words.keys()
    for name, part in words.items():
        assert part in refused[name][0]


def test_200_characters_of_q_are_still_asked(api, ties):
    assert api.names("q=" + "x" * 200) == set()


def test_what_is_internal_is_in_no_count(api, ties, auditor):
    assert len(api.rows("agreements/")) == len(PUBLIC)
    assert api.read("agreements/export.json")["count"] == len(PUBLIC)
    assert api.as_(auditor).read("agreements/export.json")["count"] == len(PUBLIC) + 1
