"""No file without its row, no row without its file: whatever is rolled back, replaced or gone."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from agreements.documents import examine, keeping
from agreements.models import Document
from common.versions import StaleVersion
from tests.admin.sheets import change_url, open_sheet
from tests.factories import AgreementFactory, DocumentFactory, a_file

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def document(media) -> Document:
    return DocumentFactory(url="", file=a_file())


@contextmanager
def rolled_back() -> Iterator[None]:
    with suppress(RuntimeError), transaction.atomic():
        yield
        raise RuntimeError


def test_a_deleted_row_takes_its_file_along(document, lying):
    document.delete()
    assert lying() == []


def test_a_deleted_agreement_takes_the_files_along(document, lying):
    document.agreement.delete()
    assert lying() == []


def test_a_file_outlives_a_deletion_that_is_rolled_back(document, lying):
    with rolled_back():
        document.agreement.delete()
    assert lying() == [Document.objects.get().file.name]


def test_a_replaced_file_goes_with_the_commit(document, lying):
    before = document.file.name
    with transaction.atomic():
        document.file = a_file(b"another text")
        document.save()
        assert before in lying()
    assert lying() == [document.file.name] != [before]
    assert Document.objects.get().file.read() == b"another text"


def test_of_a_replacement_that_is_rolled_back_nothing_is_left(document, lying):
    before = lying()
    with rolled_back():
        document.file = a_file(b"another text")
        document.save()
    keeping.settle()  # as at the end of each request
    assert lying() == before


def test_of_a_row_that_is_refused_nothing_is_left(document, lying):
    with pytest.raises(IntegrityError):
        Document.objects.create(agreement_id=0, title="x", language="en", file=a_file())
    assert lying() == [document.file.name]


def test_the_stale_copy_of_a_row_leaves_nothing_and_takes_nothing(document, lying):
    stale = Document.objects.get()
    document.save()
    stale.file = a_file(b"another text")
    with pytest.raises(StaleVersion):
        stale.save()
    assert lying() == [document.file.name]


def test_a_savepoint_that_is_rolled_back_leaves_the_others(document, lying):
    with transaction.atomic():
        kept = DocumentFactory(agreement=document.agreement, file=a_file(b"kept"))
        with rolled_back():
            DocumentFactory(agreement=document.agreement, file=a_file(b"lost"))
    keeping.settle()
    assert lying() == sorted([document.file.name, kept.file.name])


def test_a_request_whose_transaction_fails_leaves_nothing(rustam, document, lying, monkeypatch):
    form = open_sheet(rustam, document.agreement) | {"documents-0-file": a_file(b"another text")}
    monkeypatch.setattr("django.contrib.admin.options.ModelAdmin.log_change", lambda *a: 1 / 0)
    assert rustam.post(change_url(document.agreement), form).status_code == 500
    assert lying() == [Document.objects.get().file.name] == [document.file.name]


def test_two_rows_of_one_text_have_each_their_file(document, lying):
    twin = DocumentFactory(agreement=document.agreement, title="Copy", file=a_file())
    assert (twin.sha256, len(lying())) == (document.sha256, 2)
    document.delete()
    assert lying() == [twin.file.name]


def test_a_file_that_another_row_has_too_stays(document, lying):
    DocumentFactory(agreement=document.agreement, file=document.file.name)
    document.delete()
    assert lying() == [Document.objects.get().file.name]


def test_a_file_that_is_taken_off_for_a_link_goes_and_its_checksum_too(document, lying):
    document.url, document.file = "https://example.org/a.pdf", ""
    document.save()
    document.refresh_from_db()
    assert (document.sha256, document.get_absolute_url()) == ("", "https://example.org/a.pdf")
    assert lying() == []


def test_the_history_tells_that_a_file_was_there(document, lying):
    name, checksum = document.file.name, document.sha256
    document.delete()
    last = Document.history.first()
    assert (last.history_type, last.file, last.sha256) == ("-", name, checksum)
    assert lying() == []


def test_a_save_of_the_file_alone_writes_the_checksum(document):
    document.file = a_file(b"another text")
    document.save(update_fields=["file"])
    before = document.sha256
    document.refresh_from_db()
    assert document.sha256 == before


BAD = ContentFile(b"<html><script>", name="a.pdf")
DOORS = {
    "create": lambda row: Document.objects.create(
        agreement=row.agreement, title="x", language="en", file=BAD
    ),
    "bulk_create": lambda row: Document.objects.bulk_create(
        [Document(agreement=row.agreement, title="x", language="en", file=BAD)]
    ),
    "save of the file": lambda row: row.file.save("a.pdf", BAD),
    "save beside the row": lambda row: row.file.save("a.pdf", BAD, save=False),
}


@pytest.mark.parametrize("door", DOORS)
def test_no_door_stores_what_was_not_examined(document, lying, door):
    before = lying()
    with pytest.raises(ValidationError, match="a web page"):
        DOORS[door](document)
    assert lying() == before


def test_what_was_examined_by_the_form_is_not_examined_again(media, monkeypatch):
    looks = []

    def look(*given, **more):
        looks.append(given)
        return examine(*given, **more)

    monkeypatch.setattr("agreements.documents.field.examine", look)
    document = DocumentFactory.build(agreement=AgreementFactory(), url="", file=a_file())
    document.full_clean()
    document.save()
    assert len(looks) == 1
