"""Logs for machines: one JSON object a line."""

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest

# The address of a person's calendar lets in whoever has it.
SECRET_PATH = re.compile(r"(/calendar/)[^\s?\"'<>]+")


def without_secrets(text: str) -> str:
    return SECRET_PATH.sub(r"\1…", text)


class PlainFormatter(logging.Formatter):
    """For people who develop: lines without secrets."""

    def format(self, record: logging.LogRecord) -> str:
        return without_secrets(super().format(record))


class JSONFormatter(logging.Formatter):
    """One record as one line of JSON: time (ISO 8601, UTC), level, logger, message.

    A record of a request adds method, path and status; a record of an error its traceback.
    Query strings, cookies, headers and form data stay out: they may name people or let one in.
    """

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": without_secrets(record.getMessage()),
        }
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest):
            entry |= {"method": request.method, "path": without_secrets(request.path)}
        if (status := getattr(record, "status_code", None)) is not None:
            entry["status"] = status
        if record.exc_info:
            entry["exception"] = without_secrets(self.formatException(record.exc_info))
        # ASCII alone: a line break of any script is escaped and cannot forge a second line.
        return json.dumps(entry, ensure_ascii=True, default=str)
