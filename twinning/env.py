"""Strict readers for the environment: a value is understood, or the start is refused.

Every reader treats an empty variable as one that is not set, and raises
``ImproperlyConfigured`` with the variable's name and what it takes. Values that
may hold a secret are never repeated in a message.
"""

import importlib.util
import os
import re
import secrets
import zoneinfo
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from environ import Env

TRUE = {"true", "1", "yes", "on"}
FALSE = {"false", "0", "no", "off"}
LOOPBACK_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
LEAST_SECRET = 50
PLACEHOLDERS = ("change", "example", "insecure", "placeholder", "replace", "your-secret", "xxxx")
MAIL_PORTS = {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}
LINE = re.compile(r"(export )?[A-Za-z_][A-Za-z_0-9]*=.*")


def read_file(path: Path) -> None:
    """Fill in from a file of ``NAME=value`` lines what the environment does not say itself."""
    if not path.is_file():
        return
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if line and not line.startswith("#") and not LINE.fullmatch(line):
            raise ImproperlyConfigured(f"{path}, line {number}: write NAME=value, or # a comment.")
    Env.read_env(path)


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def boolean(name: str, default: bool) -> bool:
    value = text(name).lower()
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    if value:
        raise ImproperlyConfigured(
            f"{name} is {value!r}, which is neither true nor false. "
            "Write true, 1, yes or on; or false, 0, no or off."
        )
    return default


def integer(name: str, default: int, *, at_least: int = 0) -> int:
    value = text(name)
    if not value:
        return default
    if not re.fullmatch(r"[0-9]{1,12}", value) or int(value) < at_least:
        raise ImproperlyConfigured(
            f"{name} is {value!r}. Write a whole number of {at_least} or more, in digits alone."
        )
    return int(value)


def choice(name: str, default: str, accepted: Collection[str]) -> str:
    value = text(name, default)
    if value not in accepted:
        raise ImproperlyConfigured(
            f"{name} is {value!r}. Write one of: {', '.join(sorted(accepted))}."
        )
    return value


def time_zone(name: str, default: str) -> str:
    value = text(name, default)
    if value not in zoneinfo.available_timezones():
        raise ImproperlyConfigured(
            f"{name} is {value!r}, which is no time zone. Write one such as UTC or Asia/Tehran."
        )
    return value


def listed(name: str, default: Sequence[str] = ()) -> list[str]:
    """The values between the commas, without the blanks."""
    return [part.strip() for part in text(name).split(",") if part.strip()] or list(default)


def hosts(name: str, *, demo: bool, debug: bool) -> list[str]:
    """The names that the site answers to; a demonstration answers on its own machine alone."""
    values = listed(name, LOOPBACK_HOSTS if demo or debug else ())
    if not values:
        raise ImproperlyConfigured(f"{name} is empty. Write the site's host names, with commas.")
    if demo and (others := [host for host in values if host not in LOOPBACK_HOSTS]):
        raise ImproperlyConfigured(
            f"DEMO is on and {name} has {', '.join(others)}. The demonstration has accounts with "
            f"known passwords, so it takes only {', '.join(LOOPBACK_HOSTS)}. "
            "Turn DEMO off to serve others."
        )
    for host in values:
        if host == "*" or "/" in host or re.search(r"[^\]:]:[0-9]+$", host):
            raise ImproperlyConfigured(
                f"{name} has {host!r}. Write host names alone, without scheme, port or path, "
                "such as register.example.org; * would let any name through."
            )
    return values


def origins(name: str) -> list[str]:
    values = listed(name)
    for origin in values:
        if not re.fullmatch(r"https?://[^/\s?#@]+", origin):
            raise ImproperlyConfigured(
                f"{name} has a value that is no origin. Write scheme and host alone, "
                "such as https://register.example.org."
            )
    return values


def origin(name: str, *, default: str) -> str:
    """Scheme and host alone, without a slash at the end."""
    value = text(name, default).rstrip("/")
    if value and not re.fullmatch(r"https?://[^/\s?#@<>]+", value):
        raise ImproperlyConfigured(
            f"{name} is no address of a site. Write scheme and host alone, "
            "such as https://register.example.org."
        )
    return value


