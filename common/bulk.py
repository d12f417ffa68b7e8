"""Many rows at once, each with the history row that ``save`` would have written."""

from collections.abc import Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models, router
from simple_history.utils import get_history_manager_for_model

BATCH = 2_000
# Fewer rows than this do not make a plan bad.
MANY = 500


def create_with_history(rows: Sequence[Any], batch_size: int = BATCH) -> None:
    """Insert rows of one model, all new, inside the caller's transaction; they get their keys."""
    if not rows:
        return
    model = type(rows[0])
    number(model, rows)
    # The plain query set: that of a model may refuse, so that nobody takes this for a save.
    models.QuerySet(model).bulk_create(rows, batch_size=batch_size)
    if hasattr(model._meta, "simple_history_manager_attribute"):
        history = get_history_manager_for_model(model)
        # No reason, as save() has none; the default here would be the empty text.
        history.bulk_history_create(rows, batch_size=batch_size, default_change_reason=None)
    count_anew(model, rows)


def number(model: type[models.Model], rows: Sequence[Any]) -> None:
    """SQLite before 3.35 does not say which keys it gave: there, give them beforehand."""
    connection = connections[router.db_for_write(model)]
    if connection.features.can_return_rows_from_bulk_insert:
        return
    with connection.cursor() as cursor:
        # Beyond the highest key ever given, or a deleted row's history would be the new one's.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [model._meta.db_table])
        last = (cursor.fetchone() or (0,))[0]
    for key, row in enumerate(rows, start=last + 1):
        row.pk = key


def count_anew(model: type[models.Model], rows: Sequence[Any]) -> None:
    """PostgreSQL goes on planning, in triggers too, for the size that a table had when counted.

    It counts by itself a while after a commit, which is too late for the rest of a long one. So a
    table that has more than doubled is counted at once.
    """
    connection = connections[router.db_for_write(model)]
    if connection.vendor != "postgresql" or len(rows) < MANY:
        return
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [table])
        if rows[-1].pk > 2 * max(cursor.fetchone()[0], 0):
            cursor.execute(f"ANALYZE {table}")


def count_all(using: str = DEFAULT_DB_ALIAS) -> None:
    """After much has come at once: PostgreSQL would do it by itself, a minute later or more."""
    connection = connections[using]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
