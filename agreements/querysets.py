"""Who may see which agreements, and what can be asked of a set of them."""

from datetime import date

from django.db.models import CharField, Count, F, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from agreements import finding
from agreements.claims import being_one_sided, claimant
from agreements.due import DueQuerySet
from agreements.time_rules import TimeRules
from cities.models import Place
from cities.offices import is_bound
from common.versions import VersionedQuerySet, alters_data

LIFECYCLE_FIELDS = frozenset({"status", "status_since"})


def sees_internal(user) -> bool:
    """Staff with a role; the one place that decides who may see what is not published."""
    return bool(
        user is not None
        and user.is_active
        and user.is_staff
        and user.has_perm("agreements.view_agreement")
    )


def seats_kept_by(user):
    """The seats at agreements of the places whose records this person keeps."""
    from agreements.models import Party

    return Party.objects.order_by().filter(place__in=Place.objects.order_by().kept_by(user))


def being_seen(user, at: str = "") -> Q:
    """True of what this person may see; ``at`` is the way to the agreement, such as ``party__``.

    A clerk who is bound to an office sees of the others’ agreements what everybody sees.
    """
    public = Q(**{f"{at}visibility": "public"})
    if not sees_internal(user):
        return public
    if not is_bound(user):
        return Q()
    return public | Q(**{f"{at}pk__in": seats_kept_by(user).values("agreement")})


def _seated(places) -> Q:
    """True of an agreement to which one of these places is a party.

    Their seats are gathered once. Asked of each agreement in turn, SQLite would go through all
    the places of a country again and again.
    """
    from agreements.models import Party

    return Q(pk__in=Party.objects.filter(place__in=places).values("agreement"))


def latest_step(on: date, agreement: str = "pk"):
    """The step by which the agreement of an outer row stood on that day, as a subquery.

    ``agreement`` is the way from the outer row to the agreement's id.
    """
    from agreements.models import StatusChange

    steps = StatusChange.objects.filter(agreement=OuterRef(agreement), effective_from__lte=on)
    return steps.order_by("-sequence")


