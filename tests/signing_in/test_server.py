"""What a server is told about signing in, and what its checks say when it is not."""

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from tests.test_settings import GOOD_KEY, PRODUCTION, start
from twinning import env


@pytest.mark.parametrize(
    ("environment", "required"),
    [
        (PRODUCTION, "True"),
        (PRODUCTION | {"MFA_REQUIRED": "false"}, "False"),
        ({"DEMO": "1", "SECRET_KEY": GOOD_KEY}, "False"),
        ({"DEMO": "1", "SECRET_KEY": GOOD_KEY, "MFA_REQUIRED": "true"}, "True"),
    ],
)
def test_a_second_factor_is_required_in_production_unless_it_is_switched_off(environment, required):
    assert start("s.MFA_REQUIRED", **environment).stdout == f"{required}\n"


def test_mail_goes_to_the_server_that_is_named(monkeypatch):
    monkeypatch.setenv("EMAIL_URL", "smtp+tls://us%40city:p%2Fw@mail.city.gov")
    read = env.mail("EMAIL_URL", default="dummy")
    assert (read["EMAIL_HOST"], read["EMAIL_PORT"]) == ("mail.city.gov", 587)
    assert (read["EMAIL_HOST_USER"], read["EMAIL_HOST_PASSWORD"]) == ("us@city", "p/w")
    assert (read["EMAIL_USE_TLS"], read["EMAIL_USE_SSL"]) == (True, False)


@pytest.mark.parametrize("default", ["dummy", "console"])
def test_mail_goes_nowhere_by_itself(monkeypatch, default):
    monkeypatch.delenv("EMAIL_URL", raising=False)
    assert default in env.mail("EMAIL_URL", default=default)["EMAIL_BACKEND"]


@pytest.mark.parametrize(
    "value",
    ["mail.city.gov", "smtp://", "http://u:hunter2@mail", "smtp://u:hunter2@mail:x", "smtp://a/b"],
)
def test_a_mail_server_that_cannot_be_understood_is_refused(monkeypatch, value):
    monkeypatch.setenv("EMAIL_URL", value)
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL") as refusal:
        env.mail("EMAIL_URL", default="dummy")
    assert "hunter2" not in str(refusal.value)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("", "Twinning <no-reply@city.gov>"),
        ("us@city.gov", "us@city.gov"),
        ("The city <us@city.gov>", "The city <us@city.gov>"),
    ],
)
def test_mail_comes_from_somewhere(monkeypatch, value, said):
    monkeypatch.setenv("DEFAULT_FROM_EMAIL", value)
    assert env.sender("DEFAULT_FROM_EMAIL", host=".city.gov") == said


@pytest.mark.parametrize("value", ["us", "us@", "a <b> <c@d>", "us@city.gov\nBcc: x@y.org"])
def test_a_sender_is_an_address(monkeypatch, value):
    monkeypatch.setenv("DEFAULT_FROM_EMAIL", value)
    with pytest.raises(ImproperlyConfigured, match="DEFAULT_FROM_EMAIL"):
        env.sender("DEFAULT_FROM_EMAIL", host="city.gov")


def warned_of() -> set[str]:
    return {message.id for message in run_checks(include_deployment_checks=True)}


@pytest.mark.django_db
def test_a_deployment_is_warned_of_caches_apart_and_of_mail_that_goes_nowhere(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    assert {"twinning.W005", "twinning.W006"} <= warned_of()
    settings.DEMO = True
    assert not {"twinning.W005", "twinning.W006"} & warned_of()


def test_whoever_is_at_the_server_removes_a_factor(parvin, secret):
    call_command("remove_factor", parvin.username, verbosity=0)
    assert not parvin.authenticator_set.exists()
    for name in (parvin.username, "nobody"):
        with pytest.raises(CommandError):
            call_command("remove_factor", name)
