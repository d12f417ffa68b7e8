"""Places and officials as JSON.

An empty text is `""`; a date, number, id or row that is not known is null. Names do not depend
on the reader's language.
"""

from django.db.models import Prefetch, QuerySet
from rest_framework import serializers

from cities.filters import OfficialFilterSet, PlaceFilterSet
from cities.models import Appointment, Institution, Official, Place, PlaceName, Spelling
from cities.querysets import OfficialQuerySet, PlaceQuerySet
from common.api import BySlug, DetailView, Linked, ListView, known_by


class PlaceRef(Linked):
    """As much of a place as another row says of it."""

    address = "place-list"

    slug = serializers.CharField()
    name = serializers.CharField()


class OfficialRef(Linked):
    address = "official-list"

    slug = serializers.CharField()
    name = serializers.CharField()


class PlaceSerializer(serializers.ModelSerializer, Linked):
    address = "place-list"

    parent = known_by("slug")  # type: ignore[assignment]  # a field here, an attribute there
    latitude = serializers.FloatField()
    longitude = serializers.FloatField()
    wikidata = serializers.SerializerMethodField()
    geonames = serializers.SerializerMethodField()

    class Meta:
        model = Place
        fields: tuple[str, ...] = (
            "slug",
            "url",
            "page",
            "name",
            "level",
            "country_code",
            "parent",
            "latitude",
            "longitude",
            "population",
            "population_year",
            "wikidata",
            "geonames",
        )

    def get_wikidata(self, place: Place) -> str | None:
        return place.wikidata or None

    def get_geonames(self, place: Place) -> str | None:
        ids = (i.value for i in place.identifiers.all() if i.scheme == "geonames")
        return next(ids, None)


class NameSerializer(serializers.ModelSerializer):
    class Meta:
        model = PlaceName
        fields = ("text", "language", "script", "kind", "used_from", "used_to")


class InstitutionSerializer(serializers.ModelSerializer):
    class Meta:
        model = Institution
        fields = ("name", "kind", "website", "about")


class OfficeHolderSerializer(serializers.ModelSerializer):
    """An appointment, as its place tells it."""

    official = OfficialRef()
    accredited_to = PlaceRef()

    class Meta:
        model = Appointment
        fields = ("official", "title", "accredited_to", "began_on", "ended_on")


class PlaceDetailSerializer(PlaceSerializer):
    names = NameSerializer(many=True)
    institutions = InstitutionSerializer(many=True)
    appointments = OfficeHolderSerializer(many=True)

    class Meta(PlaceSerializer.Meta):
        fields = (
            *PlaceSerializer.Meta.fields,
            "about",
            "about_source",
            "names",
            "institutions",
            "appointments",
        )


class AppointmentSerializer(serializers.ModelSerializer):
    """An appointment, as its official tells it."""

    place = PlaceRef()
    accredited_to = PlaceRef()

    class Meta:
        model = Appointment
        fields = ("title", "place", "accredited_to", "began_on", "ended_on")


class OfficialSerializer(serializers.ModelSerializer, Linked):
    address = "official-list"

    appointments = AppointmentSerializer(many=True)

    class Meta:
        model = Official
        fields: tuple[str, ...] = ("slug", "url", "page", "name", "appointments")


class SpellingSerializer(serializers.ModelSerializer):
    class Meta:
        model = Spelling
        fields = ("text", "language", "script")


class OfficialDetailSerializer(OfficialSerializer):
    spellings = SpellingSerializer(many=True)

    class Meta(OfficialSerializer.Meta):
        fields = (*OfficialSerializer.Meta.fields, "about", "spellings")


class PlaceList(ListView):
    """Cities, regions and countries, by their slugs."""

    filterset_class = PlaceFilterSet
    serializer_class = PlaceSerializer
    pagination_class = BySlug

    def get_queryset(self) -> QuerySet[Place]:
        return Place.objects.select_related("parent").prefetch_related("identifiers")


class MergedDetail(DetailView):
    """A place or an official: the address from before a merge leads on."""

    lookup_field = "slug"

    def get_queryset(self) -> PlaceQuerySet | OfficialQuerySet:
        raise NotImplementedError

    def led_on(self) -> Place | Official | None:
        return self.get_queryset().at(self.kwargs["slug"]).first()


class PlaceDetail(MergedDetail):
    """One place with its names, institutions and the officials who speak for it."""

    address = "place-list"
    serializer_class = PlaceDetailSerializer

    def get_queryset(self) -> PlaceQuerySet:
        offices = Appointment.objects.select_related("official", "accredited_to")
        return Place.objects.select_related("parent").prefetch_related(
            "identifiers", "names", "institutions", Prefetch("appointments", offices)
        )


class OfficialList(ListView):
    """Officials with their offices, by their slugs."""

    filterset_class = OfficialFilterSet
    serializer_class = OfficialSerializer
    pagination_class = BySlug

    def get_queryset(self) -> QuerySet[Official]:
        return Official.objects.with_offices()


class OfficialDetail(MergedDetail):
    """One official with every spelling on record."""

    address = "official-list"
    serializer_class = OfficialDetailSerializer

    def get_queryset(self) -> OfficialQuerySet:
        return Official.objects.with_offices().prefetch_related("spellings")
