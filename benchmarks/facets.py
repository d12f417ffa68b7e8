"""The list with its facets beside a plain one: a GROUP BY for each filter, a paginator, a form.

    python -m benchmarks.facets [--size 100000] [--postgresql URL] [--repeat 7]

Each database is made for it and dropped after it: a file of SQLite, and one on the PostgreSQL
server of the URL. The figures go to ``benchmarks/RESULTS-facets.md``.
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any

from benchmarks.search import HOUSE, analyse, machine, on_postgresql, on_sqlite, shown, timed
from benchmarks.search import version_of as version

RESULTS = HOUSE / "benchmarks" / "RESULTS-facets.md"
PAGE = 25
ASKED = {
    "no filter": "",
    "one status": "status=signed",
    "rare status and evidence": "status=withdrawn&evidence=press",
    "a country": "country=TJ",
    "a sector": "sector=sector-7",
    "a decade": "decade=1990",
    "in force": "in_force=true",
    "five facets at once": "status=signed&in_force=true&country=TJ&decade=1990&evidence=press",
    "as of 2000": "as_of=2000",
    "a rare word": "q=Leninabad",
    "a common word": "q=new",
    "by name": "sort=name",
    "oldest first": "sort=oldest",
    "a page in the middle": "page={middle}",
}
# What a plain list has no answer to in its own columns.
NOT_PLAIN = ("decade", "as_of", "sort", "page", "q")


@dataclass
class Case:
    what: str
    rows: int
    page: list[float]
    queries: int
    counting: list[float]
    plain: list[float]


# --- In the process that has the database -------------------------------------------------


def ask(client: Any, query: str, repeat: int) -> tuple[list[float], int]:
    """The page from the address to the finished HTML, and the number of its queries."""
    from django.db import connection

    def get() -> None:
        response = client.get(f"/agreements/?{query}")
        if response.status_code != 200:
            raise SystemExit(f"{query}: {response.status_code}")

    sent: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        sent.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        get()
    return timed(get, repeat), len(sent)


def counted(query: str) -> Any:
    from django.contrib.auth.models import AnonymousUser
    from django.http import QueryDict

    from agreements import facets
    from agreements.filters import AgreementFilterSet
    from agreements.models import Agreement

    filterset = AgreementFilterSet(
        QueryDict(query),
        Agreement.objects.visible_to(None),
        passed_over={"page", "sort"},
    )
    if not filterset.is_valid():
        raise SystemExit(str(filterset.errors))
    return facets.count(facets.found_once(filterset, AnonymousUser()))


def plainly(query: str) -> Any:
    """The same numbers and the first rows by joins and GROUP BY over the register's own tables."""
    from django.http import QueryDict

    from agreements.models import Agreement, Evidence

    data = QueryDict(query)

    def rows(but: str) -> Any:
        found = Agreement.objects.visible_to(None)
        for name in data.keys() - {but}:
            values = data.getlist(name)
            found = PLAIN[name](found, values)
        return found.order_by()

    from django.db.models import Count

    count = Count("pk", distinct=True)
    list(rows("status").values("status").annotate(n=count))
    list(rows("kind").values("kind").annotate(n=count))
    list(rows("sector").values("sectors__slug").annotate(n=count))
    list(rows("country").values("parties__place__country_code").annotate(n=count))
    list(by_evidence(rows("evidence")).values("found").annotate(n=count))
    rows("in_force").in_force().count()
    rows("in_force").not_in_force().count()
    found = rows("").order_by("-status_since", "reference")
    return len(Evidence), found.count(), list(found.with_parties()[:PAGE])


def by_evidence(rows: Any) -> Any:
    """As it was told before spans kept it: worked out from citations, parties and texts."""
    from django.db.models import Case as Choice
    from django.db.models import Exists, OuterRef, Value, When

    from agreements.models import Citation, Document, Party

    here = OuterRef("pk")
    cited = Citation.objects.order_by().filter(agreement=here)
    own = cited.filter(source__speaks_for__seats__agreement=here)
    speaking = Citation.objects.order_by().filter(
        agreement=OuterRef("agreement"), source__speaks_for=OuterRef("place")
    )
    silent = Party.objects.order_by().filter(agreement=here).exclude(Exists(speaking))
    text = Document.objects.order_by().filter(agreement=here).exclude(file="")
    levels = (
        When(Exists(text), then=Value("text")),
        When(Exists(own) & ~Exists(silent), then=Value("every_party")),
        When(Exists(own), then=Value("one_party")),
        When(Exists(cited), then=Value("press")),
    )
    return rows.annotate(found=Choice(*levels, default=Value("none")))


