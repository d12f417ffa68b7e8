"""Signing in by allauth's views, with what they leave out."""

from typing import Any

from allauth.account.internal.stagekit import clear_login
from allauth.account.utils import get_next_redirect_url
from allauth.account.views import LoginView, PasswordChangeView
from allauth.core.internal.httpkit import add_query_params
from allauth.mfa.base.views import AuthenticateView, IndexView
from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from twinning.factors import has_shown_factor

THROTTLED = {"too_many_login_attempts", "rate_limited"}


def status_of(form: forms.BaseForm) -> int:
    """200 for a form that is refused, and 429 for one that came too often to be looked at."""
    faults = [fault for faults in form.errors.as_data().values() for fault in faults]
    return 429 if any(fault.code in THROTTLED for fault in faults) else 200


class SignIn(LoginView):
    def form_invalid(self, form: forms.BaseForm) -> HttpResponse:
        response = super().form_invalid(form)
        response.status_code = status_of(form)
        return response


class SecondStep(AuthenticateView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Who is sent back to the password begins anew: a half that is remembered leads here."""
        response = super().dispatch(request, *args, **kwargs)
        if response.headers.get("Location") == reverse("account_login"):
            clear_login(request)
        return response

    def form_invalid(self, form: forms.BaseForm) -> HttpResponse:
        response = super().form_invalid(form)
        response.status_code = status_of(form)
        return response


class ChangePassword(PasswordChangeView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Who has no password asks for a letter that lets them set one."""
        if request.user.is_authenticated and not request.user.has_usable_password():
            return HttpResponseRedirect(reverse("account_reset_password"))
        return super().dispatch(request, *args, **kwargs)


class Factors(IndexView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = super().get_context_data(**kwargs)
        user = self.request.user
        has_factor = any(kind in found["authenticators"] for kind in ("totp", "webauthn"))
        is_needed = settings.MFA_REQUIRED and user.is_staff
        is_needed_now = is_needed and not (has_factor and has_shown_factor(self.request))
        return {**found, "has_factor": has_factor, "is_needed_now": is_needed_now}


# --- Of the admin -------------------------------------------------------------------------


def admin_login(request: HttpRequest, extra_context: Any = None) -> HttpResponse:
    """The admin has no sign-in of its own: it would know neither throttles nor second factors."""
    if request.user.is_authenticated and not request.user.is_staff:
        raise PermissionDenied
    next_url = get_next_redirect_url(request) or reverse("admin:index")
    if request.user.is_authenticated:
        return HttpResponseRedirect(next_url)
    return HttpResponseRedirect(add_query_params(reverse("account_login"), {"next": next_url}))


def admin_password_change(request: HttpRequest, extra_context: Any = None) -> HttpResponse:
    return HttpResponseRedirect(reverse("account_change_password"))
