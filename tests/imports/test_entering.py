"""Entering: all of what was shown or nothing, just as if each tie were recorded by hand."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from simple_history.models import HistoricalRecords

from agreements.imports import Options, PlanChanged, RowsRefused, enter
from agreements.merging import merge_agreements
from agreements.models import Agreement, Citation, Listing, Opening, Source, TieImport
from cities.models import Place, PlaceIdentifier
from tests.factories import AgreementFactory, PlaceFactory, on, staff
from tests.imports.lists import (
    QAZVIN,
    entered,
    looked_through,
    results,
    seattle,
    the_list,
    tie,
)
from tests.rows import all_rows

# What is drawn or given anew each time.
OWN = {"id", "history_id", "history_date", "reference", "created_at", "updated_at", "recorded_at"}
OWN |= {"agreement_id", "citation_id", "step_id"}


def all_about(agreement: Agreement) -> dict[str, list[dict]]:
    """Every field of every row that hangs on it, and of their histories."""
    found = {}
    for model in apps.get_models():
        path = {"agreement": "agreement", "historicallisting": "citation__agreement"}
        path |= {"agreements": "id", "listing": "citation__agreement", "historicalagreement": "id"}
        names = {field.name for field in model._meta.concrete_fields}
        name = path.get(model._meta.model_name) or ("agreement" if "agreement" in names else None)
        if model is Agreement:
            name = "id"
        if name and model._meta.app_label == "agreements" and name.split("__")[0] in names:
            rows = model._base_manager.filter(**{name: agreement.pk}).order_by("pk").values()
            found[model._meta.label] = [
                {key: value for key, value in row.items() if key not in OWN} for row in rows
            ]
    return found


def by_hand(imported: Agreement, by, row: dict[str, str]) -> Agreement:
    """The same through the doors for one: record, save, move, publish."""
    start, listing = row.get("start"), Listing.objects.get()
    opening = Opening(
        status="signed",
        happened_on=on(start) if start else None,
        on_record_by=None if start else on("2016"),
        by=by,
        citations=[(the_list(), listing.citation.says)],
    )
    parties = [party.place for party in imported.parties.all()]
    agreement = Agreement.record(opening=opening, parties=parties, kind="sister_city")
    listing.pk, listing._state.adding, listing.version = None, True, 1
    listing.citation = agreement.citations.get()
    listing.save()
    if row.get("end"):
        agreement.move("end", by=by, happened_on=on(row["end"]), end_reason="unknown")
    agreement.publish(by=by)
    return agreement


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["registrar", None])
@pytest.mark.parametrize(
    "dates", [{}, {"start": "1973-05"}, {"start": "1973", "end": "1990"}], ids=str
)
def test_field_by_field_it_is_what_one_would_have_recorded_by_hand(places, monkeypatch, who, dates):
    by = staff(who) if who else None
    row = tie(listed_by="a_only", note="As the city says.", **dates)
    found = entered(row, publish=True, by=by)
    imported = Agreement.objects.get(reference=found.outcomes[0].agreement_reference)
    if by:
        monkeypatch.setattr(
            HistoricalRecords.context, "request", SimpleNamespace(user=by), raising=False
        )
    other = by_hand(imported, by, row)
    mine, theirs = all_about(imported), all_about(other)
    assert mine == theirs
    filled = {label for label, rows in mine.items() if rows}
    assert {
        f"agreements.{name}"
        for name in (
            "Agreement",
            "StatusChange",
            "Party",
            "Citation",
            "Listing",
            "HistoricalAgreement",
            "HistoricalParty",
            "HistoricalCitation",
            "HistoricalListing",
        )
    } <= filled


@pytest.mark.django_db
def test_each_tie_keeps_its_list_its_file_and_its_row(places):
    entered(tie(b=QAZVIN), tie(note="as given"))
    listing = Listing.objects.get(row=3)
    assert (listing.run.file_name, listing.run.source.key) == ("ties.csv", "the-list")
    assert listing.stated["note"] == "as given"
    assert listing.run.counts == {"new": 2}
    assert len(listing.run.sha256) == 64


# Who may


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("options", "lacking"),
    [
        ({}, "add_tieimport"),
        ({}, "sign_agreement"),
        ({}, "end_agreement"),
        ({"publish": True}, "publish_agreement"),
        ({"make_places": True}, "add_place"),
    ],
)
def test_each_permission_that_a_list_needs_is_asked_for(places, options, lacking):
    registrar = staff("registrar")
    assert results(looked_through(tie(), by=registrar, **options)) == ["new"]
    group = registrar.groups.get()
    group.permissions.remove(group.permissions.get(codename=lacking))
    again = type(registrar).objects.get(pk=registrar.pk)
    with pytest.raises(PermissionDenied):
        looked_through(tie(), by=again, **options)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["editor", "auditor"])
def test_neither_editors_nor_auditors_enter_lists(places, role):
    before = all_rows()
    found = looked_through(tie())
    object.__setattr__(found.options, "by", staff(role))
    with pytest.raises(PermissionDenied):
        enter(found)
    assert all_rows() == before


@pytest.mark.django_db
def test_published_only_when_asked_and_by_whom_is_on_record(places, registrar):
    entered(tie(), by=registrar)
    assert not Agreement.objects.visible_to(None).exists()
    entered(tie(b=QAZVIN), publish=True, by=registrar, whole_list=False)
    public = Agreement.objects.get(visibility="public")
    assert {row.history_user for row in public.history.all()} == {registrar}
    assert TieImport.objects.latest("pk").uploaded_by == registrar


# All or nothing


@pytest.mark.django_db
def test_with_a_refused_row_nothing_is_written_unless_it_is_left_out(places):
    before = all_rows()
    rows = [tie(), tie(b=QAZVIN, start="1998 or 1999")]
    with pytest.raises(RowsRefused, match="1 row cannot be entered"):
        enter(looked_through(*rows))
    assert all_rows() == before
    assert results(entered(*rows, leave_out_refused=True)) == ["new", "refused"]
    assert Agreement.objects.count() == 1


@pytest.mark.django_db
def test_a_new_list_is_saved_with_its_ties_or_not_at_all(places):
    source = Source(key="new-list", publisher="P", title="T", kind="register")
    found = looked_through(tie(), source=source)
    PlaceIdentifier.objects.filter(place=places["seattle"]).delete()
    AgreementFactory(parties=[places["khujand"], places["seattle"]], status="signed")
    with pytest.raises(PlanChanged):
        enter(found)
    assert source.pk is None
    assert not Source.objects.filter(key="new-list").exists()
    enter(looked_through(tie(), source=source))
    assert Citation.objects.get().source == source


def record_it(places):
    AgreementFactory(parties=[places["khujand"], places["seattle"]], status="signed")


def rename_it(places):
    places["seattle"].name = "Siaattle"
    places["seattle"].save()


def namesake(places):
    PlaceFactory(name="Seattle", country_code="US")


@pytest.mark.django_db
@pytest.mark.parametrize("moved", [record_it, rename_it, namesake])
def test_what_moved_since_the_plan_is_told_and_nothing_is_written(places, moved):
    found = looked_through(tie())
    moved(places)
    before = all_rows()
    with pytest.raises(PlanChanged):
        enter(found)
    assert all_rows() == before


@pytest.mark.django_db
def test_what_was_merged_since_the_plan_is_told(places):
    pair = [places["khujand"], places["seattle"]]
    kept, other = AgreementFactory.create_batch(2, parties=pair, status="signed")
    entered(tie())
    found = looked_through(tie(note="New."), listed_on="2022")
    listed = Citation.objects.get(source=the_list()).agreement
    one, two = (kept, other) if listed == other else (other, kept)
    merge_agreements(
        *(Agreement.objects.get(pk=each.pk) for each in (one, two)), by=None, reason="The same."
    )
    with pytest.raises(PlanChanged):
        enter(found)
    assert results(entered(tie(note="New."), listed_on="2022")) == ["changed"]


@pytest.mark.django_db
@pytest.mark.postgres
def test_the_agreements_that_it_touches_are_locked_in_their_order(places):
    for other in ("seattle", "qazvin"):
        AgreementFactory(parties=[places["khujand"], places[other]], status="signed")
    found = looked_through(tie(), tie(b=QAZVIN))
    with CaptureQueriesContext(connection) as queries:
        enter(found)
    locks = [query["sql"] for query in queries if "FOR UPDATE" in query["sql"]]
    assert any('"agreements_agreement"' in sql and "ORDER BY" in sql for sql in locks)


# Two at once


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("new_list", [False, True])
def test_of_two_imports_of_a_list_at_once_one_is_entered_and_the_other_is_told(new_list):
    PlaceFactory(name="Khujand", country_code="TJ")
    seattle()
    known = None if new_list else the_list()
    together = Barrier(2, timeout=30)

    def enter_it(who: int) -> str:
        try:
            source = known or Source(key="new", publisher="P", title="T", kind="register")
            found = looked_through(tie(), source=source)
            together.wait()
            enter(found)
        except PlanChanged:
            return "told"
        finally:
            connection.close()
        return "entered"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(enter_it, (0, 1))) == ["entered", "told"]
    counts = [model.objects.count() for model in (Agreement, Listing, TieImport, Source)]
    assert counts == [1, 1, 1, 1]


# What it costs


def many(count: int) -> list[dict[str, str]]:
    return [tie(b=f"Town {n}|US", start="1973") for n in range(count)]


@pytest.mark.django_db
def test_three_rows_and_three_hundred_take_as_many_queries_to_plan_and_batches_to_enter(khujand):
    for n in range(300):
        Place.objects.create(name=f"Town {n}", level="city", country_code="US")
    wrong = tie(b="Nowhere|US")
    taken = []
    for rows in ([*many(3), wrong], [*many(300), *[wrong | {"note": str(n)} for n in range(30)]]):
        the_list()
        with CaptureQueriesContext(connection) as planning:
            found = looked_through(*rows, leave_out_refused=True)
        with CaptureQueriesContext(connection) as entering:
            enter(found)
        with CaptureQueriesContext(connection) as again:
            entered(*rows, leave_out_refused=True)
        taken.append([len(planning), len(entering), len(again)])
        Agreement.objects.all().delete()
        TieImport.objects.all().delete()
    (plan_few, enter_few, again_few), (plan_many, enter_many, again_many) = taken
    assert (plan_few, again_few) == (plan_many, again_many)
    # SQLite takes few values at once, so that 300 rows are some batches there.
    assert enter_many - enter_few < 300 / 5


@pytest.mark.django_db
def test_options_come_back_from_the_record_of_a_run(places):
    found = entered(tie(), publish=True, make_places=True)
    run = TieImport.objects.get()
    assert Options.from_run(run) == found.options
