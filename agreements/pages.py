"""What the page of one agreement is made of."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from agreements.models import (
    Agreement,
    Approval,
    Citation,
    Event,
    Initiative,
    Relation,
    Signature,
    Source,
    StatusChange,
)
from agreements.querysets import AgreementQuerySet
from cities.models import Place

# Read from the older agreement's side.
TURNED_ROUND = {
    Relation.Kind.RENEWS: _("renewed by"),
    Relation.Kind.AMENDS: _("amended by"),
    Relation.Kind.IMPLEMENTS: _("implemented by"),
    Relation.Kind.REPLACES: _("replaced by"),
    Relation.Kind.RESUMES: _("resumed by"),
}


@dataclass
class Quoted:
    """A source, and all that it says of one agreement."""

    source: Source
    citations: list[Citation] = field(default_factory=list)


@dataclass(frozen=True)
class Related:
    says: str
    agreement: Agreement


def joined(agreements: AgreementQuerySet) -> AgreementQuerySet:
    """Everything that hangs on an agreement, in a fixed number of queries."""
    places = Place.objects.with_names()
    subjects = ("step", "approval", "event")
    cited = Citation.objects.select_related("source", "listing__run", *subjects).prefetch_related(
        Prefetch("source__speaks_for", places), Prefetch("listing__listed_by", places)
    )
    steps = StatusChange.objects.prefetch_related(
        Prefetch("acted_by", places),
        Prefetch("citations", Citation.objects.select_related("source")),
    )
    approvals = Approval.objects.prefetch_related(Prefetch("party__place", places))
    signatures = Signature.objects.select_related("official").prefetch_related(
        Prefetch("party__place", places), Prefetch("signed_in", places)
    )
    initiatives = Initiative.objects.select_related("sector").prefetch_related("institutions")
    events = Event.objects.prefetch_related(Prefetch("place", places), "participants")
    return agreements.with_parties().prefetch_related(
        Prefetch("steps", steps),
        Prefetch("citations", cited),
        Prefetch("approvals", approvals),
        Prefetch("signatures", signatures),
        Prefetch("initiatives", initiatives),
        Prefetch("events", events),
        "documents",
    )


def quoted(citations: Iterable[Citation]) -> list[Quoted]:
    """The sources of an agreement in the order of their days, each with what it says."""
    found: dict[int, Quoted] = {}
    for citation in citations:
        found.setdefault(citation.source_id, Quoted(citation.source)).citations.append(citation)
    return list(found.values())


def by_subject(citations: Iterable[Citation], subject: str) -> dict[int, list[Source]]:
    """The sources of each step, approval or event, by its id.

    Drawn from the agreement's own citations: an event may be shared with an internal one.
    """
    found: dict[int, list[Source]] = defaultdict(list)
    for citation in citations:
        key = getattr(citation, f"{subject}_id")
        if key and citation.source not in found[key]:
            found[key].append(citation.source)
    return dict(found)


def related(agreement: Agreement, user) -> list[Related]:
    """The agreements at the other end of its relations, as far as the reader may see them."""
    relations = Relation.objects.visible_to(user)
    others = Agreement.objects.with_parties()
    forth = relations.filter(from_agreement=agreement).prefetch_related(
        Prefetch("to_agreement", others)
    )
    back = relations.filter(to_agreement=agreement).prefetch_related(
        Prefetch("from_agreement", others)
    )
    return [
        *(Related(relation.get_kind_display(), relation.to_agreement) for relation in forth),
        *(
            Related(str(TURNED_ROUND[Relation.Kind(relation.kind)]), relation.from_agreement)
            for relation in back
        ),
    ]
