"""How the database is emptied after a test that committed: what has rows, and nothing else.

Django's flush empties every table there is and then does all that follows a migrate: permissions
and types of content are written anew, triggers and indexes laid anew. None of that is touched here.
"""

from typing import Any

from django.db import connections, transaction
from django.test import TransactionTestCase

# What a migrate writes, and no test changes.
KEPT = {"django_content_type", "auth_permission"}


def dirty(connection: Any) -> list[str]:
    """The tables of our models that have rows."""
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    quoted = connection.ops.quote_name
    with connection.cursor() as cursor:
        asked = " UNION ALL ".join(
            f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {quoted(table)})"  # noqa: S608
            for table in sorted(set(tables) - KEPT)
        )
        cursor.execute(asked)
        return [table for (table,) in cursor.fetchall()]


def empty(connection: Any) -> None:
    """In one transaction, so that keys may point at nothing until its end."""
    tables = [connection.ops.quote_name(table) for table in dirty(connection)]
    if not tables:
        return
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            empty_postgresql(cursor, tables)
            return
        for table in tables:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608


def empty_postgresql(cursor: Any, tables: list[str]) -> None:
    """Past our own triggers, as TRUNCATE goes; that one takes far longer where there is little."""
    for table in tables:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    for table in tables:
        cursor.execute(f"DELETE FROM {table}")  # noqa: S608
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in tables:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def _fixture_teardown(self: TransactionTestCase) -> None:
    for alias in self._databases_names(include_mirrors=False):
        empty(connections[alias])


TransactionTestCase._fixture_teardown = _fixture_teardown  # type: ignore[method-assign]
