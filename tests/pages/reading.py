"""A page as a person reads it."""

import re
from html import unescape

from django.test import Client


def read(client: Client, address: str, status: int = 200, **headers) -> str:
    """The words of a page, without markup, isolates and double blanks."""
    response = client.get(address, headers=headers or None)
    assert response.status_code == status, address
    return words(response.content.decode())


def words(html: str) -> str:
    body = html[html.find("<body") :]
    text = unescape(re.sub(r"<[^>]*>", " ", body))
    text = re.sub("[\u2066-\u2069]", "", text)
    return re.sub(r" ([,.:;’])", r"\1", re.sub(r"\s+", " ", text))
