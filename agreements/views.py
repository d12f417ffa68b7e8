"""Pages of agreements and sectors. ``visible_to`` comes first in every chain."""

import mimetypes
from typing import Any

from django.core.paginator import Page
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from agreements import listed, pages, sentences, spine
from agreements.filters import AgreementFilterSet
from agreements.meanings import EVIDENCE_MEANS
from agreements.models import Agreement, Document, Evidence, Initiative, Sector
from agreements.rows import joined, rows
from cities.listing import PlaceFilters
from cities.models import Place
from common.filters import StrictFilterSet
from common.listing import FilteredListView

MOST_SHOWN = 25
# Nothing in an uploaded file may run or load, even where a browser opens it after all.
DOCUMENT_POLICY = "sandbox; default-src 'none'"


class AgreementList(PlaceFilters, FilteredListView):
    filterset_class = AgreementFilterSet
    template_name = "agreements/agreement_list.html"

    def get_queryset(self) -> QuerySet:
        return joined(Agreement.objects.visible_to(self.request.user)).newest_first()

    def get_context_data(self, *, page: Page, filterset: StrictFilterSet) -> dict[str, Any]:
        return {
            "rows": rows(page, filterset.day),
            "as_of": filterset.day,
            "countries": Place.objects.by_country_code(),
        }


@require_safe
def agreement_detail(request: HttpRequest, reference: str) -> HttpResponse:
    if reference != reference.upper():
        return redirect("agreement-detail", reference.upper(), permanent=True)
    visible = pages.joined(Agreement.objects.visible_to(request.user))
    agreement = visible.filter(reference=reference).first()
    if agreement is None:
        return redirect(led_on(request, reference), permanent=True)
    citations = agreement.citations.all()
    context = {
        "agreement": agreement,
        "standing": sentences.standing(agreement),
        "in_force": sentences.in_force(agreement),
        "warnings": [*listed.notes(agreement), *sentences.warnings(agreement)],
        "stations": spine.stations(agreement),
        "evidence": Evidence(agreement.evidence),
        "evidence_means": EVIDENCE_MEANS[Evidence(agreement.evidence)],
        "quoted": pages.quoted(citations),
        "sources_of_step": pages.by_subject(citations, "step"),
        "sources_of_approval": pages.by_subject(citations, "approval"),
        "sources_of_event": pages.by_subject(citations, "event"),
        "related": pages.related(agreement, request.user),
        "countries": Place.objects.by_country_code(),
    }
    return render(request, "agreements/agreement_detail.html", context)


def led_on(request: HttpRequest, reference: str) -> Agreement:
    """The agreement that the one of this reference was merged into, as far as readers may know."""
    return get_object_or_404(Agreement.objects.visible_to(request.user).once_at(reference))


@require_safe
def document_file(request: HttpRequest, reference: str, checksum: str) -> HttpResponseBase:
    """The file itself, to those who see its agreement; a link has no file and is not found."""
    documents = Document.objects.visible_to(request.user).exclude(file="")
    found = documents.filter(agreement__reference=reference, sha256=checksum).first()
    if found is None:
        moved = documents.filter(agreement=led_on(request, reference), sha256=checksum)
        return redirect(get_object_or_404(moved[:1]), permanent=True)
    if not found.file.storage.exists(found.file.name):
        raise Http404
    ending = found.file.name.rpartition(".")[2]
    response = FileResponse(
        found.file.open("rb"),
        as_attachment=True,
        filename=f"{reference}-{found.language}.{ending}",
        content_type=mimetypes.guess_type(found.file.name)[0] or "application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = DOCUMENT_POLICY
    response["Cache-Control"] = "private, no-cache"
    return response


def counted_sectors(user) -> QuerySet[Sector]:
    """Sectors with ``agreement_count``, the number of their agreements that the reader may see."""
    visible = Agreement.objects.visible_to(user)
    return Sector.objects.annotate(
        agreement_count=Count("agreements", filter=Q(agreements__in=visible), distinct=True)
    )


@require_safe
def sector_list(request: HttpRequest) -> HttpResponse:
    context = {"sectors": counted_sectors(request.user)}
    return render(request, "agreements/sector_list.html", context)


@require_safe
def sector_detail(request: HttpRequest, slug: str) -> HttpResponse:
    sector = get_object_or_404(counted_sectors(request.user), slug=slug)
    visible = Agreement.objects.visible_to(request.user)
    newest = joined(visible.of_sector(sector)).newest_first()[:MOST_SHOWN]
    initiatives = Initiative.objects.visible_to(request.user).filter(sector=sector)
    latest = initiatives.order_by("-pk").prefetch_related(
        Prefetch("agreement", Agreement.objects.with_parties()), "institutions"
    )
    context = {
        "sector": sector,
        "rows": rows(newest),
        "initiatives": latest[: 2 * MOST_SHOWN],
        "initiative_count": initiatives.count(),
        "countries": Place.objects.by_country_code(),
    }
    return render(request, "agreements/sector_detail.html", context)
