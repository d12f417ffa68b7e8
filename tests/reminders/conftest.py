import pytest
import time_machine

from tests.reminders.telling import TODAY


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(TODAY) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def site(settings):
    settings.SITE_URL = "https://register.example.org"


@pytest.fixture
def parvin(editor):
    """The editor, with an address."""
    editor.email = "parvin@example.org"
    editor.save()
    return editor


@pytest.fixture
def rustam(registrar):
    registrar.email = "rustam@example.org"
    registrar.save()
    return registrar