class AgreementQuerySet(TimeRules, DueQuerySet):
    agreement_key = "pk"

    def visible_to(self, user):
        """Nobody sees a record that was merged into another: it is that one now."""
        return self.not_merged().filter(being_seen(user))

    def kept_by(self, user):
        """Agreements that this person may keep: those of their offices' places, or all."""
        if not is_bound(user):
            return self
        return self.filter(pk__in=seats_kept_by(user).values("agreement"))

    def once_at(self, reference: str):
        """The agreement into which the one with this reference was merged, if that was public.

        The address of a record that the public never knew leads nowhere: it would tell of it.
        """
        return self.filter(merged_from__reference=reference, merged_from__merged_while_public=True)

    @alters_data
    def update(self, **changes):
        if touched := LIFECYCLE_FIELDS & changes.keys():
            raise ValueError(f"{', '.join(sorted(touched))} is changed by Agreement.move() alone")
        return super().update(**changes)

    @alters_data
    def bulk_create(self, *args, **kwargs):
        """Refuse: it would pass by ``save``, which writes the first step of the history."""
        raise ValueError("Agreements are recorded one by one, by Agreement.record()")

    # Joins for display

    def with_parties(self, places=None):
        """``places`` are joined as given; by default with their names in the reader's language."""
        from agreements.models import Party, Sector

        if places is None:
            places = Place.objects.with_names()
        parties = Party.objects.prefetch_related(
            Prefetch("place", queryset=places.prefetch_related("identifiers"))
        )
        sectors = Prefetch("sectors", queryset=Sector.objects.with_names())
        return self.prefetch_related(Prefetch("parties", queryset=parties), sectors)

    def with_steps(self):
        from agreements.models import StatusChange

        steps = StatusChange.objects.select_related("acted_by")
        return self.prefetch_related(Prefetch("steps", queryset=steps))

    # Rules of time. ``on`` is a date; None means today.

    def as_of(self, on: date | None = None):
        """Agreements on record by that day, with the ``status_on`` that they then had.

        Also annotates ``step_day``, the day from which that status counts. Drawn from the days on
        which things happened, not from the times at which they were recorded.
        """
        latest = latest_step(on or timezone.localdate())
        return self.annotate(
            status_on=Subquery(latest.values("to_status")[:1]),
            step_day=Subquery(latest.values("effective_from")[:1]),
        ).filter(status_on__isnull=False)

    def having_status(self, statuses, on: date | None = None):
        if on is None:
            return self.filter(status__in=statuses)
        return self.as_of(on).filter(status_on__in=statuses)

    # Evidence

    def with_evidence(self):
        """Annotate ``evidence_found``, one of ``Evidence``; the row's twin is ``evidence``."""
        from agreements.models import Span

        spans = Span.objects.current().filter(agreement_id=OuterRef("pk"))
        return self.annotate(evidence_found=Subquery(spans.values("evidence")[:1]))

    def having_evidence(self, levels):
        return self._counted("having_evidence", levels)

    def of_decade(self, decade: str):
        """First signed in the ten years from this one on, or on an unknown day (``unknown``)."""
        return self._counted("of_decade", decade)

    def _counted(self, question: str, asked):
        """Those of whose spans it is true."""
        from agreements.models import Span

        found = getattr(Span.objects.current(), question)(asked)
        return self.filter(pk__in=found.values("agreement_id"))

    # One side's claims. As known today, as evidence is.

    def with_claimant(self):
        """Annotate ``claimant_found``, a place's id or null; the row's twin is ``claimed_by``."""
        return self.annotate(claimant_found=claimant())

    def one_sided(self):
        """One party's side alone lists it, and nothing else speaks for it."""
        return self.with_claimant().filter(being_one_sided())

    def not_one_sided(self):
        return self.with_claimant().filter(claimant_found__isnull=True)

    # Whose they are, and finding them

    def of_kind(self, kinds):
        return self.filter(kind__in=kinds)

    def of_sector(self, sector):
        return self.filter(sectors=sector)

    def with_party_among(self, places):
        """Agreements to which one of these places is a party."""
        return self.filter(_seated(places))

    def of_place(self, key: str):
        """Agreements that the place with this slug or Wikidata id is itself a party to."""
        return self.with_party_among(Place.objects.called(key))

    def of_country(self, code: str):
        """Agreements with a party in this country, or the country itself."""
        return self.with_party_among(Place.objects.in_country(code))

    def within_country(self, code: str):
        """Agreements with two parties or more in this country, itself among them."""
        from agreements.models import Party

        seats = Party.objects.order_by().filter(place__in=Place.objects.in_country(code))
        counted = seats.values("agreement").annotate(seats=Count("pk")).filter(seats__gte=2)
        return self.filter(pk__in=counted.values("agreement"))

    def search(self, text: str):
        """Agreements with every word of ``text`` in the title or a party's names; best first.

        A reference finds its agreement, and its beginning those that begin so.
        """
        return finding.search(self, text)

    def in_line(self):
        """Annotate ``line``, unique texts in the order of a search, for pages by cursor."""
        return self.annotate(
            line=Concat(Cast("rank", CharField()), "reference", output_field=CharField())
        )

    def newest_first(self):
        """By the day of the latest step; those of an unknown day come last."""
        return self.order_by(F("status_since").desc(nulls_last=True), "reference")


class OfAgreementQuerySet(VersionedQuerySet):
    """Rows that hang on one agreement are seen by those who see the agreement."""

    def visible_to(self, user):
        standing = self.filter(agreement__merged_into__isnull=True)
        return standing.filter(being_seen(user, "agreement__"))

    def kept_by(self, user):
        """Rows of the agreements that this person may keep."""
        if not is_bound(user):
            return self
        return self.filter(agreement__in=seats_kept_by(user).values("agreement"))
