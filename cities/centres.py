"""Where a place lies on the map; a country without coordinates lies in the middle of itself."""

import csv
from functools import cache
from pathlib import Path

from cities.models import Place
from common.earth import Spot

# Made by fixtures/map/make.mjs: the middle of each country's largest piece.
CENTRES = Path(__file__).with_name("centres.csv")


@cache
def centres() -> dict[str, Spot]:
    """The middle of every country by its code, in degrees."""
    with CENTRES.open(encoding="utf-8", newline="") as lines:
        return {
            row["code"]: (float(row["latitude"]), float(row["longitude"]))
            for row in csv.DictReader(lines)
        }


def whereabouts(place: Place) -> Spot | None:
    if place.latitude is not None and place.longitude is not None:
        return float(place.latitude), float(place.longitude)
    return centres().get(place.country_code) if place.level == Place.Level.COUNTRY else None