PLAIN = {
    "status": lambda rows, values: rows.filter(status__in=values),
    "kind": lambda rows, values: rows.filter(kind__in=values),
    "sector": lambda rows, values: rows.filter(sectors__slug__in=values),
    "country": lambda rows, values: rows.filter(parties__place__country_code__in=values),
    "evidence": lambda rows, values: by_evidence(rows).filter(found__in=values),
    "in_force": lambda rows, values: rows.in_force(),
}


def cases(repeat: int) -> Iterator[Case]:
    from django.test import Client

    from agreements.models import Agreement

    client = Client()
    middle = Agreement.objects.count() // (2 * PAGE)
    for what, query in ASKED.items():
        query = query.format(middle=middle)
        page, queries = ask(client, query, repeat)
        counting = timed(lambda query=query: counted(query), repeat)
        has_plain = not any(f"{name}=" in query for name in NOT_PLAIN)
        plain = timed(lambda query=query: plainly(query), repeat) if has_plain else []
        yield Case(what, counted(query).total, page, queries, counting, plain)


def measure(size: int, repeat: int) -> None:
    """Fill this process's own database, ask it, and print what was found as JSON."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection, transaction

    from agreements.models import Agreement
    from benchmarks.desk import lay

    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0)
    began = perf_counter()
    found: dict[str, Any] = {"laid": {"agreements": Agreement.objects.count()}}
    if not found["laid"]["agreements"]:
        with transaction.atomic():
            found["laid"] = lay(size)
    found |= {"took": perf_counter() - began, "version": version(connection)}
    analyse(connection)
    found["cases"] = [vars(case) for case in cases(repeat)]
    print(json.dumps(found))


# --- In the process that is started -------------------------------------------------------


def table(found: dict[str, Any]) -> Iterator[str]:
    laid = ", ".join(f"{number:,} {what}" for what, number in found["laid"].items())
    yield f"## {found['version']}\n\n{laid}.\n"
    yield "| asked | rows | page, ms | queries | its counts, ms | plain, ms | ratio |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    for case in found["cases"]:
        line = f"| {case['what']} | {case['rows']:,} | {shown(case['page'])} | {case['queries']} "
        line += f"| {shown(case['counting'])} "
        if not case["plain"]:
            yield f"{line}| — | — |"
            continue
        ratio = median(case["plain"]) / median(case["counting"])
        yield f"{line}| {shown(case['plain'])} | {ratio:,.1f} |"
    yield ""


HEAD = """# What the list and its facets cost

Made by `python -m benchmarks.facets`; see `benchmarks/README.md`. A page is asked for through
Django's test client, from the address to the finished HTML, nothing cached: median, and the least
and the most of n runs after one that warms up, in milliseconds. Beside it what its counts alone
take, and what a plain list takes for the same: a GROUP BY over joins for each facet but the
decade, a COUNT and the first rows, without the HTML. The ratio is of plain to counts.
"""


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    given.add_argument("--size", type=int, default=100_000)
    given.add_argument("--postgresql", metavar="URL", help="a server on which to make databases")
    given.add_argument("--repeat", type=int, default=7)
    given.add_argument("--measure", type=int, help=argparse.SUPPRESS)
    wanted = given.parse_args()
    if wanted.measure is not None:
        measure(wanted.measure, wanted.repeat)
        return
    module = "benchmarks.facets"
    found = [on_sqlite(wanted.size, wanted.repeat, module)]
    if wanted.postgresql:
        found.append(on_postgresql(wanted.size, wanted.repeat, wanted.postgresql, module))
    lines = [line for one in found for line in table(one)]
    print("\n".join(lines))
    RESULTS.write_text("\n".join([HEAD, machine(), *lines]), encoding="utf-8")


if __name__ == "__main__":
    main()
