"""What is written is found at once, whatever way it is written; and the index can be made anew."""

from copy import copy
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core import serializers
from django.core.management import call_command
from django.db import connection, models, transaction
from django.db.models import F
from django.db.models.functions import Upper
from django.db.models.signals import pre_migrate

from agreements.models import Agreement, Party
from cities.models import Official, Place, PlaceName
from common import search
from common.folded import fold_again, folded_fields
from tests.factories import (
    AgreementFactory,
    OfficialFactory,
    PlaceFactory,
    PlaceNameFactory,
    SpellingFactory,
)

pytestmark = pytest.mark.django_db


def found(text: str) -> list[Place]:
    return list(Place.objects.search(text))


def by_save(place):
    place.name = "Khujand"
    place.save()


def by_save_of_the_name_alone(place):
    place.name = "Khujand"
    place.save(update_fields=["name"])


def by_save_of_a_part(place):
    part = Place.objects.only("name").get(pk=place.pk)
    part.name = "Khujand"
    part.save(update_fields=["name"])


def by_update(place):
    Place.objects.filter(pk=place.pk).update(name="Khujand")


def by_bulk_update(place):
    place.name = "Khujand"
    Place.objects.bulk_update([place], ["name"])


def by_update_or_create(place):
    Place.objects.update_or_create(pk=place.pk, defaults={"name": "Khujand"})


def by_a_fixture(place):
    place.name, place.folded = "Khujand", "something else"
    [row] = serializers.deserialize("json", serializers.serialize("json", [place]))
    row.save()


def by_a_name_of_its_own(place):
    Place.objects.filter(pk=place.pk).update(name="Elsewhere")
    PlaceName.objects.bulk_create([PlaceName(place=place, text="Khujand")])


@pytest.mark.parametrize(
    "rename",
    [
        by_save,
        by_save_of_the_name_alone,
        by_save_of_a_part,
        by_update,
        by_bulk_update,
        by_update_or_create,
        by_a_fixture,
        by_a_name_of_its_own,
    ],
)
def test_a_place_is_found_by_its_new_name_and_no_more_by_the_old(rename):
    place = PlaceFactory(name="Leninabad")
    rename(place)
    assert found("khujand") == [place]
    assert found("leninabad") == []


def test_what_is_deleted_is_found_no_more():
    place = PlaceFactory(name="Khujand")
    PlaceNameFactory(place=place, text="Хуҷанд")
    place.names.all().delete()
    Place.objects.filter(pk=place.pk).delete()
    again = PlaceFactory(name="Elsewhere", pk=place.pk)
    assert found("khujand") == []
    assert found("elsewhere") == [again]


def test_a_name_that_only_the_database_could_work_out_is_refused_in_words():
    place = PlaceFactory(name="Khujand")
    with pytest.raises(ValueError, match="give name as text"):
        Place.objects.update(name=Upper(F("name")))
    assert found("khujand") == [place]


def test_a_save_that_leaves_the_name_alone_leaves_the_folded_form_alone(
    django_assert_num_queries,
):
    place = PlaceFactory(name="Khujand")
    bare = Place.objects.only("about").get(pk=place.pk)
    bare.about = "On the Syr Darya."
    with django_assert_num_queries(1):
        Place.objects.bulk_update([bare], ["about"])
    assert found("khujand") == [place]


def test_a_changed_party_changes_what_finds_the_agreement():
    tie = AgreementFactory(parties=[PlaceFactory(name="Lima"), PlaceFactory(name="Oslo")])
    seat = tie.parties.get(place__name="Oslo")
    seat.place = PlaceFactory(name="Quito")
    seat.name_then = "Stalingrad"
    seat.save()
    assert not Agreement.objects.search("oslo").exists()
    assert Agreement.objects.search("lima quito").get() == tie
    assert Agreement.objects.search("stalingrad").get() == tie
    Party.objects.filter(pk=seat.pk).update(name_then="")
    assert not Agreement.objects.search("stalingrad").exists()


def test_a_changed_title_changes_what_finds_the_agreement():
    tie = AgreementFactory(title="Charter of Friendship")
    tie.title = "Letter of Intent"
    tie.save()
    assert not Agreement.objects.search("charter").exists()
    assert Agreement.objects.search("intent letter").get() == tie


def test_a_write_that_is_taken_back_leaves_no_trace():
    place = PlaceFactory(name="Khujand")
    with transaction.atomic():
        Place.objects.filter(pk=place.pk).update(name="Leninabad")
        assert found("leninabad") == [place]
        transaction.set_rollback(True)
    assert (found("khujand"), found("leninabad")) == ([place], [])


# --- Made anew ----------------------------------------------------------------------------


def spoil() -> Place:
    """A place that another program renamed, past all that keeps the folded form true."""
    place = PlaceFactory(name="Leninabad")
    models.QuerySet(Place).filter(pk=place.pk).update(name="Khujand")
    assert found("khujand") == []
    return place


def test_rebuilding_finds_what_another_program_wrote_and_raises_no_version(capsys):
    place = spoil()
    version = Place.objects.get(pk=place.pk).version
    edits = place.history.count()
    call_command("rebuild_search")
    assert found("khujand") == [place]
    assert found("leninabad") == []
    place.refresh_from_db()
    assert (place.version, place.history.count()) == (version, edits)
    assert "Folded anew: 1." in capsys.readouterr().out


def test_rebuilding_what_is_true_changes_nothing(capsys):
    OfficialFactory(name="Nozari"), SpellingFactory(), AgreementFactory(title="Charter")
    call_command("rebuild_search")
    assert "Folded anew: 0." in capsys.readouterr().out
    assert Official.objects.search("nozari").count() == 1


