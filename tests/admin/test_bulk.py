"""Acts on many agreements: what is shown first, what is refused and why, and what is done."""

import csv
import io
from typing import Any

import pytest
from openpyxl import load_workbook

from agreements.models import Agreement, Request
from cities.models import Clerkship, Place
from common import admin_bulk
from tests.admin.conftest import signed_in
from tests.admin.sheets import FormReader, change_url, list_url, open_sheet
from tests.factories import (
    AgreementFactory,
    CitationFactory,
    DocumentFactory,
    SectorFactory,
)
from tests.rows import all_rows

LIST = "/admin/agreements/agreement/"


def choose(client, act: str, *records, **more: Any):
    """Choose rows of the list and an act for them."""
    keys = [record.pk for record in records]
    return client.post(LIST, {"action": act, "_selected_action": keys, "index": 0, **more})


def form_of(response) -> dict[str, Any]:
    reader = FormReader()
    reader.feed(response.content.decode().split('id="content-main"')[1])
    return reader.data


def confirm(client, asked, **more: Any):
    return client.post(LIST, form_of(asked) | more, follow=True)


def do(client, act: str, *records, **more: Any):
    """Choose, and say yes."""
    return confirm(client, choose(client, act, *records), **more)


def said(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def shown(response, which: str = "rows") -> list:
    return [row.record.pk for row in response.context[which]]


def fresh(record):
    return type(record).objects.get(pk=record.pk)


@pytest.fixture
def ready(qazvin, khujand):
    """Fit to be published."""
    return AgreementFactory(status="drafted", parties=[qazvin, khujand])


@pytest.fixture
def bare(qazvin):
    """Signed, and nothing says so."""
    return AgreementFactory(status="signed")


def offered(client) -> set[str]:
    form = client.get(LIST).context["action_form"]
    return {name for name, _label in form.fields["action"].choices if name}


EXPORTS = {"export_csv", "export_xlsx"}
EDITING = {"verify", "assign_sector", "take_sector_off"}


@pytest.mark.parametrize(
    ("role", "acts"),
    [
        ("aziza", EXPORTS),
        ("parvin", EXPORTS | EDITING),
        ("rustam", EXPORTS | EDITING | {"publish", "unpublish"}),
        ("root", EXPORTS | EDITING | {"publish", "unpublish", "delete_selected"}),
    ],
)
def test_each_role_is_offered_what_it_may_do(request, tie, role, acts):
    assert offered(request.getfixturevalue(role)) == acts


@pytest.mark.parametrize(
    ("role", "act"), [("parvin", "publish"), ("aziza", "verify"), ("aziza", "assign_sector")]
)
def test_what_is_not_offered_is_not_done(request, ready, role, act):
    before = all_rows()
    seen = f"{ready.pk}:{ready.version}"
    choose(request.getfixturevalue(role), act, ready, step="do", seen=seen)
    assert all_rows() == before


def test_the_page_that_asks_lists_all_and_writes_nothing(rustam, ready, bare):
    DocumentFactory(agreement=ready)
    before = all_rows()
    page = choose(rustam, "publish", ready, bare)
    assert (shown(page), shown(page, "refused")) == ([ready.pk], [bare.pk])
    text = page.content.decode()
    for words in ("Qazvin – Khujand", "<del>internal</del>", "With it: documents: 1."):
        assert words in text
    assert "Nothing on record says that it was signed: add a source." in text
    assert all_rows() == before


def test_what_can_be_is_published_and_the_rest_is_told_with_reasons(rustam, ready, bare):
    answer = do(rustam, "publish", ready, bare)
    assert fresh(ready).is_public
    assert not fresh(bare).is_public
    assert said(answer).startswith(f"1 published, 1 refused: {bare.reference}")
    assert "add a source" in said(answer)


def test_publishing_answers_requests_and_stands_in_the_edits(rustam, editor, registrar, ready):
    asked = Request.ask(ready, "publish", by=editor)
    do(rustam, "publish", ready)
    asked.refresh_from_db()
    assert asked.outcome == "done"
    entry = ready.history.first()
    assert (entry.visibility, entry.history_user) == ("public", registrar)


def test_what_is_public_is_unpublished(rustam, ready, bare):
    ready.publish(by=None)
    answer = do(rustam, "unpublish", ready, bare)
    assert not fresh(ready).is_public
    assert "1 unpublished, 1 refused" in said(answer)


def test_many_are_verified(parvin, editor, ready, bare):
    assert "2 verified" in said(do(parvin, "verify", ready, bare))
    assert fresh(ready).verified_by == fresh(bare).verified_by == editor


def test_a_sector_is_asked_for_shown_and_assigned(parvin, editor, ready, bare):
    culture, health = SectorFactory(name="Culture"), SectorFactory(name="Health")
    ready.sectors.add(culture)
    bare.sectors.add(health)
    asked = choose(parvin, "assign_sector", ready, bare)
    assert set(shown(asked)) == {ready.pk, bare.pk}
    page = parvin.post(LIST, form_of(asked) | {"sector": health.pk})
    assert "<ins>Culture, Health</ins>" in page.content.decode()
    assert shown(page, "refused") == [bare.pk]
    answer = confirm(parvin, page)
    assert "1 given the sector, 1 refused" in said(answer)
    assert set(ready.sectors.all()) == {culture, health}
    assert fresh(ready).version == ready.version + 1
    entry = ready.history.first()
    assert (entry.sectors.count(), entry.history_user) == (2, editor)


def test_a_sector_is_taken_off(parvin, ready):
    culture = SectorFactory(name="Culture")
    ready.sectors.add(culture)
    page = parvin.post(
        LIST, form_of(choose(parvin, "take_sector_off", ready)) | {"sector": culture.pk}
    )
    confirm(parvin, page)
    assert not ready.sectors.exists()


@pytest.mark.parametrize("sector", ["", "x", "9" * 30, "-1", "\0"])
def test_a_sector_that_is_none_is_asked_for_again(parvin, ready, sector):
    asked = form_of(choose(parvin, "assign_sector", ready))
    for step in ("look", "do"):
        page = parvin.post(LIST, asked | {"sector": sector, "step": step})
        assert page.status_code == 400
        assert page.context["form"].errors["sector"]
    assert fresh(ready).version == ready.version


def test_what_a_colleague_changed_meanwhile_is_left_and_shown_again(rustam, parvin, ready, tie):
    page = choose(rustam, "publish", ready, tie)
    parvin.post(change_url(tie), open_sheet(parvin, tie) | {"title": "A pact"})
    answer = confirm(rustam, page)
    assert answer.status_code == 409
    assert shown(answer) == [tie.pk]
    assert (fresh(ready).is_public, fresh(tie).is_public) == (True, False)
    text = answer.content.decode()
    assert "A pact" in text
    assert "parvin" in text
    assert "1 published" in said(answer)
    confirm(rustam, answer)
    assert fresh(tie).is_public


def test_what_was_done_meanwhile_is_not_done_again(rustam, registrar, ready):
    page = choose(rustam, "publish", ready)
    confirm(rustam, page)
    after = all_rows()
    answer = confirm(rustam, page)
    assert "0 published, 1 refused" in said(answer)
    assert "It is public already." in said(answer)
    assert all_rows() == after


@pytest.mark.parametrize("act", ["verify", "unpublish", "assign_sector"])
def test_to_confirm_twice_does_nothing_twice(rustam, ready, act):
    ready.publish(by=None)
    page = choose(rustam, act, ready)
    if act == "assign_sector":
        page = rustam.post(LIST, form_of(page) | {"sector": SectorFactory().pk})
    confirm(rustam, page)
    version, entries = fresh(ready).version, ready.history.count()
    confirm(rustam, page)
    assert (fresh(ready).version, ready.history.count()) == (version, entries)


def test_what_was_deleted_meanwhile_is_told(rustam, ready, tie):
    page = choose(rustam, "verify", ready, tie)
    tie.delete()
    assert said(confirm(rustam, page)) == "1 verified, 1 is there no more"


def test_what_can_be_done_only_since_is_not_done_unseen(rustam, ready, bare):
    page = choose(rustam, "publish", ready, bare)
    CitationFactory(agreement=bare)
    answer = confirm(rustam, page)
    assert not fresh(bare).is_public
    assert "Choose it again" in said(answer)


def test_what_can_no_longer_be_done_is_refused_at_the_last_moment(rustam, bare):
    citation = CitationFactory(agreement=bare)
    page = choose(rustam, "publish", bare)
    citation.delete()
    assert "0 published, 1 refused" in said(confirm(rustam, page))
    assert not fresh(bare).is_public


def test_a_refusal_by_the_database_leaves_nothing_half_done(rustam, ready, bare, monkeypatch):
    CitationFactory(agreement=bare)
    page = choose(rustam, "publish", ready, bare)
    publish = Agreement.publish

    def fails(self, *, by):
        publish(self, by=by)
        if self.pk == bare.pk:
            raise admin_bulk.IntegrityError("The register is closed.")

    monkeypatch.setattr(Agreement, "publish", fails)
    before = all_rows()
    assert "The register is closed." in said(confirm(rustam, page))
    assert all_rows() == before


def test_a_clerk_of_an_office_does_nothing_to_the_agreements_of_another(editor, tie, bare, qazvin):
    Clerkship.objects.create(user=editor, place=qazvin)
    clerk = signed_in(editor)
    assert shown(choose(clerk, "verify", tie, bare)) == [tie.pk]
    seen = f"{tie.pk}:{tie.version},{bare.pk}:{bare.version}"
    choose(clerk, "verify", tie, step="do", seen=seen)
    assert fresh(tie).verified_by == editor
    assert fresh(bare).verified_by is None


def test_more_than_can_be_looked_through_is_refused(rustam, monkeypatch, ready, tie, bare):
    monkeypatch.setattr(admin_bulk, "MOST", 2)
    everything = {"action": "verify", "_selected_action": ready.pk, "select_across": 1}
    answer = rustam.post(LIST, everything, follow=True)
    assert "At most 2 can be done at a time." in said(answer)
    assert "bulk-rows" not in answer.content.decode()


@pytest.mark.parametrize("seen", ["x", "1", "1:x", "1:1,", "9" * 30 + ":1", "١:١", "\0", "1:1 "])
def test_versions_that_no_page_has_sent_are_refused(rustam, ready, seen):
    data = form_of(choose(rustam, "verify", ready)) | {"seen": seen}
    assert rustam.post(LIST, data).status_code == 400
    assert fresh(ready).verified_at is None


def test_a_page_of_many_asks_what_a_page_of_few_asks(rustam, parvin, django_assert_max_num_queries):
    few = AgreementFactory.create_batch(3)
    with django_assert_max_num_queries(40) as asked:
        choose(rustam, "publish", *few)
    many = AgreementFactory.create_batch(12)
    with django_assert_max_num_queries(len(asked)):
        choose(rustam, "publish", *few, *many)


def test_the_list_keeps_its_filter_when_all_is_done(rustam, ready):
    page = rustam.post(
        f"{LIST}?queue=unpublished", {"action": "verify", "_selected_action": ready.pk}
    )
    answer = rustam.post(f"{LIST}?queue=unpublished", form_of(page))
    assert answer.headers["Location"] == f"{LIST}?queue=unpublished"


def test_rows_that_are_chosen_are_taken_away_and_no_others(aziza, tie, bare):
    table = b"".join(choose(aziza, "export_csv", tie).streaming_content).decode("utf-8-sig")
    assert [row["reference"] for row in csv.DictReader(io.StringIO(table))] == [tie.reference]
    book = load_workbook(io.BytesIO(b"".join(choose(aziza, "export_xlsx", tie).streaming_content)))
    assert [row[0] for row in book.active.iter_rows(values_only=True)][1:] == [tie.reference]


def test_places_are_taken_away_likewise(aziza, qazvin, khujand):
    data = {"action": "export_csv", "_selected_action": [khujand.pk]}
    table = b"".join(aziza.post(list_url(Place), data).streaming_content).decode()
    assert "khujand" in table
    assert "qazvin" not in table
