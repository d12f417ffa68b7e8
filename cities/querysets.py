from typing import Any

from django.db.models import CharField, Exists, F, Model, OuterRef, Prefetch, Q
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Concat
from django.utils.translation import get_language

from cities import connections, finding
from cities.offices import being_kept, is_bound
from common.finding import Names, Query, best_first
from common.versions import VersionedQuerySet


def found(rows, text: str, names: Names, *then: str, **more: Combinable):
    """The rows that have every word of ``text`` in one of their ``names``, the best first."""
    query = Query(text)
    if query.fault():
        return rows.none()
    for word in query.words:
        rows = rows.filter(pk__in=names.having(word))
    return best_first(rows, query.rank(lambda sought: names.case(sought, "pk")), *then, **more)


def at_address(model: type[Model], slug: str) -> Q:
    """True of the row whose page has this address, or had it until it was merged with another."""
    merges: Any = model._meta.get_field("merges")
    led_on = merges.related_model.objects.filter(slug=slug)
    return Q(slug=slug) | Q(pk__in=led_on.values(merges.field.name))


class PlaceQuerySet(VersionedQuerySet):
    """Places are facts about the world and never internal; their agreements may be."""

    def search(self, text: str):
        """Places with every word of ``text`` in one of their names, of any time or script.

        What fits best comes first, then what has more ties. A Wikidata id finds its place.
        """
        return found(self, text, finding.of_places(), "-ties", ties=connections.ties())

    def in_line(self):
        """Annotate ``line``, unique texts in the order of a search, for pages by cursor."""
        at = (F("rank") + 1) * (connections.MOST + 1) + connections.MOST - F("ties")
        return self.annotate(line=Concat(Cast(at, CharField()), "slug", output_field=CharField()))

    def called(self, key: str):
        """The place with this slug, of today or from before a merge, or with this Wikidata id."""
        return self.filter(
            at_address(self.model, key) | Q(identifiers__scheme="wikidata", identifiers__value=key)
        ).distinct()

    def at(self, slug: str):
        """The place with this slug, of today or from before a merge."""
        return self.filter(at_address(self.model, slug))

    def with_names(self):
        """Join the names in the reader's language, which ``shown_name`` draws on."""
        from cities.models import PlaceName

        spoken = PlaceName.objects.spoken_in(get_language() or "en")
        return self.prefetch_related(Prefetch("names", queryset=spoken, to_attr="spoken_names"))

    def in_country(self, code: str):
        return self.filter(country_code=code)

    def kept_by(self, user):
        """Places whose records the person keeps: those of their offices, or all."""
        return self.filter(being_kept(user)) if is_bound(user) else self

    def of_level(self, levels):
        return self.filter(level__in=levels)

    def by_country_code(self) -> dict:
        """The countries on record by their codes, in the order of their names for the reader.

        Some 200 at most.
        """
        countries = sorted(
            self.of_level(["country"]).with_names(), key=lambda place: place.shown_name
        )
        return {place.country_code: place for place in countries}


class PlaceNameQuerySet(VersionedQuerySet):
    def spoken_in(self, language: str):
        """Names in use today in the language of a code such as ``fa`` or ``pt-br``.

        What readers there call the place is often nobody's official name: خجند. Official ones
        come first.
        """
        from cities.models import PlaceName

        in_use = self.exclude(kind=PlaceName.Kind.FORMER).filter(
            language=language.split("-")[0], used_to__isnull=True
        )
        return in_use.order_by("-kind", "id")


class OfficialQuerySet(VersionedQuerySet):
    def search(self, text: str):
        """Officials with every word of ``text`` in their name or one of its spellings."""
        return found(self, text, finding.of_officials())

    def in_line(self):
        """Annotate ``line``, unique texts in the order of a search, for pages by cursor."""
        return self.annotate(
            line=Concat(Cast("rank", CharField()), "slug", output_field=CharField())
        )

    def at(self, slug: str):
        """The official with this slug, of today or from before a merge."""
        return self.filter(at_address(self.model, slug))

    def speaking_for(self, places):
        """Officials with an office, held or once held, that speaks for one of these places."""
        from cities.models import Appointment

        offices = Appointment.objects.filter(official=OuterRef("pk"), place__in=places)
        return self.filter(Exists(offices))

    def of_place(self, key: str):
        """Officials of the place with this slug or Wikidata id."""
        from cities.models import Place

        return self.speaking_for(Place.objects.called(key))

    def of_country(self, code: str):
        from cities.models import Place

        return self.speaking_for(Place.objects.in_country(code))

    def with_offices(self):
        from cities.models import Appointment

        offices = Appointment.objects.select_related("place", "accredited_to")
        return self.prefetch_related(Prefetch("appointments", queryset=offices))
