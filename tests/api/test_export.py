"""The whole filtered set as one JSON document, sent as it is read."""

import json

import pytest
from django.utils import timezone

from agreements.api import views
from tests.factories import AgreementFactory, SourceFactory

pytestmark = pytest.mark.django_db

EXPORT = "agreements/export.json"


def test_the_export_is_a_file_to_be_kept(api):
    response = api.get(EXPORT)
    name = f"agreements-{timezone.localdate().isoformat()}.json"
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response.streaming


def test_an_empty_export_is_a_document_too(api):
    assert api.read(f"{EXPORT}?as_of=2020") == {"as_of": "2020-12-31", "agreements": [], "count": 0}


def test_a_row_is_that_of_the_list_with_summary_history_and_sources(api):
    AgreementFactory(status="signed", sources=[SourceFactory(key="asia-plus")], public=True)
    (row,) = api.read(EXPORT)["agreements"]
    (listed,) = api.rows("agreements/")
    detail = api.read(f"agreements/{row['reference']}/")
    assert row == {
        **listed,
        "summary": "",
        "history": detail["history"],
        "sources": detail["sources"],
    }


def test_it_holds_what_the_same_query_lists(api, ties):
    for query in ("", "status=signed", "as_of=2012&in_force=true", "q=خجند", "country=tj"):
        exported = [row["title"] for row in api.read(f"{EXPORT}?{query}")["agreements"]]
        assert exported == [row["title"] for row in api.rows(f"agreements/?{query}")]


def test_it_is_one_document_however_many_chunks_it_is_sent_in(api, monkeypatch):
    AgreementFactory.create_batch(7, public=True, title="Ҷ“\u2028\n")
    monkeypatch.setattr(views, "CHUNK", 3)
    chunks = list(api.get(EXPORT).streaming_content)
    document = json.loads(b"".join(chunks))
    assert len(chunks) == 5
    assert document["count"] == len(document["agreements"]) == 7


def test_each_agreement_has_a_line_of_its_own(api):
    AgreementFactory.create_batch(3, public=True, title="Two\nlines, Ҷ")
    first, *lines, last = api.get(EXPORT).getvalue().decode().splitlines()
    assert (first[-1], last) == ("[", '],"count":3}')
    assert [json.loads(line.rstrip(","))["title"] for line in lines] == ["Two\nlines, Ҷ"] * 3


def test_asking_for_its_head_reads_nothing(api, django_assert_num_queries):
    AgreementFactory(public=True)
    with django_assert_num_queries(0):
        response = api.client.head("/api/v1/agreements/export.json")
        assert response.getvalue() == b""
    assert response.status_code == 200


@pytest.mark.parametrize("query", ["cursor=x", "page_size=5", "page=1", "format=csv", "status=foo"])
def test_a_parameter_that_it_does_not_know_is_refused(api, query):
    assert list(api.refused(f"{EXPORT}?{query}")) == [query.split("=")[0]]
