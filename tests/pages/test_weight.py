"""How much a reader has to fetch: the first view of the home page, and who gets it compressed."""

import gzip
import re

import pytest
from django.contrib.staticfiles import finders

from tests.factories import AgreementFactory

pytestmark = pytest.mark.django_db
SHRUNK = {"accept-encoding": "gzip"}
LIMIT = 100_000  # bytes, without the picture of the map
FETCHED = re.compile(r'<(?:link rel="(?:stylesheet|icon)"|script|img)[^>]* (?:href|src)="([^"]+)"')


def size(content: bytes) -> int:
    return len(gzip.compress(content, mtime=0))


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize("language", ["", "fa/", "tg/", "ru/"])
def test_the_first_view_of_the_home_page_is_light(client, language):
    page = client.get(f"/{language}", headers={"referer": "http://testserver/"})
    files = FETCHED.findall(page.content.decode())
    assert any(name.endswith(".css") for name in files)
    sizes = {"page": size(page.content)}
    for name in files:
        with open(finders.find(name.removeprefix("/static/")), "rb") as file:
            sizes[name] = size(file.read())
    assert sum(sizes.values()) < LIMIT, sizes


def test_what_anybody_may_read_is_compressed(client):
    AgreementFactory(public=True)
    for path in ("/agreements/", "/api/v1/agreements/", "/feeds/agreements.atom"):
        response = client.get(path, headers=SHRUNK)
        assert response["Content-Encoding"] == "gzip", path
        assert gzip.decompress(response.content) == client.get(path).content
        assert "Accept-Encoding" in response["Vary"]


def test_what_is_for_one_person_is_not(client, editor):
    """From its size, the words that somebody had put into the address would tell its secrets."""
    client.force_login(editor)
    for path in ("/agreements/", "/admin/", "/suggest/"):
        assert "Content-Encoding" not in client.get(path, headers=SHRUNK), path


def test_a_picture_is_left_as_it_is(client):
    assert "Content-Encoding" not in client.get("/picture.png", headers=SHRUNK)
