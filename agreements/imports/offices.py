"""Which ties of a list are for whoever brings it to enter: those with a place of their office."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from agreements.imports.places import Fresh, Known
from agreements.imports.ties import Row
from agreements.imports.wording import said
from cities.offices import countries_kept_by, is_bound, kept_among, offices_of


class Office:
    """Of one person; whoever is bound to none keeps everything. Asks in a few queries."""

    def __init__(self, by: Any, rows: Iterable[Row]) -> None:
        self.by = by
        self.bound = is_bound(by)
        known = (place for row in rows for place in row.places if isinstance(place, Known))
        self.places = kept_among(by, {place.pk for place in known}) if self.bound else set()
        self.countries = countries_kept_by(by) if self.bound else set()

    def keeps(self, row: Row) -> bool:
        return not self.bound or any(map(self._keeps, row.places))

    def _keeps(self, place: Known | Fresh) -> bool:
        if isinstance(place, Fresh):
            return place.country in self.countries
        return place.pk in self.places

    @property
    def refusal(self) -> Any:
        """Why a row is not entered, in words."""
        names = list(offices_of(self.by).order_by("name", "pk").values_list("name", flat=True))
        one = _("Your office is %(places)s: none of the two is yours.")
        several = _("Your offices are %(places)s: none of the two is yours.")
        return said(one if len(names) == 1 else several, places=", ".join(names))
