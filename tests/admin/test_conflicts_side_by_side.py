"""The page of a refused form: theirs beside mine, a choice for each, and no need to type again."""

import pytest

from agreements.models import Citation, Event
from cities.models import Place, PlaceName
from tests.admin.conflict_tables import tables
from tests.admin.sheets import change_url, errors, open_sheet, sheet
from tests.admin.test_conflicts import send
from tests.factories import (
    AppointmentFactory,
    CitationFactory,
    DocumentFactory,
    EventFactory,
    InitiativeFactory,
    InstitutionFactory,
    OfficialFactory,
    PlaceFactory,
    SectorFactory,
    a_file,
)

LONG = " ".join(f"word{number}" for number in range(300))


def refused(mine, theirs, record, *, typed, changed):
    """The page that answers mine, after a colleague has saved theirs."""
    form = open_sheet(mine, record) | typed
    assert send(theirs, record, open_sheet(theirs, record) | changed).status_code == 302
    response = send(mine, record, form)
    assert response.status_code == 409
    return response


def test_theirs_is_taken_field_by_field(parvin, rustam, khujand):
    typed = {"about": "Mine.", "country_code": "KZ"}
    response = refused(
        parvin, rustam, khujand, typed=typed, changed={"about": "His.", "country_code": "UZ"}
    )
    again = sheet(response) | {"choice-about": "theirs"}
    assert send(parvin, khujand, again).status_code == 302
    saved = Place.objects.get(pk=khujand.pk)
    assert (saved.about, saved.country_code) == ("His.", "KZ")


def test_theirs_is_what_the_page_showed_even_if_a_third_comes_between(
    parvin, rustam, root, khujand
):
    response = refused(parvin, rustam, khujand, typed={"about": "Mine."}, changed={"about": "His."})
    send(root, khujand, open_sheet(root, khujand) | {"about": "A third."})
    again = sheet(response) | {"choice-about": "theirs", "country_code": "KZ"}
    response = send(parvin, khujand, again)
    assert response.status_code == 409
    assert sheet(response)["about"] == "A third."
    assert Place.objects.get(pk=khujand.pk).about == "A third."


def test_mine_is_refused_once_more_if_a_third_comes_between(parvin, rustam, root, khujand):
    response = refused(parvin, rustam, khujand, typed={"about": "Mine."}, changed={"about": "His."})
    send(root, khujand, open_sheet(root, khujand) | {"about": "A third."})
    response = send(parvin, khujand, sheet(response))
    assert response.status_code == 409
    was, theirs, mine, _ = next(iter(tables(response)["record"].values()))
    assert (was, theirs[:8], mine) == ("His.", "A third.", "Mine.")


def test_a_choice_of_theirs_holds_for_rows_too(parvin, rustam, khujand):
    response = refused(
        parvin,
        rustam,
        khujand,
        typed={"names-0-text": "Мой", "names-0-used_from": "1990"},
        changed={"names-0-text": "Его", "names-0-used_from": "1991"},
    )
    again = sheet(response) | {"names-0-choice-text": "theirs"}
    assert send(parvin, khujand, again).status_code == 302
    row = PlaceName.objects.get(pk=again["names-0-id"])
    assert (row.text, str(row.used_from)) == ("Его", "1990")


def test_sectors_that_a_colleague_chose_are_taken_over(parvin, rustam, tie):
    culture = SectorFactory(name="Culture")
    response = refused(
        parvin, rustam, tie, typed={"title": "Mine"}, changed={"sectors": [str(culture.pk)]}
    )
    assert tables(response)["record"]["Sectors"][-1] == "Theirs is taken over"
    assert send(parvin, tie, sheet(response)).status_code == 302
    tie.refresh_from_db()
    assert (tie.title, set(tie.sectors.all())) == ("Mine", {culture})


def test_their_sectors_and_their_parent_can_be_taken_instead_of_mine(parvin, rustam, tie):
    culture, health = SectorFactory(name="Culture"), SectorFactory(name="Health")
    typed, changed = {"sectors": [str(culture.pk)]}, {"sectors": [str(health.pk)]}
    response = refused(parvin, rustam, tie, typed=typed, changed=changed)
    assert send(parvin, tie, sheet(response) | {"choice-sectors": "theirs"}).status_code == 302
    assert set(tie.sectors.all()) == {health}


def test_a_place_is_told_by_its_name(parvin, rustam):
    rome, oslo = PlaceFactory(name="Rome"), PlaceFactory(name="Oslo")
    event = EventFactory()
    typed, changed = {"place": str(rome.pk)}, {"place": str(oslo.pk)}
    response = refused(parvin, rustam, event, typed=typed, changed=changed)
    _, theirs, mine, _ = tables(response)["record"]["Place"]
    assert (theirs[:4], mine) == ("Oslo", "Rome")
    assert send(parvin, event, sheet(response) | {"choice-place": "theirs"}).status_code == 302
    assert Event.objects.get().place == oslo


