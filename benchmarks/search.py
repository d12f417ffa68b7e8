"""Search beside a plain ``icontains`` over the same columns, from ten thousand agreements on.

    python -m benchmarks.search [--sizes 10000 100000 1000000] [--postgresql URL] [--repeat 7]
    python -m benchmarks.search --world [--postgresql URL]

Each size gets a database of its own, made for it and dropped after it: a file of SQLite, and one
on the PostgreSQL server of the URL. The figures go to ``benchmarks/RESULTS-search.md``; those of
the story and the world of ``fixtures/`` to ``RESULTS-search-world.md``.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

HOUSE = Path(__file__).resolve().parent.parent
RESULTS = HOUSE / "benchmarks" / "RESULTS-search.md"
ENOUGH = 20.0  # seconds for one case; what is slow is measured less often, but three times at least
OF_THE_WORLD = HOUSE / "benchmarks" / "RESULTS-search-world.md"
PAGE = 25
SEARCH = "benchmarks.search"

AGREEMENTS = {
    "rare word": "Leninabad",
    "rare, other script": "خجند",
    "common word": "new",
    "two words": "Qazvin Khujand",
    "rare and common": "khujand new",
    "two common parts": "man mar",
    "prefix": "khuj",
    "two letters": "sa",
    "nothing": "qqqq",
}
PLACES = {"prefix": "khuj", "common prefix": "san", "two letters": "ka", "part": "abad"}


@dataclass
class Case:
    what: str
    kind: str
    text: str
    hits: int
    search: list[float]
    plain: list[float]


# --- In the process that has the database -------------------------------------------------


def timed(act: Callable[[], Any], repeat: int) -> list[float]:
    """Milliseconds of each run, after one that warms up."""
    began = perf_counter()
    act()
    runs: list[float] = []
    while len(runs) < 3 or (len(runs) < repeat and perf_counter() - began < ENOUGH):
        start = perf_counter()
        act()
        runs.append((perf_counter() - start) * 1000)
    return runs


def plain(rows: Any, text: str, columns: tuple[str, ...]) -> Any:
    """As one would write it without an index: every word in one of the columns."""
    from django.db.models import Q

    from common.names import words

    for word in words(text):
        wanted = Q()
        for column in columns:
            wanted |= Q(**{f"{column}__icontains": word})
        rows = rows.filter(wanted)
    return rows.distinct()


def first_page(rows: Any) -> tuple[int, list]:
    """What a reader waits for: the number of all hits, and the first rows with their parties."""
    return rows.count(), list(rows[:PAGE])


def cases(repeat: int) -> Iterator[Case]:
    from agreements.models import Agreement
    from cities.models import Place

    columns = ("folded", "reference", "parties__folded", "parties__place__folded")
    columns += ("parties__place__names__folded",)
    listed = Agreement.objects.visible_to(None).with_parties().newest_first()
    for kind, text in AGREEMENTS.items():
        search = timed(lambda text=text: first_page(listed.search(text)), repeat)
        beside = timed(lambda text=text: first_page(plain(listed, text, columns)), repeat)
        yield Case("agreements", kind, text, listed.search(text).count(), search, beside)
    places = Place.objects.order_by("name", "slug")
    for kind, text in PLACES.items():
        search = timed(lambda text=text: list(places.search(text)[: PAGE - 5]), repeat)
        beside = timed(
            lambda text=text: list(plain(places, text, ("folded", "names__folded"))[: PAGE - 5]),
            repeat,
        )
        yield Case("places", kind, text, places.search(text).count(), search, beside)


def measure(size: int, repeat: int) -> None:
    """Fill this process's own database, ask it, and print what was found as JSON."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection, transaction

    from benchmarks.world import lay

    call_command("migrate", verbosity=0)
    began = perf_counter()
    with transaction.atomic():
        laid = lay(size) if size else the_world()
    analyse(connection)
    took = perf_counter() - began
    found = {"laid": laid, "took": took, "version": version_of(connection)}
    found["cases"] = [vars(case) for case in cases(repeat)]
    print(json.dumps(found))


def the_world() -> dict[str, int]:
    """The story and the world's ties, as ``make world`` loads them."""
    from agreements.models import Agreement
    from cities.models import Place, PlaceName
    from twinning import story, world

    story.load(HOUSE / "fixtures" / "story")
    world.load(HOUSE / "fixtures" / "world")
    models = {"agreements": Agreement, "places": Place, "names": PlaceName}
    return {what: model.objects.count() for what, model in models.items()}


