"""A clerk brings a spreadsheet: the report says what is wrong, and what is sound is entered."""

import os
from itertools import product
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from agreements.models import Agreement, Source
from tests.admin.importing import ADD, lay_places, workbook
from tests.browser import test_admin
from tests.browser.looks import LANGUAGES, around, faults_around
from tests.browser.test_admin import choose, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
people, complaints = test_admin.people, test_admin.complaints


@pytest.fixture
def site(live_server, settings, tmp_path) -> str:
    settings.MEDIA_ROOT = tmp_path / "media"
    lay_places()
    return live_server.url


@pytest.fixture
def spreadsheet(tmp_path) -> Path:
    """Twenty ties of Berlin, five of them wrong, each in a way of its own."""
    file = tmp_path / "partners-of-berlin.xlsx"
    file.write_bytes(workbook())
    return file


def fill(page: Page, site: str, file: Path) -> None:
    page.goto(f"{site}{reverse(ADD)}")
    page.locator("#id_file").set_input_files(file)
    page.get_by_label("Publisher").fill("Berlin city office")
    page.get_by_label("Title").fill("Sister cities of Berlin")
    page.get_by_label("State of the list").fill("2024")
    choose(page, "Every row is a tie of", "berlin", "Berlin")
    page.get_by_label("It is that place’s own list").check()


def show_to(page: Page, picture: str) -> None:
    """Keep a picture for the documents, where ``PICTURES`` names a folder for them."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / picture, full_page=True)


def test_a_clerk_reads_the_report_and_enters_what_is_sound(
    page: Page,
    site,
    people,
    complaints,
    spreadsheet,
):
    sign_in(page, site, people["registrar"])
    page.goto(f"{site}/admin/agreements/agreement/")
    page.get_by_role("link", name="Import ties").click()
    fill(page, site, spreadsheet)
    page.get_by_role("button", name="Look through it").click()

    expect(page.locator(".import-headline")).to_have_text(
        "20 rows: 15 would be entered, 5 cannot be: look at them below."
    )
    for row, words in {
        "17": "2000 has 29 days",
        "18": "Write the country in which the place lies today",
        "19": "Seville, ES, Wikidata Q8717",
        "20": "A place has no tie with itself",
        "21": "This is two years, 1998 and 1999",
    }.items():
        line = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=row))
        expect(line).to_contain_text(words)
    show_to(page, "import-report.png")
    assert not Agreement.objects.exists()

    enter = page.get_by_role("button", name="Enter these 15 ties")
    enter.click()
    expect(page.get_by_role("alert")).to_contain_text("Some rows cannot be entered")
    assert not Agreement.objects.exists()
    complaints.clear()  # the browser says of a 400 that it is one
    page.get_by_label("Leave out the 5 rows that cannot be entered").check()
    enter.click()
    expect(page.get_by_text("The ties are entered.")).to_be_visible()
    page.get_by_role("link", name="All agreements that this file speaks of").click()
    expect(page.get_by_role("link", name="Berlin – Windhoek")).to_be_visible()
    assert Agreement.objects.count() == 15
    assert Source.objects.get().speaks_for.name == "Berlin"
    assert complaints == []


def test_axe_finds_no_fault_in_any_scheme_width_or_direction(
    page: Page,
    site,
    people,
    complaints,
    spreadsheet,
):
    sign_in(page, site, people["registrar"])
    fill(page, site, spreadsheet)
    page.get_by_role("button", name="Look through it").click()
    preview = page.url
    found = []
    addresses = (preview, f"{site}{reverse(ADD)}", f"{site}/admin/agreements/tieimport/")
    for language, address in product(LANGUAGES, addresses):
        page.set_extra_http_headers({"Accept-Language": language})
        page.goto(address)
        found += [f"{language} {fault}" for fault in faults_around(page)]
        for look in around(page):
            show_to(page, f"{language} {look} {addresses.index(address)}.png".replace(" ", "-"))
    assert found == []
    assert complaints == []
