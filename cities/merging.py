"""Merging places, and merging officials: what stays, what moves, and what stands in the way.

How rows are found and turned is in ``common.merging``. The record that goes is deleted; its edit
history stays, its address leads on, and what it said otherwise is kept with the merge.
"""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from cities.models import (
    Appointment,
    Clerkship,
    DistinctPair,
    Institution,
    Official,
    OfficialMerge,
    Place,
    PlaceMerge,
    PlaceName,
    Spelling,
)
from cities.offices import refuse_bound
from cities.scripts import script_of
from common.merging import MergeRefused, Merging, check_may, checked_reason, lock

MAY_MERGE_PLACES = "cities.add_placemerge"
MAY_MERGE_OFFICIALS = "cities.add_officialmerge"

# What two rows must share to be one office, one institution, or one seat of the staff.
SAME = {
    Clerkship: ("user", "place"),
    Appointment: ("official", "title", "place", "accredited_to", "began_on", "ended_on"),
    Institution: ("place", "name"),
}
GROUPS = {
    Place: (
        ("latitude", "longitude"),
        ("population", "population_year"),
        ("about", "about_source"),
    ),
    PlaceName: (("used_from", "used_to"),),
}


def merge_places(kept: Place, other: Place, *, by: Any, reason: str) -> None:
    """Let ``other`` become ``kept``; both as the person looked at them.

    ``by`` is None for a command. Raises PermissionDenied, also for whoever is bound to an office:
    all offices share the places; MergeRefused with words for people, or StaleVersion when somebody
    changed either of the two meanwhile. Whoever had a seat in either has one in ``kept``.
    """
    check_may(by, MAY_MERGE_PLACES)
    refuse_bound(by)
    reason = checked_reason(reason)
    with transaction.atomic():
        now, going = lock(kept, other)
        if refused := places_are_two(now, going):
            raise MergeRefused(refused)
        with translation.override(settings.LANGUAGE_CODE):
            merging = merging_of(now, going)
            # First of all: who acted in a step may be changed by no other reason.
            merge = PlaceMerge(place=now, **of(going, by, reason))
            merge.save()
            merging.turn_all(going, now)
            keep_name(now, going, merging)
            merging.take(now, going, but=("name", "name_language"))
            finish(merge, now, going, merging)
    kept.refresh_from_db()


def merge_officials(kept: Official, other: Official, *, by: Any, reason: str) -> None:
    """As ``merge_places``, for two records of one person."""
    check_may(by, MAY_MERGE_OFFICIALS)
    refuse_bound(by)
    reason = checked_reason(reason)
    with transaction.atomic():
        now, going = lock(kept, other)
        if refused := officials_are_two(now, going):
            raise MergeRefused(refused)
        with translation.override(settings.LANGUAGE_CODE):
            merging = merging_of(now, going)
            merge = OfficialMerge(official=now, **of(going, by, reason))
            merge.save()
            merging.turn_all(going, now)
            keep_spelling(now, going, merging)
            merging.take(now, going, but=("name",))
            finish(merge, now, going, merging)
    kept.refresh_from_db()


def places_are_two(kept: Place, other: Place) -> list[str]:
    """Why these cannot be one, in words; empty where nothing stands in the way."""
    found = []
    if kept.level != other.level:
        said = _("One is a %(level)s, the other a %(other)s. Give both the same level first.")
        levels = {"level": kept.get_level_display(), "other": other.get_level_display()}
        found.append(said % levels)
    elif kept.level == Place.Level.COUNTRY:
        found.append(_("Two countries with codes of their own are two."))
    pair = (kept.pk, other.pk)
    if Appointment.objects.filter(place__in=pair, accredited_to__in=pair).exists():
        found.append(_("Somebody speaks for one of them at the other: look at that office first."))
    return found + Merging(same=SAME).collisions(kept, other)


def officials_are_two(kept: Official, other: Official) -> list[str]:
    return Merging(same=SAME).collisions(kept, other)


def merging_of(kept: Any, other: Any) -> Merging:
    why = _("Merged: %(other)s (%(slug)s, no. %(number)s) is %(kept)s") % {
        "other": other,
        "slug": other.slug,
        "number": other.pk,
        "kept": kept.slug,
    }
    return Merging(why, same=SAME, groups=GROUPS)


def of(other: Any, by: Any, reason: str) -> dict[str, Any]:
    return {"slug": other.slug, "old_id": other.pk, "reason": reason, "merged_by": by}


def keep_name(kept: Place, other: Place, merging: Merging) -> None:
    """The name by which lists showed the other is one of the kept one's names now."""
    if other.name != kept.name and not kept.names.filter(text=other.name).exists():
        merging.save(
            PlaceName(
                place=kept,
                text=other.name,
                language=other.name_language,
                script=script_of(other.name),
                kind=PlaceName.Kind.ALTERNATIVE,
            )
        )


def keep_spelling(kept: Official, other: Official, merging: Merging) -> None:
    if other.name != kept.name and not kept.spellings.filter(text=other.name).exists():
        merging.save(Spelling(official=kept, text=other.name, script=script_of(other.name)))


def finish(merge: Any, kept: Any, other: Any, merging: Merging) -> None:
    merging.save(kept)
    DistinctPair.objects.follow(other, kept)
    merge.aside = merging.aside
    merge.save()
    other._change_reason = merging.change_reason
    other.delete()
