from agreements.models.agreement import Agreement
from agreements.models.deeds import Approval, Event, Initiative, Signature
from agreements.models.evidence import Citation, Document, Evidence, Relation, Source
from agreements.models.history import MoveRefused, StatusChange
from agreements.models.issued import IssuedReference
from agreements.models.listings import Listing, TieImport
from agreements.models.moving import Opening
from agreements.models.parties import Party
from agreements.models.reminders import Preferences, Reminder
from agreements.models.requests import Request
from agreements.models.seats import PublicSeat
from agreements.models.sectors import Sector, SectorName
from agreements.models.spans import Span
from agreements.models.suggestions import Suggestion
from agreements.models.undone import UndoneStep

__all__ = [
    "Agreement",
    "Approval",
    "Citation",
    "Document",
    "Event",
    "Evidence",
    "Initiative",
    "IssuedReference",
    "Listing",
    "MoveRefused",
    "Opening",
    "Party",
    "Preferences",
    "PublicSeat",
    "Relation",
    "Reminder",
    "Request",
    "Sector",
    "SectorName",
    "Signature",
    "Source",
    "Span",
    "StatusChange",
    "Suggestion",
    "TieImport",
    "UndoneStep",
]
