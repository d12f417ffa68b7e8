"""What `docs/pages.md` says that each page asks of the database, with the story loaded."""

import re
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.urls import resolve

from tests.browser.public import public_names
from tests.pages.test_query_counts import queries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("story")]

ROW = re.compile(r"^\| `(/[^`]*)` \|.*?\| (\d+) \| \d+ \|$", re.MULTILINE)
PAGES = ROW.findall((settings.BASE_DIR / "docs" / "pages.md").read_text())


@pytest.mark.sqlite
@pytest.mark.parametrize(("address", "number"), PAGES)
def test_a_page_asks_as_many_queries_as_the_docs_say(client, address, number):
    client.get(address)  # the first request of a process asks a little more
    assert queries(client, address) == int(number)


def test_the_docs_have_every_page():
    told = {resolve(urlsplit(address).path).view_name for address, _number in PAGES}
    assert told == public_names()
