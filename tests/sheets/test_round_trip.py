"""What the admin exports comes back unchanged: any text, of every list, in either kind of file."""

import io
import tracemalloc

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from agreements.models import Agreement, Sector, Source
from cities.models import Institution, Official, Place
from tests.factories import AgreementFactory, OfficialFactory, SectorFactory, SourceFactory
from tests.rows import all_rows
from tests.sheets.carrying import (
    MODELS,
    address,
    bring,
    confirm,
    edited,
    export,
    lay,
    plan,
    rows_of,
    said,
    saved_again,
    table,
)

pytestmark = pytest.mark.django_db

ENDINGS = ("csv", "xlsx")


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("model", MODELS)
def test_every_row_comes_back_unchanged_and_writes_nothing(model, ending, rustam):
    SectorFactory.create_batch(3)
    lay(model)
    before = all_rows()
    preview = bring(rustam, model, export(rustam, model, ending), f"list.{ending}")
    found = plan(preview)
    assert said(preview) == ""
    assert found.counts == {
        "refused": 0, "changed": 0, "new": 0, "unchanged": model.objects.count()
    }  # fmt: skip
    assert not found.can_be_entered
    assert "there is nothing to write" in preview.content.decode()
    confirm(rustam, preview, digest=found.digest)
    assert all_rows() == before


@pytest.mark.parametrize("model", MODELS)
def test_a_workbook_that_a_spreadsheet_saved_again_says_the_same(model, rustam):
    # Escapes for signs that XML has not (_x0041_) are openpyxl's to keep, and it does not.
    lay(model, ("=1+1", "007", "2025-05", "one; two", "line\nline", "خجند", "🏙️", "'"))
    content = saved_again(export(rustam, model, "xlsx"))
    found = plan(bring(rustam, model, content, "list.xlsx"))
    assert found.counts["unchanged"] == model.objects.count() == sum(found.counts.values())


@pytest.mark.parametrize("model", MODELS)
def test_no_cell_that_goes_out_is_a_formula(model, rustam):
    lay(model)
    for row in rows_of(export(rustam, model)):
        assert not [text for text in row.values() if text.lstrip().startswith(("=", "+", "@"))]
    book = load_workbook(io.BytesIO(export(rustam, model, "xlsx")))
    kinds = {cell.data_type for row in book.active.iter_rows() for cell in row if cell.value}
    assert kinds == {"s"}


ANYTHING = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(ANYTHING, ANYTHING, st.sampled_from(ENDINGS))
def test_any_text_comes_back_unchanged(rustam, name, about, ending):
    Official.objects.all().delete()
    OfficialFactory(name=name[:200], about=about, slug="somebody")
    found = plan(bring(rustam, Official, export(rustam, Official, ending), f"list.{ending}"))
    assert found.counts == {"refused": 0, "changed": 0, "new": 0, "unchanged": 1}


EDITS = (
    (Place, "name", "about", "Said anew; with “quotes”."),
    (Official, "name", "about", "007"),
    (Institution, "name", "website", "https://example.org/anew"),
    (Agreement, "reference", "summary", "Said anew\nin two lines."),
    (Sector, "slug", "description", "Said anew."),
    (Source, "key", "published_on", "2025-05"),
)


@pytest.mark.parametrize(("model", "key", "column", "text"), EDITS)
def test_one_cell_that_is_changed_changes_that_and_nothing_else(model, key, column, text, rustam):
    lay(model)
    content = export(rustam, model)
    meant = rows_of(content)[3]
    content = edited(content, lambda row: row == meant, **{column: text})
    before = by_key(model)

    preview = bring(rustam, model, content)
    assert plan(preview).counts["changed"] == 1, said(preview)
    assert plan(preview).counts["unchanged"] == len(before) - 1
    [outcome] = plan(preview).shown
    assert [(one.column, one.new) for one in outcome.changes] == [(column, text)]
    assert confirm(rustam, preview).status_code == 302
    after = by_key(model)
    [pk] = [pk for pk in before if before[pk] != after[pk]]
    changed = {name for name in after[pk] if before[pk][name] != after[pk][name]}
    assert changed - {"updated_at"} == {column, "version"}
    assert str(after[pk][column]) == text
    assert after[pk]["version"] == before[pk]["version"] + 1


def by_key(model) -> dict:
    return {row["id"]: row for row in model.objects.values()}


def test_an_export_may_be_cut_down_to_the_columns_and_rows_that_matter(rustam):
    lay(Official)
    rows = [{name: row[name] for name in ("slug", "version", "about")} for row in
            rows_of(export(rustam, Official))[:5]]  # fmt: skip
    rows[0]["about"] = "Mayor"
    found = plan(bring(rustam, Official, table(rows)))
    assert found.counts == {"refused": 0, "changed": 1, "new": 0, "unchanged": 4}


# --- What goes out ----------------------------------------------------------------------------


def test_an_export_has_what_the_list_shows_of_every_page(rustam):
    for number in range(60):
        OfficialFactory(name=f"Rahim {number:02}")
    OfficialFactory(name="Zohidi")
    page = rustam.get(address(Official, "changelist"), {"q": "rahim", "p": "2"})
    link = page.context["sheets"]["csv"]
    assert link == f"{address(Official, 'export_csv')}?q=rahim"
    names = [row["name"] for row in rows_of(rustam.get(link).getvalue())]
    assert names == [f"Rahim {number:02}" for number in range(60)]


def test_a_filter_of_the_list_is_one_of_the_export(rustam):
    SourceFactory(kind="press", key="press")
    SourceFactory(kind="official", key="official")
    keys = [row["key"] for row in rows_of(export(rustam, Source, kind__exact="official"))]
    assert keys == ["official"]


def test_an_export_of_a_search_that_is_none_leads_back_to_the_list_that_says_why(rustam):
    response = rustam.get(address(Source, "export_csv"), {"q": "x" * 300}, follow=True)
    assert response.redirect_chain == [(address(Source, "changelist"), 302)]
    assert "300" in response.content.decode()


def test_an_export_asks_for_nothing_that_the_list_may_not(rustam):
    assert rustam.get(address(Source, "export_csv"), {"speaks_for__slug": "x"}).status_code == 400
    assert rustam.get(address(Source, "export_csv"), {"q": "\0"}).status_code == 400


def test_internal_notes_are_in_no_file(root):
    AgreementFactory(internal_note="Canary note", summary="Seen")
    content = export(root, Agreement)
    assert b"Seen" in content
    assert b"Canary" not in content
    book = load_workbook(io.BytesIO(export(root, Agreement, "xlsx")))
    cells = [cell.value for row in book.active.iter_rows() for cell in row]
    assert "Seen" in cells
    assert not {"internal_note", "Canary note"} & set(cells)


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("model", MODELS)
def test_an_export_asks_as_much_for_thirty_rows_as_for_three(model, ending, rustam):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            export(rustam, model, ending)
        return len(queries)

    SectorFactory.create_batch(3)
    lay(model, ["one", "two", "three"])
    few = asked()
    lay(model, (f"more {number}" for number in range(27)), first=3)
    assert asked() == few


def test_memory_stays_flat_however_long_the_list_of_a_csv(rustam):
    def peak() -> int:
        tracemalloc.start()
        for _part in rustam.get(address(Official, "export_csv")).streaming_content:
            pass
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    def write(number: int) -> None:
        Official.objects.bulk_create(
            Official(name=f"Official {at}", slug=f"{number}-{at}", about="x" * 500)
            for at in range(number)
        )

    write(1_000)
    peak()
    small = peak()
    write(5_000)
    assert peak() < small * 1.5
