"""What allauth leaves to us: who comes in and where to, how mail goes, how secrets are kept."""

import logging
from base64 import urlsafe_b64encode
from time import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.authentication import get_authentication_records
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import User
from django.contrib.sites.shortcuts import get_current_site
from django.core.exceptions import ImproperlyConfigured, PermissionDenied, ValidationError
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from twinning.accounts import is_of_the_demonstration, may_sign_in
from twinning.factors import factors_of, has_shown_factor
from twinning.mail import post

logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account cannot sign in. Ask an administrator."),
        "invalid_password_reset": _("This link does not hold any more."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        """The last step of every way in, so that no way leads past an account switched off."""
        if not may_sign_in(user):
            raise ImmediateHttpResponse(self.respond_user_inactive(request, user))
        super().login(request, user)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        messages.error(request, self.error_messages["account_inactive"])
        return HttpResponseRedirect(reverse("account_login"))

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return resolve_url(settings.LOGIN_REDIRECT_URL if request.user.is_staff else "home")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return self.get_login_redirect_url(request)

    def is_safe_url(self, url: str) -> bool:
        """Addresses of this host alone."""
        return url_has_allowed_host_and_scheme(url, {context.request.get_host()})

    def get_client_ip(self, request: HttpRequest) -> str:
        """Readers whose address nobody tells are counted as one, rather than turned away."""
        try:
            return super().get_client_ip(request)
        except (ImproperlyConfigured, PermissionDenied):
            return "unknown"

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not within minutes of signing in: who is led to set up a factor has just done so."""
        request = context.request
        records = get_authentication_records(request, request.user)
        is_fresh = bool(records) and time() - records[-1]["at"] < REAUTHENTICATION_TIMEOUT
        if is_fresh and (has_shown_factor(request) or not factors_of(request.user).exists()):
            return False
        return super().is_reauthentication_required(app=app, **kwargs)

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """By the factor alone, in a session from before it was set up: whoever opened that one
        with a stolen password would read the recovery codes with it too."""
        ways = super().get_reauthentication_methods(user)
        if has_shown_factor(context.request):
            return ways
        return [way for way in ways if way["id"].startswith("mfa_")] or ways

    # --- Letters --------------------------------------------------------------------------

    def letter(self, template: str, user: User, extra: dict[str, Any]) -> EmailMessage:
        request = context.request
        site = {"current_site": get_current_site(request), "request": request, "user": user}
        return self.render_mail(template, user.email, {**site, **extra})

    def reset_letter(self, user: User) -> EmailMessage:
        key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
        said = {
            "password_reset_url": self.get_reset_password_from_key_url(key),
            "minutes": settings.PASSWORD_RESET_TIMEOUT // 60,
        }
        return self.letter("account/email/password_reset_key", user, said)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """To the address of the account, if it has one; allauth's own table of them stays empty."""
        if user.email and not is_of_the_demonstration(user):
            said = {"ip": self.get_client_ip(self.request), **(context or {})}
            post([self.letter(template_prefix, user, said)])


class SecretLost(ValidationError):
    """What was stored under another SECRET_KEY cannot be read."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Your second factor cannot be checked, because the server's secret key has "
                "changed. Use a passkey, or ask an administrator to remove the factor."
            )
        )


def cipher() -> MultiFernet:
    """Encrypts under SECRET_KEY, and reads what its forerunners encrypted too."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    hashes = [salted_hmac("twinning.factors", "", key, algorithm="sha256") for key in secrets]
    return MultiFernet([Fernet(urlsafe_b64encode(each.digest())) for each in hashes])


class SecondFactorAdapter(DefaultMFAAdapter):
    """A copy of the database alone signs nobody in: the secrets in it are encrypted."""

    def encrypt(self, text: str) -> str:
        return cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            logger.error(
                "A second factor was stored under another SECRET_KEY: "
                "name that one in SECRET_KEY_FALLBACKS, or remove the factor in the admin."
            )
            raise SecretLost from None

    def get_totp_label(self, user: User) -> str:
        return user.get_username()

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        return {**super().get_public_key_credential_user_entity(user), "name": user.get_username()}
