"""The index that folded names are found by: trigrams, FTS5's on SQLite and pg_trgm's on PostgreSQL.

It is laid again after every migrate, because SQLite drops triggers whenever a migration rebuilds
their table. A database that can have no such index is searched without it, more slowly; a system
check says so.
"""

import sqlite3
from collections.abc import Iterable

from django.apps import AppConfig
from django.db import DatabaseError, connections, models, transaction

from common.folded import FoldedField, folded_fields

TRIGRAMS_SINCE = (3, 34)

# FTS5 reads the names out of their table, so that only the index itself takes room.
SQLITE = {
    "": (
        "CREATE VIRTUAL TABLE {index} USING fts5"
        "({column}, content='{table}', content_rowid='{pk}', tokenize='trigram')"
    ),
    "_insert": (
        "CREATE TRIGGER {index}_insert AFTER INSERT ON {table} WHEN new.{column} <> '' BEGIN"
        " INSERT INTO {index}(rowid, {column}) VALUES (new.{pk}, new.{column}); END"
    ),
    "_delete": (
        "CREATE TRIGGER {index}_delete AFTER DELETE ON {table} WHEN old.{column} <> '' BEGIN"
        " INSERT INTO {index}({index}, rowid, {column})"
        " VALUES ('delete', old.{pk}, old.{column}); END"
    ),
    # Only where a text was there before does FTS5 have one to forget; it must be told just that.
    "_update": (
        "CREATE TRIGGER {index}_update AFTER UPDATE OF {column} ON {table}"
        " WHEN old.{column} <> new.{column} BEGIN"
        " INSERT INTO {index}({index}, rowid, {column})"
        " SELECT 'delete', old.{pk}, old.{column} WHERE old.{column} <> '';"
        " INSERT INTO {index}(rowid, {column})"
        " SELECT new.{pk}, new.{column} WHERE new.{column} <> ''; END"
    ),
}
SQLITE_FORGET = "INSERT INTO {index}({index}) VALUES ('delete-all')"
SQLITE_FILL = (
    "INSERT INTO {index}(rowid, {column}) SELECT {pk}, {column} FROM {table} WHERE {column} <> ''"
)
SQLITE_IN_STEP = (
    "SELECT (SELECT count(*) FROM {index}_docsize)"
    " = (SELECT count(*) FROM {table} WHERE {column} <> '')"
)
POSTGRESQL = "CREATE INDEX IF NOT EXISTS {index} ON {table} USING gin ({column} gin_trgm_ops)"

# Rows of a table, and rows that share the value of a column of few values.
TOLD_ROWS, TOLD_ALIKE = 1_000_000, 500_000
WORTH_BELIEVING = 10_000

_seen: set[tuple[str, str, str]] = set()


def set_up(connection, **kwargs) -> None:
    """Receives ``connection_created``. PostgreSQL would compile the many small parts of a search
    to machine code, which takes ten times as long as the search."""
    if connection.vendor == "postgresql":
        with connection.connection.cursor() as cursor:
            cursor.execute("SET jit = off")


def searched(app: AppConfig) -> Iterable[FoldedField]:
    """The folded fields of an app's own models; nobody searches the copies that history keeps."""
    for model in app.get_models():
        if not hasattr(model, "history_object"):
            yield from folded_fields(model)


def names_of(field: models.Field) -> dict[str, str]:
    table = field.model._meta.db_table
    return {
        "table": table,
        "column": str(field.column),
        "pk": str(field.model._meta.pk.column),
        "index": f"{table}_{field.column}",
    }


def lay(app: AppConfig, using: str) -> None:
    """Make the indexes of an app that are not there, and fill those that are out of step."""
    connection = connections[using]
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    for field in searched(app):
        if field.model._meta.db_table in tables and _has_column(field, connection):
            with transaction.atomic(using=using):
                LAY[connection.vendor](field, connection)


def tell_few_values(model: type[models.Model], columns: tuple[str, ...], using: str) -> None:
    """Tell SQLite that an index by one of these columns, such as visibility, says little.

    Without statistics it takes every index for a sharp one, and would rather go through all that
    everybody may see than look up the few rows that a search has found. ANALYZE tells it too, and
    is believed unless the table was small then.
    """
    connection = connections[using]
    if connection.vendor != "sqlite":
        return
    table = model._meta.db_table
    with transaction.atomic(using=using), connection.cursor() as cursor:
        few = [name for name, *parts in _indexes(table, cursor) if parts[0] in columns]
        cursor.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'")
        if cursor.fetchone() is None:
            cursor.execute("ANALYZE sqlite_schema")  # makes the table; looks at no other
        cursor.execute("SELECT idx, stat FROM sqlite_stat1 WHERE tbl = %s", [table])
        known = {index: int(stat.split()[0]) for index, stat in cursor.fetchall()}
        for name in few:
            if known.get(name, 0) < WORTH_BELIEVING:
                told = f"{TOLD_ROWS} {TOLD_ALIKE}"
                cursor.execute("DELETE FROM sqlite_stat1 WHERE idx = %s", [name])
                cursor.execute("INSERT INTO sqlite_stat1 VALUES (%s, %s, %s)", [table, name, told])
        cursor.execute("ANALYZE sqlite_schema")  # reads it