def analyse(connection: Any) -> None:
    """What PostgreSQL does by itself after a while. A SQLite is left as it is found in use."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def version_of(connection: Any) -> str:
    if connection.vendor == "sqlite":
        return f"SQLite {connection.Database.sqlite_version}"
    return f"PostgreSQL {connection.pg_version // 10_000}.{connection.pg_version % 10_000}"


# --- In the process that is started -------------------------------------------------------


def run(size: int, repeat: int, url: str, module: str) -> dict[str, Any]:
    environment = {**os.environ, "DATABASE_URL": url, "ENV_FILE": os.devnull, "DEBUG": ""}
    environment |= {
        "SECRET_KEY": "only for figures " * 4,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    command = [sys.executable, "-m", module, "--measure", str(size)]
    command += ["--repeat", str(repeat)]
    done = subprocess.run(
        command, env=environment, cwd=HOUSE, check=True, stdout=subprocess.PIPE, text=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def on_sqlite(size: int, repeat: int, module: str = SEARCH) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        return run(size, repeat, f"sqlite:///{folder}/benchmark.sqlite3", module)


def on_postgresql(size: int, repeat: int, server: str, module: str = SEARCH) -> dict[str, Any]:
    import psycopg

    name = f"twinning_benchmark_{os.getpid()}"
    with psycopg.connect(f"{server.rstrip('/')}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            return run(size, repeat, f"{server.rstrip('/')}/{name}", module)
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def table(found: dict[str, Any]) -> Iterator[str]:
    laid = found["laid"]
    yield (
        f"## {found['version']}, {laid['agreements']:,} agreements\n\n{laid['places']:,} places "
        f"with {laid['names']:,} other names; filled in {found['took']:.0f} s.\n"
    )
    yield "| searched | for | hits | search, ms | icontains, ms | ratio |"
    yield "|---|---|---:|---:|---:|---:|"
    for case in found["cases"]:
        ratio = median(case["plain"]) / median(case["search"])
        yield (
            f"| {case['what']} | {case['kind']}: {case['text']} | {case['hits']:,} "
            f"| {shown(case['search'])} | {shown(case['plain'])} | {ratio:,.1f} |"
        )
    yield ""


def shown(runs: list[float]) -> str:
    return f"{median(runs):,.1f} ({min(runs):,.1f}–{max(runs):,.1f}, n={len(runs)})"


def growth(all_found: list[dict[str, Any]]) -> Iterator[str]:
    """How the first page for each text grows with the register, in milliseconds."""
    for database in dict.fromkeys(found["version"] for found in all_found):
        of_it = [found for found in all_found if found["version"] == database]
        sizes = [f"{found['laid']['agreements']:,}" for found in of_it]
        yield f"## How it grows: {database}\n"
        yield f"| agreements, search / icontains | {' | '.join(sizes)} |"
        yield f"|---|{'---:|' * len(sizes)}"
        for at, case in enumerate(of_it[0]["cases"]):
            both = [found["cases"][at] for found in of_it]
            figures = [f"{median(c['search']):,.1f} / {median(c['plain']):,.1f}" for c in both]
            yield f"| {case['what']}, {case['kind']} | {' | '.join(figures)} |"
        yield ""


HEAD = """# What a search costs

Made by `python -m benchmarks.search`; see `benchmarks/README.md`. Median, and the least and the
most of n runs after one that warms up, in milliseconds. For agreements: the number of hits and the
first 25 rows with their parties, best first; for places: the 20 that autocomplete shows. Beside it
in the same run a plain `icontains` over the same folded columns, joined and made distinct.
"""


def machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"On {platform.system()} {platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GB, "
        f"Python {platform.python_version()}. When it ended, {os.getloadavg()[2]:.1f} programs on "
        "average had wanted a core for a quarter of an hour.\n"
    )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    asked.add_argument("--world", action="store_true", help="measure on the world of fixtures/")
    asked.add_argument("--postgresql", metavar="URL", help="a server on which to make databases")
    asked.add_argument("--repeat", type=int, default=7)
    asked.add_argument("--measure", type=int, help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.measure is not None:
        measure(given.measure, given.repeat)
        return
    found = []
    for size in [0] if given.world else given.sizes:
        found.append(on_sqlite(size, given.repeat))
        print("\n".join(table(found[-1])), flush=True)
        if given.postgresql:
            found.append(on_postgresql(size, given.repeat, given.postgresql))
            print("\n".join(table(found[-1])), flush=True)
    tables = [line for one in found for line in table(one)]
    several = [] if given.world else growth(found)
    file = OF_THE_WORLD if given.world else RESULTS
    file.write_text("\n".join([HEAD, machine(), *several, *tables]), encoding="utf-8")


if __name__ == "__main__":
    main()
