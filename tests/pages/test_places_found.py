"""Whoever searches the agreements by the name of a place is led to the place as well."""

import pytest

from tests.factories import PlaceFactory, khujand
from tests.pages.reading import read

pytestmark = pytest.mark.django_db


def test_a_place_of_that_name_is_offered_under_any_spelling(client):
    khujand()
    for words in ("Khujand", "Хуҷанд", "leninabad"):
        assert "Places of that name: Khujand city" in read(client, f"/agreements/?q={words}")


def test_nothing_is_offered_where_no_name_was_asked_for(client):
    PlaceFactory(name="Khujand")
    assert "Places of that name" not in read(client, "/agreements/?status=signed")
    assert "Places of that name" not in read(client, "/agreements/?q=atlantis")
