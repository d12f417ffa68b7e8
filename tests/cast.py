"""The cast of ``tests.factories`` as fixtures; ``tests/conftest.py`` hands them to every test."""

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from tests import factories
from twinning.story import load


@pytest.fixture
def anonymous() -> AnonymousUser:
    return AnonymousUser()


@pytest.fixture
def editor(db):
    return factories.staff("editor")


@pytest.fixture
def registrar(db):
    return factories.staff("registrar")


@pytest.fixture
def auditor(db):
    return factories.staff("auditor")


@pytest.fixture
def administrator(db):
    return factories.AdministratorFactory()


@pytest.fixture
def qazvin(db):
    return factories.qazvin()


@pytest.fixture
def khujand(db):
    return factories.khujand()


@pytest.fixture(scope="module")
def story(django_db_setup, django_db_blocker):
    """The story, loaded once for all tests of the module; each undoes what it changes in it.

    Use it by ``pytestmark = pytest.mark.usefixtures("story")``, for every test of the module
    will find it. It is not seen from another thread, such as that of ``live_server``.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        load(settings.BASE_DIR / "fixtures" / "story")
        yield
        transaction.set_rollback(True)
