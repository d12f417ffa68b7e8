"""The places that most lists here speak of."""

import pytest

from tests.imports import lists


@pytest.fixture
def seattle(db):
    return lists.seattle()


@pytest.fixture
def places(khujand, qazvin, seattle):
    """Khujand, Qazvin and Seattle; the list is there too, so that all that comes is an import's."""
    lists.the_list()
    return {"khujand": khujand, "qazvin": qazvin, "seattle": seattle}
