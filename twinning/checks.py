"""System checks of the ground that the register stands on."""

import sqlite3
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError, connection, connections

from common.search import has_trigrams, is_indexed, searched
from twinning.accounts import demo_accounts

SQLITE_MENDED_IN = (3, 51, 3)
# Older branches that were given the same fix, and the first release that has it.
SQLITE_MENDED_BRANCHES: dict[tuple[int, ...], tuple[int, ...]] = {
    (3, 44): (3, 44, 6),
    (3, 50): (3, 50, 7),
}


def has_wal_reset_defect(version: tuple[int, ...]) -> bool:
    """Whether this SQLite can lose committed writes when a checkpoint meets a WAL reset.

    Source: https://sqlite.org/wal.html#walresetbug
    """
    return version < SQLITE_MENDED_BRANCHES.get(version[:2], SQLITE_MENDED_IN)


@register(Tags.compatibility)
def check_sqlite_library(**kwargs: Any) -> Iterator[CheckMessage]:
    """W001: a SQLite database is in use, and its library has the WAL-reset defect."""
    in_use = any(connections[alias].vendor == "sqlite" for alias in connections)
    if in_use and has_wal_reset_defect(sqlite3.sqlite_version_info):
        yield Warning(
            f"SQLite {sqlite3.sqlite_version} can, rarely, lose committed writes when two "
            "connections write and checkpoint at the same instant (the WAL-reset defect).",
            hint="Use a Python with SQLite 3.51.3 or newer (3.50.7 and 3.44.6 are mended too), "
            "or PostgreSQL by DATABASE_URL. Keep backups until then.",
            id="twinning.W001",
        )


@register(Tags.security, deploy=True)
def check_demo_is_off(**kwargs: Any) -> Iterator[CheckMessage]:
    """E001: the demonstration is about to be deployed."""
    if settings.DEMO:
        yield Error(
            "DEMO is on: it admits accounts whose passwords everyone knows.",
            hint="Set DEMO=false, or leave it out.",
            id="twinning.E001",
        )


@register(Tags.security, deploy=True)
def check_demo_accounts(**kwargs: Any) -> Iterator[CheckMessage]:
    """E002: accounts of the demonstration are left in the database. W002: it does not answer."""
    if settings.DEMO:
        return
    try:
        table = get_user_model()._meta.db_table
        if table not in connection.introspection.table_names():
            return
        names = sorted(user.username for user in demo_accounts() if user.has_usable_password())
    except DatabaseError:
        yield Warning(
            "The database could not be asked whether accounts of the demonstration are left in it.",
            hint="Check DATABASE_URL and that the database runs, then check again.",
            id="twinning.W002",
        )
        return
    if names:
        yield Error(
            f"Accounts of the demonstration are left in the database: {', '.join(names)}.",
            hint="Start production from an empty database, or deactivate them and set "
            "unusable passwords. They cannot sign in while DEMO is off.",
            id="twinning.E002",
        )


@register(Tags.compatibility)
def check_search_library(**kwargs: Any) -> Iterator[CheckMessage]:
    """W003: a SQLite database is in use, and its library can index no parts of names."""
    in_use = any(connections[alias].vendor == "sqlite" for alias in connections)
    if in_use and not has_trigrams(sqlite3.connect(":memory:")):
        yield Warning(
            f"SQLite {sqlite3.sqlite_version} has no FTS5 with trigrams: names are searched one "
            "by one, which is slow in a large register.",
            hint="Use a Python with SQLite 3.34 or newer and FTS5, or PostgreSQL by DATABASE_URL; "
            "then run manage.py migrate.",
            id="twinning.W003",
        )


@register(Tags.compatibility, deploy=True)
def check_search_index(**kwargs: Any) -> Iterator[CheckMessage]:
    """W004: there are names that no index helps to find."""
    if settings.DEMO:
        return
    if missing := unindexed(connection):
        yield Warning(
            f"Names are searched without an index, and slowly: {', '.join(missing)}.",
            hint="Run manage.py migrate. On PostgreSQL it needs the right to create the extension "
            "pg_trgm, or somebody who creates it first.",
            id="twinning.W004",
        )


@register(Tags.security, deploy=True)
def check_cache_is_shared(**kwargs: Any) -> Iterator[CheckMessage]:
    """W005: every process of the server counts failed sign-ins for itself."""
    backend = settings.CACHES["default"]["BACKEND"]
    if not settings.DEMO and backend.endswith(("LocMemCache", "DummyCache")):
        yield Warning(
            "Each process of the server has a cache of its own, so that whoever guesses passwords "
            "and codes has as many times the tries as there are processes.",
            hint="Set CACHE_URL=redis://host:6379/0, or run one process (WEB_CONCURRENCY=1).",
            id="twinning.W005",
        )


@register(Tags.security, deploy=True)
def check_mail_goes_out(**kwargs: Any) -> Iterator[CheckMessage]:
    """W006: letters go nowhere."""
    goes_nowhere = settings.EMAIL_BACKEND.split(".")[-2] in ("dummy", "console")
    if goes_nowhere and not settings.DEMO:
        yield Warning(
            "No mail server is set: nobody can reset a forgotten password, and nobody is told "
            "of changes to an account.",
            hint="Set EMAIL_URL=smtp+tls://user:password@host:587 and DEFAULT_FROM_EMAIL.",
            id="twinning.W006",
        )


def unindexed(connection: Any) -> list[str]:
    """The tables of names, among those that are there, that have no index to search by."""
    try:
        tables = set(connection.introspection.table_names())
        fields = [field for app in apps.get_app_configs() for field in searched(app)]
        there = [field for field in fields if field.model._meta.db_table in tables]
        return [field.model._meta.db_table for field in there if not is_indexed(field, connection)]
    except DatabaseError:
        return []  # W002 says so
