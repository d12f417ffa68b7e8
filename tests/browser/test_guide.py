"""The guide for clerks, page by page: its pictures are taken afresh, and its words are there.

With WRITE_GUIDE=1 the pictures are put into docs/guide; else they are thrown away.
"""

import os
import re
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from playwright.sync_api import Page

from agreements import references
from agreements.models import Agreement
from tests.browser.guide import THE_MORNING, WAYS, Desk

GUIDE = settings.BASE_DIR / "docs" / "guide"
PICTURE = re.compile(r"!\[[^]]+]\((\w[\w-]*)\.png\)")
SCREENS = re.compile(r"<!-- screens?: ([\w, -]+) -->")
LABEL = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
LINK = re.compile(r"]\(([^)#:]+)[^)]*\)")
HEAVIEST, MOST_PICTURES = 100_000, 16


@pytest.fixture
def desk(page: Page, live_server, db, monkeypatch):
    """On one and the same morning, with references that are the same each time."""
    codes = (f"TW-C1ERK{number}" for number in range(10))
    monkeypatch.setattr(references, "draw", lambda: next(codes))
    with time_machine.travel(THE_MORNING, tick=False) as clock:
        yield Desk(page, live_server.url, clock)
    # What is public is not deleted, and this test's rows must go.
    Agreement.objects.update(visibility="internal")


def text_of(page: str) -> str:
    return (GUIDE / f"{page}.md").read_text()


def sections(text: str) -> list[tuple[set[str], set[str]]]:
    """The screens that each part tells of, and the labels that it says are there."""
    _before, *parts = SCREENS.split(text)
    named = [set(names.split(", ")) for names in parts[::2]]
    quoted = [{" ".join(said.split()) for said in LABEL.findall(part)} for part in parts[1::2]]
    return list(zip(named, quoted, strict=True))


def keep(pictures: dict[str, bytes], folder: Path) -> None:
    if os.environ.get("WRITE_GUIDE") == "1":
        folder = GUIDE
    for name, picture in pictures.items():
        (folder / f"{name}.png").write_bytes(picture)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("page_of_guide", WAYS)
def test_a_page_shows_its_screens_and_quotes_what_stands_on_them(desk, page_of_guide, tmp_path):
    WAYS[page_of_guide](desk)
    keep(desk.pictures, tmp_path)
    text = text_of(page_of_guide)
    parts = sections(text)
    assert set(PICTURE.findall(text)) == set(desk.pictures)
    assert set.union(*(screens for screens, _labels in parts)) == set(desk.labels)
    for screens, labels in parts:
        assert labels <= set.union(*(desk.labels[screen] for screen in screens))


def test_no_label_is_quoted_before_its_screen_is_named():
    for page in WAYS:
        assert not LABEL.findall(SCREENS.split(text_of(page))[0]), page


def test_every_page_has_a_way_and_stands_in_the_index():
    pages = {path.stem for path in GUIDE.glob("*.md")} - {"README"}
    assert pages == set(WAYS)
    assert {f"{page}.md" for page in pages} <= set(LINK.findall(text_of("README")))


def test_every_picture_is_shown_and_every_link_leads_somewhere():
    shown = [name for page in WAYS for name in PICTURE.findall(text_of(page))]
    assert sorted(shown) == sorted(path.stem for path in GUIDE.glob("*.png"))
    assert max(path.stat().st_size for path in GUIDE.glob("*.png")) < HEAVIEST
    assert len(shown) <= MOST_PICTURES
    for page in ("README", *WAYS):
        for link in LINK.findall(text_of(page)):
            assert (GUIDE / link).exists(), f"{page}: {link}"
