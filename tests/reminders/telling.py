"""The command as it is run, and agreements that it has to tell of."""

from datetime import date
from io import StringIO

from django.core.management import call_command

from tests.factories import AgreementFactory, on

TODAY = date(2026, 6, 15)


def remind(**options) -> tuple[str, str]:
    """What it said, and what it said to the operator."""
    said, complained = StringIO(), StringIO()
    call_command("remind", stdout=said, stderr=complained, skip_checks=True, **options)
    return said.getvalue(), complained.getvalue()


def ending(day: str = "2026-07-01", **fields):
    """A signed agreement whose term ends soon."""
    return AgreementFactory(status="signed", happened_on="2020", expires_on=on(day), **fields)
