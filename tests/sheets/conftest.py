"""Staff at their browsers, and a folder of their own for what they bring."""

import pytest

from tests.admin.conftest import aziza, parvin, root, rustam, tie  # noqa: F401


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT
