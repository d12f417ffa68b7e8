"""The filters as forms: cheap to show, and they teach."""

import pytest
from django.http import QueryDict

from agreements.filters import AgreementFilterSet, SectorFilterSet
from agreements.models import Agreement
from cities.filters import OfficialFilterSet, PlaceFilterSet
from tests.factories import PlaceFactory, SectorFactory

FILTERSETS = (AgreementFilterSet, PlaceFilterSet, OfficialFilterSet, SectorFilterSet)


@pytest.mark.django_db
def test_the_form_asks_the_database_for_the_sectors_and_for_nothing_else(
    django_assert_num_queries,
):
    SectorFactory.create_batch(5)
    PlaceFactory.create_batch(5)
    filterset = AgreementFilterSet(QueryDict("status=signed"), Agreement.objects.all())
    with django_assert_num_queries(1):
        filterset.form.as_p()


@pytest.mark.parametrize("filterset", FILTERSETS)
def test_every_filter_has_a_label_and_words_that_teach(filterset):
    for name, filter_ in filterset.base_filters.items():
        assert filter_.label, name
        assert str(filter_.extra["help_text"]).endswith("."), name


def test_what_is_not_asked_about_a_day_is_about_today():
    assert AgreementFilterSet(None, Agreement.objects.none()).day is None
    assert AgreementFilterSet(QueryDict(""), Agreement.objects.none()).day is None
    asked = AgreementFilterSet(QueryDict("as_of=2024-02"), Agreement.objects.none())
    assert asked.day.isoformat() == "2024-02-29"
