"""The story, as the API tells it."""

import pytest

pytestmark = pytest.mark.django_db


def partners(rows, status):
    return {
        party["name"]
        for row in rows
        if row["status"] == status and row["kind"] == "sister_city"
        for party in row["parties"]
    }


def test_khujand_has_a_draft_with_qazvin_and_five_sisters(api, story):
    rows = api.rows("agreements/?place=khujand")
    assert partners(rows, "drafted") == {"Qazvin", "Khujand"}
    sisters = {"Shymkent", "Bukhara", "Samarkand", "Nishapur", "Tabriz"}
    assert sisters <= partners(rows, "signed")
    assert api.rows("agreements/?place=Q373808") == rows


def test_tajikistan_has_signed_with_the_province_of_qazvin(api, story):
    rows = api.rows("agreements/?place=tajikistan&status=signed&kind=cooperation")
    (row,) = [row for row in rows if "Qazvin" in row["name"]]
    assert (row["status_since"], row["in_force"]) == ("2025-05-10", True)
    assert {party["level"] for party in row["parties"]} == {"region", "country"}
    assert row["reference"] not in {
        row["reference"] for row in api.rows("agreements/?place=khujand")
    }


def test_nobody_can_say_when_the_sisters_signed(api, story):
    rows = api.rows("agreements/?place=khujand&status=signed&kind=sister_city")
    assert {row["status_since"] for row in rows} == {None}
    detail = api.read(f"agreements/{rows[0]['reference']}/")
    assert detail["history"][0]["on_record_by"]
    assert detail["history"][0]["sources"]


@pytest.mark.parametrize("name", ["Leninabad", "Khodjent", "Хуҷанд", "Худжанд", "خجند"])
def test_khujand_is_found_by_every_name(api, story, name):
    assert "khujand" in api.slugs(f"places/?q={name}")


def test_every_agreement_of_the_story_can_be_read_and_is_in_the_export(api, story):
    exported = api.read("agreements/export.json")["agreements"]
    assert len(exported) > 20
    for row in exported:
        assert row.items() <= api.read(f"agreements/{row['reference']}/").items()