def test_what_both_wrote_alike_is_no_choice(parvin, rustam, khujand):
    same = {"about": "The same."}
    response = refused(parvin, rustam, khujand, typed=same, changed=same)
    (line,) = tables(response)["record"].values()
    assert line[-1] == "You both wrote the same"
    assert send(parvin, khujand, sheet(response)).status_code == 302


def test_a_long_text_is_shown_whole_with_the_words_that_differ(parvin, rustam, tie):
    CitationFactory(agreement=tie, says="Said.")
    send(rustam, tie, open_sheet(rustam, tie) | {"summary": LONG})
    response = refused(
        parvin,
        rustam,
        tie,
        typed={"summary": LONG.replace("word7 ", "mine7 ")},
        changed={"summary": LONG.replace("word290 ", "")},
    )
    page = response.content.decode()
    assert tables(response)["record"]["Summary"][0] == LONG
    assert '<del><span class="visually-hidden">removed: </span>word290 </del>' in page
    assert '<ins><span class="visually-hidden">added: </span>mine7 </ins>' in page


def test_what_was_typed_is_never_markup(parvin, rustam, khujand):
    evil = '<script>alert("x")</script>'
    response = refused(parvin, rustam, khujand, typed={"about": evil}, changed={"about": evil * 2})
    page = response.content.decode()
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert") >= 3


def test_what_cannot_be_read_is_shown_as_it_was_typed(parvin, rustam, khujand):
    typed = {"country_code": "many", "parent": "x", "about": "Mine."}
    changed = {"country_code": "UZ", "about": "His."}
    response = refused(parvin, rustam, khujand, typed=typed, changed=changed)
    lines = tables(response)["record"]
    assert lines["Country code"][2] == "many"
    assert lines["Lies in"][2] == "x"
    assert sheet(response)["country_code"] == "many"


def test_what_the_machinery_keeps_is_not_told(parvin, rustam, khujand):
    response = refused(
        parvin, rustam, khujand, typed={"about": "Mine."}, changed={"country_code": "UZ"}
    )
    assert not {"Version", "Folded", "Changed at"} & tables(response)["record"].keys()


def test_a_row_deleted_meanwhile_is_entered_anew_without_typing(parvin, rustam, khujand):
    response = refused(
        parvin,
        rustam,
        khujand,
        typed={"names-0-used_from": "1991"},
        changed={"names-0-DELETE": "on"},
    )
    again = sheet(response)
    assert again["names-0-choice"] == "mine"
    assert send(parvin, khujand, again).status_code == 302
    (row,) = khujand.names.filter(used_from="1991")
    assert (row.pk != int(again["names-0-id"]), row.text) == (True, again["names-0-text"])
    assert khujand.names.count() == 4


def test_a_row_deleted_meanwhile_is_let_go(parvin, rustam, khujand):
    typed = {"names-0-used_from": "1991"}
    response = refused(parvin, rustam, khujand, typed=typed, changed={"names-0-DELETE": "on"})
    again = sheet(response) | {"names-0-choice": "theirs", "country_code": "KZ"}
    assert send(parvin, khujand, again).status_code == 302
    assert khujand.names.count() == 3
    assert Place.objects.get(pk=khujand.pk).country_code == "KZ"


def test_a_row_entered_anew_passes_the_same_checks_as_any(parvin, rustam, khujand):
    typed = {"names-0-used_from": "1991"}
    response = refused(parvin, rustam, khujand, typed=typed, changed={"names-0-DELETE": "on"})
    response = send(parvin, khujand, sheet(response) | {"names-0-used_from": "never"})
    assert response.status_code == 200
    assert "Write a year" in errors(response)
    again = sheet(response) | {"names-0-used_from": "1990"}
    assert send(parvin, khujand, again).status_code == 302
    assert khujand.names.filter(used_from="1990").exists()


def test_an_initiative_entered_anew_keeps_its_institutions(parvin, rustam, tie):
    school = InstitutionFactory()
    InitiativeFactory(agreement=tie).institutions.add(school)
    typed = {"initiatives-0-title": "Mine"}
    response = refused(parvin, rustam, tie, typed=typed, changed={"initiatives-0-DELETE": "on"})
    assert send(parvin, tie, sheet(response)).status_code == 302
    assert list(tie.initiatives.get(title="Mine").institutions.all()) == [school]


def test_a_party_entered_anew_counts_as_one(rustam, root, tie):
    third = PlaceFactory()
    tie.parties.create(place=third, position=3)
    typed, changed = {"parties-2-name_then": "Mine"}, {"parties-2-DELETE": "on"}
    response = refused(rustam, root, tie, typed=typed, changed=changed)
    assert send(rustam, tie, sheet(response)).status_code == 302
    assert tie.parties.filter(name_then="Mine", place=third).exists()


