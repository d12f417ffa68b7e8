"""The world of the offices, made once for all tests of a module; each undoes what it changes."""

import pytest
from django.db import transaction
from django.test import Client

from tests.admin.conftest import rustam  # noqa: F401
from tests.offices.world import PEOPLE, World, make_world


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> World:
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def clients(world, django_db_blocker) -> dict[tuple[str, str], Client]:
    """Everybody of the staff at a browser."""
    found = {}
    with django_db_blocker.unblock():
        for who in PEOPLE:
            found[who] = Client(raise_request_exception=False)
            found[who].force_login(world.people[who])
    return found
