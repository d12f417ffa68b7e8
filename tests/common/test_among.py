"""Rows looked up by a list of keys, however long."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agreements.models import Span
from tests.factories import AgreementFactory

pytestmark = pytest.mark.django_db


def found(keys) -> list[int]:
    spans = Span.objects.filter(agreement_id__among=keys).order_by("agreement_id")
    return list(spans.values_list("agreement_id", flat=True))


def test_rows_are_found_by_their_keys_and_no_others():
    first, second, _third = (AgreementFactory().pk for _ in range(3))
    assert found([second, first]) == [first, second]
    assert found([first, first, -1]) == [first]


def test_no_keys_find_nothing():
    AgreementFactory()
    assert found([]) == []


def test_a_hundred_thousand_keys_are_one_parameter():
    tie = AgreementFactory()
    keys = range(tie.pk, tie.pk + 100_000)
    with CaptureQueriesContext(connection) as captured:
        assert found(keys) == [tie.pk]
    assert len(captured) == 1
