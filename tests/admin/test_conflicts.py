"""Two people edit one record: nobody overwrites the other unseen, and nothing typed is lost."""

import pytest

from agreements.models import Party
from cities.models import Place, PlaceName
from common.versions import StaleVersion
from tests.admin.conflict_tables import tables
from tests.admin.sheets import change_url, errors, open_sheet, sheet
from tests.factories import CitationFactory, PlaceFactory, SectorFactory, on


def send(client, record, data):
    return client.post(change_url(record), data)


def test_an_edit_without_a_colleague_is_saved(parvin, khujand):
    data = open_sheet(parvin, khujand) | {"about": "An old city."}
    assert send(parvin, khujand, data).status_code == 302
    assert Place.objects.get(pk=khujand.pk).about == "An old city."


def test_the_second_of_two_edits_is_refused(parvin, rustam, khujand):
    mine = open_sheet(parvin, khujand) | {"about": "Mine."}
    send(rustam, khujand, open_sheet(rustam, khujand) | {"about": "His."})
    assert send(parvin, khujand, mine).status_code == 409
    assert Place.objects.get(pk=khujand.pk).about == "His."


def test_the_refusal_says_who_changed_what_from_what_to_what(parvin, rustam, khujand):
    mine = open_sheet(parvin, khujand) | {"about": "Mine."}
    send(rustam, khujand, open_sheet(rustam, khujand) | {"country_code": "UZ"})
    theirs = tables(send(parvin, khujand, mine))["record"]
    was, now, yours, stands = theirs["Country code"]
    assert (was, yours, stands) == ("TJ", "as it was", "Theirs is taken over")
    assert now.startswith("UZ rustam, ")
    assert theirs["About the place"][1:] == ["as it was", "Mine.", "Yours; nobody else changed it"]


def test_what_was_typed_is_kept_and_what_was_not_follows_the_colleague(parvin, rustam, khujand):
    mine = open_sheet(parvin, khujand) | {"about": "Mine."}
    send(rustam, khujand, open_sheet(rustam, khujand) | {"country_code": "UZ"})
    again = sheet(send(parvin, khujand, mine))
    assert (again["about"], again["country_code"]) == ("Mine.", "UZ")
    assert again["version"] == "2"


def test_the_second_save_goes_through_with_both_changes(parvin, rustam, khujand):
    mine = open_sheet(parvin, khujand) | {"about": "Mine."}
    send(rustam, khujand, open_sheet(rustam, khujand) | {"country_code": "UZ"})
    assert send(parvin, khujand, sheet(send(parvin, khujand, mine))).status_code == 302
    saved = Place.objects.get(pk=khujand.pk)
    assert (saved.about, saved.country_code) == ("Mine.", "UZ")


def test_where_both_changed_one_field_the_choice_is_mine(parvin, rustam, khujand):
    mine = open_sheet(parvin, khujand) | {"about": "Mine."}
    send(rustam, khujand, open_sheet(rustam, khujand) | {"about": "His."})
    response = send(parvin, khujand, mine)
    assert sheet(response)["about"] == "Mine."
    _, theirs, yours, choice = tables(response)["record"]["About the place"]
    assert (theirs[:4], yours) == ("His.", "Mine.")
    assert choice == "Keep mine, as in the form Take theirs"
    assert sheet(response)["choice-about"] == "mine"


def test_several_changes_by_colleagues_are_told_as_one(parvin, rustam, root, khujand):
    mine = open_sheet(parvin, khujand) | {"about": "Mine."}
    send(rustam, khujand, open_sheet(rustam, khujand) | {"country_code": "UZ"})
    send(root, khujand, open_sheet(root, khujand) | {"country_code": "KZ"})
    was, now, *_ = tables(send(parvin, khujand, mine))["record"]["Country code"]
    assert (was, now[:16]) == ("TJ", "KZ administrator")


