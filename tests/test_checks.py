"""The system checks see what would go wrong, and say what to do."""

import pytest
from django.contrib.auth import get_user_model
from django.core.checks import run_checks
from django.db import DatabaseError, connection

from twinning import checks


def found(deploy=False):
    """The ids of our own messages."""
    messages = run_checks(include_deployment_checks=deploy)
    return sorted(m.id for m in messages if m.id.startswith("twinning."))


@pytest.fixture
def sound_sqlite(monkeypatch):
    monkeypatch.setattr(checks.sqlite3, "sqlite_version_info", (3, 53, 0))


@pytest.fixture(autouse=True)
def sound_server(settings):
    """One with a cache for all its processes and a mail server; neither is asked for anything."""
    backend = "django.core.cache.backends.redis.RedisCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": "redis://127.0.0.1:1/0"}}
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture
def demo_editor(db):
    create = get_user_model().objects.create_user
    return create("editor", email="editor@demo.invalid", password="known to all")


@pytest.mark.parametrize(
    "version", [(3, 31, 0), (3, 40, 1), (3, 44, 5), (3, 45, 0), (3, 50, 6), (3, 51, 2)]
)
def test_a_sqlite_with_the_wal_reset_defect_is_known(version):
    assert checks.has_wal_reset_defect(version)


@pytest.mark.parametrize(
    "version",
    [(3, 44, 6), (3, 44, 7), (3, 50, 7), (3, 50, 8), (3, 51, 3), (3, 52, 0), (3, 53, 0), (4, 0, 0)],
)
def test_a_mended_sqlite_is_not_blamed(version):
    assert not checks.has_wal_reset_defect(version)


@pytest.mark.sqlite
def test_a_defective_sqlite_in_use_is_warned_of_with_a_way_out(monkeypatch):
    monkeypatch.setattr(checks.sqlite3, "sqlite_version_info", (3, 40, 1))
    [warning] = [m for m in run_checks() if m.id == "twinning.W001"]
    assert "3.51.3" in warning.hint
    assert "PostgreSQL" in warning.hint


@pytest.mark.sqlite
def test_a_mended_sqlite_in_use_passes_in_silence(sound_sqlite):
    assert found() == []


@pytest.mark.postgres
def test_a_defective_sqlite_that_is_not_in_use_is_no_matter(monkeypatch):
    monkeypatch.setattr(checks.sqlite3, "sqlite_version_info", (3, 40, 1))
    assert found() == []


def test_a_demonstration_is_not_deployed(settings, sound_sqlite):
    settings.DEMO = True
    assert found(deploy=True) == ["twinning.E001"]


def test_a_demonstration_on_ones_own_machine_passes(settings, sound_sqlite):
    settings.DEMO = True
    assert found() == []


def test_demo_accounts_left_behind_stop_a_deployment(demo_editor, sound_sqlite):
    assert found(deploy=True) == ["twinning.E002"]


def test_demo_accounts_that_cannot_sign_in_stop_nothing(demo_editor, sound_sqlite):
    demo_editor.set_unusable_password()
    demo_editor.save()
    assert found(deploy=True) == []


@pytest.mark.django_db
def test_other_peoples_accounts_stop_nothing(sound_sqlite):
    get_user_model().objects.create_user("editor", email="editor@city.gov", password="a secret")
    assert found(deploy=True) == []


@pytest.mark.django_db
def test_a_database_without_tables_has_no_demo_accounts(sound_sqlite, monkeypatch):
    monkeypatch.setattr(connection.introspection, "table_names", list)
    assert found(deploy=True) == []


@pytest.mark.django_db
def test_a_database_that_does_not_answer_is_told(sound_sqlite, monkeypatch):
    def refuse():
        raise DatabaseError("refused for user:password@host")

    monkeypatch.setattr(connection.introspection, "table_names", refuse)
    assert found(deploy=True) == ["twinning.W002"]


def test_demo_accounts_sign_in_while_the_demonstration_lasts(demo_editor, settings, client):
    settings.DEMO = True
    assert client.login(username="editor", password="known to all")


def test_demo_accounts_are_turned_away_once_it_is_over(demo_editor, client):
    assert not client.login(username="editor", password="known to all")


def test_a_session_of_a_demo_account_ends_with_the_demonstration(demo_editor, settings, client):
    settings.DEMO = True
    client.force_login(demo_editor)
    settings.DEMO = False
    assert "_auth_user_id" in client.session
    assert client.get("/admin/").status_code == 302


@pytest.mark.sqlite
def test_a_sqlite_that_can_index_no_parts_of_names_is_warned_of(monkeypatch, sound_sqlite):
    monkeypatch.setattr("common.search.TRIGRAMS_SINCE", (99,))
    [warning] = [m for m in run_checks() if m.id == "twinning.W003"]
    assert "3.34" in warning.hint


def test_names_without_their_index_are_warned_of_before_a_deployment(db, monkeypatch):
    assert not [m for m in run_checks(include_deployment_checks=True) if m.id == "twinning.W004"]
    monkeypatch.setattr("twinning.checks.is_indexed", lambda field, connection: False)
    [warning] = [m for m in run_checks(include_deployment_checks=True) if m.id == "twinning.W004"]
    assert "cities_placename" in warning.msg
    assert "migrate" in warning.hint
