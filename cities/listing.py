"""Lists that can be narrowed by place or country."""

from cities.models import Place
from cities.templatetags.places import place_name
from common.filters import StrictFilterSet


class PlaceFilters:
    """Mixed into a list: a chosen place or country is shown by its name, not its key."""

    def shown(self, name: str, raw: str, filterset: StrictFilterSet) -> str:
        if name in ("country", "with_country"):
            country = Place.objects.by_country_code().get(raw.upper())
            return place_name(country) if country else raw
        if name in ("place", "with_place"):
            place = Place.objects.called(raw).with_names().first()
            return place_name(place) if place else raw
        return super().shown(name, raw, filterset)  # type: ignore[misc]
