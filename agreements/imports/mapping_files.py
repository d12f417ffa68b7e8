"""Mapping files: small TOML files that say which column is which, and which list it is.

listed_on = "2024-05"
kind = "sister_city"

[columns]
b_name = "Partnerstadt"
start = "Jahr"

[constants]
a_wikidata = "Q373808"

[source]
key = "khujand-office-2024"
publisher = "Khujand city administration"
title = "List of sister cities"
"""

import tomllib
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from agreements.imports.columns import CANONICAL, Mapping
from agreements.imports.wording import said
from agreements.models import Agreement, Source
from common.dates import InvalidPartialDate, PartialDate
from common.sheets.errors import SheetError

TABLES = ("columns", "constants", "source")
OF_A_SOURCE = ("key", "publisher", "title", "url", "published_on", "accessed_on", "language")


@dataclass(frozen=True)
class MappingFile:
    mapping: Mapping = field(default_factory=Mapping)
    source: dict[str, str] = field(default_factory=dict)
    listed_on: PartialDate | None = None
    kind: str = ""


def read_mapping(content: bytes, name: str) -> MappingFile:
    """Raises SheetError, with what is wrong in which part of the file."""
    try:
        tables = tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise SheetError(_("The mapping is not in UTF-8. Save it as UTF-8."), file=name) from None
    except tomllib.TOMLDecodeError as error:
        raise SheetError(said(_("This is no TOML: %(why)s"), why=error), file=name) from None
    _check(name, "", tables, (*TABLES, "listed_on", "kind"))
    parts = {table: _table(name, table, tables.get(table, {})) for table in TABLES}
    kind = str(tables.get("kind", ""))
    if kind and kind not in Agreement.Kind.values:
        message = said(_("There are the kinds %(kinds)s."), kinds=", ".join(Agreement.Kind.values))
        raise SheetError(message, file=name, column="kind")
    state = tables.get("listed_on")
    return MappingFile(
        Mapping(parts["columns"], parts["constants"]),
        parts["source"],
        None if state is None else _day(name, "listed_on", str(state)),
        kind,
    )


def source_on_record(described: dict[str, str], name: str) -> Source:
    """The source with that key; where there is none, a new one that is not saved yet."""
    if not described.get("key"):
        raise SheetError(
            _("Give the list a short name of its own, such as key = “khujand-office”."),
            file=name,
            column="source.key",
        )
    if found := Source.objects.filter(key=described["key"]).first():
        return found
    fields: dict[str, Any] = {"kind": Source.Kind.REGISTER, **described}
    for day in ("published_on", "accessed_on"):
        if day in fields:
            fields[day] = _day(name, f"source.{day}", fields[day])
    source = Source(**fields)
    try:
        source.full_clean()
    except ValidationError as error:
        told = "; ".join(f"{key}: {' '.join(said)}" for key, said in error.message_dict.items())
        raise SheetError(told, file=name, column="source") from None
    return source


def _table(name: str, table: str, content: Any) -> dict[str, str]:
    allowed = OF_A_SOURCE if table == "source" else CANONICAL
    if not isinstance(content, dict):
        raise SheetError(
            said(_("Write a line [%(table)s], and its entries below it."), table=table), file=name
        )
    _check(name, f"{table}.", content, allowed)
    return {key: str(value).strip() for key, value in content.items()}


def _check(name: str, where: str, content: dict[str, Any], allowed: tuple[str, ...]) -> None:
    for key, value in content.items():
        if key not in allowed:
            raise SheetError(
                said(
                    _("Nothing is called that here; there are %(allowed)s."),
                    allowed=", ".join(allowed),
                ),
                file=name,
                column=f"{where}{key}",
            )
        if where and isinstance(value, (dict, list)):
            raise SheetError(_("Write one text here."), file=name, column=f"{where}{key}")


def _day(name: str, where: str, text: str) -> PartialDate:
    try:
        return PartialDate.parse(text)
    except InvalidPartialDate:
        raise SheetError(
            _("Write a year, a month or a day: 2025, 2025-05 or 2025-05-10."),
            file=name,
            column=where,
        ) from None
