"""Lists of ties that wait in private for somebody to confirm them, and what becomes of those."""

import secrets
from contextlib import suppress
from datetime import timedelta
from typing import Any, BinaryIO

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import ProtectedError, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agreements.imports import Options, Plan, PlanChanged, RowsRefused, enter, plan
from agreements.models import Source, TieImport
from cities.offices import is_bound
from common.sheets import Limits, open_sheet

KEPT_FOR = timedelta(days=1)
LEAVE_OUT = _("Some rows cannot be entered. Tick that they are left out, or correct the file.")
# Beside the options that the engine knows: ``typed`` in the form, to be offered again, and
# whether the list was made for this file alone (``new_source``).
UPLOAD = "upload"


class Gone(Exception):
    """It was entered or thrown away in the meantime."""


def limits() -> Limits:
    """Less than the command takes: nobody waits for minutes before a browser."""
    return Limits(rows=settings.IMPORT_MAX_ROWS, bytes=settings.IMPORT_MAX_BYTES)


def seen_by(user: Any) -> QuerySet:
    """The files that this person may know of: not those of other offices' internal lists.

    What waits to be confirmed is seen by whoever brought it, and by superusers.
    """
    if user.is_superuser:
        return TieImport.objects.all()
    own = Q(uploaded_by=user.pk)
    if not is_bound(user):
        return TieImport.objects.filter(Q(committed_at__isnull=False) | own)
    lists = Source.objects.visible_to(user)
    return TieImport.objects.filter(Q(committed_at__isnull=False, source__in=lists) | own)


def keep(
    file: Any, name: str, options: Options, *, typed: dict, instead_of: TieImport | None = None
) -> TieImport:
    """Put the file away under a name of our own, and look through it.

    Raises SheetError or ImportRefused; then nothing of it is left.
    """
    stored = ""
    try:
        with transaction.atomic():
            is_new = options.source.pk is None
            if is_new:
                options.source.save()
            elif instead_of and instead_of.source == options.source:
                is_new = aside(instead_of).get("new_source", False)
            run = TieImport(
                source=options.source,
                listed_on=options.listed_on,
                file_name=name,
                options=options.as_json() | {UPLOAD: {"typed": typed, "new_source": is_new}},
                uploaded_by=options.by,
            )
            # What people call their files is nobody's business, nor can be guessed.
            run.file.save(secrets.token_hex(16), File(file), save=False)
            stored = str(run.file.name)
            found = planned(run, options)
            run.sha256, run.plan_digest, run.counts = found.sha256, found.digest, found.counts
            run.save()
            if instead_of:
                throw_away(instead_of)
    except Exception:
        if stored:
            default_storage.delete(stored)
        raise
    return run


def aside(run: TieImport) -> dict[str, Any]:
    return run.options.get(UPLOAD, {})


def options_of(run: TieImport, by: Any) -> Options:
    known = {name: value for name, value in run.options.items() if name != UPLOAD}
    bare = TieImport(source=run.source, listed_on=run.listed_on, options=known)
    return Options.from_run(bare, by)


def planned(run: TieImport, options: Options) -> Plan:
    """What would become of the file, were it entered now."""
    stream: BinaryIO = run.file.open("rb").file
    try:
        return plan([open_sheet(stream, run.file_name, limits=limits())], options)
    finally:
        stream.close()


def entered(run: TieImport, digest: str, options: Options, *, leave_out: bool) -> TieImport:
    """Enter what was shown under this digest, and nothing else.

    Raises PlanChanged where it would be something else by now, Gone where it is no longer
    waiting, and RowsRefused where rows cannot be entered and nobody said to leave them out.
    """
    with transaction.atomic():
        waiting = TieImport.objects.select_for_update().filter(committed_at=None)
        locked = waiting.filter(pk=run.pk).first()
        if locked is None:
            raise Gone
        found = planned(locked, options)
        if found.digest != digest:
            raise PlanChanged
        if found.refused and not leave_out:
            raise RowsRefused(LEAVE_OUT)
        locked.plan_digest = digest
        return enter(found, run=locked)


def throw_away(run: TieImport) -> None:
    """The file, and the list too where it was made for this file and nothing rests on it."""
    with transaction.atomic():
        run.delete()
        if aside(run).get("new_source"):
            # A list that others began to cite meanwhile protects itself.
            with suppress(ProtectedError), transaction.atomic():
                run.source.delete()
        stored = str(run.file.name)
        transaction.on_commit(lambda: default_storage.delete(stored))


def sweep() -> None:
    """Throw away what nobody confirmed within a day."""
    since = timezone.now() - KEPT_FOR
    old = TieImport.objects.filter(committed_at=None, uploaded_at__lt=since)
    for run in old.select_related("source"):
        throw_away(run)
