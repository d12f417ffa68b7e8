"""Staff who are signed in, each with a browser of their own."""

import pytest
from django.test import Client

from tests.factories import AgreementFactory


def signed_in(user) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


@pytest.fixture
def parvin(editor):
    """The editor."""
    return signed_in(editor)


@pytest.fixture
def rustam(registrar):
    """The registrar."""
    return signed_in(registrar)


@pytest.fixture
def aziza(auditor):
    """The auditor."""
    return signed_in(auditor)


@pytest.fixture
def root(administrator):
    return signed_in(administrator)


@pytest.fixture
def tie(qazvin, khujand):
    """A drafted, internal agreement between Qazvin and Khujand."""
    return AgreementFactory(status="drafted", parties=[qazvin, khujand])
