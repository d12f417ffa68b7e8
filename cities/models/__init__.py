from cities.models.people import Appointment, Official, Spelling
from cities.models.places import Institution, Place, PlaceIdentifier, PlaceName

__all__ = [
    "Appointment",
    "Institution",
    "Official",
    "Place",
    "PlaceIdentifier",
    "PlaceName",
    "Spelling",
]
