"""An import that is killed while it commits leaves all of itself or nothing, never a part."""

import json
import os
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection


def a_database(folder) -> str:
    """The address of one that is not there yet, beside that of the suite."""
    if connection.vendor == "sqlite":
        return f"sqlite:///{folder / 'killed.sqlite3'}"
    url = urlsplit(os.environ["DATABASE_URL"])
    return url._replace(path=f"{url.path}_killed_{os.getpid()}").geturl()


@pytest.fixture(scope="module")
def found(tmp_path_factory) -> dict:
    folder = tmp_path_factory.mktemp("killed")
    environment = {
        **os.environ,
        "DATABASE_URL": a_database(folder),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PYTHONPATH": str(settings.BASE_DIR),
    }
    nursery = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "tests.imports.nursery", str(folder)],
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert nursery.returncode == 0, nursery.stderr + nursery.stdout
    return json.loads(nursery.stdout)


def test_killed_at_a_hundred_moments_it_leaves_all_or_nothing(found):
    left = [trial["left"] for trial in found["killed"]]
    assert len(left) == 100
    assert set(left) <= {"none", "all"}, found
    assert {each for trial in found["killed"] for each in trial["earlier"]} <= {"all"}
    assert found["ties"] == 200


def test_the_moments_are_spread_over_the_whole_time_that_it_takes(found):
    shares = sorted(trial["share"] for trial in found["killed"])
    assert shares[0] < 0.05
    assert shares[-1] > 0.9
    killed = [trial for trial in found["killed"] if trial["status"] == -9]
    writing = [trial for trial in killed if trial["writing"]]
    assert len(killed) >= 80
    assert len(writing) >= 10


def test_stopped_from_the_keyboard_it_says_so_and_leaves_all_or_nothing(found):
    stopped = [trial for trial in found["stopped"] if trial["status"]]
    assert stopped
    for trial in stopped:
        assert trial["status"] == 130, trial
        if trial["left"] == "none":
            assert trial["said"] == "CommandError: Stopped. Nothing was entered.\n"
        else:
            assert (trial["left"], "had been entered" in trial["said"]) == ("all", True)
