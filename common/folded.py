"""The folded form of a name beside the name: what is looked for, and kept true by every write."""

from collections.abc import Iterable, Iterator
from string import ascii_lowercase, digits
from typing import Any

from django.db import models, transaction
from django.db.models.expressions import Col
from django.db.models.lookups import Lookup

from common.names import fold

BATCH = 2000


class FoldedField(models.CharField):
    """The folded form of another field, one blank at both ends: ``" los angeles "``.

    So ``" los"`` is where a word begins, and a word of two letters is a pattern of three, the
    least that an index of trigrams finds. A text without letters and digits is the empty text.
    """

    def __init__(self, *args, source: str = "", **kwargs) -> None:
        self.source = source
        kwargs.setdefault("max_length", 600)
        super().__init__(*args, **{**kwargs, "editable": False, "blank": True})

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "source": self.source}

    def folded(self, text: str) -> str:
        """What this field holds for that text of its source."""
        kept = fold(text)[: (self.max_length or 600) - 2].rstrip()
        return f" {kept} " if kept else ""

    def pre_save(self, model_instance, add):
        folded = self.folded(getattr(model_instance, self.source))
        setattr(model_instance, self.attname, folded)
        return folded


@FoldedField.register_lookup
class Finds(Lookup):
    """``folded__finds=word``: from three letters on any part, two begin a word, one is a word.

    A text with a blank is looked for as it is: ``" lo"``, ``" los angeles "``.
    """

    lookup_name = "finds"

    def get_prep_lookup(self) -> str:
        return pattern_of(self.rhs)

    def as_sql(self, compiler, connection):
        lhs, params = self.process_lhs(compiler, connection)
        return f"{lhs} LIKE %s", [*params, f"%{self.rhs}%"]

    def as_sqlite(self, compiler, connection):
        from common.search import index_of

        index = index_of(self.lhs.target, connection) if isinstance(self.lhs, Col) else ""
        if not index:
            return self.as_sql(compiler, connection)
        key = f"{compiler.quote_name_unless_alias(self.lhs.alias)}.{_pk(self.lhs.target)}"
        # The index's name is made of our own table's, and nothing from outside is in it.
        found = f'SELECT rowid FROM "{index}" WHERE "{index}" MATCH %s'  # noqa: S608
        return f"{key} IN ({found})", [phrases(self.rhs)]


def pattern_of(word: str) -> str:
    """The signs by which a folded word is looked for in padded names."""
    if set(word) - set(ascii_lowercase + digits + " ") or not word.strip():
        raise ValueError(f"Fold what you look for: {word!r}")
    if " " in word or len(word) > 2:
        return word
    return f" {word} " if len(word) == 1 else f" {word}"


def phrases(pattern: str) -> str:
    """The pattern for FTS5, whose trigrams need three signs; two are tried with each third."""
    if len(pattern) > 2:
        return f'"{pattern}"'
    return " OR ".join(f'"{pattern}{third}"' for third in ascii_lowercase + digits + " ")


def _pk(field: models.Field) -> str:
    return f'"{field.model._meta.pk.column}"'


def folded_fields(model: type[models.Model]) -> Iterator[FoldedField]:
    return (field for field in model._meta.concrete_fields if isinstance(field, FoldedField))


def with_folded(model: type[models.Model], names: Iterable[str]) -> set[str]:
    """These fields, and those that hold the folded form of one of them."""
    names = set(names)
    return names | {field.name for field in folded_fields(model) if field.source in names}


def fold_row(row: models.Model, names: Iterable[str] | None = None) -> None:
    """Set what the row's folded fields should hold, or those of them that are named."""
    for field in folded_fields(type(row)):
        if names is None or field.name in names:
            field.pre_save(row, add=False)


def fold_fixture(instance: models.Model, raw: bool = False, **kwargs) -> None:
    """Receives ``pre_save``: a row of a fixture is saved as it stands, past every other door."""
    if raw:
        fold_row(instance)


def fold_again(model: type[models.Model], using: str, on_batch=lambda number: None) -> int:
    """Fold all rows anew, and write those that were out of step; how many they were.

    It is no edit, so no version is raised. Each batch is locked while it is read and written:
    a name that somebody changes at that moment is not overwritten by its former form.
    """
    rows: Any = models.QuerySet(model, using=using).order_by("pk")
    fields = [field.name for field in folded_fields(model)]
    last, mended = 0, 0
    while True:
        with transaction.atomic(using=using):
            batch = list(rows.select_for_update(of=("self",)).filter(pk__gt=last)[:BATCH])
            if not batch:
                return mended
            wrong = [row for row in batch if _is_out_of_step(row)]
            for row in wrong:
                fold_row(row)
            rows.bulk_update(wrong, fields, batch_size=200)
        last, mended = batch[-1].pk, mended + len(wrong)
        on_batch(len(batch))


def _is_out_of_step(row: models.Model) -> bool:
    fields = folded_fields(type(row))
    return any(
        getattr(row, field.attname) != field.folded(getattr(row, field.source)) for field in fields
    )
