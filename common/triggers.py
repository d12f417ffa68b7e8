"""What the database does by itself: refuse what a CHECK cannot see, and keep what is counted.

A ``Refusal`` is one condition in SQL that SQLite and PostgreSQL both read, an ``Upkeep`` a few
statements; ``install`` writes them as triggers of each. Triggers are laid again after every
migrate, because SQLite drops them silently whenever a migration rebuilds their table. Before it
they are lifted there, for SQLite refuses to rebuild a table while the trigger of another one
speaks of it.
"""

from dataclasses import dataclass

from django.db import connections

PREFIX = "refuse_"
UPKEEP_PREFIX = "keep_"


@dataclass(frozen=True)
class Refusal:
    """One thing that must not happen to ``table`` on ``event`` (INSERT, UPDATE or DELETE).

    ``when`` is SQL over ``NEW`` and ``OLD``; ``message`` is for people and has no quotes in it.
    """

    name: str
    table: str
    event: str
    when: str
    message: str

    def sqlite(self) -> list[str]:
        name = PREFIX + self.name
        return [
            f"DROP TRIGGER IF EXISTS {name}",
            f"CREATE TRIGGER {name} BEFORE {self.event} ON {self.table} FOR EACH ROW"
            f" WHEN {self.when} BEGIN SELECT RAISE(ABORT, '{self.message}'); END",
        ]

    def postgresql(self) -> list[str]:
        name = PREFIX + self.name
        row = "OLD" if self.event == "DELETE" else "NEW"
        # 23514 is check_violation: Django turns it into IntegrityError, as SQLite's ABORT.
        return [
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" IF {self.when} THEN RAISE EXCEPTION '{self.message}' USING ERRCODE = '23514';"
            f" END IF; RETURN {row}; END $$",
            f"DROP TRIGGER IF EXISTS {name} ON {self.table}",
            f"CREATE TRIGGER {name} BEFORE {self.event} ON {self.table}"
            f" FOR EACH ROW EXECUTE FUNCTION {name}()",
        ]


@dataclass(frozen=True)
class Upkeep:
    """What is written along after ``event`` on ``table``, such as UPDATE OF a column."""

    name: str
    table: str
    event: str
    statements: tuple[str, ...]
    when: str = "1 = 1"

    def sqlite(self) -> list[str]:
        name = UPKEEP_PREFIX + self.name
        return [
            f"DROP TRIGGER IF EXISTS {name}",
            f"CREATE TRIGGER {name} AFTER {self.event} ON {self.table} FOR EACH ROW"
            f" WHEN {self.when} BEGIN {'; '.join(self.statements)}; END",
        ]

    def postgresql(self) -> list[str]:
        name = UPKEEP_PREFIX + self.name
        return [
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" {'; '.join(self.statements)}; RETURN NULL; END $$",
            f"DROP TRIGGER IF EXISTS {name} ON {self.table}",
            f"CREATE TRIGGER {name} AFTER {self.event} ON {self.table}"
            f" FOR EACH ROW WHEN ({self.when}) EXECUTE FUNCTION {name}()",
        ]


def install(refusals: tuple[Refusal | Upkeep, ...], using: str) -> None:
    """Lay the triggers whose tables exist; safe to run again."""
    connection = connections[using]
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        for refusal in refusals:
            if refusal.table in tables:
                for statement in getattr(refusal, connection.vendor)():
                    cursor.execute(statement)


def lift(using: str) -> None:
    """Take all triggers off a SQLite that is about to be migrated; ``install`` lays them again."""
    connection = connections[using]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in cursor.fetchall():
                if name.startswith((PREFIX, UPKEEP_PREFIX)):
                    cursor.execute(f"DROP TRIGGER {name}")
