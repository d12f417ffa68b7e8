"""A reader at a browser who fills in the form, slowly enough to be believed."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from tests.admin.conftest import aziza, parvin, root, rustam, tie  # noqa: F401
from tests.suggestions.sending import NOW, Reader


@pytest.fixture
def clock():
    """Stands still until it is shifted."""
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def reader(db, clock) -> Reader:
    return Reader(Client(), clock)


@pytest.fixture
def later(clock):
    """So many days on."""
    return lambda days: clock.shift(timedelta(days=days)) or timezone.now()
