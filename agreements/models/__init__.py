from agreements.models.agreement import Agreement, Opening
from agreements.models.deeds import Approval, Event, Initiative, Signature
from agreements.models.evidence import Citation, Document, Evidence, Relation, Source
from agreements.models.history import MoveRefused, StatusChange
from agreements.models.issued import IssuedReference
from agreements.models.listings import Listing, TieImport
from agreements.models.parties import Party
from agreements.models.seats import PublicSeat
from agreements.models.sectors import Sector

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
    "PublicSeat",
    "Relation",
    "Sector",
    "Signature",
    "Source",
    "StatusChange",
    "TieImport",
]
