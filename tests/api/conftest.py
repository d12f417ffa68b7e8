import pytest
from django.test import Client

from agreements.models import Agreement
from tests.api.asking import Asking
from tests.api.ties import lay_ties


@pytest.fixture
def api(db) -> Asking:
    """The API, as anybody sees it; `api.as_(user)` is the same for one who is signed in."""
    return Asking(Client())


@pytest.fixture
def ties(db, settings, tmp_path) -> dict[str, Agreement]:
    """The agreements of `tests.api.ties`, by their titles."""
    settings.MEDIA_ROOT = tmp_path
    return lay_ties()
