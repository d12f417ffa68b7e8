"""Pages of places and officials, as far as this app knows them.

The site composes them with agreements one floor up; the arrows of the house run one way.
"""

from typing import Any, ClassVar

from django.core.paginator import Page
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import DetailView

from cities.filters import OfficialFilterSet, PlaceFilterSet
from cities.listing import PlaceFilters
from cities.models import Appointment, Official, Place, PlaceName
from cities.querysets import OfficialQuerySet, PlaceQuerySet
from common.filters import StrictFilterSet
from common.listing import FilteredListView

MOST_CHILDREN = 60


class PlaceList(PlaceFilters, FilteredListView):
    filterset_class = PlaceFilterSet
    template_name = "cities/place_list.html"

    def get_queryset(self) -> QuerySet:
        return Place.objects.with_names().prefetch_related("names").order_by("name", "slug")

    def get_context_data(self, *, page: Page, filterset: StrictFilterSet) -> dict[str, Any]:
        return {"countries": Place.objects.by_country_code()}


class LeadsOn(DetailView):
    """The address of a record that was merged with another leads to that one, for good."""

    def get_queryset(self) -> PlaceQuerySet | OfficialQuerySet:
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().get(request, *args, **kwargs)
        except Http404:
            kept = self.get_queryset().at(kwargs["slug"]).first()
            if kept is None:
                raise
        return redirect(kept, permanent=True)


class PlaceDetail(LeadsOn):
    http_method_names: ClassVar[list[str]] = ["get", "head", "options"]
    template_name = "cities/place_detail.html"
    context_object_name = "place"

    def get_queryset(self) -> PlaceQuerySet:
        places = Place.objects.with_names()
        people = Appointment.objects.select_related("official").prefetch_related(
            Prefetch("accredited_to", places)
        )
        return places.prefetch_related(
            "names", "identifiers", "institutions", Prefetch("appointments", people)
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        children = self.object.children.with_names()
        return super().get_context_data(
            names=todays_first(self.object),
            lies_in=lies_in(self.object),
            children=children[:MOST_CHILDREN],
            child_count=children.count(),
            countries=Place.objects.by_country_code(),
            **kwargs,
        )


def todays_first(place: Place) -> list[PlaceName]:
    """Official names, then others in use, then those of former times by their years."""
    kinds = PlaceName.Kind.values
    return sorted(
        place.names.all(),
        key=lambda name: (kinds.index(name.kind), str(name.used_from or ""), name.language),
    )


def lies_in(place: Place) -> list[Place]:
    """The region and the country around a place, from the outside in; a chain of three at most."""
    around: list[Place] = []
    while place.parent_id:
        place = Place.objects.with_names().get(pk=place.parent_id)
        around.insert(0, place)
    return around


class OfficialList(PlaceFilters, FilteredListView):
    filterset_class = OfficialFilterSet
    template_name = "cities/official_list.html"

    def get_queryset(self) -> QuerySet:
        return officials().order_by("name", "slug")


class OfficialDetail(LeadsOn):
    http_method_names: ClassVar[list[str]] = ["get", "head", "options"]
    template_name = "cities/official_detail.html"
    context_object_name = "official"

    def get_queryset(self) -> OfficialQuerySet:
        return officials()


def officials() -> OfficialQuerySet:
    places = Place.objects.with_names()
    offices = Appointment.objects.prefetch_related(
        Prefetch("place", places), Prefetch("accredited_to", places)
    )
    return Official.objects.prefetch_related("spellings", Prefetch("appointments", offices))
