"""Tables that somebody had looked through and has not entered yet: kept for a day, for them alone.

The file stays on the server between preview and confirmation, and its name in the person's
session, so that nobody can have another file entered than the one that was shown.
"""

import secrets
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.core.files.storage import default_storage
from django.http import HttpRequest
from django.utils import timezone

FOLDER = "sheets"
KEPT = timedelta(days=1)
IN_SESSION = "sheets"
MOST_AT_ONCE = 10


class Gone(Exception):
    """It was entered or thrown away in the meantime."""


def keep(request: HttpRequest, upload: Any, of: str) -> str:
    """Store the upload, as one ``of`` a model; gives the token by which it is found again."""
    sweep()
    token = secrets.token_urlsafe(24)
    path = default_storage.save(f"{FOLDER}/{token}", upload)
    kept = request.session.get(IN_SESSION, {})
    kept[token] = {"of": of, "name": upload.name[-100:], "path": path}
    for old in list(kept)[:-MOST_AT_ONCE]:
        delete(kept.pop(old)["path"])
    request.session[IN_SESSION] = kept
    return token


def kept(request: HttpRequest, token: str, of: str) -> dict[str, str] | None:
    found = request.session.get(IN_SESSION, {}).get(token)
    if found and found["of"] == of and default_storage.exists(found["path"]):
        return found
    return None


def discard(request: HttpRequest, token: str) -> None:
    found = request.session.get(IN_SESSION, {})
    if token in found:
        delete(found.pop(token)["path"])
        request.session[IN_SESSION] = found


def delete(path: str) -> None:
    default_storage.delete(path)


def sweep() -> None:
    """Let go of what nobody confirmed."""
    if not default_storage.exists(FOLDER):
        return
    for name in default_storage.listdir(FOLDER)[1]:
        path = f"{FOLDER}/{name}"
        # Another may sweep at the same time.
        with suppress(FileNotFoundError):
            if default_storage.get_modified_time(path) < timezone.now() - KEPT:
                delete(path)
