"""Who is bound to an office, which places that office keeps, and who gives and takes seats in it.

Shared facts, such as places and officials, are for everybody of the staff to add and to mend. What
would change whose records others keep is for those who are bound to no office.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

GIVES_SEATS = "cities.add_clerkship"
AT_ONCE = 500


def is_bound(user: Any) -> bool:
    """Whether this person keeps the records of some places alone; asked once of each account read.

    A superuser is bound by nothing, and neither is a command (``None``).
    """
    if user is None or not user.is_authenticated or user.is_superuser:
        return False
    if not hasattr(user, "_is_bound"):
        user._is_bound = user.clerkships.exists()
    return user._is_bound


def refuse_bound(user: Any) -> None:
    """Raise PermissionDenied where it is for those alone who are bound to no office."""
    if is_bound(user):
        raise PermissionDenied


def offices_of(user: Any):
    """The places whose offices the person belongs to."""
    from cities.models import Place

    return Place.objects.filter(clerkships__user=user)


def being_kept(user: Any) -> Q:
    """True of places of the person's offices and of what lies in them. Ask ``is_bound`` first."""
    keys, countries = reach(user)
    # A city lies in a region, a region in a country, and many a city in a country directly.
    return Q(pk__in=keys) | Q(parent__in=keys) | Q(country_code__in=countries)


def reach(user: Any) -> tuple[list[int], list[str]]:
    """The keys of the offices and of the regions in them, and the codes of the countries.

    Asked once of each account read: worked out in every query again, they would slow it down.
    """
    if not hasattr(user, "_reach"):
        from cities.models import Place

        offices = list(offices_of(user).order_by("pk").values_list("pk", "level", "country_code"))
        keys = {pk for pk, _level, _code in offices}
        regions = Place.objects.order_by().filter(parent__in=keys, level="region")
        keys.update(regions.values_list("pk", flat=True))
        codes = {code for _pk, level, code in offices if level == "country" and code}
        user._reach = sorted(keys), sorted(codes)
    return user._reach


def kept_among(user: Any, keys: Iterable[int]) -> set[int]:
    """Those of the places with these keys whose records the person keeps."""
    from cities.models import Place

    wanted, found = sorted(set(keys)), set()
    if not is_bound(user):
        return set(wanted)
    for start in range(0, len(wanted), AT_ONCE):
        part = Place.objects.order_by().filter(pk__in=wanted[start : start + AT_ONCE])
        found.update(part.kept_by(user).values_list("pk", flat=True))
    return found


def countries_kept_by(user: Any) -> set[str]:
    """The codes of the countries whose offices the person belongs to: of new places there too."""
    offices = offices_of(user).order_by().filter(level="country")
    return set(offices.values_list("country_code", flat=True))


def your_office(user: Any) -> str:
    """Of which office a bound person is: the first half of words that refuse something."""
    names = list(offices_of(user).order_by("name", "pk").values_list("name", flat=True))
    said = ngettext("Your office is %(places)s.", "Your offices are %(places)s.", len(names))
    return said % {"places": ", ".join(names)}


# Seats


def staff() -> QuerySet:
    """The accounts that can be given a seat: of the staff, and not switched off."""
    return get_user_model().objects.filter(is_staff=True, is_active=True)


def check_may_give(by: Any, person: Any, place: Any) -> None:
    """Raise ValidationError, with words, where ``by`` may not seat ``person`` in that office.

    Who is bound gives seats in places that they keep. Whoever is bound to no office and gives
    seats as well is above that: a first seat would bind them.
    """
    if not is_bound(by):
        return
    said = {}
    if place is not None and not kept_among(by, [place.pk]):
        said["place"] = f"{your_office(by)} {_('You give seats in it, and in places in it.')}"
    if person is not None and not is_bound(person) and person.has_perm(GIVES_SEATS):
        said["user"] = _(
            "This person is bound to no office; only another such registrar binds them."
        )
    if said:
        raise ValidationError(said)


def why_not_taken(by: Any, seat: Any) -> Iterator[str]:
    """Why ``by`` may not take this seat away, in words; nothing where they may.

    Call it in a transaction before deleting: the person's seats stay locked, so that two who take
    one each leave none by mistake.
    """
    if not is_bound(by):
        return
    if not kept_among(by, [seat.place_id]):
        yield f"{your_office(by)} {_('This seat is in another.')}"
    others = type(seat).objects.order_by("pk").select_for_update().filter(user=seat.user_id)
    if set(others.values_list("pk", flat=True)) <= {seat.pk}:
        yield _(
            "It is the last seat of this person, who would keep the agreements of all places then. "
            "Only a registrar who is bound to no office takes it away."
        )
