from django.db.models import Exists, OuterRef, Prefetch, Q
from django.db.models.expressions import Combinable
from django.utils.translation import get_language

from common.names import words
from common.versions import VersionedQuerySet


def any_name_has(word: str, names) -> Combinable:
    """True of a row whose own folded name, or one of its ``names``, contains the folded word."""
    return Q(folded__contains=word) | Exists(names.filter(folded__contains=word))


def every_word(queryset, text: str, names):
    """The rows that have every word of ``text``; none where it holds no letter and no digit."""
    wanted = words(text)
    for word in wanted:
        queryset = queryset.filter(any_name_has(word, names))
    return queryset if wanted else queryset.none()


class PlaceQuerySet(VersionedQuerySet):
    """Places are facts about the world and never internal; their agreements may be."""

    def search(self, text: str):
        """Places with every word of ``text`` in one of their names, of any time or script."""
        from cities.models import PlaceName

        return every_word(self, text, PlaceName.objects.filter(place=OuterRef("pk")))

    def called(self, key: str):
        """The place with this slug or Wikidata id."""
        return self.filter(
            Q(slug=key) | Q(identifiers__scheme="wikidata", identifiers__value=key)
        ).distinct()

    def with_names(self):
        """Join the names in the reader's language, which ``shown_name`` draws on."""
        from cities.models import PlaceName

        spoken = PlaceName.objects.spoken_in(get_language() or "en")
        return self.prefetch_related(Prefetch("names", queryset=spoken, to_attr="spoken_names"))

    def in_country(self, code: str):
        return self.filter(country_code=code)

    def of_level(self, levels):
        return self.filter(level__in=levels)

    def by_country_code(self) -> dict:
        """The countries on record by their codes, with names for the reader; some 200 at most."""
        return {place.country_code: place for place in self.of_level(["country"]).with_names()}


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
        from cities.models import Spelling

        return every_word(self, text, Spelling.objects.filter(official=OuterRef("pk")))

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
