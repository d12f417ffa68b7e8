"""Texts on file: served to those who see the agreement, and never run by a browser."""

import pytest

from agreements.models import Document
from tests.documents.making import GOOD
from tests.factories import AgreementFactory, DocumentFactory, SourceFactory, a_file
from tests.pages.reading import read

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def document(*, public: bool, **fields) -> Document:
    agreement = AgreementFactory(status="signed", sources=[SourceFactory()], public=public)
    return DocumentFactory(agreement=agreement, url="", file=a_file(**fields))


@pytest.mark.parametrize(
    ("name", "ending", "mime"),
    [
        ("agreement.pdf", "pdf", "application/pdf"),
        ("scan.jpeg", "jpg", "image/jpeg"),
        ("10.05.2025 www.khujand.com.txt", "txt", "text/plain"),
    ],
)
def test_a_public_text_is_served_as_an_attachment_that_cannot_run(client, name, ending, mime):
    content = GOOD[name]()
    text = document(public=True, content=content, name=name)
    response = client.get(text.get_absolute_url())
    assert response.getvalue() == content
    assert response["Content-Length"] == str(len(content))
    assert response["Content-Type"] == mime
    own = f'attachment; filename="{text.agreement.reference}-en.{ending}"'
    assert response["Content-Disposition"] == own
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_part_of_it_is_not_served(client):
    text = document(public=True)
    response = client.get(text.get_absolute_url(), headers={"range": "bytes=2-3"})
    assert (response.status_code, response["Accept-Ranges"]) == (200, "none")
    assert response.getvalue() == b"the text"


def test_only_its_head_can_be_asked_for(client):
    response = client.head(document(public=True).get_absolute_url())
    assert (response.status_code, response["Content-Length"]) == (200, "8")
    assert b"".join(response) == b""
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_an_odd_language_does_not_break_its_name(client):
    text = document(public=True)
    Document.objects.filter(pk=text.pk).update(language='"\n;')
    response = client.get(text.get_absolute_url())
    assert response["Content-Disposition"].endswith(f'"{text.agreement.reference}-.txt"')


def test_an_internal_text_is_for_staff_alone_and_nobody_keeps_a_copy(client, auditor):
    text = document(public=False)
    assert client.get(text.get_absolute_url()).status_code == 404
    client.force_login(auditor)
    response = client.get(text.get_absolute_url())
    assert (response.status_code, response["Cache-Control"]) == (200, "private, no-store")
    response.close()


def test_a_public_text_is_asked_for_anew_as_it_may_be_internal_tomorrow(client):
    text = document(public=True)
    response = client.get(text.get_absolute_url())
    assert response["Cache-Control"] == "private, no-cache"
    text.agreement.unpublish(by=None)
    assert client.get(text.get_absolute_url()).status_code == 404


def test_a_link_has_no_file_here(client):
    link = DocumentFactory(agreement=AgreementFactory(public=True))
    address = f"/documents/{link.agreement.reference}/{'0' * 64}/"
    assert client.get(address).status_code == 404
    assert link.get_absolute_url() == link.url


def test_the_checksum_of_another_agreement_opens_nothing(client):
    hidden, public = document(public=False), AgreementFactory(public=True)
    address = f"/documents/{public.reference}/{hidden.sha256}/"
    assert client.get(address).status_code == 404


def test_documents_cannot_be_counted_through_nor_reached_by_their_path(client):
    text = document(public=True)
    assert client.get("/documents/1/").status_code == 404
    assert client.get(f"/{text.file.name}").status_code == 404


def test_a_lost_file_is_not_found_and_its_agreement_still_stands(client):
    text = document(public=True)
    text.file.storage.delete(text.file.name)
    assert client.get(text.get_absolute_url()).status_code == 404
    assert "the file is missing" in read(client, text.agreement.get_absolute_url())


def test_of_two_rows_with_one_text_the_one_that_is_there_is_served(client):
    lost = document(public=True)
    DocumentFactory(agreement=lost.agreement, title="Again", url="", file=a_file())
    lost.file.storage.delete(lost.file.name)
    assert client.get(lost.get_absolute_url()).getvalue() == b"the text"


def test_the_page_gives_the_checksum(client):
    text = document(public=True)
    assert text.sha256 in read(client, text.agreement.get_absolute_url())
