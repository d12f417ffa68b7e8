"""The settings understand the environment, or refuse to start and say what they take."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction

from twinning import env

ROOT = Path(__file__).resolve().parent.parent
GOOD_KEY = "kT3vQ8-zR1mWb6yL0pXsN4dHf7gJc2aUe9iOoPqBnVtMxKwZl5"
PRODUCTION = {"SECRET_KEY": GOOD_KEY, "ALLOWED_HOSTS": "register.city.gov"}


def start(ask="'started'", **environment):
    """Import the settings in a process of their own; print what ``ask`` says of ``s``."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(  # noqa: S603
        [sys.executable, "-c", f"from twinning import settings as s; print({ask})"],
        env={**inherited, "ENV_FILE": os.devnull, **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_starts_with_a_key_and_a_host():
    assert start(**PRODUCTION).stdout == "started\n"


def test_production_is_what_nothing_set_means():
    asked = start("s.DEBUG, s.DEMO, s.HTTPS, s.SESSION_COOKIE_SECURE", **PRODUCTION)
    assert asked.stdout == "False False True True\n"


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("", "is not set"),
        ("short", "too short"),
        ("a" * 60, "too plain"),
        ("django-insecure-" + GOOD_KEY, "placeholder"),
        ("please-change-me-" + GOOD_KEY, "placeholder"),
    ],
)
def test_production_refuses_a_secret_key_that_others_could_know(key, why):
    refused = start(**PRODUCTION | {"SECRET_KEY": key})
    assert refused.returncode != 0
    assert "SECRET_KEY" in refused.stderr
    assert why in refused.stderr


def test_a_refused_secret_key_is_not_repeated():
    refused = start(**PRODUCTION | {"SECRET_KEY": "hunter2hunter2"})
    assert "hunter2" not in refused.stderr + refused.stdout


def test_production_refuses_to_start_without_hosts():
    assert "ALLOWED_HOSTS is empty" in start(SECRET_KEY=GOOD_KEY).stderr


def test_the_demonstration_starts_with_nothing_else_set():
    asked = start("s.HTTPS, s.ALLOWED_HOSTS", DEMO="1", SECRET_KEY=GOOD_KEY)
    assert asked.stdout == "False ['localhost', '127.0.0.1', '[::1]']\n"


def test_the_demonstration_refuses_to_serve_others():
    refused = start(DEMO="1", ALLOWED_HOSTS="localhost,register.city.gov")
    assert "DEMO is on and ALLOWED_HOSTS has register.city.gov" in refused.stderr


@pytest.mark.parametrize("host", ["*", "https://city.gov", "city.gov:8000"])
def test_a_host_is_a_name_alone(monkeypatch, host):
    monkeypatch.setenv("ALLOWED_HOSTS", host)
    with pytest.raises(ImproperlyConfigured, match="host names alone"):
        env.hosts("ALLOWED_HOSTS", demo=False, debug=False)


def test_an_ipv6_host_is_a_name(monkeypatch):
    monkeypatch.setenv("ALLOWED_HOSTS", "[2001:db8::1]")
    assert env.hosts("ALLOWED_HOSTS", demo=False, debug=False) == ["[2001:db8::1]"]


@pytest.mark.parametrize("value", ["true", "1", "YES", "on"])
def test_a_switch_is_on_by_any_word_for_yes(monkeypatch, value):
    monkeypatch.setenv("DEMO", value)
    assert env.boolean("DEMO", default=False) is True


@pytest.mark.parametrize("value", ["false", "0", "No", "off"])
def test_a_switch_is_off_by_any_word_for_no(monkeypatch, value):
    monkeypatch.setenv("HTTPS", value)
    assert env.boolean("HTTPS", default=True) is False


@pytest.mark.parametrize("value", ["flase", "2", "yes please", "None", "-1"])
def test_a_switch_refuses_anything_else(monkeypatch, value):
    monkeypatch.setenv("DEBUG", value)
    with pytest.raises(ImproperlyConfigured, match="neither true nor false"):
        env.boolean("DEBUG", default=False)


@pytest.mark.parametrize("value", ["-1", "0", "1.5", "many", "١٢", "1e3", "9" * 40])
def test_a_number_of_days_is_a_whole_number_above_none(monkeypatch, value):
    monkeypatch.setenv("STALLED_AFTER_DAYS", value)
    with pytest.raises(ImproperlyConfigured, match="STALLED_AFTER_DAYS"):
        env.integer("STALLED_AFTER_DAYS", default=365, at_least=1)


def test_an_empty_variable_is_one_not_set(monkeypatch):
    monkeypatch.setenv("STALLED_AFTER_DAYS", " ")
    assert env.integer("STALLED_AFTER_DAYS", default=365) == 365


@pytest.mark.parametrize(
    ("name", "value"),
    [("TIME_ZONE", "Tehran"), ("LANGUAGE_CODE", "xx"), ("LOG_LEVEL", "loud")],
)
def test_a_name_nobody_knows_is_refused(name, value):
    refused = start(**PRODUCTION | {name: value})
    assert f"{name} is '{value}'" in refused.stderr


