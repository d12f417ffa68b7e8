"""The health page tells a watcher whether the database answers, and nothing else."""

import json
import logging
import sys

import pytest
from django.db import DatabaseError
from django.test import RequestFactory

from twinning.logs import JSONFormatter


@pytest.fixture
def dead_database(monkeypatch):
    def refuse(*args):
        raise DatabaseError("no route to db.internal")

    monkeypatch.setattr("twinning.health.connection.cursor", refuse)


@pytest.mark.django_db
def test_health_is_ok_when_the_database_answers(client):
    response = client.get("/health/")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_health_is_unavailable_when_it_does_not(dead_database, client):
    response = client.get("/health/")
    assert (response.status_code, response.json()) == (503, {"status": "unavailable"})


def test_health_keeps_the_reason_for_the_log(dead_database, client, caplog):
    assert b"db.internal" not in client.get("/health/").content
    assert "db.internal" in caplog.text


@pytest.mark.django_db
def test_health_is_never_cached(client):
    assert "no-store" in client.get("/health/")["Cache-Control"]


@pytest.mark.django_db
def test_health_takes_no_form(client):
    assert client.post("/health/").status_code == 405


@pytest.mark.django_db
def test_health_answers_a_watcher_without_tls(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/health/").status_code == 200


@pytest.mark.django_db
def test_every_answer_carries_the_strict_policy(client):
    policy = client.get("/health/")["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def logged(message, *args, **extra):
    record = logging.getLogger("test").makeRecord(
        "test", logging.WARNING, __file__, 1, message, args, extra.pop("exc_info", None)
    )
    vars(record).update(extra)
    return JSONFormatter().format(record)


def test_a_log_line_is_one_json_object():
    entry = json.loads(logged("Signed by %s", "Сафарзода"))
    assert (entry["level"], entry["logger"]) == ("WARNING", "test")
    assert entry["message"] == "Signed by Сафарзода"


@pytest.mark.parametrize("break_", ["\n", "\r\n", "\x85", "\u2028"])
def test_a_line_break_cannot_forge_a_second_line(break_):
    line = logged("q=%s", f"x{break_}{{}}")
    assert line.splitlines() == [line]


def test_a_log_line_of_a_request_leaves_out_what_people_typed():
    request = RequestFactory().post("/admin/login/?next=/x", {"password": "hunter2"})
    request.COOKIES["sessionid"] = "hunter2"
    entry = logged("Forbidden", request=request, status_code=403)
    assert json.loads(entry)["path"] == "/admin/login/"
    assert "hunter2" not in entry
    assert "next" not in entry


def test_a_log_line_of_an_error_has_its_traceback():
    try:
        raise ValueError("bad\nday")
    except ValueError:
        entry = json.loads(logged("Failed", exc_info=sys.exc_info()))
    assert "ValueError: bad\nday" in entry["exception"]