def test_many_batches_are_folded_whole(monkeypatch):
    monkeypatch.setattr("common.folded.BATCH", 3)
    PlaceFactory.create_batch(10)
    models.QuerySet(Place).update(folded="")
    seen: list[int] = []
    assert fold_again(Place, "default", seen.append) == 10
    assert seen == [3, 3, 3, 1]
    assert Place.objects.search("town").count() == 10


@pytest.mark.parametrize("room", ["cities", "agreements"])
def test_the_migration_folds_what_was_stored_without_its_blanks(room):
    place = PlaceFactory(name="Khujand")
    tie = AgreementFactory(parties=[place, PlaceFactory()], title="Charter")
    models.QuerySet(Place).update(folded="khujand")
    models.QuerySet(Agreement).update(folded="charter")
    migration = import_module(f"{room}.migrations.0003_fold_again")
    migration.fold_all(apps, SimpleNamespace(connection=connection))
    if room == "cities":
        assert found("khujand") == [place]
    else:
        assert Agreement.objects.search("charter").get() == tie


# --- The index ----------------------------------------------------------------------------

FIELDS = [field for app in apps.get_app_configs() for field in search.searched(app)]


def test_every_folded_field_has_its_index_and_no_copy_in_the_history_has_one():
    names = {field.model.__name__ for field in FIELDS}
    assert names == {"Place", "PlaceName", "Official", "Spelling", "Agreement", "Party"}
    assert all(search.index_of(field, connection) for field in FIELDS)
    assert list(folded_fields(Place.history.model))


def integrity() -> None:
    """FTS5 looks its index over, and raises where it is not sound."""
    with connection.cursor() as cursor:
        for field in FIELDS:
            index = search.names_of(field)["index"]
            cursor.execute(f"INSERT INTO {index}({index}) VALUES ('integrity-check')")  # noqa: S608


@pytest.mark.sqlite
def test_the_index_is_sound_after_all_kinds_of_writes():
    place = PlaceFactory(name="Leninabad")
    by_save(place), by_update(place), by_bulk_update(place)
    nameless = PlaceFactory(name="–")
    Place.objects.filter(pk=nameless.pk).update(name="Lima")
    Place.objects.filter(pk=nameless.pk).update(name="…")
    PlaceFactory(name="Quito").delete()
    integrity()
    with connection.cursor() as cursor:
        for field in FIELDS:
            cursor.execute(search.SQLITE_IN_STEP.format(**search.names_of(field)))
            assert cursor.fetchone()[0]


@pytest.mark.sqlite
def test_a_lost_trigger_comes_back_with_the_next_migrate_and_so_does_what_was_missed():
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER cities_place_folded_insert")
    place = PlaceFactory(name="Khujand")
    assert found("khujand") == []
    call_command("migrate", verbosity=0)
    assert found("khujand") == [place]
    integrity()


@pytest.mark.sqlite
def test_laying_it_again_writes_nothing():
    PlaceFactory(name="Khujand")
    with connection.cursor() as cursor:
        cursor.execute("SELECT rowid, * FROM sqlite_master ORDER BY rowid")
        before = cursor.fetchall()
        search.lay(apps.get_app_config("cities"), "default")
        cursor.execute("SELECT rowid, * FROM sqlite_master ORDER BY rowid")
        assert cursor.fetchall() == before


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_a_table_that_a_migration_rebuilt_is_searched_again():
    place = PlaceFactory(name="Khujand")
    column = Place._meta.get_field("about_source")
    wider = copy(column)
    wider.null = True
    # As a migrate does before it begins: triggers of other tables speak of this one.
    pre_migrate.send(apps.get_app_config("agreements"), using="default", plan=["a migration"])
    with connection.schema_editor() as editor:
        editor.alter_field(Place, column, wider)
    with connection.schema_editor() as editor:
        editor.alter_field(Place, wider, column)
    by_update(place)
    Place.objects.filter(pk=place.pk).update(name="Quito")
    call_command("migrate", verbosity=0)
    assert found("quito") == [place]
    assert found("khujand") == []
    integrity()


@pytest.mark.sqlite
def test_an_older_sqlite_finds_the_same_without_the_index(monkeypatch):
    monkeypatch.setattr(search, "_seen", set())
    monkeypatch.setattr(search, "TRIGRAMS_SINCE", (99,))
    for name in ("Khujand", "Old Khiva", "K Town"):
        PlaceFactory(name=name)
    assert not any(search.index_of(field, connection) for field in FIELDS)
    for text, number in (("k", 1), ("kh", 2), ("hu", 0), ("uja", 1), ("khi o", 1)):
        assert Place.objects.search(text).count() == number, text


@pytest.mark.sqlite
def test_an_older_sqlite_drops_the_triggers_that_it_could_not_run(monkeypatch):
    monkeypatch.setattr(search, "TRIGRAMS_SINCE", (99,))
    search.lay(apps.get_app_config("cities"), "default")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM sqlite_master WHERE name LIKE 'cities_place_folded_%t'"
        )
        assert cursor.fetchone()[0] == 0


@pytest.mark.postgres
def test_a_lost_index_comes_back_with_the_next_migrate():
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX cities_place_folded_trgm")
    search._seen.clear()
    assert not search.index_of(Place._meta.get_field("folded"), connection)
    call_command("migrate", verbosity=0)
    assert search.index_of(Place._meta.get_field("folded"), connection)
