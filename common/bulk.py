"""Many rows at once, each with the history row that ``save`` would have written."""

from collections.abc import Sequence
from typing import Any

from django.db import connections, models, router
from simple_history.utils import get_history_manager_for_model

BATCH = 2_000


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
