"""Between the file that is chosen and the rows that are written: whose it is, and what holds."""

import pytest
from django.urls import reverse

from agreements.models import Sector, Source
from cities.models import Official
from tests.admin.conftest import signed_in
from tests.factories import OfficialFactory, SectorFactory, staff
from tests.rows import all_rows
from tests.sheets.carrying import (
    MODELS,
    address,
    bring,
    confirm,
    edited,
    export,
    new_row,
    plan,
    said,
)

pytestmark = pytest.mark.django_db

NO_TABLES = (
    (b"", "empty"),
    (b"slug,version\n", "no row beneath"),
    (b"slug,version,colour\nx,1,red\n", "column “colour”: There is no such column."),
    (b"slug,name\nx,y\n", "column “version”: This column is missing"),
    (b"name,version\nx,1\n", "column “slug”: This column is missing"),
    (b"%PDF-1.4", "PDF"),
    ("slug,version\nx,1\n".encode("utf-16"), "UTF-16"),
    (b"slug,version\nx,1,2\n", "no heading over it"),
    (b'slug,version\n"x,1\n', "quote"),
    (b"slug,name,version\nx,=1+1,1\n", "formula"),
)  # fmt: skip


@pytest.mark.parametrize(("content", "words"), NO_TABLES)
def test_a_file_that_is_no_table_of_the_list_is_told_apart(content, words, rustam):
    before = all_rows()
    response = bring(rustam, Official, content)
    assert response.status_code == 400
    assert words in said(response)
    assert "Write this" not in response.content.decode()
    assert all_rows() == before


def test_a_file_of_too_many_bytes_or_rows_is_refused(rustam, settings):
    OfficialFactory.create_batch(3)
    content = export(rustam, Official)
    settings.IMPORT_MAX_ROWS = 2
    assert "more than 2 rows" in said(bring(rustam, Official, content))
    settings.IMPORT_MAX_BYTES = 10
    assert "larger than" in said(bring(rustam, Official, content))


# --- Between preview and confirmation ---------------------------------------------------------


@pytest.fixture
def preview(rustam):
    """Of one new sector."""
    SectorFactory(name="Culture", slug="culture")
    return bring(rustam, Sector, new_row(export(rustam, Sector), name="Trade"))


def at(preview) -> str:
    return preview.wsgi_request.path


def test_a_second_confirmation_finds_nothing_to_write(rustam, preview, folder):
    digest = plan(preview).digest
    assert confirm(rustam, preview)["Location"] == address(Sector, "changelist")
    again = rustam.post(at(preview), {"digest": digest}, follow=True)
    assert "no longer at hand" in again.content.decode()
    assert Sector.objects.filter(name="Trade").count() == 1
    assert list((folder / "sheets").iterdir()) == []


@pytest.mark.parametrize("digest", ["", "0" * 64, "x\0", "é" * 900])
def test_what_was_not_shown_is_not_written(digest, rustam, preview):
    response = rustam.post(at(preview), {"digest": digest})
    assert response.status_code == 409
    assert "Nothing was written" in said(response)
    assert not Sector.objects.filter(name="Trade").exists()
    assert confirm(rustam, response).status_code == 302
    assert Sector.objects.filter(name="Trade").exists()


def test_a_register_that_changed_meanwhile_is_shown_anew(rustam):
    official = OfficialFactory(name="Rahim")
    shown = bring(rustam, Official, edited(export(rustam, Official), about="Mine"))
    official.about = "Theirs"
    official.save()
    response = confirm(rustam, shown)
    assert response.status_code == 409
    assert "Row 2: Somebody changed this record since the export." in said(response)
    assert Official.objects.get().about == "Theirs"


def test_nobody_enters_what_somebody_else_brought(preview, administrator):
    for client in (signed_in(administrator), signed_in(staff("registrar", username="other"))):
        for response in (client.get(at(preview)), confirm(client, preview)):
            assert (response.status_code, response["Location"]) == (302, address(Sector, "import"))
    assert not Sector.objects.filter(name="Trade").exists()


def test_a_table_of_one_list_is_not_entered_into_another(rustam, preview):
    other = at(preview).replace("/sector/", "/source/")
    assert rustam.get(other)["Location"] == address(Source, "import")
    assert rustam.post(other, {"digest": ""})["Location"] == address(Source, "import")


def test_who_lost_the_role_meanwhile_enters_nothing(rustam, registrar, preview):
    registrar.groups.clear()
    assert confirm(rustam, preview, digest=plan(preview).digest).status_code == 403
    assert not Sector.objects.filter(name="Trade").exists()


def test_what_is_thrown_away_is_gone(rustam, preview, folder):
    response = rustam.post(at(preview), {"discard": "1"})
    assert response["Location"] == address(Sector, "changelist")
    assert rustam.get(at(preview)).status_code == 302
    assert list((folder / "sheets").iterdir()) == []


def test_a_file_that_was_swept_away_is_asked_for_again(rustam, preview, folder):
    for file in (folder / "sheets").iterdir():
        file.unlink()
    assert rustam.get(at(preview))["Location"] == address(Sector, "import")
    assert confirm(rustam, preview)["Location"] == address(Sector, "import")


# --- Who may ----------------------------------------------------------------------------------


@pytest.mark.parametrize("model", MODELS)
def test_registrars_see_three_links_and_who_may_only_export_two(model, rustam, parvin, aziza):
    for client, may_import in ((rustam, True), (parvin, False), (aziza, False)):
        page = client.get(address(model, "changelist")).content.decode()
        for what in ("export_csv", "export_xlsx"):
            assert f'href="{address(model, what)}"' in page
        assert (f'href="{address(model, "import")}"' in page) is may_import


def test_an_editor_brings_nothing_back_and_exports(parvin, rustam, preview):
    assert b"culture" in export(parvin, Sector)
    content = new_row(export(parvin, Sector), name="Health")
    assert bring(parvin, Sector, content).status_code == 403
    assert confirm(parvin, preview, digest=plan(preview).digest).status_code == 403
    assert Sector.objects.count() == 1


def test_an_export_is_only_asked_for(rustam):
    assert rustam.post(reverse("admin:agreements_sector_export_csv")).status_code == 405


def test_html_in_a_cell_stays_text_on_the_page(rustam):
    OfficialFactory(name="Rahim")
    shown = bring(rustam, Official, edited(export(rustam, Official), about="<script>x</script>"))
    page = shown.content.decode()
    assert "&lt;script&gt;x" in page
    assert "<script>x" not in page