def test_a_record_in_which_nothing_was_typed_collides_with_nobody(parvin, rustam, khujand):
    untouched = open_sheet(parvin, khujand)
    send(rustam, khujand, open_sheet(rustam, khujand) | {"about": "His."})
    assert send(parvin, khujand, untouched).status_code == 302
    saved = Place.objects.get(pk=khujand.pk)
    assert (saved.about, saved.version) == ("His.", 2)


def test_a_choice_of_sectors_is_an_edit_too(parvin, rustam, tie):
    culture, health = SectorFactory(name="Culture"), SectorFactory(name="Health")
    mine = open_sheet(parvin, tie) | {"sectors": [str(culture.pk)]}
    send(rustam, tie, open_sheet(rustam, tie) | {"sectors": [str(health.pk)]})
    response = send(parvin, tie, mine)
    assert response.status_code == 409
    was, theirs, yours, _ = tables(response)["record"]["Sectors"]
    assert (was, theirs[:6], yours) == ("—", "Health", "Culture")
    assert set(tie.sectors.all()) == {health}


def test_a_row_of_an_inline_is_refused_likewise(parvin, rustam, khujand):
    mine = open_sheet(parvin, khujand) | {"names-0-text": "Мой"}
    send(rustam, khujand, open_sheet(rustam, khujand) | {"names-0-text": "Его"})
    response = send(parvin, khujand, mine)
    assert response.status_code == 409
    _, theirs, yours, _ = tables(response)["names-0"]["Name"]
    assert (theirs[:3], yours) == ("Его", "Мой")
    assert sheet(response)["names-0-text"] == "Мой"
    assert send(parvin, khujand, sheet(response)).status_code == 302
    assert khujand.names.filter(text="Мой").exists()


def test_two_rows_of_one_inline_are_both_kept(parvin, rustam, khujand):
    mine = open_sheet(parvin, khujand) | {"names-0-used_from": "1991"}
    send(rustam, khujand, open_sheet(rustam, khujand) | {"names-1-used_from": "1992"})
    assert send(parvin, khujand, mine).status_code == 302
    assert {str(name.used_from) for name in khujand.names.all()} >= {"1991", "1992"}


def test_two_inlines_of_one_record_are_both_kept(parvin, rustam, tie):
    citation = CitationFactory(agreement=tie)
    mine = open_sheet(parvin, tie) | {"parties-0-name_then": "Kazvin"}
    send(rustam, tie, open_sheet(rustam, tie) | {"citations-0-says": "A vote."})
    assert send(parvin, tie, mine).status_code == 302
    citation.refresh_from_db()
    assert citation.says == "A vote."
    assert tie.parties.filter(name_then="Kazvin").exists()


def test_deleting_a_row_that_was_changed_meanwhile_is_refused_once(parvin, rustam, khujand):
    mine = open_sheet(parvin, khujand) | {"names-0-DELETE": "on"}
    send(rustam, khujand, open_sheet(rustam, khujand) | {"names-0-used_from": "1991"})
    response = send(parvin, khujand, mine)
    assert response.status_code == 409
    was, now = tables(response)["names-0"]["Used from"]
    assert (was, now[:11]) == ("1936", "1991 rustam")
    assert khujand.names.count() == 4
    assert send(parvin, khujand, sheet(response)).status_code == 302
    assert khujand.names.count() == 3


def test_a_row_that_was_deleted_meanwhile_is_said_to_be(parvin, rustam, khujand):
    mine = open_sheet(parvin, khujand) | {"names-0-used_from": "1991"}
    send(rustam, khujand, open_sheet(rustam, khujand) | {"names-0-DELETE": "on"})
    response = send(parvin, khujand, mine)
    assert response.status_code == 409
    assert "Deleted by rustam, " in response.content.decode()
    assert tables(response)["names-0"]["Used from"] == ["1936", "1991"]
    assert sheet(response)["names-0-used_from"] == "1991"
    let_go = sheet(response) | {"names-0-DELETE": "on", "about": "Mine."}
    assert send(parvin, khujand, let_go).status_code == 302
    assert khujand.names.count() == 3


