"""Two places side by side: what each is, whom both are tied to, and what ties them."""

from dataclasses import dataclass, field
from typing import Any

import django_filters
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from agreements.lifecycle import Status
from agreements.models import Agreement, Party, Sector
from agreements.models.sectors import by_shown_name
from agreements.rows import joined, rows
from cities.filters import NO_SUCH_PLACE
from cities.models import Place, PlaceName
from cities.querysets import PlaceQuerySet
from common.filters import StrictFilterSet
from twinning.ties import counts_by_status

MOST_NAMED = 8
MOST_SHOWN = 60
Reader = AbstractBaseUser | AnonymousUser


class CompareFilterSet(StrictFilterSet):
    a = django_filters.CharFilter(
        label=gettext_lazy("One place"),
        help_text=gettext_lazy("A name in any spelling or script, or its address or Wikidata id."),
    )
    b = django_filters.CharFilter(label=gettext_lazy("The other place"))

    class Meta:
        model = Place
        fields: tuple[str, ...] = ()


@dataclass
class Side:
    """What was typed for one place: the place itself, or those that it may mean."""

    name: str
    text: str
    place: Place | None = None
    choices: list[Place] = field(default_factory=list)


def side(name: str, text: str) -> Side:
    found = Side(name, text)
    if not text:
        return found
    found.place = Place.objects.called(text).with_names().first()
    if found.place is None:
        named = Place.objects.search(text).with_names()[:MOST_NAMED]
        found.choices = list(named)
        if len(found.choices) == 1:
            found.place = found.choices.pop()
    return found


@dataclass(frozen=True)
class Portrait:
    """What is told of one of the two."""

    place: Place
    counts: dict[Status, int]
    in_force: int
    partners: int
    languages: list[str]


def partners_of(place: Place, user: Reader) -> PlaceQuerySet:
    """Places at one table with it, in any agreement that the reader may see."""
    seats = Party.objects.order_by().visible_to(user).filter(agreement__parties__place=place)
    return Place.objects.filter(pk__in=seats.values("place")).exclude(pk=place.pk)


def sectors_of(place: Place, user: Reader) -> QuerySet[Sector]:
    mine = Agreement.objects.order_by().visible_to(user).with_party_among([place.pk])
    return Sector.objects.with_names().filter(pk__in=mine.values("sectors"))


def languages_of(place: Place) -> list[str]:
    """Of its official names, as codes."""
    official = place.names.filter(kind=PlaceName.Kind.OFFICIAL, used_to__isnull=True)
    return sorted(set(official.values_list("language", flat=True)))


def portrait(place: Place, user: Reader) -> Portrait:
    mine = Agreement.objects.visible_to(user).with_party_among([place.pk])
    return Portrait(
        place=place,
        counts=counts_by_status(mine),
        in_force=mine.in_force().count(),
        partners=partners_of(place, user).count(),
        languages=languages_of(place),
    )


def common_ground(one: Place, other: Place, user: Reader) -> dict[str, Any]:
    """What the two share; ``between`` are the rows of the agreements to which both are parties."""
    partners = partners_of(one, user).filter(pk__in=partners_of(other, user).values("pk"))
    both = Agreement.objects.visible_to(user).with_party_among([one.pk])
    both = both.with_party_among([other.pk])
    sectors = sectors_of(one, user).filter(pk__in=sectors_of(other, user).values("pk"))
    count = partners.count()
    return {
        "between": rows(joined(both).newest_first()[:MOST_SHOWN]),
        "shared_partners": partners.with_names().order_by("name", "slug")[:MOST_SHOWN],
        "shared_partner_count": count,
        "more_partners": max(count - MOST_SHOWN, 0),
        "shared_sectors": by_shown_name(sectors),
        "shared_languages": sorted({*languages_of(one)} & {*languages_of(other)}),
    }


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    filterset = CompareFilterSet(request.GET, queryset=Place.objects.none(), request=request)
    refused = filterset.refused
    asked = {} if refused else filterset.form.cleaned_data
    sides = [side(name, asked.get(name, "")) for name in ("a", "b")]
    for one in sides:
        if one.text and not one.place and not one.choices:
            refused[one.name] = [str(NO_SUCH_PLACE) % {"value": one.text}]
    context: dict[str, Any] = {
        "sides": sides,
        "filterset": filterset,
        "refused": refused,
        "countries": Place.objects.by_country_code(),
    }
    places = [one.place for one in sides if one.place]
    if len(places) == len(sides) and places[0] == places[1]:
        refused["b"] = [_("Choose two places that are not the same.")]
    elif len(places) == len(sides):
        context["portraits"] = [portrait(place, request.user) for place in places]
        context |= common_ground(places[0], places[1], request.user)
    return render(request, "compare.html", context, status=400 if refused else 200)
