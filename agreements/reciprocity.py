"""Which parties' own records hold an agreement: what one side lists, the other need not."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from agreements.models import Agreement, Citation, Listing


class WhoLists(TextChoices):
    """Seen from one of two places; ``OTHERS`` is no record of either, whoever else reports it."""

    BOTH = "both", _("both")
    THIS = "this", _("this place alone")
    THAT = "that", _("the partner alone")
    OTHERS = "others", _("neither")


def listed_by(agreements: Iterable[Agreement]) -> dict[int, set[int]]:
    """By agreement, the places whose own record holds it. Join the parties; two queries in all.

    That is what a source says that speaks for the place, or a list that names it as a side.
    """
    shown = list(agreements)
    found: dict[int, set[int]] = defaultdict(set)
    cited = Citation.objects.order_by().filter(agreement__in=shown)
    for agreement, place in cited.values_list("agreement", "source__speaks_for"):
        found[agreement].add(place)
    seats = {one.pk: {party.place_id for party in one.parties.all()} for one in shown}
    sides = Listing.objects.order_by().filter(citation__agreement__in=shown)
    for agreement, side, place in sides.values_list("citation__agreement", "sides", "listed_by"):
        found[agreement] |= seats[agreement] if side == Listing.Sides.BOTH else {place}
    return found


def seen_from(place: int, partner: int, listing: set[int]) -> WhoLists:
    """Of the places that list it, which of these two are among them."""
    if place in listing:
        return WhoLists.BOTH if partner in listing else WhoLists.THIS
    return WhoLists.THAT if partner in listing else WhoLists.OTHERS
