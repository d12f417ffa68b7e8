"""Pages of agreements and sectors. ``visible_to`` comes first in every chain."""

from contextlib import suppress
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Prefetch, Q, QuerySet
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from agreements import facets, happened, listing, pages
from agreements.documents import BY_ENDING
from agreements.filters import AgreementFilterSet, DayFilterSet
from agreements.filters_steps import StepFilterSet
from agreements.models import Agreement, Document, Initiative, Sector, StatusChange
from agreements.models.sectors import by_shown_name
from agreements.rows import joined, rows
from cities.models import Place
from common.filters import StrictFilterSet
from common.listing import CountedPaginator, FilteredListView, rest, without_page

MOST_SHOWN = 25
MOST_PLACES = 4
# Nothing in an uploaded file may run or load, even where a browser opens it after all.
DOCUMENT_POLICY = "sandbox; default-src 'none'"


class AgreementList(listing.AgreementFilters, FilteredListView):
    filterset_class = AgreementFilterSet
    template_name = "agreements/agreement_list.html"
    passed_over = frozenset({"page", "sort"})

    def get_queryset(self) -> QuerySet:
        return Agreement.objects.visible_to(self.request.user)

    def shown(self, name: str, raw: str, filterset: StrictFilterSet) -> str:
        if name == "decade":
            return listing.decade_label(filterset.form.cleaned_data[name])
        return super().shown(name, raw, filterset)

    def refusals(self, filterset: StrictFilterSet) -> dict[str, list[str]]:
        self.order, fault = listing.order_asked(filterset, self.request.GET)
        return {"sort": [fault]} if fault else {}

    def paginator(self, filterset: StrictFilterSet) -> Paginator:
        found = facets.found_once(filterset, self.request.user)
        self.counts = facets.count(found)
        rows = listing.page_rows(found, self.order, self.request.user)
        return CountedPaginator(rows, self.page_size, self.counts.total)

    def get_context_data(self, *, page: Page, filterset: StrictFilterSet) -> dict[str, Any]:
        countries = Place.objects.by_country_code()
        context = {"rows": rows(page, filterset.day), "as_of": filterset.day}
        context |= {"countries": countries, "kept": listing.kept(self.request.GET)}
        counts = getattr(self, "counts", None)
        if counts is None:
            return context
        data = without_page(self.request.GET)
        return context | {
            "facets": list(listing.Facets(counts, data, countries)),
            "orders": listing.orders(self.order, data, has_words="q" in filterset.asked),
            "asked": rest(data, "sort"),
            "places_found": self.places_found(filterset),
            **({} if counts.total else self.looser(filterset)),
        }

    def places_found(self, filterset: StrictFilterSet) -> list[Place]:
        """Whoever searches by a name often wants the place itself; the best few."""
        words = filterset.form.cleaned_data.get("q")
        return list(Place.objects.search(words).with_names()[:MOST_PLACES]) if words else []

    def looser(self, filterset: StrictFilterSet) -> dict[str, Any]:
        user = self.request.user
        everything = AgreementFilterSet({}, filterset.queryset)
        return {
            "loosened": listing.loosened(self.chosen(filterset), filterset, user),
            "everything": facets.found_once(everything, user).narrowed().count(),
        }


class StepList(listing.AgreementFilters, FilteredListView):
    """What happened between two days, or at all."""

    filterset_class = StepFilterSet
    template_name = "agreements/step_list.html"

    def get_queryset(self) -> QuerySet:
        steps = StatusChange.objects.visible_to(self.request.user)
        return happened.joined(steps).newest_first()

    def get_context_data(self, *, page: Page, filterset: StrictFilterSet) -> dict[str, Any]:
        countries = Place.objects.by_country_code()
        if not filterset.is_valid():
            return {"countries": countries}
        query = without_page(self.request.GET)
        steps = StatusChange.objects.visible_to(self.request.user)
        years = happened.by_year(steps, query)
        return {
            "countries": countries,
            "spanned": happened.span_in_words(*filterset.span),
            "counts": happened.by_status(filterset.qs, query),
            "years": years[: happened.YEARS_SHOWN],
            "earlier_years": years[happened.YEARS_SHOWN :],
            "undated": happened.undated(steps, query) if any(filterset.span) else None,
        }


@require_safe
def agreement_detail(request: HttpRequest, reference: str) -> HttpResponse:
    if reference != reference.upper():
        return redirect("agreement-detail", reference.upper(), permanent=True)
    visible = pages.joined(Agreement.objects.visible_to(request.user))
    agreement = visible.filter(reference=reference).first()
    if agreement is None:
        return redirect(led_on(request, reference), permanent=True)
    asked = DayFilterSet(request.GET, queryset=visible, request=request)
    return pages.page(request, agreement, asked.day, refused=asked.refused)


def led_on(request: HttpRequest, reference: str) -> Agreement:
    """The agreement that the one of this reference was merged into, as far as readers may know."""
    return get_object_or_404(Agreement.objects.visible_to(request.user).once_at(reference))


@require_safe
def document_file(request: HttpRequest, reference: str, checksum: str) -> HttpResponseBase:
    """The file itself, to those who see its agreement; a link has no file and is not found."""
    documents = Document.objects.visible_to(request.user).exclude(file="")
    documents = documents.select_related("agreement").filter(sha256=checksum)
    here = list(documents.filter(agreement__reference=reference))
    if not here:
        moved = documents.filter(agreement=led_on(request, reference))
        return redirect(get_object_or_404(moved[:1]), permanent=True)
    # Two rows may have the same text; one file that is there is enough.
    for found in here:
        with suppress(FileNotFoundError):
            return served(found, found.file.open("rb"))
    raise Http404


def served(document: Document, file: FieldFile) -> FileResponse:
    """Nothing in it is run or guessed at, and nobody keeps what may be internal tomorrow."""
    ending = str(file.name).rpartition(".")[2]
    kind = BY_ENDING.get(ending)
    language = "".join(sign for sign in document.language if sign.isascii() and sign.isalpha())
    agreement = document.agreement
    response = FileResponse(
        file,
        as_attachment=True,
        filename=f"{agreement.reference}-{language}.{kind.ending if kind else 'bin'}",
        content_type=kind.mime if kind else "application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = DOCUMENT_POLICY
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Accept-Ranges"] = "none"
    response["Cache-Control"] = f"private, {'no-cache' if agreement.is_public else 'no-store'}"
    return response


def counted_sectors(user) -> QuerySet[Sector]:
    """Sectors with ``agreement_count``, the number of their agreements that the reader may see."""
    visible = Agreement.objects.visible_to(user)
    return Sector.objects.with_names().annotate(
        agreement_count=Count("agreements", filter=Q(agreements__in=visible), distinct=True)
    )


@require_safe
def sector_list(request: HttpRequest) -> HttpResponse:
    context = {"sectors": by_shown_name(counted_sectors(request.user))}
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
