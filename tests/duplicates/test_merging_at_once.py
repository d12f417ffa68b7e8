"""Two who merge the same pair at once: one wins, the other is told, and it is merged once."""

import pytest
from django.db import IntegrityError

from agreements.merging import merge_agreements
from agreements.models import Agreement
from cities.merging import merge_places
from cities.models import Place, PlaceMerge
from tests.factories import AgreementFactory, PlaceFactory, PlaceNameFactory
from tests.test_races import race, winners

PAIRS = 25
pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_merges_of_a_pair_of_places_each_way_one_is_made():
    pairs = [[place.pk for place in PlaceFactory.create_batch(2)] for _ in range(PAIRS)]

    def read(number):
        return [Place.objects.get(pk=pk) for pk in pairs[number]]

    def merge(places, who, number):
        kept, other = places if who else reversed(places)
        merge_places(kept, other, by=None, reason="Both thought so.")

    winners(race(read, merge, pairs=PAIRS))
    assert Place.objects.count() == PlaceMerge.objects.count() == PAIRS


def test_of_two_merges_of_a_pair_of_agreements_one_is_made():
    places = PlaceFactory.create_batch(2)
    pairs = [[AgreementFactory(parties=places).pk for _ in range(2)] for _ in range(PAIRS)]

    def read(number):
        return [Agreement.objects.get(pk=pk) for pk in pairs[number]]

    def merge(agreements, who, number):
        kept, other = agreements if who else reversed(agreements)
        merge_agreements(kept, other, by=None, reason="Both thought so.")

    winners(race(read, merge, pairs=PAIRS))
    assert Agreement.objects.filter(merged_into__isnull=False).count() == PAIRS


def test_an_edit_and_a_merge_at_once_do_not_undo_each_other():
    kept = PlaceFactory(name="Khujand").pk
    others = [PlaceFactory().pk for _ in range(PAIRS)]

    def read(number):
        return Place.objects.get(pk=kept), Place.objects.get(pk=others[number])

    def edit_or_merge(places, who, number):
        if who:
            merge_places(*places, by=None, reason="The same.")
        else:
            places[0].about = f"Edit {number}"
            places[0].save()

    won = winners(race(read, edit_or_merge, pairs=PAIRS))
    assert PlaceMerge.objects.count() == won.count(1)
    assert Place.objects.get(pk=kept).version == 1 + PAIRS


def test_a_name_added_while_its_place_is_merged_is_not_lost_unseen():
    """Either it came first and moved along, or the database refuses it: its place is no more."""
    kept = PlaceFactory().pk
    others = [PlaceFactory().pk for _ in range(PAIRS)]
    refused = []

    def read(number):
        return Place.objects.get(pk=others[number])

    def name_or_merge(place, who, number):
        if who:
            merge_places(Place.objects.get(pk=kept), place, by=None, reason="The same.")
            return
        try:
            PlaceNameFactory(place=place, text=f"Name {number}")
        except IntegrityError:
            refused.append(number)

    race(read, name_or_merge, pairs=PAIRS)
    names = Place.objects.get(pk=kept).names.filter(text__startswith="Name ")
    assert names.count() + len(refused) == PAIRS
