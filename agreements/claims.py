"""One side’s claim: an agreement that one party’s side alone lists, and nothing else speaks for.

The rule for sets of rows; its twin for one row is ``claimed_by`` in ``agreements.models.standing``.
"""

from django.db.models import Case, Exists, F, Max, Min, OuterRef, Q, Subquery, When


def lone_listings():
    from agreements.models import Listing

    return Listing.objects.order_by().filter(sides="one")


def claimant() -> Case:
    """The id of the party whose claim an agreement is; null where it is more than that."""
    from agreements.models import Citation, Document

    here = OuterRef("pk")
    lone = lone_listings().filter(citation__agreement=here, listed_by__seats__agreement=here)
    sides = lone_listings().filter(citation__agreement=here).values("citation__agreement")
    ends = sides.annotate(least=Min("listed_by"), most=Max("listed_by"))
    several = ends.filter(least__lt=F("most"))
    others = Citation.objects.order_by().filter(~Q(listing__sides="one"), agreement=here)
    text = Document.objects.order_by().filter(agreement=here)
    return Case(
        When(
            ~Exists(several) & ~Exists(others) & ~Exists(text),
            then=Subquery(lone.values("listed_by")[:1]),
        )
    )


def being_one_sided() -> Q:
    """True of rows that come ``with_claimant``. The few that have such a row at all go first."""
    return Q(pk__in=lone_listings().values("citation__agreement"), claimant_found__isnull=False)
