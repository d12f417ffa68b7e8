"""Uploads by the agreement's own form: the good ones kept to the byte, of the bad ones nothing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agreements.models import Document
from tests.admin.sheets import change_url, errors, open_sheet
from tests.documents.bad_uploads import BAD, LARGE, STRANGE, Bad
from tests.documents.making import GOOD, jpeg
from tests.factories import DocumentFactory, a_file

pytestmark = pytest.mark.django_db
AT_ONCE = 40  # files in a form; the server takes fifty


@pytest.fixture(autouse=True)
def _own_folder(media):
    """Nothing of another test lies there."""


def row(number: int, name: str, content: bytes, kind: str) -> dict:
    file = SimpleUploadedFile("x", content, kind)
    file._name = name  # as a client may send it, unclean
    fields = {"title": f"Text {number}", "language": "fa", "url": "", "file": file}
    return {f"documents-{number}-{field}": value for field, value in fields.items()}


@pytest.fixture
def bring_all(rustam, tie):
    """Send the form of the agreement with files in it."""
    form = open_sheet(rustam, tie)

    def send(files: list[tuple[str, bytes, str]]):
        rows = {"documents-TOTAL_FORMS": str(len(files))}
        for number, file in enumerate(files):
            rows |= row(number, *file)
        return rustam.post(change_url(tie), form | rows)

    return send


@pytest.fixture
def bring(bring_all):
    return lambda name, content, kind="application/pdf": bring_all([(name, content, kind)])


@pytest.mark.parametrize("name", GOOD)
def test_a_good_file_is_kept_under_our_name_and_given_back_to_the_byte(bring, rustam, lying, name):
    content = GOOD[name]()
    assert bring(name, content, "text/html").status_code == 302
    document = Document.objects.get()
    assert lying() == [document.file.name]
    assert document.file.name.startswith(f"documents/{document.sha256[:32]}-")
    assert rustam.get(document.get_absolute_url()).getvalue() == content


def test_the_ending_is_that_of_the_kind(bring):
    bring("scan.JPEG", jpeg())
    assert Document.objects.get().file.name.endswith(".jpg")


def refusals(response) -> list[str]:
    """What is said of each file, in their order."""
    inlines = response.context["inline_admin_formsets"]
    (rows,) = (inline.formset for inline in inlines if inline.formset.model is Document)
    return ["\n".join(form.errors.get("file", [])) for form in rows.forms]


@pytest.mark.parametrize("start", range(0, len(BAD), AT_ONCE))
def test_of_abusive_uploads_nothing_is_kept_and_each_is_told_what_is_wrong(bring_all, lying, start):
    some: list[Bad] = BAD[start : start + AT_ONCE]
    response = bring_all([(bad.name, bad.build(), bad.type) for bad in some])
    assert response.status_code == 200
    said = refusals(response)
    assert not [bad.what for bad, text in zip(some, said, strict=True) if bad.says not in text]
    assert not Document.objects.exists()
    assert lying() == []


def test_of_a_hundred_megabytes_no_more_is_written_down_than_is_taken(bring, lying, monkeypatch):
    written = []
    take = TemporaryFileUploadHandler.receive_data_chunk
    monkeypatch.setattr(
        TemporaryFileUploadHandler,
        "receive_data_chunk",
        lambda self, raw, start: written.append(len(raw)) or take(self, raw, start),
    )
    assert LARGE.says in errors(bring(LARGE.name, LARGE.build()))
    assert 20 * 2**20 < sum(written) < 21 * 2**20
    assert lying() == []


@pytest.mark.parametrize("bad", STRANGE, ids=lambda bad: bad.what)
def test_a_strange_name_is_refused_or_comes_to_nothing(bring, lying, bad):
    response = bring(bad.name, bad.build())
    if response.status_code == 302:
        document = Document.objects.get()
        assert lying() == [document.file.name]
        assert document.file.name.startswith(f"documents/{document.sha256[:32]}-")
    else:
        assert response.status_code == 200
        assert lying() == []


def test_the_form_leads_to_the_view_that_asks_who_may_read(rustam, tie):
    text = DocumentFactory(agreement=tie, file=a_file())
    page = rustam.get(change_url(tie)).content.decode()
    assert f'href="{text.get_absolute_url()}"' in page


def test_many_files_cost_the_form_no_more_queries(rustam, tie):
    counts = []
    for number in (3, 27):
        for _number in range(number):
            DocumentFactory(agreement=tie, file=a_file())
        with CaptureQueriesContext(connection) as queries:
            rustam.get(change_url(tie))
        counts.append(len(queries))
    assert counts[0] == counts[1]
