"""A folder of its own for each test, and what lies in it."""

from pathlib import Path

import pytest

from tests.admin.conftest import rustam, tie  # noqa: F401


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def lying(media):
    """Names of all files that lie there now."""

    def found() -> list[str]:
        paths = Path(media).rglob("*")
        return sorted(str(path.relative_to(media)) for path in paths if path.is_file())

    return found
