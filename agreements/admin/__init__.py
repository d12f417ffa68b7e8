"""The staff's screens for agreements; each module registers its own."""

from agreements.admin.agreement import AgreementAdmin
from agreements.admin.duplicates import DuplicatesDesk
from agreements.admin.imports import TieImportAdmin
from agreements.admin.sources import EventAdmin, SectorAdmin, SourceAdmin
from agreements.admin.suggestions import SuggestionAdmin

__all__ = [
    "AgreementAdmin",
    "DuplicatesDesk",
    "EventAdmin",
    "SectorAdmin",
    "SourceAdmin",
    "SuggestionAdmin",
    "TieImportAdmin",
]
