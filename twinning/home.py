"""The home page: how many agreements stand where, what changed lately, what is about to happen."""

from typing import Any

from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from agreements.coming import coming
from agreements.meanings import STATUS_MEANS
from agreements.models import Agreement, Party, StatusChange
from agreements.models.sectors import by_shown_name
from agreements.views import counted_sectors
from cities.models import Place
from twinning.languages import remembered_home
from twinning.maps import world_in_force
from twinning.ties import counts_by_status

LATEST_STEPS = 8


@require_safe
@vary_on_headers("Cookie", "Accept-Language", "Referer")
def home(request: HttpRequest) -> HttpResponse:
    if elsewhere := remembered_home(request):
        return elsewhere
    visible = Agreement.objects.visible_to(request.user)
    counts = counts_by_status(visible)
    context: dict[str, Any] = {
        "stations": [
            {"status": status, "count": count, "means": STATUS_MEANS[status]}
            for status, count in counts.items()
        ],
        "total": sum(counts.values()),
        "place_count": Party.objects.filter(agreement__in=visible)
        .values("place")
        .distinct()
        .count(),
        "in_force_count": visible.in_force().count(),
        "latest": latest_steps(request.user),
        "coming": coming(request.user, LATEST_STEPS),
        "atlas": world_in_force(request.user),
        "sectors": by_shown_name(counted_sectors(request.user)),
        "countries": Place.objects.by_country_code(),
        "today": timezone.localdate(),
    }
    return render(request, "home.html", context)


def latest_steps(user: Any):
    """The latest of a known day: when an old step was recorded is no news."""
    dated = Q(happened_on__isnull=False) | Q(on_record_by__isnull=False)
    steps = StatusChange.objects.visible_to(user).filter(dated)
    return steps.order_by("-effective_from", "-pk").prefetch_related(
        Prefetch("agreement", Agreement.objects.with_parties())
    )[:LATEST_STEPS]
