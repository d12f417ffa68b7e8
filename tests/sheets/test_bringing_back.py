"""A table that comes back: what is written, what is refused and why, and by whom."""

import pytest

from agreements.models import Agreement, Sector, Source, StatusChange
from cities.models import Institution, Official, Place
from tests.factories import (
    AgreementFactory,
    InstitutionFactory,
    OfficialFactory,
    SectorFactory,
    SourceFactory,
)
from tests.rows import all_rows
from tests.sheets.carrying import (
    address,
    bring,
    confirm,
    edited,
    export,
    new_row,
    plan,
    rows_of,
    said,
    table,
)

pytestmark = pytest.mark.django_db


def of_khujand(row: dict[str, str]) -> bool:
    return row["slug"] == "khujand"


def results(preview) -> dict[str, int]:
    return {result: many for result, many in plan(preview).counts.items() if many}


def refused(client, model, content: bytes) -> str:
    """What is said of a table of which nothing can be written; nothing is."""
    before = all_rows()
    preview = bring(client, model, content)
    assert plan(preview).counts["refused"], results(preview)
    assert "Write this" not in preview.content.decode()
    assert confirm(client, preview, digest=plan(preview).digest).status_code == 409
    assert all_rows() == before
    return said(preview)


# --- What is written --------------------------------------------------------------------------


def test_nothing_is_written_before_it_is_confirmed_and_then_all_of_it(rustam, khujand):
    content = edited(export(rustam, Place), of_khujand, about="On a river")
    preview = bring(rustam, Place, content)
    assert results(preview) == {"changed": 1, "unchanged": 1}
    assert Place.objects.get(slug="khujand").about == ""
    response = confirm(rustam, preview)
    assert response["Location"] == address(Place, "changelist")
    assert Place.objects.get(slug="khujand").about == "On a river"


def test_the_history_tells_who_brought_it_and_from_which_row(rustam, khujand):
    content = edited(export(rustam, Place), of_khujand, about="On a river")
    confirm(rustam, bring(rustam, Place, content, "from-khujand.csv"))
    latest = khujand.history.first()
    assert (latest.history_user.username, latest.about) == ("rustam", "On a river")
    assert latest.history_change_reason == "from-khujand.csv, row 2"


def test_relations_are_written_by_their_short_names(rustam, khujand, qazvin):
    content = edited(export(rustam, Place), of_khujand, parent="iran")
    confirm(rustam, bring(rustam, Place, content))
    assert Place.objects.get(slug="khujand").parent.slug == "iran"


def test_a_place_may_be_named_by_its_wikidata_id(rustam, khujand):
    SourceFactory(key="a-list")
    confirm(rustam, bring(rustam, Source, edited(export(rustam, Source), speaks_for="Q373808")))
    assert Source.objects.get(key="a-list").speaks_for == khujand


def test_several_relations_stand_in_one_cell(rustam):
    for name in ("culture", "health", "trade"):
        SectorFactory(slug=name)
    tie = AgreementFactory(sectors=Sector.objects.filter(slug="trade"))
    confirm(
        rustam,
        bring(rustam, Agreement, edited(export(rustam, Agreement), sectors="health;culture")),
    )
    assert list(tie.sectors.values_list("slug", flat=True).order_by("slug")) == [
        "culture",
        "health",
    ]
    assert [row["sectors"] for row in rows_of(export(rustam, Agreement))] == ["culture; health"]


def test_an_id_elsewhere_is_added_but_never_taken_off(rustam, khujand):
    content = edited(export(rustam, Place), of_khujand, geonames="1514879")
    confirm(rustam, bring(rustam, Place, content))
    assert khujand.identifiers.filter(scheme="geonames", value="1514879").exists()
    said = refused(rustam, Place, edited(export(rustam, Place), of_khujand, wikidata=""))
    assert "taken off on the place’s own page" in said
    assert "Q373808" in said


# --- New records ------------------------------------------------------------------------------

NEW = (
    (Place, {"name": "Panjakent", "level": "city", "parent": "tajikistan", "wikidata": "Q851177"}),
    (Official, {"name": "Rahim"}),
    (Institution, {"place": "khujand", "name": "University of Khujand", "kind": "university"}),
    (Agreement, {"parties": "qazvin; khujand", "kind": "friendship", "status": "drafted"}),
    (Sector, {"name": "Science & more"}),
    (Source, {"publisher": "Asia-Plus", "title": "Headline", "kind": "press"}),
)
OLD = {
    Official: OfficialFactory,
    Institution: InstitutionFactory,
    Agreement: AgreementFactory,
    Sector: SectorFactory,
    Source: SourceFactory,
}


@pytest.mark.parametrize(("model", "cells"), NEW)
def test_a_row_without_a_key_is_a_new_record(model, cells, rustam, qazvin, khujand):
    if model in OLD:
        OLD[model]()
    content = new_row(export(rustam, model), **cells)
    before = model.objects.count()
    preview = bring(rustam, model, content)
    assert results(preview) == {"new": 1, "unchanged": before}, said(preview)
    confirm(rustam, preview)
    assert model.objects.count() == before + 1
    assert [row for row in rows_of(export(rustam, model)) if cells.items() <= row.items()]
    assert results(bring(rustam, model, export(rustam, model))) == {"unchanged": before + 1}