@pytest.mark.parametrize("value", ["city.gov", "https://city.gov/path", "https://u:p@city.gov"])
def test_an_origin_is_scheme_and_host(monkeypatch, value):
    monkeypatch.setenv("CSRF_TRUSTED_ORIGINS", f"https://good.city.gov, {value}")
    with pytest.raises(ImproperlyConfigured, match="CSRF_TRUSTED_ORIGINS"):
        env.origins("CSRF_TRUSTED_ORIGINS")


BAD_DATABASES = [
    "twinning.sqlite3",
    "sqlite://:memory:",
    "sqlite:///:memory:",
    "//root:hunter2@db/twinning",
    "sqlite://",
    "sqlite://var/x.sqlite3",
    "mysql://root:hunter2@db/twinning",
    "postgres://root:hunter2@db",
    "postgres://root:hun/ter2@db/twinning",
    "postgres://root:hunter2#x@db/twinning",
    "postgres://root:hunter2@db:http/twinning",
    "postgres://root:hunter2@[db/twinning",
]


@pytest.mark.parametrize("value", BAD_DATABASES)
def test_a_database_that_cannot_be_understood_is_refused_in_silence_about_it(monkeypatch, value):
    monkeypatch.setenv("DATABASE_URL", value)
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL") as refusal:
        env.database("DATABASE_URL", default=Path("x"), base=ROOT)
    assert "hunter2" not in str(refusal.value)
    assert refusal.value.__cause__ is None


def test_a_relative_sqlite_file_lies_in_the_project(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "sqlite:///var/x.sqlite3")
    config = env.database("DATABASE_URL", default=Path("x"), base=Path("/srv/twinning"))
    assert config["NAME"] == "/srv/twinning/var/x.sqlite3"


def test_a_postgres_password_may_be_percent_encoded(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: name)
    monkeypatch.setenv("DATABASE_URL", "postgres://twinning:p%23%2Fq@db.city.gov:5433/register")
    config = env.database("DATABASE_URL", default=Path("x"), base=ROOT)
    assert (config["PASSWORD"], config["PORT"], config["NAME"]) == ("p#/q", 5433, "register")


def test_a_missing_driver_says_what_to_install(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://db/register")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ImproperlyConfigured, match=r"requirements-scale\.txt"):
        env.database("DATABASE_URL", default=Path("x"), base=ROOT)


def test_a_cache_is_local_or_redis(monkeypatch):
    assert "locmem" in env.cache("NO_SUCH_VARIABLE")["BACKEND"]
    monkeypatch.setenv("CACHE_URL", "memcached://127.0.0.1")
    with pytest.raises(ImproperlyConfigured, match="CACHE_URL"):
        env.cache("CACHE_URL")


def test_a_key_is_made_once_for_a_machine_and_others_cannot_read_it(tmp_path, monkeypatch):
    monkeypatch.delenv("SECRET_KEY")
    file = tmp_path / "var" / "secret-key"
    keys = {env.secret_key("SECRET_KEY", production=False, keep_in=file) for _ in range(2)}
    assert keys == {file.read_text()}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [file] == list(file.parent.iterdir())


def test_the_file_of_settings_fills_in_what_the_environment_leaves_open(tmp_path):
    file = tmp_path / "settings.env"
    file.write_text("# Ours\nLOG_LEVEL=ERROR\nTIME_ZONE=Asia/Tehran\n")
    asked = start("s.LOG_LEVEL, s.TIME_ZONE", **PRODUCTION, ENV_FILE=str(file), LOG_LEVEL="DEBUG")
    assert asked.stdout == "DEBUG Asia/Tehran\n"


def test_a_broken_line_in_the_file_is_told_by_its_number_alone(tmp_path):
    file = tmp_path / "settings.env"
    file.write_text("LOG_LEVEL=ERROR\nSECRET_KEY hunter2\n")
    refused = start(**PRODUCTION, ENV_FILE=str(file))
    assert "line 2" in refused.stderr
    assert "hunter2" not in refused.stderr


def test_the_example_names_every_variable_that_is_read():
    read = set()
    for line in (ROOT / "twinning" / "settings.py").read_text().split("env.")[1:]:
        reader, _, rest = line.partition('("')
        if reader.isidentifier():
            read.add(rest.partition('"')[0])
    example = (ROOT / ".env.example").read_text()
    assert read, "settings.py reads the environment by env.reader(...)"
    assert [name for name in read if f"{name}=" not in example] == []


@pytest.mark.sqlite
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),  # FULL
        ("foreign_keys", 1),
        ("busy_timeout", 20_000),
    ],
)
def test_sqlite_is_opened_to_lose_nothing(pragma, value):
    with connection.cursor() as cursor:
        assert cursor.execute(f"PRAGMA {pragma}").fetchone() == (value,)


@pytest.mark.sqlite
@pytest.mark.django_db(transaction=True)
def test_a_sqlite_transaction_takes_the_write_lock_as_it_begins(django_assert_num_queries):
    with django_assert_num_queries(2) as asked, transaction.atomic():
        pass
    assert [query["sql"] for query in asked] == ["BEGIN IMMEDIATE", "COMMIT"]
