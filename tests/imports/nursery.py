"""A process in which imports are started and killed, with a database of its own (DATABASE_URL).

Django is set up once and each import is a fork of it, so that a hundred of them take a minute.
``python -m tests.imports.nursery FOLDER`` prints what it measured and found, as JSON.
"""

import json
import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django

django.setup()

from django.apps import apps  # noqa: E402
from django.core.management import ManagementUtility, call_command  # noqa: E402
from django.db import connection  # noqa: E402

from tests.imports.lists import the_list, tie, written  # noqa: E402

TIES, KILLS, SEED = 200, 100, 2016
STOPS = (0.2, 0.35, 0.5, 0.65, 0.8, 0.9)
WAIT = 10
# A machine is slower at one time than at another: the time is measured again every so often, and
# a kill that came after the end is tried once more.
MEASURED_EVERY, TRIES = 20, 8


class Nursery:
    def __init__(self, folder: Path) -> None:
        self.said = folder / "said.txt"
        file = folder / "ties.csv"
        options = "--source the-list --listed-on 2016 --make-places --commit --skip-checks"
        self.arguments = [str(file), *options.split()]
        rows = [
            tie(f"Q{1 + n // 20} Town {n // 20}|US", f"Q{11 + n % 20} Port {n % 20}|CA", end=end)
            for n, end in enumerate(["1990", *[""] * 19] * (TIES // 20))
        ]
        file.write_bytes(written(rows))

    def start(self) -> tuple[int, int]:
        """The number of the process, and where it tells that it has begun to write."""
        told, tell = os.pipe()
        connection.close()
        pid = os.fork()
        if not pid:
            os.close(told)
            self.enter(tell)
        os.close(tell)
        return pid, told

    def enter(self, tell: int) -> None:
        """In the fork: what ``manage.py import_ties`` does, to its end; it does not return."""
        status = 99
        with self.said.open("w", encoding="utf-8") as said:
            sys.stdout = sys.stderr = said
            try:
                with connection.execute_wrapper(telling(tell)):
                    ManagementUtility(["manage.py", "import_ties", *self.arguments]).execute()
                status = 0
            except SystemExit as ended:
                status = int(ended.code or 0)
            finally:
                said.flush()
                os._exit(status)

    def whole(self) -> float:
        """The time that one takes which nobody kills."""
        began = time.monotonic()
        pid, told = self.start()
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        os.close(told)
        if status:
            raise SystemExit(self.said.read_text(encoding="utf-8"))
        return time.monotonic() - began

    def killed(self, after: float, by: signal.Signals) -> dict:
        pid, told = self.start()
        began = time.monotonic()
        ended, status = 0, 0
        while not ended and (left := began + after - time.monotonic()) > 0:
            time.sleep(min(left, 0.005))
            ended, status = os.waitpid(pid, os.WNOHANG)
        ran = time.monotonic() - began
        if not ended:
            os.kill(pid, by)
            _, status = os.waitpid(pid, 0)
        writing = bool(os.read(told, 1))
        os.close(told)
        return {
            "status": os.waitstatus_to_exitcode(status),
            "too_late": bool(ended),
            "ran": ran,
            "writing": writing,
            "said": self.said.read_text(encoding="utf-8"),
        }


def telling(tell: int):
    """Say so at the first row that is written."""
    begun = []

    def wrapper(execute, sql, params, many, context):
        if sql.startswith("INSERT") and not begun:
            begun.append(os.write(tell, b"w"))
        return execute(sql, params, many, context)

    return wrapper


# The database


def counts() -> dict[str, int]:
    wait_for_the_dead()
    ours = (
        model for model in apps.get_models() if model._meta.app_label in ("agreements", "cities")
    )
    found = {model._meta.db_table: model._base_manager.count() for model in ours}
    connection.close()
    return found


def wait_for_the_dead() -> None:
    """PostgreSQL learns only by and by that it works for nobody."""
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    until = time.monotonic() + WAIT
    while connection.vendor == "postgresql" and time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(others)
            if cursor.fetchone()[0] == 1:
                return
        time.sleep(0.005)


def administer(*statements: str) -> None:
    connection.close()
    with connection._nodb_cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@contextmanager
def database() -> Iterator[None]:
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        yield
        return
    administer(f'CREATE DATABASE "{name}"')
    try:
        yield
    finally:
        for each in (name, f"{name}_kept"):
            administer(f'DROP DATABASE IF EXISTS "{each}" WITH (FORCE)')


def keep() -> None:
    """Keep it as it is now, to go back to."""
    name = connection.settings_dict["NAME"]
    connection.close()
    if connection.vendor == "sqlite":
        shutil.copy(name, f"{name}.kept")
    else:
        administer(f'CREATE DATABASE "{name}_kept" TEMPLATE "{name}"')


def go_back() -> None:
    name = connection.settings_dict["NAME"]
    connection.close()
    if connection.vendor == "sqlite":
        for end in ("", "-wal", "-shm", "-journal"):
            Path(f"{name}{end}").unlink(missing_ok=True)
        shutil.copy(f"{name}.kept", name)
    else:
        administer(
            f'DROP DATABASE "{name}" WITH (FORCE)',
            f'CREATE DATABASE "{name}" TEMPLATE "{name}_kept"',
        )


def trials(nursery: Nursery) -> dict:
    call_command("migrate", verbosity=0)
    the_list()
    keep()
    none = counts()
    nursery.whole()
    whole = counts()

    def measured() -> float:
        go_back()
        took = nursery.whole()
        go_back()
        return took

    def one(after: float, by: signal.Signals) -> dict:
        found = nursery.killed(after, by)
        left = counts()
        found["left"] = {str(none): "none", str(whole): "all"}.get(str(left), str(left))
        if found["left"] != "none":
            go_back()
        return found

    def each(shares, by: signal.Signals) -> Iterator[dict]:
        """At these shares of the time that one takes; ``earlier`` are those that were too late."""
        for number, share in enumerate(shares):
            if number % MEASURED_EVERY == 0:
                took = measured()
            earlier: list[str] = []
            found = one(took * share, by)
            while found["too_late"] and share < 1 and len(earlier) < TRIES:
                earlier.append(found["left"])
                took = min(took, found["ran"])
                found = one(took * share, by)
            yield {**found, "share": share, "earlier": earlier}

    lot = random.Random(SEED)  # noqa: S311
    shares = [1.05 * (n + lot.random()) / KILLS for n in range(KILLS)]
    lot.shuffle(shares)
    return {
        "ties": whole["agreements_agreement"] - none["agreements_agreement"],
        "rows": sum(whole.values()) - sum(none.values()),
        "killed": list(each(shares, signal.SIGKILL)),
        "stopped": list(each(STOPS, signal.SIGINT)),
    }


if __name__ == "__main__":
    with database():
        found = trials(Nursery(Path(sys.argv[1])))
    sys.stdout.write(json.dumps(found))
