"""The duplicates desk: of each kind of record how pairs are found, shown side by side and merged.

It sits here because it tells of places and agreements alike.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Model, Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agreements.duplicates import probable_agreements
from agreements.merging import MAY_MERGE, MAY_PUBLISH, agreements_are_two, merge_agreements
from agreements.models import (
    Agreement,
    Citation,
    Document,
    Event,
    Party,
    Signature,
    Source,
)
from cities.duplicates import Pair, probable_officials, probable_places
from cities.merging import (
    MAY_MERGE_OFFICIALS,
    MAY_MERGE_PLACES,
    merge_officials,
    merge_places,
    officials_are_two,
    places_are_two,
)
from cities.models import Appointment, DistinctPair, Official, Place
from cities.offices import is_bound
from common.dates_display import display_partial_date

MOST_LISTED = 30


@dataclass
class Side:
    """One record of a pair, as far as it helps to tell whether the two are one."""

    record: Any
    # Its name, and what tells it from its namesake.
    name: str
    facts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Kind:
    """One tab of the desk. ``may`` are the permissions that merging asks for."""

    name: str
    label: Any
    model: type[Model]
    find: Callable[[], list[Pair]]
    sides: Callable[[Iterable[int]], dict[int, Side]]
    are_two: Callable[[Any, Any], list[str]]
    merge: Callable[..., None]
    may: tuple[str, ...]


def count_of(model: type[Model], key: str, pks: Iterable[int]) -> dict[int, int]:
    """How many rows of the model point at each of these records."""
    rows = model._base_manager.filter(**{f"{key}__in": pks}).order_by()
    return dict(rows.values_list(key).annotate(Count("pk")))


def listed(texts: Iterable[Any]) -> str:
    shown = [str(text) for text in texts]
    more = len(shown) - MOST_LISTED
    if more > 0:
        shown = [*shown[:MOST_LISTED], _("and %(number)d more") % {"number": more}]
    return "; ".join(shown)


def places(pks: Iterable[int]) -> dict[int, Side]:
    pks = list(pks)
    rows = Place.objects.filter(pk__in=pks).select_related("parent")
    agreements = count_of(Party, "place", pks)
    sources = count_of(Source, "speaks_for", pks)
    offices = count_of(Appointment, "place", pks)
    return {
        place.pk: Side(
            place,
            f"{place.name} ({place.slug})",
            {
                _("Other names"): listed(place.names.all()),
                _("Level"): place.get_level_display(),
                _("Country"): place.country_code,
                _("Lies in"): str(place.parent or ""),
                _("Coordinates"): coordinates(place),
                _("Population"): population(place),
                _("Ids elsewhere"): listed(place.identifiers.all()),
                _("Institutions"): listed(place.institutions.all()),
                _("Offices"): str(offices.get(place.pk, 0)),
                _("Agreements"): str(agreements.get(place.pk, 0)),
                _("Sources of its own"): str(sources.get(place.pk, 0)),
            },
        )
        for place in rows.prefetch_related("names", "identifiers", "institutions")
    }


def coordinates(place: Place) -> str:
    if place.latitude is None or place.longitude is None:
        return ""
    return f"{float(place.latitude):g}, {float(place.longitude):g}"


def population(place: Place) -> str:
    return f"{place.population} ({place.population_year})" if place.population is not None else ""


def officials(pks: Iterable[int]) -> dict[int, Side]:
    pks = list(pks)
    rows = Official.objects.filter(pk__in=pks).with_offices().prefetch_related("spellings")
    signatures = count_of(Signature, "official", pks)
    events = count_of(Event, "participants", pks)
    return {
        official.pk: Side(
            official,
            f"{official.name} ({official.slug})",
            {
                _("Other spellings"): listed(official.spellings.all()),
                _("Offices"): listed(map(in_office, official.appointments.all())),
                _("Signatures"): str(signatures.get(official.pk, 0)),
                _("Events"): str(events.get(official.pk, 0)),
                _("About"): official.about,
            },
        )
        for official in rows
    }


def in_office(office: Appointment) -> str:
    years = (display_partial_date(day, "…") for day in (office.began_on, office.ended_on))
    return f"{office} ({' – '.join(years)})"


def agreements(pks: Iterable[int]) -> dict[int, Side]:
    pks = list(pks)
    cited = Citation.objects.select_related("source")
    rows = Agreement.objects.filter(pk__in=pks).prefetch_related(
        Prefetch("parties", Party.objects.select_related("place")), Prefetch("citations", cited)
    )
    signatures = count_of(Signature, "agreement", pks)
    documents = count_of(Document, "agreement", pks)
    return {
        agreement.pk: Side(
            agreement,
            agreement.reference,
            {
                _("Parties"): listed(agreement.parties.all()),
                _("Title"): agreement.title,
                _("Kind"): agreement.get_kind_display(),
                _("Local term"): agreement.local_term,
                _("Status"): agreement.get_status_display(),
                _("Since"): display_partial_date(agreement.status_since, _("date unknown")),
                _("Visibility"): agreement.get_visibility_display(),
                _("Sources"): listed(citation.source for citation in agreement.citations.all()),
                _("Signatures"): str(signatures.get(agreement.pk, 0)),
                _("Documents"): str(documents.get(agreement.pk, 0)),
                _("Summary"): agreement.summary,
            },
        )
        for agreement in rows
    }


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "places",
            gettext_lazy("Places"),
            Place,
            probable_places,
            places,
            places_are_two,
            merge_places,
            (MAY_MERGE_PLACES,),
        ),
        Kind(
            "officials",
            gettext_lazy("Officials"),
            Official,
            probable_officials,
            officials,
            officials_are_two,
            merge_officials,
            (MAY_MERGE_OFFICIALS,),
        ),
        Kind(
            "agreements",
            gettext_lazy("Agreements"),
            Agreement,
            probable_agreements,
            agreements,
            agreements_are_two,
            merge_agreements,
            (MAY_MERGE, MAY_PUBLISH),
        ),
    )
}
OF_MODEL = {kind.model._meta.label_lower: kind for kind in KINDS.values()}


def kinds_for(user: Any) -> dict[str, Kind]:
    """The tabs of this person: what offices share is merged by those who are bound to none."""
    mine = KINDS.items()
    return {name: kind for name, kind in mine if kind.model is Agreement or not is_bound(user)}


def pairs_for(user: Any, pairs: Iterable[Pair]) -> list[Pair]:
    """Of agreements: the pairs of which the person keeps both."""
    if not is_bound(user):
        return list(pairs)
    kept = set(Agreement.objects.order_by().kept_by(user).values_list("pk", flat=True))
    return [pair for pair in pairs if {pair.low, pair.high} <= kept]


def apart_for(user: Any) -> QuerySet[DistinctPair]:
    """The pairs that were told apart, as far as they are of this person’s tabs and records."""
    rows = DistinctPair.objects.select_related("told_by")
    if not is_bound(user):
        return rows
    kept = Agreement.objects.order_by().kept_by(user).values("pk")
    return rows.filter(kind=Agreement._meta.label_lower, low__in=kept, high__in=kept)


def sides_of(kind: Kind, pairs: Iterable[tuple[int, int]]) -> dict[int, Side]:
    return kind.sides({pk for pair in pairs for pk in pair})
