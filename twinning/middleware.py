"""The admin opens to staff who have shown a second factor, where MFA_REQUIRED asks for it."""

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core.internal.httpkit import add_query_params
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext

from twinning.adapters import SecretLost
from twinning.factors import factors_of, has_shown_factor

# Who is led here has not come in yet, or is on the way out.
ALWAYS_OPEN = {"admin:login", "admin:logout"}
# A script asks these, and could make nothing of a page.
ASKED_BY_SCRIPTS = {"admin:autocomplete", "admin:jsi18n"}


class SecondFactorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: Any) -> HttpResponse | None:
        if not settings.MFA_REQUIRED or not request.path.startswith(reverse("admin:index")):
            return None
        if view_name(request) in ALWAYS_OPEN or not request.user.is_staff:
            return None
        if not (address := what_is_missing(request)):
            return None
        if is_asked_by_a_script(request):
            said = gettext("Sign in with your second factor first.")
            return JsonResponse({"detail": said}, status=403)
        return HttpResponseRedirect(address)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, SecretLost):
            return None
        messages.error(request, exception.message)
        return HttpResponseRedirect(reverse("mfa_index"))


def what_is_missing(request: HttpRequest) -> str:
    """Where to set up a factor, or to show the one that is there; empty when all is well.

    A session that was opened before the factor was set up, by whoever had the password, is
    asked for it too.
    """
    if not factors_of(request.user).exists():
        return reverse("mfa_index")
    if has_shown_factor(request):
        return ""
    ways = get_adapter().get_reauthentication_methods(request.user)
    way = next(way["url"] for way in ways if way["id"].startswith("mfa_"))
    return add_query_params(way, {"next": request.get_full_path()})


def view_name(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def is_asked_by_a_script(request: HttpRequest) -> bool:
    return (
        view_name(request) in ASKED_BY_SCRIPTS
        or request.headers.get("x-requested-with") == "XMLHttpRequest"
        or not request.accepts("text/html")
    )
