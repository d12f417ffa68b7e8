"""What every test shares: which tests need what, and what becomes of them without it.

On a person's machine a test that lacks its browser or database is skipped and says so. With
``REQUIRE_ALL=1`` nothing is: any skip is a failure, and tests for the other database, on which
the suite is run as well, are left out.
"""

import os
import shutil
from typing import Any

import hypothesis
import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import translation

import tests.emptying  # noqa: F401

# The names alone: whoever asks for a fixture of the cast finds it here.
from tests.cast import (  # noqa: F401
    administrator,
    anonymous,
    auditor,
    editor,
    khujand,
    qazvin,
    registrar,
    story,
)
from twinning.roles import make_roles

# A busy machine is no fault: properties are bounded by their examples, not by the clock.
hypothesis.settings.register_profile("suite", deadline=None)
hypothesis.settings.load_profile("suite")

REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
DATABASES = {"postgres": "postgresql", "sqlite": "sqlite"}


def find_chromium() -> str | None:
    """The path of a Chromium: ``CHROMIUM`` from the environment, or the system's own."""
    candidates = (os.environ.get("CHROMIUM", ""), *BROWSERS)
    return next((path for name in candidates if name and (path := shutil.which(name))), None)


def is_for_another_database(item: pytest.Item) -> bool:
    wanted = [vendor for marker, vendor in DATABASES.items() if item.get_closest_marker(marker)]
    return bool(wanted) and connection.vendor not in wanted


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not REQUIRE_ALL:
        return
    others = [item for item in items if is_for_another_database(item)]
    config.hook.pytest_deselected(items=others)
    items[:] = [item for item in items if item not in others]


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("browser") and not find_chromium():
        pytest.skip("no browser: install chromium, or set CHROMIUM to the path of one")
    if is_for_another_database(item):
        pytest.skip(f"this is {connection.vendor}: DATABASE_URL chooses the database")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    report = yield
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"Skipped, though REQUIRE_ALL is set: {report.longrepr[2]}"
    return report


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the system's own Chromium; nothing is downloaded."""
    # Playwright keeps an event loop in the test's thread, where Django then refuses its ORM.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    # Chromium does not start its sandbox for root, which CI runs as.
    args = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": find_chromium(), "args": args}


@pytest.fixture(autouse=True)
def language_of_the_next_test():
    """A page that was asked for in a language leaves it to the thread."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def no_guess_is_held_against_another_test() -> None:
    """Throttles count in the cache, which the tests of a process share."""
    cache.clear()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Roles are made once: making them anew in each test would take longer than the tests."""
    with django_db_blocker.unblock():
        make_roles()
