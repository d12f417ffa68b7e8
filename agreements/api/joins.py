"""What the API's answers are drawn from, each in a fixed number of queries.

Places come without their names in the reader's language: data for machines says the same to all.
"""

from django.db.models import Prefetch

from agreements.models import (
    Agreement,
    Approval,
    Citation,
    Event,
    Initiative,
    Relation,
    Signature,
)
from agreements.models.history import StatusChangeQuerySet
from agreements.querysets import AgreementQuerySet
from cities.models import Institution, Official, Place


def item(agreements: AgreementQuerySet) -> AgreementQuerySet:
    joined = agreements.with_parties(Place.objects.all()).with_steps()
    return joined.with_evidence().with_claimant()


def with_sources(agreements: AgreementQuerySet) -> AgreementQuerySet:
    citations = Citation.objects.select_related(
        "source__speaks_for", "step", "approval", "event", "listing__run", "listing__listed_by"
    )
    return item(agreements).prefetch_related(Prefetch("citations", citations))


def detail(agreements: AgreementQuerySet, user) -> AgreementQuerySet:
    """``user`` decides which relations are shown, for each tells of another agreement."""
    institutions = Institution.objects.select_related("place")
    relations = Relation.objects.visible_to(user).select_related("from_agreement", "to_agreement")
    return with_sources(agreements).prefetch_related(
        Prefetch("approvals", Approval.objects.select_related("party__place")),
        Prefetch(
            "signatures",
            Signature.objects.select_related("party__place", "official", "signed_in"),
        ),
        Prefetch(
            "initiatives",
            Initiative.objects.select_related("sector").prefetch_related(
                Prefetch("institutions", institutions)
            ),
        ),
        Prefetch(
            "events",
            Event.objects.select_related("place").prefetch_related(
                Prefetch("participants", Official.objects.all())
            ),
        ),
        "documents",
        Prefetch("relations", relations),
        Prefetch("related_from", relations),
    )


def happened(steps: StatusChangeQuerySet) -> StatusChangeQuerySet:
    """Steps with their agreements and with what sources say of each step."""
    agreements = Agreement.objects.with_parties(Place.objects.all())
    cited = Citation.objects.select_related("source")
    return steps.select_related("acted_by").prefetch_related(
        Prefetch("agreement", agreements), Prefetch("citations", cited)
    )
