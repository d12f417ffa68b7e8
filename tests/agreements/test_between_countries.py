"""What is between two countries, and what stays within one."""

import pytest

from agreements.filters import AgreementFilterSet
from agreements.models import Agreement
from tests.factories import AgreementFactory, PlaceFactory, khujand, qazvin, tajikistan

pytestmark = pytest.mark.django_db


def found(query: dict) -> set[str]:
    filterset = AgreementFilterSet(query, Agreement.objects.all())
    assert filterset.is_valid(), filterset.form.errors
    return set(filterset.qs.values_list("title", flat=True))


def test_the_same_country_twice_asks_for_two_parties_in_it():
    city = PlaceFactory(parent=tajikistan(), country_code="TJ")
    AgreementFactory(title="At home", parties=[khujand(), city])
    AgreementFactory(title="Abroad", parties=[khujand(), qazvin()])
    AgreementFactory(title="Of three", parties=[khujand(), city, qazvin()])
    assert found({"country": "TJ", "with_country": "TJ"}) == {"At home", "Of three"}
    assert found({"country": "TJ", "with_country": "IR"}) == {"Abroad", "Of three"}
    assert found({"country": "IR", "with_country": "IR"}) == set()
    assert found({"with_country": "TJ"}) == {"At home", "Abroad", "Of three"}
