"""Two people never overwrite each other, on whatever path a row is saved."""

import pytest
from django.core import serializers
from django.db import transaction

from cities.models import Place
from common.versions import StaleVersion
from tests.factories import PlaceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def two():
    """One place, read by two people."""
    pk = PlaceFactory(name="Khujand").pk
    return Place.objects.get(pk=pk), Place.objects.get(pk=pk)


def stale(act, *args, **kwargs):
    with pytest.raises(StaleVersion), transaction.atomic():
        act(*args, **kwargs)


def test_a_new_row_is_of_version_one_and_every_save_adds_one():
    place = PlaceFactory()
    assert place.version == 1
    place.save()
    place.save()
    assert (place.version, Place.objects.get().version) == (3, 3)


def test_the_second_to_save_is_told_and_the_first_keeps_what_was_typed(two):
    parvin, rustam = two
    parvin.about = "Parvin's words."
    parvin.save()
    rustam.about = "Rustam's words."
    stale(rustam.save)
    assert Place.objects.get().about == "Parvin's words."
    assert rustam.about == "Rustam's words."


def test_one_field_saved_alone_is_compared_too(two):
    parvin, rustam = two
    parvin.name = "Хуҷанд"
    parvin.save(update_fields=["name"])
    rustam.about = "On the Syr Darya."
    stale(rustam.save, update_fields=["about"])
    assert (parvin.version, Place.objects.get().version) == (2, 2)


def test_who_reads_again_can_save(two):
    parvin, rustam = two
    parvin.save()
    rustam.refresh_from_db()
    rustam.about = "Seen and added to."
    rustam.save()
    assert Place.objects.get().about == "Seen and added to."


def test_who_was_told_is_told_again_until_the_row_is_read_again(two):
    parvin, rustam = two
    parvin.save()
    stale(rustam.save)
    stale(rustam.save)
    assert rustam.version == 1


def test_a_row_that_is_gone_does_not_come_back(two):
    parvin, rustam = two
    parvin.delete()
    stale(rustam.save)
    assert not Place.objects.exists()


def test_an_update_of_many_rows_makes_open_forms_stale(two):
    Place.objects.update(about="Set for all.")
    stale(two[0].save)
    assert Place.objects.get().version == 2


def test_a_bulk_update_makes_open_forms_stale(two):
    parvin, rustam = two
    parvin.about = "One of many."
    Place.objects.bulk_update([parvin], ["about"])
    stale(rustam.save)


def test_the_error_names_the_row(two):
    parvin, rustam = two
    parvin.save()
    with pytest.raises(StaleVersion, match=f"Place {rustam.pk}") as told, transaction.atomic():
        rustam.save()
    assert told.value.instance is rustam


def test_a_save_that_is_rolled_back_leaves_the_row_as_it_was(two):
    with transaction.atomic():
        two[0].save()
        transaction.set_rollback(True)
    two[1].save()
    assert Place.objects.get().version == 2


def test_a_save_of_no_field_changes_nothing(two):
    two[0].save(update_fields=[])
    two[1].save()
    assert two[1].version == 2


def test_a_fixture_is_loaded_over_what_is_there(two):
    two[0].about = "From the fixture."
    text = serializers.serialize("json", [two[0]])
    two[1].save()
    for row in serializers.deserialize("json", text):
        row.save()
    assert Place.objects.get().about == "From the fixture."


def test_a_row_with_a_key_of_its_own_is_made_once():
    PlaceFactory(pk=7, name="Qazvin")
    assert Place.objects.get(pk=7).version == 1
