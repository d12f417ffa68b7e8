"""The staff's desk beside a plain ``ModelAdmin`` over the same models and data, in one run.

    python -m benchmarks.admin [--size 100000] [--postgresql URL] [--repeat 9]

Each database is made for it and dropped after it: a file of SQLite, and one on the PostgreSQL
server of the URL. The figures go to ``benchmarks/RESULTS-admin.md``.
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any

from benchmarks.search import (
    HOUSE,
    analyse,
    machine,
    on_postgresql,
    on_sqlite,
    shown,
    timed,
    version_of,
)

RESULTS = HOUSE / "benchmarks" / "RESULTS-admin.md"
LIST = "agreements/agreement/"
COMPLETE = "autocomplete/?app_label=agreements&model_name={}&field_name={}&term={}"
CITY, COUNTRY = "of a city", "of a country"
# What is asked, and its address below that of an admin; with what a plain one has no answer to.
PAGES = {
    "list, first page": LIST,
    "list, a page in the middle": LIST + "?p={middle}",
    "list, by status": f"{LIST}?o=4",
    "search: Leninabad": f"{LIST}?q=Leninabad",
    "search: khujand new": f"{LIST}?q=khujand+new",
    "search: new": f"{LIST}?q=new",
    "search: nothing": f"{LIST}?q=qqqq",
    "filter: drafted": f"{LIST}?status__exact=drafted",
    "filter: signed, public": f"{LIST}?status__exact=signed&visibility__exact=public",
    "filter: one sector": f"{LIST}?sectors__id__exact=7",
    "form of an agreement": LIST + "{khujand}/change/",
    "autocomplete, place: khuj": COMPLETE.format("party", "place", "khuj"),
    "autocomplete, place: san": COMPLETE.format("party", "place", "san"),
    "autocomplete, source: headline 19": COMPLETE.format("citation", "source", "headline+19"),
}


@dataclass
class Case:
    what: str
    ours: list[float]
    queries: int
    plain: list[float]
    plain_queries: int


# --- In the process that has the database -------------------------------------------------


def asked(client: Any, url: str, repeat: int) -> tuple[list[float], int]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def ask() -> None:
        response = client.get(url)
        if response.status_code != 200:
            raise SystemExit(f"{url}: {response.status_code}")

    with CaptureQueriesContext(connection) as queries:
        ask()
    number = len(queries)
    return timed(ask, repeat), number


def clients() -> dict[str, Any]:
    """A superuser, and registrars who are bound to Khujand and to a country."""
    from django.contrib.auth.models import Group, User
    from django.test import Client

    from cities.models import Clerkship, Place
    from twinning.roles import make_roles

    make_roles()
    found = {}
    of = {
        "": None,
        CITY: Place.objects.filter(name="Khujand").first(),
        COUNTRY: Place.objects.create(name="Tajikistan", level="country", country_code="TJ"),
    }
    for number, (which, place) in enumerate(of.items()):
        user = User.objects.create(username=f"u{number}", is_staff=True, is_superuser=not place)
        user.groups.set(Group.objects.filter(name="registrar"))
        if place:
            Clerkship.objects.create(user=user, place=place)
        found[which] = Client()
        found[which].force_login(user)
    return found


def cases(repeat: int) -> Iterator[Case]:
    from agreements.models import Agreement
    from agreements.queues import QUEUES

    people = clients()
    root = people[""]
    khujand = Agreement.objects.search("khujand qazvin").first()
    middle = Agreement.objects.count() // 100
    for what, address in PAGES.items():
        address = address.format(khujand=khujand.pk, middle=middle)
        yield Case(
            what,
            *asked(root, f"/admin/{address}", repeat),
            *asked(root, f"/plain/{address}", repeat),
        )
    for name in QUEUES:
        yield Case(f"queue: {name}", *asked(root, f"/admin/{LIST}?queue={name}", repeat), [], 0)
    plain = asked(root, "/plain/", repeat)
    yield Case("first screen", *asked(root, "/admin/", repeat), *plain)
    for which in (CITY, COUNTRY):
        yield Case(f"first screen, clerk {which}", *asked(people[which], "/admin/", repeat), [], 0)
        yield Case(f"list, clerk {which}", *asked(people[which], f"/admin/{LIST}", repeat), [], 0)


def measure(size: int, repeat: int) -> None:
    """Fill this process's own database, ask it, and print what was found as JSON."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection, transaction

    from benchmarks.desk import lay

    settings.ROOT_URLCONF, settings.ALLOWED_HOSTS = "benchmarks.plain", ["*"]
    call_command("migrate", verbosity=0)
    began = perf_counter()
    with transaction.atomic():
        laid = lay(size)
    found = {"laid": laid, "took": perf_counter() - began, "version": version_of(connection)}
    set_counters(connection)
    analyse(connection)
    found["cases"] = [vars(case) for case in cases(repeat)]
    print(json.dumps(found))


def set_counters(connection: Any) -> None:
    """Rows were laid with their keys; PostgreSQL is told where to go on."""
    from django.apps import apps
    from django.core.management.color import no_style

    sql = connection.ops.sequence_reset_sql(no_style(), apps.get_models())
    with connection.cursor() as cursor:
        for line in sql:
            cursor.execute(line)


# --- In the process that is started -------------------------------------------------------


def table(found: dict[str, Any]) -> Iterator[str]:
    laid = ", ".join(f"{number:,} {what}" for what, number in found["laid"].items())
    yield f"## {found['version']}\n\n{laid}; filled in {found['took']:.0f} s.\n"
    yield "| page | the desk, ms | queries | plain, ms | queries | ratio |"
    yield "|---|---:|---:|---:|---:|---:|"
    for case in found["cases"]:
        line = f"| {case['what']} | {shown(case['ours'])} | {case['queries']} "
        if not case["plain"]:
            yield f"{line}| — | — | — |"
            continue
        ratio = median(case["plain"]) / median(case["ours"])
        yield f"{line}| {shown(case['plain'])} | {case['plain_queries']} | {ratio:,.1f} |"
    yield ""


HEAD = """# What the staff's desk costs

Made by `python -m benchmarks.admin`; see `benchmarks/README.md`. Each page is asked for through
Django's test client, from the address to the finished HTML: median, and the least and the most of
n runs after two that warm up, in milliseconds. Beside it in the same run a plain `ModelAdmin` over
the same models and data, with the columns, filters, names to search and inlines that one would give
it, and autocomplete or raw ids where a list of all rows would be no use; a ratio above 1 is in
favour of the desk. The plain first screen is a list of links; that of the desk counts the work.
"""


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    given.add_argument("--size", type=int, default=100_000)
    given.add_argument("--postgresql", metavar="URL", help="a server on which to make databases")
    given.add_argument("--repeat", type=int, default=9)
    given.add_argument("--measure", type=int, help=argparse.SUPPRESS)
    wanted = given.parse_args()
    if wanted.measure is not None:
        measure(wanted.measure, wanted.repeat)
        return
    module = "benchmarks.admin"
    found = [on_sqlite(wanted.size, wanted.repeat, module)]
    if wanted.postgresql:
        found.append(on_postgresql(wanted.size, wanted.repeat, wanted.postgresql, module))
    lines = [line for one in found for line in table(one)]
    print("\n".join(lines))
    RESULTS.write_text("\n".join([HEAD, machine(), *lines]), encoding="utf-8")


if __name__ == "__main__":
    main()