def test_a_row_deleted_meanwhile_that_i_left_alone_is_none_of_my_business(parvin, rustam, khujand):
    mine = open_sheet(parvin, khujand) | {"about": "Mine."}
    send(rustam, khujand, open_sheet(rustam, khujand) | {"names-0-DELETE": "on"})
    assert send(parvin, khujand, mine).status_code == 302
    assert khujand.names.count() == 3


def test_rows_stay_with_their_own_titles_when_one_before_them_is_gone(parvin, rustam, khujand):
    mine = open_sheet(parvin, khujand) | {"country_code": "nonsense"}
    send(rustam, khujand, open_sheet(rustam, khujand) | {"names-0-DELETE": "on"})
    again = sheet(send(parvin, khujand, mine))
    assert [again.get(f"names-{row}-text") for row in range(4)] == [
        mine[f"names-{row}-text"] for row in range(4)
    ]


def test_a_record_deleted_meanwhile_is_said_to_be(parvin, root, db):
    place = PlaceFactory()
    mine = open_sheet(parvin, place)
    Place.objects.filter(pk=place.pk).delete()
    response = parvin.post(change_url(place), mine, follow=True)
    assert "Perhaps it was deleted?" in response.content.decode()


@pytest.mark.parametrize("version", ["", "0", "-1", "9" * 30, "x", "\0", "1.5", "٣"])
def test_a_nonsense_version_is_an_error_in_the_form(parvin, khujand, version):
    data = open_sheet(parvin, khujand) | {"about": "Mine.", "version": version}
    response = send(parvin, khujand, data)
    assert response.status_code in (200, 409)
    assert Place.objects.get(pk=khujand.pk).about == ""


def test_a_missing_version_is_an_error_in_the_form_of_record_and_row(parvin, khujand):
    data = open_sheet(parvin, khujand) | {"about": "Mine."}
    for name in ("version", "names-0-version"):
        without = {key: value for key, value in data.items() if key != name}
        assert "came without the version" in errors(send(parvin, khujand, without))


def test_a_version_from_the_future_overwrites_nothing(parvin, khujand):
    data = open_sheet(parvin, khujand) | {"about": "Mine.", "version": "7"}
    assert send(parvin, khujand, data).status_code == 409
    assert Place.objects.get(pk=khujand.pk).about == ""


def test_a_form_that_is_older_than_a_move_is_refused(parvin, rustam, tie):
    mine = open_sheet(parvin, tie) | {"title": "Mine"}
    tie.move("withdraw", by=None, happened_on=on("2025-06"))
    response = send(parvin, tie, mine)
    assert response.status_code == 409
    was, now, *_ = tables(response)["record"]["Status"]
    assert (was, now[:19]) == ("drafted", "withdrawn a command")


def test_a_save_that_loses_every_race_ends_in_words(parvin, khujand, monkeypatch):
    """Only the UPDATE itself can see this one: it comes after the form was found good."""

    def lose(self, *args, **kwargs):
        raise StaleVersion(self)

    data = open_sheet(parvin, khujand) | {"names-0-text": "Мой"}
    monkeypatch.setattr(PlaceName, "save", lose)
    response = send(parvin, khujand, data)
    assert response.status_code == 409
    assert "Nothing was saved" in response.content.decode()


def test_a_save_that_loses_one_race_sees_what_the_other_did(parvin, khujand, monkeypatch):
    data = open_sheet(parvin, khujand) | {"about": "Mine."}
    races = [1]

    def lose_once(self, *args, **kwargs):
        if races:
            races.pop()
            raise StaleVersion(self)
        return super(Place, self).save(*args, **kwargs)

    monkeypatch.setattr(Place, "save", lose_once)
    assert send(parvin, khujand, data).status_code == 302


def test_a_party_is_kept_where_two_are_needed(rustam, tie):
    CitationFactory(agreement=tie)
    tie.publish(by=None)
    response = send(rustam, tie, open_sheet(rustam, tie) | {"parties-0-DELETE": "on"})
    assert "keeps two parties or more" in errors(response)
    assert Party.objects.filter(agreement=tie).count() == 2