def test_a_row_that_went_to_another_record_is_said_to_have(parvin, rustam):
    appointment = AppointmentFactory()
    official, other = appointment.official, OfficialFactory()
    mine = open_sheet(parvin, official) | {"appointments-0-title": "Mine"}
    appointment.official = other
    appointment.save()
    response = send(parvin, official, mine)
    assert response.status_code == 409
    assert "Moved to another record by" in response.content.decode()
    assert "Mine" in tables(response)["appointments-0"]["Office"][-1]
    assert send(parvin, official, sheet(response)).status_code == 302
    appointment.refresh_from_db()
    assert (appointment.official, appointment.title == "Mine") == (other, False)


def test_a_row_to_be_deleted_can_be_kept_as_they_changed_it(parvin, rustam, khujand):
    typed, changed = {"names-0-DELETE": "on"}, {"names-0-used_from": "1991"}
    response = refused(parvin, rustam, khujand, typed=typed, changed=changed)
    again = sheet(response) | {"names-0-choice": "theirs"}
    assert send(parvin, khujand, again).status_code == 302
    assert khujand.names.filter(used_from="1991").exists()


def test_two_rows_to_be_deleted_are_shown_at_once(parvin, rustam, khujand):
    typed = {"names-0-DELETE": "on", "names-1-DELETE": "on"}
    changed = {"names-0-used_from": "1991", "names-1-used_from": "1992"}
    response = refused(parvin, rustam, khujand, typed=typed, changed=changed)
    assert tables(response).keys() == {"names-0", "names-1"}
    assert send(parvin, khujand, sheet(response)).status_code == 302
    assert khujand.names.count() == 2


def test_each_table_is_linked_to_and_links_to_its_row(parvin, rustam, khujand):
    changed = {"about": "His.", "names-0-text": "Его"}
    typed = {"about": "Mine.", "names-0-text": "Мой"}
    page = refused(parvin, rustam, khujand, typed=typed, changed=changed).content.decode()
    for link in ("#conflict-record", "#conflict-names-0", "#names-0", "#id_about"):
        assert f'href="{link}"' in page
        assert f'id="{link[1:]}"' in page


def test_a_file_is_told_by_its_name_and_asked_for_again(parvin, rustam, tie):
    DocumentFactory(agreement=tie, file="", url="https://example.org/text")
    mine = open_sheet(parvin, tie) | {"documents-0-title": "Mine", "documents-0-file": a_file()}
    changed = {"documents-0-title": "His"}
    send(rustam, tie, open_sheet(rustam, tie) | changed)
    response = send(parvin, tie, mine)
    lines = tables(response)["documents-0"]
    assert lines["Title"][2] == "Mine"
    assert "Choose the file again" in lines["File"][2]


def test_a_third_save_with_every_field_in_dispute_costs_no_more_queries(
    parvin, rustam, django_assert_max_num_queries, tie
):
    for number in range(12):
        CitationFactory(agreement=tie, says=f"Said {number}")
    keys = range(12)
    mine = open_sheet(parvin, tie) | {f"citations-{key}-says": "Mine" for key in keys}
    theirs = {f"citations-{key}-says": "His" for key in keys}
    send(rustam, tie, open_sheet(rustam, tie) | theirs)
    with django_assert_max_num_queries(140):
        response = send(parvin, tie, mine)
    assert len(tables(response)) == 12
    assert send(parvin, tie, sheet(response)).status_code == 302
    assert set(Citation.objects.values_list("says", flat=True)) == {"Mine"}


def test_an_event_taken_off_meanwhile_stops_nobody(parvin, rustam, tie):
    tie.events.add(EventFactory())
    mine = open_sheet(parvin, tie) | {"title": "Mine"}
    send(rustam, tie, open_sheet(rustam, tie) | {"Event_agreements-0-DELETE": "on"})
    assert send(parvin, tie, mine).status_code == 302
    assert not tie.events.exists()


def test_an_event_put_on_an_agreement_meanwhile_is_not_taken_off_unseen(parvin, rustam, tie):
    event = EventFactory()
    mine = open_sheet(parvin, event) | {"title": "Mine"}
    prefix = "Event_agreements"
    row = {f"{prefix}-TOTAL_FORMS": "1", f"{prefix}-0-event": str(event.pk)}
    assert send(rustam, tie, open_sheet(rustam, tie) | row).status_code == 302
    response = send(parvin, event, mine)
    assert response.status_code == 409
    assert send(parvin, event, sheet(response)).status_code == 302
    assert tie.events.get().title == "Mine"


@pytest.mark.parametrize("choice", ["", "x", "\0", "theirs" * 100])
def test_nonsense_for_a_choice_of_whose_is_passed_over(parvin, khujand, choice):
    form = open_sheet(parvin, khujand) | {"about": "Mine.", "choice-about": choice}
    assert send(parvin, khujand, form).status_code in (302, 400)
    assert change_url(khujand)
