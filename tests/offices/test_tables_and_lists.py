"""What an office brings: lists of ties and tables of agreements, row by row its own or refused."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from agreements.imports import ImportRefused, PlanChanged, enter
from agreements.models import Agreement, Listing, TieImport
from tests.admin.conftest import signed_in
from tests.desk_factories import ClerkshipFactory
from tests.factories import (
    AgreementFactory,
    CitationFactory,
    PlaceFactory,
    TieImportFactory,
    iran,
    staff,
)
from tests.imports.lists import (
    KHUJAND,
    QAZVIN,
    looked_through,
    results,
    seattle,
    the_list,
    tie,
    told,
)
from tests.rows import all_rows
from tests.sheets.carrying import bring, confirm, export, plan, rows_of, said, table

pytestmark = pytest.mark.django_db

NOT_YOURS = "Your office is Qazvin: none of the two is yours."
SECRET = "Canary"
LIST = "admin:agreements_agreement_changelist"


@pytest.fixture
def clerk(qazvin):
    user = staff("registrar", username="clerk")
    ClerkshipFactory(user=user, place=qazvin)
    return user


@pytest.fixture
def office(clerk):
    return signed_in(clerk)


@pytest.fixture(autouse=True)
def places(qazvin, khujand):
    return qazvin, khujand, seattle()


def again(user):
    """The account as the next request reads it."""
    return type(user).objects.get(pk=user.pk)


# --- Lists of ties ------------------------------------------------------------------------


def test_a_row_without_a_place_of_the_office_is_refused_in_words(clerk):
    found = looked_through(tie(QAZVIN), tie(KHUJAND), by=clerk, leave_out_refused=True)
    assert results(found) == ["new", "refused"]
    assert told(found) == [f"a_name: {NOT_YOURS}"]
    enter(found)
    assert {party.place.name for party in Agreement.objects.get().parties.all()} == {
        "Qazvin",
        "Seattle",
    }


def test_several_offices_are_all_named(clerk, khujand):
    ClerkshipFactory(user=clerk, place=PlaceFactory(name="Aktau"))
    assert told(looked_through(tie(KHUJAND), by=clerk)) == [
        "a_name: Your offices are Aktau, Qazvin: none of the two is yours."
    ]


def test_who_is_bound_to_no_office_brings_every_row(registrar):
    assert results(looked_through(tie(QAZVIN), tie(KHUJAND), by=registrar)) == ["new", "new"]


def test_a_place_to_be_made_is_of_the_office_of_its_country_alone(clerk):
    rows = (tie("Karaj|IR"), tie(QAZVIN, "Karaj|IR"))
    found = looked_through(*rows, by=clerk, make_places=True)
    assert results(found) == ["refused", "new"]
    ClerkshipFactory(user=clerk, place=iran())
    assert results(looked_through(*rows, by=again(clerk), make_places=True)) == ["new", "new"]


def test_who_lost_the_office_meanwhile_enters_nothing_of_it(clerk, khujand):
    found = looked_through(tie(QAZVIN), by=clerk)
    clerk.clerkships.get().delete()
    ClerkshipFactory(user=clerk, place=khujand)
    del clerk._is_bound, clerk._reach
    before = all_rows()
    with pytest.raises(PlanChanged):
        enter(found)
    assert all_rows() == before


def test_a_newer_state_of_a_list_leaves_the_ties_of_other_offices_alone(clerk, registrar):
    enter(looked_through(tie(QAZVIN), tie(KHUJAND), by=registrar))
    kept = Listing.objects.get(citation__agreement__in=Agreement.objects.kept_by(clerk))
    found = looked_through(tie(QAZVIN, "Boston|US"), listed_on="2020", by=clerk, make_places=True)
    assert sorted(results(found)) == ["gone", "new"]
    enter(found)
    gone = Listing.objects.filter(gone_since__isnull=False)
    assert list(gone) == [kept]


def test_a_list_of_foreign_internal_ties_is_not_there_to_be_added_to(clerk):
    CitationFactory(agreement=AgreementFactory(), source=the_list())
    with pytest.raises(PermissionDenied):
        looked_through(tie(QAZVIN), by=clerk)


def test_what_was_brought_of_a_list_tells_of_their_own_agreements(office, registrar, clerk):
    enter(looked_through(tie(QAZVIN), tie(KHUJAND), by=registrar))
    run = TieImport.objects.get()
    page = office.get(reverse("admin:agreements_tieimport_change", args=[run.pk]))
    assert b"Qazvin" in page.content
    assert b"Khujand" not in page.content
    other = TieImportFactory(file_name=f"{SECRET}.csv", committed_at=run.committed_at)
    CitationFactory(agreement=AgreementFactory(), source=other.source)
    for name in ("agreements_tieimport_changelist", "agreements_agreement_changelist"):
        assert SECRET.encode() not in office.get(reverse(f"admin:{name}")).content
    hidden = reverse("admin:agreements_tieimport_change", args=[other.pk])
    assert office.get(hidden).status_code == 404
    assert signed_in(registrar).get(hidden).status_code == 200


def test_a_command_is_bound_to_no_office():
    assert results(looked_through(tie(KHUJAND))) == ["new"]
    with pytest.raises(ImportRefused):
        looked_through(tie(KHUJAND), kind="nonsense")


# --- Tables of agreements -----------------------------------------------------------------


@pytest.fixture
def own(places):
    return AgreementFactory(parties=places[:2], title="Own")


@pytest.fixture
def foreign():
    return AgreementFactory(title=f"{SECRET} title", public=False)


def test_a_table_changes_what_the_office_keeps(office, own):
    rows = rows_of(export(office, Agreement))
    rows[0]["summary"] = "Of 2025."
    preview = bring(office, Agreement, table(rows))
    assert confirm(office, preview).status_code == 302
    own.refresh_from_db()
    assert own.summary == "Of 2025."


@pytest.mark.parametrize("public", [False, True])
def test_a_row_of_another_office_is_refused_and_nothing_is_told_of_it(
    office, registrar, own, foreign, public
):
    if public:
        foreign.publish(by=None)
    rows = [
        row
        for row in rows_of(export(signed_in(registrar), Agreement))
        if row["reference"] == foreign.reference
    ]
    for change in ({}, {"summary": "Ours."}):
        preview = bring(office, Agreement, table([rows[0] | change | {"title": "x"}]))
        assert plan(preview).counts["refused"] == 1
        assert "No record is known by this." in said(preview)
        assert SECRET not in preview.content.decode()
        before = all_rows()
        assert confirm(office, preview).status_code == 409
        assert all_rows() == before


def test_a_new_row_has_a_place_of_the_office_among_its_parties(office, own, places):
    blank = dict.fromkeys(rows_of(export(office, Agreement))[0], "")
    made = blank | {"kind": "friendship", "parties": f"khujand; {places[2].slug}"}
    preview = bring(office, Agreement, table([made]))
    assert "Your office is Qazvin. One party at least must be a place of yours." in said(preview)
    preview = bring(office, Agreement, table([made | {"parties": "khujand; qazvin"}]))
    assert confirm(office, preview).status_code == 302
    assert Agreement.objects.count() == 2


# --- Acts on many -------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["publish", "unpublish", "verify", "export_csv", "export_xlsx"])
def test_what_is_chosen_of_another_office_is_passed_over(office, own, foreign, act):
    chosen = {"action": act, "_selected_action": [foreign.pk], "index": 0}
    before = all_rows()
    for more in ({}, {"step": "do", "seen": f"{foreign.pk}:{foreign.version}", "left": ""}):
        for keys in ([foreign.pk], [own.pk, foreign.pk]):
            sent = chosen | more | {"_selected_action": keys}
            answer = office.post(reverse(LIST), sent, follow=True)
            assert SECRET.encode() not in answer.getvalue()
            assert foreign.reference.encode() not in answer.getvalue()
    assert all_rows() == before
