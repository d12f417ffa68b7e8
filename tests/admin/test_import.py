"""Ties brought to the admin: looked through, confirmed once, and entered as they were shown."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agreements.models import Agreement, Listing, Source, TieImport
from cities.models import Place
from tests import factories
from tests.admin.importing import (
    ADD,
    SOUND,
    WRONG,
    at,
    berlin,
    brought,
    confirm,
    csv_of,
    form,
    lay_places,
    said,
    upload,
    workbook,
)
from tests.admin.sheets import sheet
from tests.factories import AgreementFactory, SourceFactory
from tests.rows import all_rows

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def places(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    lay_places()


@pytest.fixture
def clerk(registrar) -> Client:
    return signed_in(registrar)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def files_kept(tmp_path) -> list:
    return [path for path in (tmp_path / "media").rglob("*") if path.is_file()]


# --- Who may ------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["editor", "auditor"])
def test_only_a_registrar_brings_lists(role, db):
    client = signed_in(factories.staff(role))
    assert client.get(reverse(ADD)).status_code == 403
    assert upload(client, workbook()).status_code == 403
    assert not TieImport.objects.exists()


def test_what_waits_is_seen_by_whoever_brought_it_and_by_no_colleague(clerk, administrator):
    run = brought(clerk)
    other = factories.staff("registrar", username="farida")
    for view in ("preview", "report", "refused"):
        assert signed_in(other).get(at(run, view)).status_code == 404
    assert signed_in(other).post(at(run, "enter")).status_code == 404
    assert signed_in(administrator).get(at(run)).status_code == 200


# --- Looking through it -------------------------------------------------------------------


def test_the_preview_counts_and_enters_nothing(clerk):
    before = all_rows()
    page = clerk.get(at(brought(clerk))).content.decode()
    assert "20 rows: 15 would be entered, 5 cannot be: look at them below." in page
    after = all_rows()
    assert {table for table in after if after[table] != before[table]} == {
        "agreements.TieImport",
        "agreements.Source",
        "agreements.HistoricalSource",
    }


@pytest.mark.parametrize(
    ("result", "rows"), [("refused", 4), ("unclear", 1), ("new", 15), ("", 20), ("nonsense", 20)]
)
def test_the_rows_can_be_narrowed_by_what_becomes_of_them(clerk, result, rows):
    page = clerk.get(at(brought(clerk)), {"result": result})
    assert len(page.context["report"].rows) == rows


def test_the_report_asks_as_much_for_three_rows_as_for_thirty(clerk, django_assert_max_num_queries):
    few, many = brought(clerk, workbook(SOUND[:3])), brought(clerk, workbook(SOUND * 2))
    with django_assert_max_num_queries(1000) as of_few:
        clerk.get(at(few))
    with django_assert_max_num_queries(len(of_few)):
        clerk.get(at(many))


def test_a_cell_is_never_markup(clerk):
    page = clerk.get(at(brought(clerk, csv_of("partner,country", "<b>Tabriz</b>,IR"))))
    assert "<b>Tabriz</b>" not in page.content.decode()


def test_the_refused_rows_come_back_with_their_reasons_and_without_formulas(clerk):
    content = csv_of("partner,country,remarks", "Nowhere,XX,'=1+1")
    text = b"".join(clerk.get(at(brought(clerk, content), "refused"))).decode("utf-8-sig")
    assert "Nowhere" in text
    assert "'=1+1" in text


def test_the_report_is_there_for_programs(clerk):
    told = clerk.get(at(brought(clerk), "report")).json()
    assert told["counts"] == {"new": 15, "refused": 4, "unclear": 1}
    assert [row["row"] for row in told["rows"] if row["result"] == "unclear"] == [19]


# --- What is wrong with the form ----------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"publisher": ""}, "Choose a list above, or say this of the new one."),
        ({"listed_on": ""}, "Say of when this copy of the list is."),
        ({"listed_on": "1998 or 1999"}, "Write a year, a month or a day"),
        ({"kind": "marriage"}, "marriage"),
        ({"side_a": "99999999999999999999"}, "not one of the available choices"),
        ({"side_a": "", "own_list": "on"}, "Say which place"),
        ({"source": "0"}, "not one of the available choices"),
    ],
)
def test_what_is_wrong_with_the_form_is_said_and_nothing_is_kept(clerk, tmp_path, fields, words):
    response = upload(clerk, workbook(), **fields)
    assert response.status_code == 400
    assert words in said(response)
    assert not TieImport.objects.exists()
    assert not Source.objects.exists()
    assert files_kept(tmp_path) == []


def test_a_file_that_is_too_large_is_refused_before_it_is_read(clerk, settings, tmp_path):
    settings.IMPORT_MAX_BYTES = 100
    assert "larger than 100" in said(upload(clerk, workbook()))
    assert files_kept(tmp_path) == []


def test_a_name_of_a_file_that_is_too_long_is_said_to_be(clerk):
    assert "at most 200 characters" in said(upload(clerk, workbook(), name="x" * 240 + ".xlsx"))


def test_a_file_of_too_many_rows_is_for_the_command(clerk, settings, tmp_path):
    settings.IMPORT_MAX_ROWS = 10
    assert "more than 10 rows" in said(upload(clerk, workbook()))
    assert files_kept(tmp_path) == []


def test_a_mapping_file_says_what_headings_mean(clerk):
    from django.core.files.uploadedfile import SimpleUploadedFile

    mapping = SimpleUploadedFile(
        "map.toml", b'[columns]\nb_name = "Stadt"\nb_country = "Staat"\nstart = "Jahr"\n'
    )
    run = brought(clerk, csv_of("Stadt,Staat,Jahr", "Paris,FR,1987"), mapping_file=mapping)
    confirm(clerk, run)
    assert str(Agreement.objects.get().status_since) == "1987"


# --- Entering -----------------------------------------------------------------------------


def test_what_was_shown_is_entered_and_the_rest_left_out_only_if_asked(clerk):
    run = brought(clerk)
    digest = clerk.get(at(run)).context["report"].plan.digest
    assert clerk.post(at(run, "enter"), {"digest": digest}).status_code == 400
    assert not Agreement.objects.exists()
    assert confirm(clerk, run).status_code == 302
    assert Agreement.objects.count() == 15
    assert not Agreement.objects.visible_to(None).exists()


def test_ties_are_published_only_where_that_was_asked(clerk):
    confirm(clerk, brought(clerk, publish="on"))
    assert Agreement.objects.visible_to(None).count() == 15


def test_an_offices_own_list_is_that_sides_claim(clerk):
    confirm(clerk, brought(clerk, own_list="on"))
    assert set(Listing.objects.values_list("listed_by__slug", flat=True)) == {"berlin"}
    assert Agreement.objects.one_sided().count() == 15


def test_new_places_are_made_only_where_that_was_asked(clerk):
    content = csv_of("partner,country", "Nishapur,IR")
    assert "digest" not in sheet(clerk.get(at(brought(clerk, content))))
    assert not Place.objects.filter(name="Nishapur").exists()
    confirm(clerk, brought(clerk, content, make_places="on", title="Another list"))
    assert Place.objects.get(name="Nishapur").country_code == "IR"


def test_a_file_is_entered_only_once(clerk):
    run = brought(clerk)
    digest = clerk.get(at(run)).context["report"].plan.digest
    confirm(clerk, run)
    again = clerk.post(at(run, "enter"), {"digest": digest, "leave_out": "on"})
    assert again.status_code == 404
    assert Agreement.objects.count() == 15


def test_what_moved_in_the_meantime_is_shown_before_it_is_entered(clerk):
    run = brought(clerk, workbook(SOUND))
    digest = clerk.get(at(run)).context["report"].plan.digest
    AgreementFactory(parties=[berlin(), Place.objects.get(name="Paris")], kind="sister_city")
    response = clerk.post(at(run, "enter"), {"digest": digest})
    assert response.status_code == 409
    assert "Somebody changed the register" in response.content.decode()
    assert Agreement.objects.count() == 1


def test_the_same_list_again_changes_nothing(clerk):
    confirm(clerk, brought(clerk, workbook(SOUND)))
    source = Source.objects.get()
    before = all_rows()["agreements.Agreement"]
    fields = {"publisher": "", "title": "", "source": source.pk}
    run = brought(clerk, workbook(SOUND), **fields)
    assert clerk.get(at(run)).context["report"].plan.counts == {"unchanged": 15}
    assert "digest" not in sheet(clerk.get(at(run)))
    assert all_rows()["agreements.Agreement"] == before


# --- Throwing away ------------------------------------------------------------------------


def test_what_is_thrown_away_leaves_nothing(clerk, django_capture_on_commit_callbacks, tmp_path):
    run = brought(clerk)
    with_file = files_kept(tmp_path)
    assert len(with_file) == 1
    assert "partners" not in with_file[0].name
    with django_capture_on_commit_callbacks(execute=True):
        clerk.post(at(run, "discard"), {"throw_away": "yes"})
    assert files_kept(tmp_path) == []
    assert not TieImport.objects.exists()
    assert not Source.objects.exists()


def test_a_list_that_others_cite_outlives_the_file(clerk):
    source = SourceFactory(kind="register")
    run = brought(clerk, publisher="", title="", source=source.pk)
    clerk.post(at(run, "discard"), {"throw_away": "yes"})
    assert Source.objects.get() == source


def test_what_nobody_confirmed_for_a_day_goes_with_the_next_upload(
    clerk, django_capture_on_commit_callbacks, tmp_path
):
    old = brought(clerk)
    TieImport.objects.filter(pk=old.pk).update(uploaded_at=timezone.now() - timedelta(days=2))
    with django_capture_on_commit_callbacks(execute=True):
        new = brought(clerk, title="Another list")
    assert list(TieImport.objects.all()) == [new]
    assert len(files_kept(tmp_path)) == 1


def test_a_corrected_file_takes_the_place_of_the_first(clerk):
    first = brought(clerk)
    answer = clerk.get(reverse(ADD), {"again": first.pk})
    assert answer.context["form"].initial["source"] == first.source_id
    fields = {"publisher": "", "title": "", "source": first.source_id}
    upload(clerk, workbook(SOUND), again=f"?again={first.pk}", **fields)
    run = TieImport.objects.get()
    assert run.counts == {"new": len(SOUND)}
    assert run.pk != first.pk


def test_the_list_of_imports_tells_what_was_entered(clerk):
    confirm(clerk, brought(clerk))
    page = clerk.get(reverse("admin:agreements_tieimport_changelist")).content.decode()
    assert "partners.xlsx" in page
    done = TieImport.objects.get()
    result = clerk.get(reverse("admin:agreements_tieimport_change", args=[done.pk]))
    assert len(result.context["listings"]) == 15


def test_five_in_twenty_are_wrong_in_five_ways():
    assert len(SOUND) + len(WRONG) == 20
    assert form(workbook())["kind"] == "sister_city"
