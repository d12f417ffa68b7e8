"""Texts on file: served to those who see the agreement, and never run by a browser."""

import pytest

from agreements.models import Document
from tests.factories import AgreementFactory, DocumentFactory, SourceFactory, a_file
from tests.pages.reading import read

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def document(*, public: bool, **fields) -> Document:
    agreement = AgreementFactory(status="signed", sources=[SourceFactory()], public=public)
    return DocumentFactory(agreement=agreement, url="", file=a_file(**fields))


def test_a_public_text_is_served_as_an_attachment_that_cannot_run(client):
    text = document(public=True)
    response = client.get(text.get_absolute_url())
    assert b"".join(response.streaming_content) == b"%PDF-1.4 the text"
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_the_name_of_the_upload_is_not_told(client):
    response = client.get(document(public=True).get_absolute_url())
    assert "scan of mine" not in response["Content-Disposition"]


def test_an_internal_text_is_for_staff_alone(client, auditor):
    text = document(public=False)
    assert client.get(text.get_absolute_url()).status_code == 404
    client.force_login(auditor)
    assert client.get(text.get_absolute_url()).status_code == 200


def test_a_link_has_no_file_here(client):
    link = DocumentFactory(agreement=AgreementFactory(public=True))
    address = f"/documents/{link.agreement.reference}/{'0' * 64}/"
    assert client.get(address).status_code == 404
    assert link.get_absolute_url() == link.url


def test_the_checksum_of_another_agreement_opens_nothing(client):
    hidden, public = document(public=False), AgreementFactory(public=True)
    address = f"/documents/{public.reference}/{hidden.sha256}/"
    assert client.get(address).status_code == 404


def test_documents_cannot_be_counted_through(client):
    document(public=True)
    assert client.get("/documents/1/").status_code == 404


def test_a_lost_file_is_not_found_and_its_agreement_still_stands(client):
    text = document(public=True)
    text.file.storage.delete(text.file.name)
    assert client.get(text.get_absolute_url()).status_code == 404
    assert "the file is missing" in read(client, text.agreement.get_absolute_url())


def test_the_page_gives_the_checksum(client):
    text = document(public=True)
    assert text.sha256 in read(client, text.agreement.get_absolute_url())
