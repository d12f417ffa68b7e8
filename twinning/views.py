"""Pages that tell of the register as a whole, and of places and agreements alike."""

from datetime import MINYEAR
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page
from django.db.models import Count, Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agreements.filters import AgreementFilterSet
from agreements.filters_steps import StepFilterSet
from agreements.lifecycle import MOVES, Status
from agreements.meanings import EVIDENCE_MEANS, STATUS_MEANS
from agreements.models import Agreement, Event, Evidence, Party, Signature
from agreements.rows import joined
from cities.filters import OfficialFilterSet, PlaceFilterSet
from cities.models import Place
from cities.views import OfficialDetail, PlaceDetail, PlaceList
from common.filters import StrictFilterSet
from twinning.annual import Annual
from twinning.maps import map_of_partners
from twinning.ties import counts_by_status, groups, partners

MOST_DEEDS = 100


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    context = {
        "statuses": [(status, STATUS_MEANS[status]) for status in Status],
        "levels": [(level, EVIDENCE_MEANS[level]) for level in Evidence],
        "moves": [
            {
                "label": move.label,
                "from": [Status(status).label for status in move.from_statuses],
                "to": Status(move.to_status).label,
            }
            for move in MOVES.values()
        ],
        "stalled_after": settings.STALLED_AFTER_DAYS,
        "dormant_after": settings.DORMANT_AFTER_DAYS,
    }
    return render(request, "about.html", context)


@require_safe
def data(request: HttpRequest) -> HttpResponse:
    sets = (
        ("agreements", "agreement-list", AgreementFilterSet),
        ("steps", "step-list", StepFilterSet),
        ("places", "place-list", PlaceFilterSet),
        ("officials", "official-list", OfficialFilterSet),
    )
    lists = [
        {"name": name, "page": page, "parameters": parameters(filterset)}
        for name, page, filterset in sets
    ]
    return render(request, "data.html", {"lists": lists})


def parameters(filterset: type[StrictFilterSet]) -> list[dict[str, Any]]:
    """Every parameter in the words of its own filter, so that the page cannot drift from it."""
    return [
        {
            "name": name,
            "label": filter_.label,
            "help": filter_.extra.get("help_text", ""),
            "values": [key for key, _label in filter_.extra.get("choices", ())],
        }
        for name, filter_ in filterset.base_filters.items()
    ]


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Filtered lists are without number; crawlers reach every record without them."""
    sitemap = request.build_absolute_uri(reverse("sitemap"))
    closed = ("/admin/", "/calendar/", "/suggest/", "/*/suggest/", "/*?q=", "/*?*as_of=")
    rules = "".join(["User-agent: *\n", *(f"Disallow: {path}\n" for path in closed)])
    rules += f"\nSitemap: {sitemap}\n"
    return HttpResponse(rules, content_type="text/plain; charset=utf-8")


class PlacesWithAgreements(PlaceList):
    """Places, and how many agreements of each of them the reader may see."""

    def get_context_data(self, *, page: Page, filterset: StrictFilterSet) -> dict[str, Any]:
        seats = Party.objects.visible_to(self.request.user).filter(place__in=list(page))
        counts = dict(seats.order_by().values_list("place").annotate(Count("pk")))
        context = super().get_context_data(page=page, filterset=filterset)
        return {**context, "agreement_counts": counts}


class PlaceWithAgreements(PlaceDetail):
    """A place with its agreements, grouped by status, and its partners."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mine = Agreement.objects.visible_to(self.request.user).filter(parties__place=self.object)
        counts = counts_by_status(mine)
        latest = list(joined(mine).newest_first()[:MOST_DEEDS])
        others = partners(latest, self.object)
        return super().get_context_data(
            groups=groups(latest, counts),
            partners=others,
            map=map_of_partners(self.object, others),
            agreement_count=sum(counts.values()),
            most=MOST_DEEDS,
            report_years=report_years(),
            **kwargs,
        )


def report_years() -> list[int]:
    """This year so far, and the last whole one."""
    this = timezone.localdate().year
    return [this, this - 1]


@require_safe
def annual_report(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    """What everybody may know of a place's year, whoever asks."""
    return report_page(request, "place-report", slug, year, AnonymousUser())


@require_safe
def staffs_report(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    """The same with what this member of the staff may see besides."""
    if not request.user.has_perm("agreements.view_agreement"):
        raise PermissionDenied
    return report_page(request, "admin-report", slug, year, request.user)


def report_page(request: HttpRequest, name: str, slug: str, year: int, user: Any) -> HttpResponse:
    places = Place.objects.with_names()
    place = places.filter(slug=slug).first()
    if place is None:
        kept = get_object_or_404(places.at(slug))
        return redirect(name, kept.slug, year, permanent=True)
    this = timezone.localdate().year
    if not MINYEAR <= year <= this:
        raise Http404(_("There is a report of every year that has begun."))

    def of(other: int) -> dict[str, Any]:
        return {"year": other, "address": reverse(name, args=[place.slug, other])}

    context = {
        "place": place,
        "year": year,
        "report": Annual(place, year, user).report(),
        "for_staff": name == "admin-report",
        "earlier": of(year - 1) if year > MINYEAR else None,
        "later": of(year + 1) if year < this else None,
        "countries": Place.objects.by_country_code(),
        "delivered_title": _("Initiatives delivered"),
        "none_delivered": _("No delivery of this year is on record."),
        "overdue_title": _("Initiatives overdue"),
        "none_overdue": _("Nothing that was promised was overdue by then."),
    }
    return render(request, "report.html", context)


class OfficialWithDeeds(OfficialDetail):
    """An official with the signatures and events that the reader may see."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        places = Place.objects.with_names()
        agreements = Agreement.objects.visible_to(user).with_parties()
        signatures = Signature.objects.visible_to(user).filter(official=self.object)
        events = Event.objects.visible_to(user).filter(participants=self.object)
        return super().get_context_data(
            signatures=signatures.order_by("-signed_on", "-pk").prefetch_related(
                Prefetch("agreement", agreements),
                Prefetch("signed_in", places),
                Prefetch("party__place", places),
            )[:MOST_DEEDS],
            events=events.prefetch_related(
                Prefetch("agreements", agreements), Prefetch("place", places)
            )[:MOST_DEEDS],
            **kwargs,
        )
