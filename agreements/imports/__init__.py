"""Ties read in from lists: planned row by row, shown to people, then entered whole or not."""

from agreements.imports.columns import CANONICAL, Mapping
from agreements.imports.entering import enter
from agreements.imports.mapping_files import MappingFile, read_mapping, source_on_record
from agreements.imports.options import Options
from agreements.imports.outcomes import (
    Candidate,
    ImportRefused,
    Outcome,
    Plan,
    PlanChanged,
    Problem,
    Result,
    RowsRefused,
)
from agreements.imports.planning import plan

__all__ = [
    "CANONICAL",
    "Candidate",
    "ImportRefused",
    "Mapping",
    "MappingFile",
    "Options",
    "Outcome",
    "Plan",
    "PlanChanged",
    "Problem",
    "Result",
    "RowsRefused",
    "enter",
    "plan",
    "read_mapping",
    "source_on_record",
]
