"""The form as a browser fetches it, fills it in and sends it."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from typing import Any

from django.test import Client

from agreements.models import Suggestion

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
SAID = {"text": "It was signed in May, not in June.", "source": "https://example.org/may"}
TICKET = re.compile(r'name="ticket" value="([^"]+)"')


@dataclass
class Reader:
    client: Client
    clock: Any

    def open(self, about: str = "/", **headers: Any) -> str:
        """The ticket of a form that is opened now."""
        answer = self.client.get("/suggest/", {"about": about}, **headers)
        return ticket_of(answer)

    def send(self, about: str = "/", *, ticket: str | None = None, after: float = 20, **said: Any):
        """Open the form, write for so many seconds, and send it."""
        ticket = self.open(about) if ticket is None else ticket
        self.clock.shift(after)
        return self.client.post("/suggest/", {**SAID, "about": about, "ticket": ticket, **said})


def ticket_of(answer: Any) -> str:
    return unescape(TICKET.search(answer.content.decode())[1])


def was_kept(answer: Any) -> bool:
    return answer.status_code == 302 and answer["Location"].startswith("/suggest/thanks/?about=")


def waiting() -> int:
    return Suggestion.objects.waiting().count()