def secret_key(name: str, *, production: bool, keep_in: Path) -> str:
    """The signing key. Outside production one is made for this machine and kept."""
    value = text(name)
    if not production:
        return value or _kept_secret(keep_in)
    how = 'Make one with: python -c "import secrets; print(secrets.token_urlsafe(50))"'
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. {how}")
    if len(value) < LEAST_SECRET or len(set(value)) < 5:
        raise ImproperlyConfigured(
            f"{name} is too short or too plain: {LEAST_SECRET} or more random characters. {how}"
        )
    if any(word in value.lower() for word in PLACEHOLDERS):
        raise ImproperlyConfigured(f"{name} is a placeholder that others know. {how}")
    return value


def mail(name: str, *, default: str) -> dict[str, Any]:
    """Django's ``EMAIL_…`` settings, from ``smtp+tls://user:password@host:587`` or ``console``.

    ``default`` is the backend for a variable that is not set: ``console`` or ``dummy``.
    """
    value = text(name)
    if value in ("", "console"):
        return {"EMAIL_BACKEND": f"django.core.mail.backends.{value or default}.EmailBackend"}
    # It holds a password, so neither it nor the parser's own words are repeated.
    refusal = ImproperlyConfigured(
        f"{name} cannot be understood. Write smtp+tls://user:password@host:587 (STARTTLS), "
        "smtp+ssl://user:password@host:465, smtp://host:25 or console, with other characters "
        "than letters and digits of the user or password percent-encoded."
    )
    try:
        url = urlsplit(value)
        if url.scheme not in MAIL_PORTS or not url.hostname or url.path.strip("/") or url.query:
            raise refusal
        port = url.port or MAIL_PORTS[url.scheme]
    except ValueError:
        raise refusal from None
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": url.hostname,
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": unquote(url.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
        "EMAIL_USE_TLS": url.scheme == "smtp+tls",
        "EMAIL_USE_SSL": url.scheme == "smtp+ssl",
    }


def sender(name: str, *, host: str) -> str:
    """Who mail comes from: ``Name <name@host>`` or the address alone."""
    value = text(name, f"Twinning <no-reply@{host.lstrip('.')}>")
    if not re.fullmatch(r"([^<>@\r\n]*<)?[^<>@\s]+@[^<>@\s]+>?", value):
        raise ImproperlyConfigured(
            f"{name} is {value!r}. Write an address, such as Twinning <register@example.org>."
        )
    return value


def _kept_secret(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(50))
        try:
            # Linking, unlike writing, gives two processes that start at once one and the same key.
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


def _needs_module(module: str, name: str, what: str) -> None:
    if importlib.util.find_spec(module) is None:
        raise ImproperlyConfigured(
            f"{name} asks for {what}, and its driver is not installed. "
            "Run: pip install -r requirements-scale.txt"
        )


def database(name: str, *, default: Path, base: Path) -> dict[str, Any]:
    """Django's settings of one database, from ``sqlite:///file`` or ``postgres://…/name``.

    A relative SQLite file lies beneath ``base``, whatever directory the command ran in.
    """
    value = text(name)
    takes = (
        f"{name} takes sqlite:////absolute/file.sqlite3, sqlite:///relative/file.sqlite3 or "
        "postgres://user:password@host:5432/name, with other characters than letters and "
        "digits of the user or password percent-encoded."
    )
    if not value:
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(default)}
    # The URL may hold a password, so neither it nor the parser's own words are repeated.
    refusal = ImproperlyConfigured(f"{name} cannot be understood. {takes}")
    try:
        url = urlsplit(value)
        if url.scheme not in ("sqlite", "postgres", "postgresql") or url.fragment:
            raise refusal
        if url.scheme == "sqlite" and url.netloc:
            raise ImproperlyConfigured(f"{name} has too few slashes for a file. {takes}")
        config = Env.db_url_config(value)
    except ValueError:
        raise refusal from None
    if config["NAME"] in ("", ":memory:"):
        raise refusal
    if url.scheme == "sqlite":
        config["NAME"] = str(base / config["NAME"])
    else:
        _needs_module("psycopg", name, "PostgreSQL")
    return config


def cache(name: str) -> dict[str, Any]:
    """Django's settings of one cache: in the process, or ``redis://host:6379/0``."""
    value = text(name)
    if not value or value == "locmem://":
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    if not re.fullmatch(r"rediss?://[^\s/]+(/[0-9]+)?", value):
        raise ImproperlyConfigured(
            f"{name} cannot be understood. Write redis://host:6379/0, rediss:// for TLS, "
            "or nothing to keep the cache in each process."
        )
    _needs_module("redis", name, "Redis")
    return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": value}
