from cities.models.institutions import Institution
from cities.models.merges import DistinctPair, OfficialMerge, PlaceMerge
from cities.models.offices import Clerkship
from cities.models.people import Appointment, Official, Spelling
from cities.models.places import Place, PlaceIdentifier, PlaceName

__all__ = [
    "Appointment",
    "Clerkship",
    "DistinctPair",
    "Institution",
    "Official",
    "OfficialMerge",
    "Place",
    "PlaceIdentifier",
    "PlaceMerge",
    "PlaceName",
    "Spelling",
]
