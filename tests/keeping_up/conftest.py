import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def language():
    """A page in another language leaves it behind in the thread of the test."""
    with translation.override("en"):
        yield
