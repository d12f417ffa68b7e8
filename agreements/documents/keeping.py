"""The file behind a row: there as long as the row is, and no longer.

A file is written before its row is committed and deleted after, so that whatever is killed in
between leaves a file too many and never one too few. What a transaction that was rolled back has
written is looked for at the end of the request; ``manage.py sweep_files`` finds all the rest.
A name is given out once, so that no deletion can hit a file of somebody else.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import Error, connections, models, router, transaction

logger = logging.getLogger(__name__)
written = threading.local()


@dataclass(frozen=True)
class Stored:
    """A name in the storage of a field."""

    field: models.FileField
    name: str
    using: str

    def is_known(self) -> bool:
        rows: Any = self.field.model._base_manager.using(self.using)
        return rows.filter(**{self.field.name: self.name}).exists()

    def delete_unless_known(self) -> None:
        if not self.is_known():
            self.field.storage.delete(self.name)


def uncommitted() -> set[Stored]:
    """What this thread wrote and did not see committed."""
    if not hasattr(written, "files"):
        written.files = set()
    return written.files


def about_to_write(stored: Stored) -> None:
    """To be called inside of the transaction that writes the row, before its file is there."""
    waiting = uncommitted()
    waiting.add(stored)
    transaction.on_commit(partial(waiting.discard, stored), using=stored.using)


def let_go(stored: Stored) -> None:
    """Delete the file once its row is really gone, unless another row has it too."""
    transaction.on_commit(stored.delete_unless_known, using=stored.using, robust=True)


@contextmanager
def replacing(row: models.Model, name: str, using: str | None = None) -> Iterator[None]:
    """Around the save of a row: the file that it had goes if it has another or none now."""
    using = using or router.db_for_write(type(row), instance=row)
    field: Any = row._meta.get_field(name)
    try:
        with transaction.atomic(using):
            rows = type(row)._base_manager.using(using).filter(pk=row.pk)
            before = rows.values_list(name, flat=True).first() if row.pk else None
            yield
            if before and before != getattr(row, name).name:
                let_go(Stored(field, before, using))
    except BaseException:
        if not connections[using].in_atomic_block:
            settle()
        raise


def row_deleted(instance: models.Model, using: str, **signal: Any) -> None:
    """Also where the row went along with another: a cascade calls no ``delete`` of its own."""
    for field in instance._meta.concrete_fields:
        if isinstance(field, models.FileField):
            file = getattr(instance, field.attname)
            if file and file._committed:
                let_go(Stored(field, str(file.name), using))


def begin(**signal: Any) -> None:
    """Before a request: what was written before it is none of its business."""
    uncommitted().clear()


def settle(**signal: Any) -> None:
    """After a request: delete what was written for rows that were rolled back."""
    waiting = uncommitted()
    while waiting:
        stored = waiting.pop()
        try:
            stored.delete_unless_known()
        except (Error, OSError):
            # Whether it was committed is not known, so it stays until it is swept.
            logger.exception("%s may be a file of no row", stored.name)
