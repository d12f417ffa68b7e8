"""What would become of each row of a list, and why, in words for people and for programs."""

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from cities.models import Place

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from agreements.imports.claims import Claim
    from agreements.imports.options import Options
    from agreements.imports.steps import Step
    from agreements.imports.wording import Progress


class ImportRefused(Exception):
    """The import as a whole cannot be; the message says why, for people."""

    def __init__(self, message: Any) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


class PlanChanged(ImportRefused):
    """The register has moved since the plan was shown."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Somebody changed the register since this preview was made, so nothing was "
                "entered. Look at a new preview, and confirm that."
            )
        )


class RowsRefused(ImportRefused):
    """Some rows cannot be entered, and nobody said to leave them out."""


class Result(models.TextChoices):
    NEW = "new", _("new")
    JOINED = "joined", _("on record: the list is added as a source")
    CHANGED = "changed", _("the list says otherwise than before")
    UNCHANGED = "unchanged", _("nothing changes")
    CONTRADICTS = "contradicts", _("contradicts the register")
    GONE = "gone", _("no longer listed")
    BACK = "back", _("listed again")
    REFUSED = "refused", _("refused")
    UNCLEAR = "unclear", _("place not certain")


# What is not entered, whatever else is.
LEFT_OUT = (Result.REFUSED, Result.UNCLEAR)


@dataclass(frozen=True)
class Problem:
    """What is wrong with a cell and what to do. One that is not fatal is told, and not believed."""

    column: str
    value: str
    message: "StrOrPromise"
    fatal: bool = True

    def as_json(self) -> dict[str, Any]:
        return {**vars(self), "message": str(self.message)}


@dataclass(frozen=True)
class Candidate:
    """A place that a row may mean, and what speaks for it. ``side`` is a or b."""

    place: Place | None
    reason: "StrOrPromise"
    side: str = "a"

    def as_json(self) -> dict[str, Any]:
        place = self.place
        known = (
            {"place": place.slug, "name": place.name, "country": place.country_code}
            if place
            else {"place": None}
        )
        return {**known, "side": self.side, "reason": str(self.reason)}


@dataclass
class Outcome:
    """What becomes of one row."""

    file: str
    row: int
    result: Result
    says: "StrOrPromise"
    reasons: list[Problem] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)
    agreement_reference: str = ""
    cells: dict[str, str] = field(default_factory=dict)
    # What entering it does; None where that is nothing.
    step: "Step | None" = None
    # What the outcome rests on, for the digest.
    rests_on: tuple = ()

    @property
    def left_out(self) -> bool:
        return self.result in LEFT_OUT

    @property
    def wants_a_look(self) -> bool:
        """Whether a person should read it, rather than take it as counted."""
        quiet = (Result.NEW, Result.JOINED, Result.UNCHANGED)
        return bool(self.reasons) or self.result not in quiet

    def as_json(self) -> dict[str, Any]:
        return {
            "file": self.file,
            "row": self.row,
            "result": self.result.value,
            "says": str(self.says),
            "reasons": [problem.as_json() for problem in self.reasons],
            "candidates": [candidate.as_json() for candidate in self.candidates],
            "agreement": self.agreement_reference,
            "cells": self.cells,
        }


@dataclass(frozen=True)
class FileRead:
    """A file of the list: which, and which of its columns were of no use."""

    name: str
    sha256: str
    rows: int
    unread: tuple[str, ...] = ()


@dataclass
class Plan:
    """What would become of a list, row by row, were it entered now."""

    options: "Options"
    files: list[FileRead]
    outcomes: list[Outcome]
    digest: str
    claims: "list[Claim]" = field(repr=False)
    # Those to be made, by the keys that the steps name them by.
    new_places: dict[str, Any] = field(default_factory=dict, repr=False)
    progress: "Progress | None" = field(default=None, repr=False)

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many rows have each result; those that none has are left out."""
        found = Counter(outcome.result.value for outcome in self.outcomes)
        return {result: found[result] for result in Result.values if found[result]}

    @cached_property
    def refused(self) -> list[Outcome]:
        """The rows that cannot be entered as they stand."""
        return [outcome for outcome in self.outcomes if outcome.left_out]

    @property
    def is_ready(self) -> bool:
        return not self.refused or self.options.leave_out_refused

    @property
    def file_name(self) -> str:
        return ", ".join(file.name for file in self.files)

    @property
    def sha256(self) -> str:
        return self.files[0].sha256 if self.files else ""

    @property
    def agreements(self) -> set[int]:
        """The keys of those on record that it would touch, be it by a row beside them."""
        touched = (outcome.step.touches for outcome in self.outcomes if outcome.step)
        return {key for key in touched if key is not None}

    @cached_property
    def changes_nothing(self) -> bool:
        return not any(outcome.step for outcome in self.outcomes)

    def as_json(self) -> dict[str, Any]:
        return {
            "source": self.options.source.key,
            "listed_on": str(self.options.listed_on),
            "options": self.options.as_json(),
            "files": [{**vars(file), "unread": list(file.unread)} for file in self.files],
            "counts": self.counts,
            "new_places": [new.name for new in self.new_places.values()],
            "digest": self.digest,
            "rows": [outcome.as_json() for outcome in self.outcomes],
        }
