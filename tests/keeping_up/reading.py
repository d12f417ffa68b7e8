"""Reading what others keep up with, as their programs do."""

import json
import re
from xml.etree import ElementTree

from django.test import Client
from icalendar import Calendar

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"


def got(path: str, **headers: str):
    response = Client().get(path, headers=headers)
    assert response.status_code == 200, response.status_code
    return response


def tree(path: str) -> ElementTree.Element:
    return ElementTree.fromstring(got(path).content)  # noqa: S314


def entries(path: str) -> list[dict[str, str]]:
    """Title, id, updated, link and summary of each entry, in their order."""
    return [
        {
            **{name: entry.findtext(ATOM + name) for name in ("title", "id", "updated", "summary")},
            "link": entry.find(f"{ATOM}link").get("href"),
        }
        for entry in tree(path).iter(f"{ATOM}entry")
    ]


def days(path: str) -> dict:
    """First and last day of each entry of a calendar, by its summary."""
    events = Calendar.from_ical(got(path).content).walk("VEVENT")
    return {str(one["summary"]): (one.decoded("dtstart"), one.decoded("dtend")) for one in events}


def locations(path: str) -> list[str]:
    return [one.text for one in tree(path).iter(f"{MAP}loc")]


def told(path: str) -> list[dict]:
    """The data blocks in the head of a page."""
    page = got(path).content.decode()
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return [json.loads(block) for block in blocks]