def _indexes(table: str, cursor) -> list[tuple[str, ...]]:
    """The name of each index of a table, and then its columns."""
    cursor.execute(f"PRAGMA index_list({table})")
    names = [row[1] for row in cursor.fetchall()]
    found = []
    for name in names:
        cursor.execute(f"PRAGMA index_info({name})")
        found.append((name, *(row[2] for row in cursor.fetchall())))
    return found


def rebuild(app: AppConfig, using: str) -> None:
    """Fill the indexes anew, whatever is in them."""
    lay(app, using)
    connection = connections[using]
    for field in searched(app):
        if is_indexed(field, connection):
            with transaction.atomic(using=using), connection.cursor() as cursor:
                for statement in REFILL[connection.vendor]:
                    cursor.execute(statement.format(**names_of(field)))


def index_of(field: models.Field, connection) -> str:
    """The name of the index of a field where there is one, else the empty text."""
    return names_of(field)["index"] if is_indexed(field, connection) else ""


def is_indexed(field: models.Field, connection) -> bool:
    """Whether the index is there; once it was seen, it is not looked for again."""
    index = names_of(field)["index"]
    key = (connection.alias, str(connection.settings_dict["NAME"]), index)
    if key not in _seen and _is_there(index, connection):
        _seen.add(key)
    return key in _seen


def _is_there(index: str, connection) -> bool:
    # Past Django's own cursor: this is no query of the page that happens to ask first.
    connection.ensure_connection()
    cursor = connection.connection.cursor()
    try:
        if connection.vendor == "sqlite":
            wanted = [index, *(index + end for end in SQLITE if end)]
            marks = ", ".join("?" * len(wanted))
            cursor.execute(
                f"SELECT count(*) FROM sqlite_master WHERE name IN ({marks})",
                wanted,
            )
            return has_trigrams(connection.connection) and cursor.fetchone()[0] == len(wanted)
        cursor.execute("SELECT to_regclass(%s)", [f"{index}_trgm"])
        return cursor.fetchone()[0] is not None
    finally:
        cursor.close()


def has_trigrams(raw: sqlite3.Connection) -> bool:
    """Whether this SQLite has FTS5 and its trigrams."""
    used = raw.execute("SELECT sqlite_compileoption_used('ENABLE_FTS5')").fetchone()[0]
    return bool(used) and sqlite3.sqlite_version_info >= TRIGRAMS_SINCE


def _has_column(field: models.Field, connection) -> bool:
    """A migrate may stop before the one that adds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM {table} WHERE 1 = 0".format(**names_of(field)))
        return field.column in {name for name, *_rest in cursor.description}


def _lay_sqlite(field: models.Field, connection) -> None:
    names = names_of(field)
    wanted = {names["index"] + end: sql.format(**names) for end, sql in SQLITE.items()}
    triggers = [name for name in wanted if name != names["index"]]
    pair = [names["index"], names["table"]]
    with connection.cursor() as cursor:
        if not has_trigrams(connection.connection):
            # Another SQLite laid them once; with this one nobody could save a name.
            for trigger in triggers:
                cursor.execute(f"DROP TRIGGER IF EXISTS {trigger}")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE tbl_name IN (%s, %s)", pair)
        found = dict(cursor.fetchall())
        if all(found.get(name) == sql for name, sql in wanted.items()):
            cursor.execute(SQLITE_IN_STEP.format(**names))
            if cursor.fetchone()[0]:
                return
        for trigger in triggers:
            cursor.execute(f"DROP TRIGGER IF EXISTS {trigger}")
        cursor.execute(f"DROP TABLE IF EXISTS {names['index']}")
        for sql in (*wanted.values(), SQLITE_FILL.format(**names)):
            cursor.execute(sql)


def _lay_postgresql(field: models.Field, connection) -> None:
    if _is_there(names_of(field)["index"], connection):
        return
    names = {**names_of(field), "index": names_of(field)["index"] + "_trgm"}
    try:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            cursor.execute(POSTGRESQL.format(**names))
    except DatabaseError:
        return  # not allowed, or not installed: twinning.W003 says so


LAY = {"sqlite": _lay_sqlite, "postgresql": _lay_postgresql}
REFILL = {
    "sqlite": (SQLITE_FORGET, SQLITE_FILL),
    "postgresql": ("REINDEX INDEX {index}_trgm",),
}
