"""Two places found to be one: nothing of either is lost, and nothing else can be done by it."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, models, transaction

from agreements.models import Agreement, StatusChange, UndoneStep
from cities.merging import merge_places
from cities.models import (
    Appointment,
    Clerkship,
    DistinctPair,
    Institution,
    Official,
    Place,
    PlaceMerge,
    PlaceName,
)
from cities.slugs import free_slug
from common.merging import MergeRefused, pointers
from common.versions import StaleVersion
from tests.desk_factories import ClerkshipFactory, SuggestionFactory
from tests.factories import (
    AgreementFactory,
    AppointmentFactory,
    CountryFactory,
    EventFactory,
    InitiativeFactory,
    InstitutionFactory,
    ListingFactory,
    OfficialFactory,
    PartyFactory,
    PlaceFactory,
    PlaceIdentifierFactory,
    PlaceNameFactory,
    RegionFactory,
    SignatureFactory,
    SourceFactory,
    UserFactory,
    on,
    staff,
)
from tests.people import person
from tests.rows import all_rows

pytestmark = pytest.mark.django_db

SAME = "The two Wikidata items were merged."


@pytest.fixture
def hojand():
    """Khujand, entered once more by somebody who read of it in another paper."""
    return PlaceFactory(name="Hojand", country_code="TJ")


def merge(kept, other, by=None, reason=SAME) -> Place:
    rows = (Place.objects.get(pk=place.pk) for place in (kept, other))
    merge_places(*rows, by=by, reason=reason)
    return Place.objects.get(pk=kept.pk)


def lone_act(place) -> StatusChange:
    agreement = AgreementFactory(status="signed", parties=[place, PlaceFactory()])
    step = {"happened_on": on("2025-06"), "end_reason": "terminated", "acted_by": place}
    return agreement.move("end", by=None, **step)


def undone_act(place) -> UndoneStep:
    return lone_act(place).agreement.undo(by=None, reason="It was suspended.")


def led_on(place) -> PlaceMerge:
    return PlaceMerge.objects.create(place=place, slug="hodjent", old_id=10**6, reason=SAME)


# One row for each way to point at a place. A new way without a line here fails below.
POINTING = {
    "cities.Place.parent": lambda place: PlaceFactory(parent=place),
    "cities.PlaceIdentifier.place": lambda place: PlaceIdentifierFactory(place=place),
    "cities.PlaceName.place": lambda place: PlaceNameFactory(place=place),
    "cities.Institution.place": lambda place: InstitutionFactory(place=place),
    "cities.Appointment.place": lambda place: AppointmentFactory(place=place),
    "cities.Appointment.accredited_to": lambda place: AppointmentFactory(accredited_to=place),
    "cities.PlaceMerge.place": led_on,
    "cities.Clerkship.place": lambda place: ClerkshipFactory(place=place),
    "agreements.StatusChange.acted_by": lone_act,
    "agreements.UndoneStep.acted_by": undone_act,
    "agreements.Party.place": lambda place: PartyFactory(place=place),
    "agreements.Signature.signed_in": lambda place: SignatureFactory(signed_in=place),
    "agreements.Event.place": lambda place: EventFactory(place=place),
    "agreements.Source.speaks_for": lambda place: SourceFactory(speaks_for=place),
    "agreements.Listing.listed_by": lambda place: ListingFactory(listed_by=place),
    "agreements.Suggestion.place": lambda place: SuggestionFactory(place=place),
}


def test_every_way_to_point_at_a_place_has_its_case_here():
    assert {str(pointer) for pointer in pointers(Place)} == set(POINTING)


@pytest.mark.parametrize("way", POINTING)
def test_whatever_points_at_the_one_that_goes_points_at_the_one_that_stays(way):
    make = RegionFactory if way == "cities.Place.parent" else PlaceFactory
    kept, other = make(), make()
    row, name = POINTING[way](other), way.rpartition(".")[2]
    before = getattr(row, "version", None)
    merge(kept, other)
    row = type(row).objects.get(pk=row.pk)
    assert getattr(row, name) == kept
    assert before is None or row.version == before + 1
    assert not Place.objects.filter(pk=other.pk).exists()


def test_whoever_has_a_seat_in_both_has_one_in_the_one_that_stays(khujand, hojand):
    clerk = UserFactory(is_staff=True)
    kept, gone = (ClerkshipFactory(place=place, user=clerk) for place in (khujand, hojand))
    merge(khujand, hojand)
    assert list(Clerkship.objects.all()) == [kept]
    assert Clerkship.history.filter(id=gone.pk, history_type="-").exists()


def test_whoever_is_bound_to_an_office_merges_no_places(khujand, hojand):
    clerk = staff("registrar")
    for place in (khujand, hojand):
        ClerkshipFactory(place=place, user=clerk)
    before = all_rows()
    with pytest.raises(PermissionDenied):
        merge(khujand, hojand, by=clerk)
    assert all_rows() == before


def test_the_one_that_goes_leaves_its_name_its_address_and_its_history(khujand, hojand):
    kept = merge(khujand, hojand)
    name = kept.names.get(text="Hojand")
    assert (name.kind, name.language, name.script) == ("alternative", "en", "Latn")
    assert Place.objects.called("hojand").get() == kept
    gone = PlaceMerge.objects.get(old_id=hojand.pk)
    assert (gone.slug, gone.place, gone.reason) == ("hojand", kept, SAME)
    assert list(Place.history.filter(id=hojand.pk).values_list("history_type", flat=True)) == [
        "-",
        "+",
    ]


def test_the_edits_of_the_one_that_stays_tell_of_the_merge(khujand, hojand):
    kept = merge(khujand, hojand)
    assert kept.version == 2
    told = kept.history.latest().history_change_reason
    assert told == f"Merged: Hojand (hojand, no. {hojand.pk}) is khujand"


def test_facts_that_it_lacks_it_takes_over_and_others_it_keeps(khujand):
    known = {"about": "On the Syr Darya.", "population": 180_000, "population_year": 2020}
    Place.objects.filter(pk=khujand.pk).update(**known)
    facts = {"about": "In the valley.", "latitude": "40.283", "longitude": "69.617"}
    other = PlaceFactory(name="Khujand", population=9, population_year=1900, **facts)
    kept = merge(khujand, other)
    assert (str(kept.latitude), str(kept.longitude)) == ("40.283000", "69.617000")
    assert {name: getattr(kept, name) for name in known} == known
    assert kept.merges.get().aside == [
        "population: 9",
        "year of the population: 1900",
        "about the place: “In the valley.”",
    ]


def test_no_second_name_is_made_of_a_name_on_record(khujand):
    merge(khujand, PlaceFactory(name="Leninabad"))
    assert khujand.names.filter(text="Leninabad").count() == 1
    merge(khujand, PlaceFactory(name="Khujand"))
    assert not khujand.names.filter(text="Khujand").exists()


def test_a_name_of_both_is_kept_once_with_what_either_knew(khujand, hojand):
    known = {"text": "Хуҷанд", "language": "tg", "kind": "official"}
    PlaceNameFactory(place=hojand, used_from=on("1991"), **known)
    merge(khujand, hojand)
    name = PlaceName.objects.get(text="Хуҷанд")
    assert (name.place, str(name.used_from), name.version) == (khujand, "1991", 2)


def test_years_of_a_name_that_differ_are_put_aside(khujand, hojand):
    known = {"text": "Leninabad", "language": "ru", "kind": "former", "script": "Latn"}
    PlaceNameFactory(place=hojand, used_from=on("1939"), **known)
    kept = merge(khujand, hojand)
    assert str(kept.names.get(text="Leninabad").used_from) == "1936"
    assert kept.merges.get().aside == ["Name “Leninabad”, used from: 1939"]


def test_institutions_of_one_name_become_one_with_their_promises(khujand, hojand):
    mine, theirs = (InstitutionFactory(place=place, name="Museum") for place in (khujand, hojand))
    one, two = InitiativeFactory(), InitiativeFactory()
    one.institutions.set([mine, theirs])
    two.institutions.set([theirs])
    merge(khujand, hojand)
    assert Institution.objects.get() == mine
    assert set(mine.initiatives.all()) == {one, two}
    assert two.history.latest().institutions.get().institution == mine


def test_an_office_of_both_is_kept_once_and_others_side_by_side(khujand, hojand):
    mayor = AppointmentFactory(place=khujand).official
    AppointmentFactory(place=hojand, official=mayor)
    AppointmentFactory(place=hojand, official=mayor, began_on=on("2001"))
    merge(khujand, hojand)
    assert Appointment.objects.filter(official=mayor, place=khujand).count() == 2
    assert Official.objects.get() == mayor


def test_addresses_lead_on_over_a_chain_of_merges(khujand, hojand):
    third = PlaceFactory(name="Chodschent")
    merge(hojand, third)
    merge(khujand, hojand)
    for slug in ("chodschent", "hojand", "khujand"):
        assert Place.objects.called(slug).get() == khujand


def test_an_address_from_before_a_merge_is_given_to_nobody(khujand, hojand):
    merge(khujand, hojand)
    assert free_slug(Place, "Hojand") == "hojand-2"
    assert PlaceFactory(name="Hojand", country_code="TJ").slug == "hojand-tj"
    with pytest.raises(IntegrityError, match="leads there"), transaction.atomic():
        PlaceFactory(slug="hojand")
    with pytest.raises(IntegrityError, match="leads there"), transaction.atomic():
        Place.objects.filter(pk=khujand.pk).update(slug="hojand")


def test_what_was_told_apart_from_the_one_that_goes_stays_apart(khujand, hojand):
    town, apart = PlaceFactory(), DistinctPair.objects
    for pair in ((hojand, town), (hojand, khujand), (khujand, town)):
        apart.tell_apart(*pair, by=None, reason="Looked.")
    merge(khujand, hojand)
    assert apart.told_apart(Place) == {tuple(sorted((khujand.pk, town.pk)))}


# --- What is refused ----------------------------------------------------------------------


def refused(kept, other, **how) -> str:
    before = all_rows()
    with pytest.raises(MergeRefused) as error:
        merge(kept, other, **how)
    assert all_rows() == before
    return " ".join(error.value.messages)


def test_a_place_is_not_merged_with_itself(khujand):
    assert "with itself" in refused(khujand, khujand)


def test_two_parties_of_one_agreement_are_looked_at_first(khujand, hojand):
    tie = AgreementFactory(parties=[khujand, hojand])
    assert f"agreement “{tie.reference}”" in refused(khujand, hojand)


def test_a_city_and_a_region_of_one_name_are_two(khujand):
    assert "One is a city, the other a region." in refused(khujand, RegionFactory(name="Khujand"))


def test_two_countries_are_two():
    one = CountryFactory()
    assert "are two" in refused(one, CountryFactory(name="USSR", country_code="RU"))


def test_a_place_with_an_ambassador_at_the_other_is_looked_at_first(khujand, hojand):
    AppointmentFactory(place=khujand, accredited_to=hojand)
    assert "speaks for one of them at the other" in refused(khujand, hojand)


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
def test_a_merge_without_a_reason_is_refused(khujand, hojand, reason):
    assert refused(khujand, hojand, reason=reason)


@pytest.mark.parametrize("who", ["anonymous", "reader", "editor", "auditor"])
def test_who_is_no_registrar_merges_nothing(khujand, hojand, who):
    somebody, before = person(who), all_rows()
    with pytest.raises(PermissionDenied):
        merge(khujand, hojand, by=somebody)
    assert all_rows() == before


@pytest.mark.parametrize("who", ["registrar", "administrator", "system"])
def test_a_registrar_merges_and_is_named(khujand, hojand, who):
    somebody = person(who)
    merge(khujand, hojand, by=somebody)
    assert PlaceMerge.objects.get().merged_by == somebody


@pytest.mark.parametrize("changed", ["kept", "other"])
def test_who_looked_at_an_older_state_is_told(khujand, hojand, changed):
    Place.objects.filter(pk={"kept": khujand, "other": hojand}[changed].pk).update(about="New.")
    with pytest.raises(StaleVersion):
        merge_places(khujand, hojand, by=None, reason=SAME)
    assert Place.objects.filter(pk=hojand.pk).exists()


def test_a_place_that_is_gone_is_not_merged_again(khujand, hojand):
    stale = Place.objects.get(pk=hojand.pk)
    merge(khujand, hojand)
    for pair in ((Place.objects.get(pk=khujand.pk), stale), (stale, PlaceFactory())):
        with pytest.raises(StaleVersion):
            merge_places(*pair, by=None, reason=SAME)


# --- Steps: the one thing that may change in them, and no other ----------------------------


@pytest.fixture
def step(khujand, hojand):
    """Hojand ended an agreement alone; it is on record as merged, and still there to be tried."""
    step = lone_act(hojand)
    PlaceMerge.objects.create(place=khujand, slug="hodjent", old_id=hojand.pk, reason=SAME)
    return step


def rewrite(step, **changes) -> None:
    with transaction.atomic():
        models.QuerySet(StatusChange).filter(pk=step.pk).update(**changes)


def test_who_acted_may_become_the_place_that_it_was_merged_into(step, khujand):
    rewrite(step, acted_by=khujand)
    assert StatusChange.objects.get(pk=step.pk).acted_by == khujand


CHANGES = {
    "agreement_id": lambda: AgreementFactory().pk,
    "sequence": lambda: 9,
    "move": lambda: "suspend",
    "from_status": lambda: "suspended",
    "to_status": lambda: "signed",
    "happened_on": lambda: None,
    "on_record_by": lambda: on("2025"),
    "effective_from": lambda: "2001-01-01",
    "end_reason": lambda: "expired",
    "note": lambda: "It was not so.",
    "recorded_by_id": lambda: person("reader").pk,
    "recorded_at": lambda: "2001-01-01T00:00Z",
}


def test_every_column_of_a_step_is_tried():
    columns = {field.attname for field in StatusChange._meta.concrete_fields}
    assert columns == {"id", "acted_by_id", *CHANGES}


@pytest.mark.parametrize("column", CHANGES)
def test_nothing_else_of_the_step_changes_along(step, khujand, column):
    with pytest.raises(IntegrityError, match="only ever added to"):
        rewrite(step, acted_by=khujand, **{column: CHANGES[column]()})


def test_the_number_of_a_step_does_not_change_along(step, khujand):
    update = "UPDATE agreements_statuschange SET acted_by_id = %s, id = id + 1000"
    with pytest.raises(IntegrityError, match="added to"), transaction.atomic():  # noqa: SIM117
        with connection.cursor() as cursor:
            cursor.execute(update, [khujand.pk])


@pytest.mark.parametrize("who", ["nobody", "another"])
def test_who_acted_becomes_nobody_else(step, who):
    place = PlaceFactory() if who == "another" else None
    with pytest.raises(IntegrityError, match="only ever added to"):
        rewrite(step, acted_by=place)
    with pytest.raises(IntegrityError, match="only ever added to"):
        rewrite(AgreementFactory().steps.get(), acted_by=PlaceFactory())


def test_a_step_is_turned_with_its_place_and_nothing_of_it_else(khujand, hojand):
    step = lone_act(hojand)
    before = StatusChange.objects.filter(pk=step.pk).values().get()
    merge(khujand, hojand)
    after = StatusChange.objects.filter(pk=step.pk).values().get()
    assert after == before | {"acted_by_id": khujand.pk}
    assert Agreement.objects.get().status == "ended"


@pytest.mark.parametrize("make", [PlaceFactory, OfficialFactory])
def test_who_types_an_address_from_before_a_merge_is_told_kindly(make, khujand):
    record, merges = make(), {PlaceFactory: "place", OfficialFactory: "official"}
    merged = type(record)._meta.get_field("merges").related_model
    merged.objects.create(**{merges[make]: record}, slug="old", old_id=10**6, reason=SAME)
    record.slug = "old"
    with pytest.raises(ValidationError) as error:
        record.full_clean()
    assert "leads there" in str(error.value.message_dict["slug"])
