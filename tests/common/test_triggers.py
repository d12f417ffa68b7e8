"""The database's own refusals: each is there on both databases, and comes back when it is lost."""

from copy import copy

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.models.signals import pre_migrate

from agreements.models import Agreement
from agreements.refusals import REFUSALS as OF_AGREEMENTS
from cities.models import Place
from cities.refusals import REFUSALS as OF_CITIES
from common.triggers import PREFIX, install
from tests.factories import PlaceFactory

REFUSALS = (*OF_AGREEMENTS, *OF_CITIES)
pytestmark = pytest.mark.django_db


def laid() -> dict[str, str]:
    """The triggers that the database has, and the table of each."""
    query = {
        "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname, tgrelid::regclass::text FROM pg_trigger"
        " WHERE NOT tgisinternal",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {name: table for name, table in cursor.fetchall() if name.startswith(PREFIX)}


def drop(refusal) -> None:
    of_table = f" ON {refusal.table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {PREFIX}{refusal.name}{of_table}")


def city_in_a_city() -> None:
    with transaction.atomic():
        PlaceFactory(parent=PlaceFactory())


def test_every_refusal_is_laid_and_no_other():
    assert laid() == {PREFIX + refusal.name: refusal.table for refusal in REFUSALS}


def test_every_refusal_has_a_name_of_its_own_that_both_databases_can_hold():
    names = [PREFIX + refusal.name for refusal in REFUSALS]
    assert len(set(names)) == len(names)
    assert all(len(name) <= 63 for name in names)


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.name)
def test_a_message_is_a_sentence_without_quotes_or_signs_of_the_database(refusal):
    assert refusal.message.endswith(".")
    assert not set("'\"%$") & set(refusal.message)


def test_what_the_trigger_says_reaches_the_program():
    with pytest.raises(IntegrityError, match="A place lies in a place of a higher level"):
        city_in_a_city()


def test_laying_them_twice_changes_nothing():
    before = laid()
    install(REFUSALS, "default")
    assert laid() == before


def test_a_table_that_is_not_there_yet_is_passed_over():
    early = copy(REFUSALS[0])
    object.__setattr__(early, "table", "agreements_of_next_year")
    install((early,), "default")
    assert early.table not in laid().values()


def test_a_lost_trigger_comes_back_with_the_next_migrate():
    for refusal in OF_CITIES:
        drop(refusal)
    city_in_a_city()
    call_command("migrate", verbosity=0)
    assert len(laid()) == len(REFUSALS)
    with pytest.raises(IntegrityError):
        city_in_a_city()


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_a_table_that_a_migration_rebuilt_has_its_refusals_again():
    column = Place._meta.get_field("about_source")
    wider = copy(column)
    wider.null = True
    # As a migrate does before it begins: triggers of other tables speak of this one.
    pre_migrate.send(apps.get_app_config("agreements"), using="default", plan=["a migration"])
    with connection.schema_editor() as editor:
        editor.alter_field(Place, column, wider)
    with connection.schema_editor() as editor:
        editor.alter_field(Place, wider, column)
    assert not [table for table in laid().values() if table == "cities_place"]
    call_command("migrate", verbosity=0)
    assert len(laid()) == len(REFUSALS)


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_a_table_of_which_other_triggers_speak_can_be_rebuilt_by_a_migrate():
    column = Agreement._meta.get_field("summary")
    wider = copy(column)
    wider.null = True
    pre_migrate.send(apps.get_app_config("agreements"), using="default", plan=["a migration"])
    with connection.schema_editor() as editor:
        editor.alter_field(Agreement, column, wider)
    with connection.schema_editor() as editor:
        editor.alter_field(Agreement, wider, column)
    call_command("migrate", verbosity=0)
    assert len(laid()) == len(REFUSALS)


@pytest.mark.sqlite
def test_a_migrate_that_has_nothing_to_do_takes_no_trigger_off():
    before = laid()
    pre_migrate.send(apps.get_app_config("agreements"), using="default", plan=[])
    assert laid() == before
