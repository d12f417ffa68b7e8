"""What the page of one agreement is made of, also before it is published."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import models, transaction
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import get_script_prefix, resolve
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agreements import listed, maps, sentences, spine, timeline, voices
from agreements.meanings import EVIDENCE_MEANS
from agreements.models import (
    Agreement,
    Approval,
    Citation,
    Event,
    Evidence,
    Initiative,
    Relation,
    Sector,
    Signature,
    Source,
    StatusChange,
)
from agreements.querysets import AgreementQuerySet
from cities.models import Place, PlaceName

# Read from the older agreement's side.
TURNED_ROUND = {
    Relation.Kind.RENEWS: _("renewed by"),
    Relation.Kind.AMENDS: _("amended by"),
    Relation.Kind.IMPLEMENTS: _("implemented by"),
    Relation.Kind.REPLACES: _("replaced by"),
    Relation.Kind.RESUMES: _("resumed by"),
}


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
    initiatives = Initiative.objects.prefetch_related(
        Prefetch("sector", Sector.objects.with_names()), "institutions"
    )
    events = Event.objects.prefetch_related(Prefetch("place", places), "participants")
    return agreements.with_parties(places.prefetch_related("names")).prefetch_related(
        Prefetch("steps", steps),
        Prefetch("citations", cited),
        Prefetch("approvals", approvals),
        Prefetch("signatures", signatures),
        Prefetch("initiatives", initiatives),
        Prefetch("events", events),
        "documents",
    )


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


def page(
    request: HttpRequest,
    agreement: Agreement,
    on: date | None = None,
    refused: dict[str, list[str]] | None = None,
    **more: Any,
) -> HttpResponse:
    """The page for whoever asks; the agreement was ``joined`` and may be seen.

    ``on`` is a day of which it is told where the agreement then stood; None means today.
    ``refused`` is what was asked for and not understood, by parameter.
    """
    citations = agreement.citations.all()
    evidence = Evidence(agreement.evidence)
    standing = sentences.standing(agreement, on)
    context = {
        "agreement": agreement,
        "as_of": on,
        "today": timezone.localdate(),
        "pinned": (on or timezone.localdate()).isoformat(),
        "stands_at": agreement.status_as_of(on) or "unknown",
        "standing": standing,
        "in_force": sentences.in_force(agreement, on),
        "warnings": warnings(agreement, on),
        "stations": spine.stations(agreement, on),
        "moments": timeline.moments(agreement, on or timezone.localdate()),
        "evidence": evidence,
        "evidence_means": EVIDENCE_MEANS[evidence],
        "voices": voices.voices(agreement, citations),
        "disagreements": voices.disagreements(agreement, sentences.standing(agreement)),
        "names_then": names_then(agreement),
        "sources_of_step": by_subject(citations, "step"),
        "sources_of_approval": by_subject(citations, "approval"),
        "sources_of_event": by_subject(citations, "event"),
        "related": related(agreement, request.user),
        "countries": Place.objects.by_country_code(),
        "refused": refused,
        "map": maps.of_agreement(agreement, on),
        **more,
    }
    status = 400 if refused else 200
    return render(request, "agreements/agreement_detail.html", context, status=status)


def warnings(agreement: Agreement, on: date | None = None) -> list[str]:
    return [*listed.notes(agreement), *sentences.warnings(agreement, on)]


def names_then(agreement: Agreement) -> dict[int, PlaceName]:
    """By a party's id, the name that its place had when the agreement came to stand as it does.

    Only a name that is former today; what the text itself says (``name_then``) goes first.
    """
    step = agreement.step_on()
    day = step and (step.happened_on or step.on_record_by)
    if day is None:
        return {}
    return {
        party.pk: name
        for party in agreement.parties.all()
        if not party.name_then
        for name in party.place.names.all()
        if name.is_former_one_of(day)
    }


@contextmanager
def taken_back() -> Iterator[None]:
    """Whatever is written inside is undone at the end, as if it had never been."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def as_published(request: HttpRequest, agreement: Agreement, banner: str) -> HttpResponse:
    """The page as anybody will see it once it is public, beneath a banner; nothing is published."""
    asked = by_anybody(request, agreement.get_absolute_url())
    with taken_back():
        # The plain query set: neither the version nor the edit history tells of it.
        here: models.QuerySet = models.QuerySet(Agreement).filter(pk=agreement.pk)
        here.update(visibility=Agreement.Visibility.PUBLIC)
        seen = joined(Agreement.objects.visible_to(asked.user))
        return page(asked, seen.get(pk=agreement.pk), preview_banner=banner)


def by_anybody(request: HttpRequest, path: str) -> Any:
    """The request of somebody who is not signed in for the page at that path of this site."""
    asked: Any = copy(request)
    asked.path = path
    asked.path_info = "/" + path.removeprefix(get_script_prefix())
    asked.META = {**request.META, "PATH_INFO": asked.path_info, "QUERY_STRING": ""}
    asked.method, asked.GET, asked.user = "GET", QueryDict(), AnonymousUser()
    asked.resolver_match = resolve(asked.path_info)
    return asked
