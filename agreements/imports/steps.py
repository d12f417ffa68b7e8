"""What entering an outcome does to the register."""

from dataclasses import dataclass

from agreements.imports.register import Instrument
from agreements.imports.ties import Tie
from agreements.models import Listing


@dataclass
class Record:
    """A new agreement on the word of the list."""

    tie: Tie

    @property
    def touches(self) -> None:
        """No agreement on record; that of the other steps by its key."""


@dataclass
class Join:
    """The list is added to an agreement on record, which is left as it is."""

    tie: Tie
    instrument: Instrument
    contradicts: str = ""

    @property
    def touches(self) -> int:
        return self.instrument.pk


class OfListing:
    """What is done to a row that was entered before."""

    listing: Listing

    @property
    def touches(self) -> int:
        return self.listing.citation.agreement_id


@dataclass
class Restate(OfListing):
    """A row that was entered before says otherwise, is back, or contradicts the register now."""

    tie: Tie
    listing: Listing
    contradicts: str = ""


@dataclass
class Still(OfListing):
    """It is listed still, in a later state of the list."""

    listing: Listing


@dataclass
class Vanish(OfListing):
    """It is listed no longer."""

    listing: Listing


Step = Record | Join | Restate | Still | Vanish
