"""The addresses of the API, beneath /api/v1/."""

from django.http import HttpRequest, HttpResponsePermanentRedirect, JsonResponse
from django.urls import Resolver404, URLPattern, path, re_path, resolve
from django.views.decorators.csrf import csrf_exempt
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from agreements.api import views as agreements
from agreements.api.steps import StepList
from agreements.models import Sector
from agreements.references import PATTERN as REFERENCE
from cities import api as cities
from common.api import SLUG, Addresses, ReadOnlyView


class Root(ReadOnlyView):
    """Where everything is."""

    queryset = Sector.objects.none()

    def get(self, request: Request) -> Response:
        self.filter_queryset(self.get_queryset())
        addresses = Addresses(request)
        return Response(
            {
                "agreements": addresses["api-agreement-list"],
                "agreements_export": addresses["api-agreement-export"],
                "steps": addresses["api-step-list"],
                "places": addresses["api-place-list"],
                "officials": addresses["api-official-list"],
                "sectors": addresses["api-sector-list"],
                "about": addresses["data"],
            }
        )


@csrf_exempt
def nowhere(request: HttpRequest) -> JsonResponse | HttpResponsePermanentRedirect:
    """404 as JSON; an address that lacks its last stroke alone is led on."""
    try:
        meant = resolve(f"{request.path_info}/").func
    except Resolver404:
        meant = nowhere
    if meant is not nowhere and request.method in ("GET", "HEAD"):
        return HttpResponsePermanentRedirect(request.get_full_path(force_append_slash=True))
    # Written as the API writes it, so that nothing tells this answer from that of a row unseen.
    as_elsewhere = {"ensure_ascii": False, "separators": (",", ":")}
    return JsonResponse(
        {"detail": NotFound.default_detail}, status=404, json_dumps_params=as_elsewhere
    )


def detail(name: str, view) -> URLPattern:
    return re_path(rf"^{name}s/(?P<slug>{SLUG})/$", view.as_view(), name=f"api-{name}-detail")


urlpatterns = [
    path("", Root.as_view(), name="api-root"),
    path("agreements/", agreements.AgreementList.as_view(), name="api-agreement-list"),
    path(
        "agreements/export.json",
        agreements.AgreementExport.as_view(),
        name="api-agreement-export",
    ),
    re_path(
        rf"^agreements/(?P<reference>{REFERENCE})/$",
        agreements.AgreementDetail.as_view(),
        name="api-agreement-detail",
    ),
    path("steps/", StepList.as_view(), name="api-step-list"),
    path("places/", cities.PlaceList.as_view(), name="api-place-list"),
    detail("place", cities.PlaceDetail),
    path("officials/", cities.OfficialList.as_view(), name="api-official-list"),
    detail("official", cities.OfficialDetail),
    path("sectors/", agreements.SectorList.as_view(), name="api-sector-list"),
    detail("sector", agreements.SectorDetail),
    # Whatever is left: without it Django would answer in HTML.
    re_path(r"", nowhere, name="api-nowhere"),
]