def test_a_new_agreement_is_internal_with_its_parties_in_order_and_its_first_step(
    rustam, registrar, qazvin, khujand
):
    AgreementFactory()
    cells = {"kind": "sister_city", "status": "signed", "status_since": "2025-05"}
    content = new_row(export(rustam, Agreement), parties="Q373808; qazvin", **cells)
    confirm(rustam, bring(rustam, Agreement, content))
    made = Agreement.objects.latest("pk")
    assert [party.place for party in made.parties.all()] == [khujand, qazvin]
    assert (made.status, str(made.status_since), made.visibility) == (
        "signed",
        "2025-05",
        "internal",
    )
    assert StatusChange.objects.get(agreement=made).recorded_by == registrar


def test_two_new_rows_that_cannot_both_be_are_told_before_anything_is_written(rustam):
    SectorFactory()
    content = new_row(new_row(export(rustam, Sector), name="Trade"), name="Trade")
    assert "4, name: Row 3 says “Trade” too" in refused(rustam, Sector, content)


TWO = {"parties": "qazvin; khujand", "kind": "other"}
NEW_AND_WRONG = (
    (Place, {"name": "Panjakent", "parent": "nowhere"}, "There is no record called “nowhere”"),
    (Place, {"name": "Khujand", "wikidata": "Q373808"}, "Another place has this id already."),
    (Place, {"name": "Khujand", "wikidata": "373808"}, "A Wikidata id is Q and digits"),
    (Place, {"name": "Khujand", "population": "many"}, "Enter a whole number."),
    (Place, {"name": "Khujand", "latitude": "40"}, "latitude and longitude together"),
    (Place, {"name": "Khujand", "slug": "panjakent"}, "No record is known by this."),
    (Place, {"name": "Khujand", "level": "village"}, "level: Select a valid choice."),
    (Place, {"level": "city"}, "name: This field is required."),
    (Agreement, {"parties": "qazvin", "kind": "friendship"}, "Name two parties or more"),
    (Agreement, {"parties": "qazvin; x", "kind": "friendship"}, "no record called “x”"),
    (Agreement, {"parties": "qazvin; khujand"}, "kind: This field is required."),
    (Agreement, TWO | {"status": "ended"}, "on a page of its own"),
    (Agreement, TWO | {"visibility": "public"}, "published"),
    (Agreement, TWO | {"status_since": "2999"}, "status_since:"),
    (Agreement, TWO | {"starts_on": "2025-02-30"}, "starts_on:"),
    (Source, {"title": "x", "publisher": "y", "kind": "press", "url": "javascript:1"}, "url:"),
)  # fmt: skip


@pytest.mark.parametrize(("model", "cells", "words"), NEW_AND_WRONG)
def test_a_new_row_passes_the_checks_of_the_admins_own_form(
    model, cells, words, rustam, qazvin, khujand
):
    if model in OLD:
        OLD[model]()
    assert words in refused(rustam, model, new_row(export(rustam, model), **cells))


# --- Rows that are refused --------------------------------------------------------------------

READ_ONLY = (
    ("status", "ended", "A status changes only by a move"),
    ("status_since", "2001", "A status changes only by a move"),
    ("visibility", "public", "published and unpublished on its own page"),
    ("parties", "qazvin; khujand", "changed on the agreement’s own page"),
)


@pytest.mark.parametrize(("column", "text", "words"), READ_ONLY)
def test_a_column_that_a_sheet_cannot_change_is_refused_with_what_to_do(
    column, text, words, rustam
):
    AgreementFactory()
    assert words in refused(rustam, Agreement, edited(export(rustam, Agreement), **{column: text}))


def test_a_row_that_somebody_changed_since_the_export_is_refused(rustam, khujand):
    content = edited(export(rustam, Place), of_khujand, about="Mine")
    khujand.about = "Theirs"
    khujand.save()
    assert "Somebody changed this record since the export." in refused(rustam, Place, content)


def test_a_stale_row_that_says_nothing_new_is_no_conflict(rustam, khujand):
    content = export(rustam, Place)
    khujand.save()
    assert results(bring(rustam, Place, content)) == {"unchanged": 2}


@pytest.mark.parametrize(
    ("version", "words"),
    [
        ("", "already"),
        ("99", "not the version of any"),
        ("-1", "not the"),
        ("9" * 30, "not the"),
        ("١", "not the"),
    ],
)
def test_a_version_of_no_export_is_refused(version, words, rustam):
    OfficialFactory()
    content = edited(export(rustam, Official), about="x", version=version)
    assert words in refused(rustam, Official, content)


def test_two_rows_of_one_record_are_refused(rustam):
    OfficialFactory()
    [row] = rows_of(export(rustam, Official))
    content = table([row | {"about": "one"}, row | {"about": "other"}])
    assert "3, slug: Row 2 is of the same record." in refused(rustam, Official, content)


def test_one_bad_row_keeps_all_others_out(rustam):
    OfficialFactory.create_batch(3)
    rows = rows_of(export(rustam, Official))
    rows[0]["about"], rows[2]["name"] = "Fine", ""
    assert "4, name: This field is required." in refused(rustam, Official, table(rows))


def test_what_was_merged_away_is_not_changed_any_more(rustam, qazvin, khujand):
    tie = AgreementFactory(parties=[qazvin, khujand])
    Agreement.objects.filter(pk=tie.pk).update(
        merged_into=AgreementFactory(parties=[qazvin, khujand])
    )
    assert results(bring(rustam, Agreement, export(rustam, Agreement))) == {"unchanged": 2}
    content = edited(
        export(rustam, Agreement), lambda row: row["reference"] == tie.reference, summary="x"
    )
    assert "not to be changed" in refused(rustam, Agreement, content)
