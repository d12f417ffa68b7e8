"""Where the names of places and officials are written, for ``common.finding``."""

import re

from django.db.models import QuerySet

from common.finding import Names

WIKIDATA_ID = re.compile(r"Q[1-9][0-9]{0,18}", re.IGNORECASE)


def of_places() -> Names:
    from cities.models import Place, PlaceName

    written = ((Place.objects.all(), "name", "pk"), (PlaceName.objects.all(), "text", "place"))
    return Names(written, by_wikidata_id)


def of_officials() -> Names:
    from cities.models import Official, Spelling

    return Names(
        ((Official.objects.all(), "name", "pk"), (Spelling.objects.all(), "text", "official"))
    )


def by_wikidata_id(text: str) -> QuerySet | None:
    from cities.models import PlaceIdentifier

    if not WIKIDATA_ID.fullmatch(text):
        return None
    ids = PlaceIdentifier.objects.filter(scheme="wikidata", value=text.upper())
    return ids.order_by().values("place")
