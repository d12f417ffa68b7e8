"""What the page of one agreement is made of, also before it is published."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import models, transaction
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import get_script_prefix, resolve
from django.utils.translation import gettext_lazy as _

from agreements import listed, sentences, spine
from agreements.meanings import EVIDENCE_MEANS
from agreements.models import (
    Agreement,
    Approval,
    Citation,
    Event,
    Evidence,
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


def page(request: HttpRequest, agreement: Agreement, **more: Any) -> HttpResponse:
    """The page for whoever asks; the agreement was ``joined`` and may be seen."""
    citations = agreement.citations.all()
    evidence = Evidence(agreement.evidence)
    context = {
        "agreement": agreement,
        "standing": sentences.standing(agreement),
        "in_force": sentences.in_force(agreement),
        "warnings": warnings(agreement),
        "stations": spine.stations(agreement),
        "evidence": evidence,
        "evidence_means": EVIDENCE_MEANS[evidence],
        "quoted": quoted(citations),
        "sources_of_step": by_subject(citations, "step"),
        "sources_of_approval": by_subject(citations, "approval"),
        "sources_of_event": by_subject(citations, "event"),
        "related": related(agreement, request.user),
        "countries": Place.objects.by_country_code(),
        **more,
    }
    return render(request, "agreements/agreement_detail.html", context)


def warnings(agreement: Agreement) -> list[str]:
    return [*listed.notes(agreement), *sentences.warnings(agreement)]


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
    get_token(request)  # of the same cookie, so that the forms of the page work
    asked: Any = copy(request)
    asked.path = path
    asked.path_info = "/" + path.removeprefix(get_script_prefix())
    asked.META = {**request.META, "PATH_INFO": asked.path_info, "QUERY_STRING": ""}
    asked.method, asked.GET, asked.user = "GET", QueryDict(), AnonymousUser()
    asked.resolver_match = resolve(asked.path_info)
    return asked
