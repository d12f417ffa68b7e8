"""A list goes out as a workbook, is edited, and comes back through a real browser."""

import os
from pathlib import Path

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from cities.models import Official
from tests.browser import test_admin
from tests.browser.looks import LANGUAGES, faults_around, speak
from tests.browser.test_admin import faults, sign_in
from tests.factories import OfficialFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
people, complaints = test_admin.people, test_admin.complaints
LIST = "admin:cities_official_changelist"


@pytest.fixture
def site(live_server, settings, tmp_path) -> str:
    settings.MEDIA_ROOT = tmp_path / "media"
    for name in ("Mohammad Nozari", "Nizomiddin Zohidi", "رحیم"):
        OfficialFactory(name=name, about="=1+1")
    return live_server.url


def exported(page: Page, site: str, file: Path) -> Path:
    page.goto(f"{site}{reverse(LIST)}")
    with page.expect_download() as download:
        page.get_by_role("link", name="Export XLSX").click()
    download.value.save_as(file)
    return file


def edit(file: Path, **cells: str) -> None:
    """Write cells as a person does; ``B2="x"``."""
    book = load_workbook(file)
    for cell, text in cells.items():
        book.active[cell] = text
    book.save(file)


def bring(page: Page, file: Path) -> None:
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Look through it").click()
    expect(page.get_by_text("Nothing is written yet.")).to_be_visible()


def show_to(page: Page, picture: str) -> None:
    """Keep a picture for the documents, where ``PICTURES`` names a folder for them."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / picture, full_page=True)


def test_a_registrar_edits_a_workbook_and_writes_it_back(
    page: Page,
    site,
    people,
    complaints,
    tmp_path,
):
    sign_in(page, site, people["registrar"])
    file = exported(page, site, tmp_path / "officials.xlsx")
    edit(file, C2="Governor of Qazvin", A4="nobody", B5="New here")
    page.get_by_role("link", name="Import", exact=True).click()
    assert faults(page) == []
    bring(page, file)
    expect(page.get_by_role("row").filter(has_text="Governor of Qazvin")).to_contain_text("changed")
    expect(page.get_by_text("No record is known by this.")).to_be_visible()
    expect(page.get_by_role("button", name="Write this")).to_have_count(0)
    assert faults(page) == []
    show_to(page, "sheet-preview.png")

    edit(file, A4=Official.objects.get(name="رحیم").slug)
    page.get_by_role("link", name="Choose another file").click()
    bring(page, file)
    page.get_by_role("button", name="Write this").click()
    expect(page.get_by_text("Entered from officials.xlsx: 1 changed, 1 new.")).to_be_visible()
    assert Official.objects.get(slug="mohammad-nozari").about == "Governor of Qazvin"
    assert Official.objects.filter(name="New here", about="").exists()
    assert complaints == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_no_fault_in_a_preview(page: Page, site, people, complaints, tmp_path, language):
    sign_in(page, site, people["registrar"])
    file = exported(page, site, tmp_path / "officials.xlsx")
    edit(file, C2="x" * 500, A4="nobody", B5="New here")
    speak(page, site, language)
    page.goto(f"{site}{reverse('admin:cities_official_import')}")
    found = faults_around(page)
    page.locator("input[type=file]").set_input_files(file)
    page.locator(".submit-row input[type=submit]").click()
    expect(page.locator(".import-rows")).to_be_visible()
    assert found + faults_around(page) == []
    assert complaints == []
