"""Who says so: the sources of one agreement by whose word they are, and where they disagree."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from agreements.lifecycle import Status
from agreements.models import Agreement, Citation, Source
from agreements.sentences import isolated
from cities.models import Place
from common.dates import PartialDate
from common.dates_display import display_partial_date


@dataclass
class Quoted:
    """A source, and all that it says of one agreement."""

    source: Source
    citations: list[Citation] = field(default_factory=list)


@dataclass
class Voice:
    """The sources that speak for one party; ``place`` is None for those that speak for none."""

    place: Place | None
    quoted: list[Quoted] = field(default_factory=list)


@dataclass(frozen=True)
class Disagreement:
    """``here`` is what the register holds, ``there`` what is said otherwise, and by which source.

    ``source`` is None where two facts on record disagree with each other.
    """

    here: str
    there: str
    source: Source | None = None


def quoted(citations: Iterable[Citation]) -> list[Quoted]:
    """The sources of an agreement in the order of their days, each with what it says."""
    found: dict[int, Quoted] = {}
    for citation in citations:
        found.setdefault(citation.source_id, Quoted(citation.source)).citations.append(citation)
    return list(found.values())


def voices(agreement: Agreement, citations: Iterable[Citation]) -> list[Voice]:
    """One voice for each party, heard or not, then all others together, if there are any."""
    parties = [Voice(party.place) for party in agreement.parties.all()]
    others = Voice(None)
    by_place = {voice.place.pk: voice for voice in parties if voice.place}
    for one in quoted(citations):
        by_place.get(one.source.speaks_for_id or 0, others).quoted.append(one)
    return [*parties, others] if others.quoted else parties


def disagreements(agreement: Agreement, standing: str) -> list[Disagreement]:
    """What lists say against the record, and signatures of another day than the signing's."""
    lists = [
        Disagreement(standing, citation.listing.contradicts, citation.source)
        for citation in agreement.citations.all()
        if hasattr(citation, "listing") and citation.listing.contradicts
    ]
    return [*lists, *_other_days(agreement)]


def _other_days(agreement: Agreement) -> list[Disagreement]:
    signed = [
        step.happened_on
        for step in agreement.steps.all()
        if step.to_status == Status.SIGNED and step.move != "reinstate" and step.happened_on
    ]
    return [
        Disagreement(
            _("The step “signed” is dated %(day)s.") % {"day": _day(signed[0])},
            _("The signature for %(party)s is dated %(day)s.")
            % {"party": isolated(row.party.place.shown_name), "day": _day(row.signed_on)},
        )
        for row in agreement.signatures.all()
        if signed and row.signed_on and not any(_meet(row.signed_on, day) for day in signed)
    ]


def _meet(one: PartialDate, other: PartialDate) -> bool:
    """Whether both can be the same day: 2025 and 10 May 2025 can."""
    return one.first_day <= other.last_day and other.first_day <= one.last_day


def _day(day: PartialDate) -> str:
    return isolated(display_partial_date(day))
