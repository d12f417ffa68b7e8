"""What a feed, a calendar, an embed or a badge tells of: all of the register, or a part of it.

They are for everybody: whoever asks, they are answered as somebody who is not signed in. Programs
have no session, and caches keep what they get for others.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from agreements.models import Agreement, Sector
from agreements.querysets import AgreementQuerySet
from cities.models import Place

ANYBODY: Any = AnonymousUser()


@dataclass(frozen=True)
class Scope:
    """``key`` is what its addresses end in, ``page`` the path of the page that shows the same."""

    kind: str
    key: str
    name: str
    page: str
    agreements: AgreementQuerySet
    record: Any = None

    def path(self, what: str) -> str:
        """The path of its ``feed``, ``calendar``, ``embed``, ``badge`` or ``picture``."""
        return reverse(f"{self.kind}-{what}", args=[self.key] if self.key else [])


class LedOn(Exception):
    """What is asked for has this key now."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def site_name() -> str:
    return pgettext("name of the site", "Twinning")


def whole(key: str) -> Scope:
    return Scope(
        "register", "", site_name(), reverse("home"), Agreement.objects.visible_to(ANYBODY)
    )


def of_place(key: str) -> Scope:
    places = Place.objects.with_names()
    place = places.filter(slug=key).first()
    if place is None:
        raise LedOn(get_object_or_404(places.at(key)).slug)
    mine = Agreement.objects.visible_to(ANYBODY).with_party_among([place.pk])
    return Scope("place", key, place.shown_name, place.get_absolute_url(), mine, place)


def of_country(key: str) -> Scope:
    if key != key.upper():
        raise LedOn(key.upper())
    if not Place.objects.in_country(key).exists():
        raise Http404
    country = Place.objects.of_level(["country"]).in_country(key).with_names().first()
    mine = Agreement.objects.visible_to(ANYBODY).of_country(key)
    page = f"{reverse('agreement-list')}?country={key}"
    return Scope("country", key, country.shown_name if country else key, page, mine, country)


def of_sector(key: str) -> Scope:
    sector = get_object_or_404(Sector.objects.with_names(), slug=key)
    mine = Agreement.objects.visible_to(ANYBODY).of_sector(sector)
    return Scope("sector", key, sector.shown_name, sector.get_absolute_url(), mine, sector)


def of_agreement(key: str) -> Scope:
    if key != key.upper():
        raise LedOn(key.upper())
    visible = Agreement.objects.visible_to(ANYBODY)
    agreement = visible.with_parties().filter(reference=key).first()
    if agreement is None:
        raise LedOn(get_object_or_404(visible.once_at(key)).reference)
    mine = visible.filter(pk=agreement.pk)
    page = agreement.get_absolute_url()
    return Scope("agreement", key, agreement.name, page, mine, agreement)


SCOPES: dict[str, Callable[[str], Scope]] = {
    "register": whole,
    "place": of_place,
    "country": of_country,
    "sector": of_sector,
    "agreement": of_agreement,
}
View = Callable[..., HttpResponseBase]  # of a request and a Scope


def scoped(view: View, kind: str) -> Callable[..., HttpResponseBase]:
    """The view, asked by a key: 404 where nobody may see such a record, or there is none."""

    @require_safe
    @wraps(view)
    def answer(request: HttpRequest, key: str = "") -> HttpResponseBase:
        try:
            scope = SCOPES[kind](key)
        except LedOn as moved:
            return redirect(str(request.resolver_match.view_name), moved.key, permanent=True)  # type: ignore[union-attr]
        return view(request, scope)

    return answer
