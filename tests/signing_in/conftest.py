import pytest

from tests.factories import staff
from tests.signing_in.factors import with_app, with_password


@pytest.fixture
def parvin(db):
    return with_password(staff("editor", email="parvin@city.gov"))


@pytest.fixture
def secret(parvin) -> str:
    return with_app(parvin)


@pytest.fixture
def at_once(monkeypatch):
    """What waits for the end of a transaction: a test's own never comes to its end."""
    monkeypatch.setattr("django.db.transaction.on_commit", lambda act, **options: act())
