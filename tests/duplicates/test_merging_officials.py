"""Two records of one person found to be one."""

import pytest
from django.core.exceptions import PermissionDenied

from cities.merging import merge_officials
from cities.models import Official, OfficialMerge
from cities.slugs import free_slug
from common.merging import MergeRefused, pointers
from common.versions import StaleVersion
from tests.desk_factories import SuggestionFactory
from tests.factories import (
    AppointmentFactory,
    EventFactory,
    OfficialFactory,
    SignatureFactory,
    SpellingFactory,
    nozari,
    on,
    qazvin,
)
from tests.people import person
from tests.rows import all_rows

pytestmark = pytest.mark.django_db

SAME = "Both signed for Qazvin on one day."


@pytest.fixture
def governor():
    return nozari()


@pytest.fixture
def nowzari():
    return OfficialFactory(name="Mohammad Nowzari")


def merge(kept, other, by=None, reason=SAME) -> Official:
    rows = (Official.objects.get(pk=official.pk) for official in (kept, other))
    merge_officials(*rows, by=by, reason=reason)
    return Official.objects.get(pk=kept.pk)


def led_on(official) -> OfficialMerge:
    fields = {"slug": "m-nozari", "old_id": 10**6, "reason": SAME}
    return OfficialMerge.objects.create(official=official, **fields)


def taking_part(official):
    event = EventFactory(participants=[official])
    return event.participants.through.objects.get(event=event)


POINTING = {
    "cities.Spelling.official": lambda official: SpellingFactory(official=official),
    "cities.Appointment.official": lambda official: AppointmentFactory(official=official),
    "cities.OfficialMerge.official": led_on,
    "agreements.Signature.official": lambda official: SignatureFactory(official=official),
    "agreements.Event_participants.official": taking_part,
    "agreements.Suggestion.official": lambda official: SuggestionFactory(official=official),
}


def test_every_way_to_point_at_an_official_has_its_case_here():
    assert {str(pointer) for pointer in pointers(Official)} == set(POINTING)


@pytest.mark.parametrize("way", POINTING)
def test_whatever_points_at_the_one_that_goes_points_at_the_one_that_stays(way, governor, nowzari):
    row = POINTING[way](nowzari)
    merge(governor, nowzari)
    assert type(row).objects.get(pk=row.pk).official_id == governor.pk
    assert list(Official.objects.all()) == [governor]


def test_the_name_becomes_a_spelling_unless_it_is_one_already(governor, nowzari):
    merge(governor, nowzari)
    assert [str(spelling) for spelling in governor.spellings.all()] == ["Mohammad Nowzari"]
    merge(governor, OfficialFactory(name="محمد نوذری"))
    assert governor.spellings.get(text="محمد نوذری").script == "Arab"


def test_one_office_and_one_visit_of_both_are_kept_once(governor, nowzari):
    AppointmentFactory(official=nowzari, title="Governor", place=qazvin())
    AppointmentFactory(official=nowzari, title="Governor", place=qazvin(), began_on=on("2024"))
    event = EventFactory(participants=[governor, nowzari])
    merge(governor, nowzari)
    assert sorted(str(office.began_on) for office in governor.appointments.all()) == [
        "2024",
        "None",
    ]
    assert list(event.participants.all()) == [governor]
    event.refresh_from_db()
    assert event.version == 2
    assert [row.official for row in event.history.latest().participants.all()] == [governor]


def test_what_is_known_of_the_person_is_taken_over_or_told(governor, nowzari):
    Official.objects.filter(pk=nowzari.pk).update(about="Governor since 2024.")
    kept = merge(governor, nowzari)
    assert (kept.about, kept.merges.get().aside) == ("Governor since 2024.", [])
    kept = merge(governor, OfficialFactory(about="A governor."))
    assert kept.merges.latest("pk").aside == ["about: “A governor.”"]


def test_the_address_leads_on_and_is_given_to_nobody(governor, nowzari):
    merge(governor, nowzari)
    assert Official.objects.at("mohammad-nowzari").get() == governor
    assert free_slug(Official, "Mohammad Nowzari") == "mohammad-nowzari-2"


@pytest.mark.parametrize("who", ["editor", "auditor", "reader"])
def test_who_is_no_registrar_merges_nothing(governor, nowzari, who):
    somebody, before = person(who), all_rows()
    with pytest.raises(PermissionDenied):
        merge(governor, nowzari, by=somebody)
    assert all_rows() == before


def test_nobody_is_merged_with_himself_or_without_a_reason_or_twice(governor, nowzari):
    with pytest.raises(MergeRefused):
        merge(governor, governor)
    with pytest.raises(MergeRefused):
        merge(governor, nowzari, reason=" ")
    stale = Official.objects.get(pk=nowzari.pk)
    merge(governor, nowzari)
    with pytest.raises(StaleVersion):
        merge_officials(stale, Official.objects.get(pk=governor.pk), by=None, reason=SAME)
