"""Bad files through the upload: told at the form by file, row and column, and nothing is kept."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from agreements.models import TieImport
from tests.admin.importing import ADD, at, form, lay_places, said
from tests.imports import conftest as of_imports
from tests.imports.bad_rows import BAD_ROWS
from tests.imports.lists import written
from tests.rows import all_rows
from tests.sheets.bad_files import BAD_FILES

pytestmark = pytest.mark.django_db
places, seattle = of_imports.places, of_imports.seattle
# What is told first where there is more than one fault: it is empty, it is more than the web
# takes, or it has not the headings that this test says it has.
SOONER = ("is empty", "The file is larger than", "There are more than", "The mapping reads")


def by_name(bad) -> str:
    return bad.name


@pytest.fixture
def clerk(registrar, settings, tmp_path) -> Client:
    settings.MEDIA_ROOT = tmp_path / "media"
    lay_places()
    client = Client()
    client.force_login(registrar)
    return client


@pytest.mark.parametrize("bad", BAD_FILES, ids=by_name)
def test_a_bad_file_is_told_at_the_form_and_leaves_nothing(clerk, bad, tmp_path):
    before = all_rows()
    mapping = SimpleUploadedFile("map.toml", b'[columns]\na_name = "a"\nb_name = "b"\n')
    sent = form(bad.build(), bad.file, mapping_file=mapping, side_a="")
    response = clerk.post(reverse(ADD), sent)
    assert response.status_code == 400
    words = said(response)
    assert any(part in words for part in (bad.says, *SOONER))
    assert words.startswith((bad.file, "The submitted file is empty", "The file is larger"))
    assert all_rows() == before
    assert not [path for path in (tmp_path / "media").rglob("*") if path.is_file()]


@pytest.mark.parametrize("bad", [bad for bad in BAD_ROWS if bad.fatal], ids=by_name)
def test_a_bad_row_is_told_in_the_report_and_cannot_be_entered(clerk, bad, places):
    response = clerk.post(reverse(ADD), form(written([bad.cells]), "ties.csv", side_a=""))
    run = TieImport.objects.filter(committed_at=None).get()
    assert response["Location"] == at(run)
    before = all_rows()
    page = clerk.get(at(run))
    (row,) = page.context["report"].rows
    problem = row.outcome.reasons[0]
    assert (row.outcome.file, row.outcome.row) == ("ties.csv", 2)
    assert problem.column in page.content.decode()
    assert escape(str(problem.message)) in page.content.decode()
    assert "Enter" not in page.content.decode().split('id="confirm"')[1]
    enter = {"digest": page.context["report"].plan.digest, "leave_out": "on"}
    assert clerk.post(at(run, "enter"), enter).status_code < 500
    assert all_rows()["agreements.Agreement"] == before["agreements.Agreement"]
