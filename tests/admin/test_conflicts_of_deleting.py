"""Only what was shown is deleted, and only what was sent is built."""

import time

import pytest
from django.urls import reverse

from agreements.models import Agreement
from cities.models import Place
from tests.admin.conflict_tables import tables
from tests.admin.sheets import change_url, list_url, open_sheet, sheet
from tests.factories import AgreementFactory, CitationFactory, PlaceFactory


def delete_url(record) -> str:
    meta = record._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_delete", args=[record.pk])


def ask(client, record) -> dict:
    return sheet(client.get(delete_url(record)))


def test_what_was_shown_is_deleted(root):
    place = PlaceFactory()
    assert root.post(delete_url(place), ask(root, place)).status_code == 302
    assert not Place.objects.exists()


def test_a_record_that_changed_is_shown_again_with_the_change(root, parvin, khujand):
    asked = ask(root, khujand)
    parvin.post(change_url(khujand), open_sheet(parvin, khujand) | {"about": "Hers."})
    response = root.post(delete_url(khujand), asked)
    assert response.status_code == 409
    (line,) = tables(response)["record"].values()
    assert (line[0], line[1][:6]) == ("—", "Hers. ")
    assert root.post(delete_url(khujand), sheet(response)).status_code == 302
    assert not Place.objects.filter(pk=khujand.pk).exists()


def test_a_row_that_came_or_changed_meanwhile_is_shown_before_it_goes(root):
    tie = AgreementFactory()
    asked = ask(root, tie)
    citation = CitationFactory(agreement=tie)
    response = root.post(delete_url(tie), asked)
    assert response.status_code == 409
    assert citation.source.title in response.content.decode()
    citation.save()
    assert root.post(delete_url(tie), sheet(response)).status_code == 409
    assert Agreement.objects.exists()


@pytest.mark.parametrize("shown", ["", "x", "\0", "a" * 10_000])
def test_a_deletion_that_does_not_say_what_was_shown_is_asked_again(root, shown):
    place = PlaceFactory()
    data = {"post": "yes", "shown": shown, "version": shown}
    assert root.post(delete_url(place), data).status_code == 409
    assert Place.objects.exists()


def test_of_several_to_be_deleted_all_must_be_as_shown(root):
    places = PlaceFactory.create_batch(2)
    chosen = {"action": "delete_selected", "_selected_action": [place.pk for place in places]}
    asked = chosen | sheet(root.post(list_url(Place), chosen))
    places[1].save()
    root.post(list_url(Place), asked | chosen)
    assert Place.objects.count() == 2
    asked = chosen | sheet(root.post(list_url(Place), chosen))
    root.post(list_url(Place), asked | chosen)
    assert not Place.objects.exists()


@pytest.mark.parametrize("total", ["1000", "1999", "9" * 30, "٩٩٩"])
def test_more_rows_than_were_sent_are_refused_before_they_are_built(parvin, khujand, total):
    form = open_sheet(parvin, khujand) | {"names-TOTAL_FORMS": total, "about": "Mine."}
    started = time.perf_counter()
    assert parvin.post(change_url(khujand), form).status_code == 400
    assert time.perf_counter() - started < 0.5
    assert Place.objects.get(pk=khujand.pk).about == ""
