"""The forms of signing in, where allauth's own trust more than a stranger's input deserves."""

import re
import struct
import unicodedata
from typing import Any

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.account.forms import ResetPasswordForm, UserTokenForm
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import (
    compare_user_code,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from twinning.accounts import may_sign_in, who_may_reset
from twinning.mail import post

LONGEST_CREDENTIAL = 20_000
LONGEST_NAME = 60
LONGEST_CODE = 20
# What the libraries of keys raise at what is none, beside the ValidationError that is meant.
NONSENSE = (AttributeError, LookupError, TypeError, ValueError, struct.error)

# --- Passwords ----------------------------------------------------------------------------


class ResetForm(ResetPasswordForm):
    """Answers the same, and as quickly, whether there is such an account or not."""

    def clean_email(self) -> str:
        self.users = who_may_reset(self.cleaned_data["email"])
        return self.cleaned_data["email"]

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        adapter = get_account_adapter()
        # Without an account a letter is written as well, to be thrown away.
        letters = [adapter.reset_letter(user) for user in self.users or [nobody()]]
        post(letters if self.users else [])
        return self.cleaned_data["email"]


def nobody() -> User:
    return User(pk=0, username="nobody", email="nobody@localhost")


class ResetTokenForm(UserTokenForm):
    """A link that was sent before the account was switched off does not hold any more."""

    def clean(self) -> dict[str, Any]:
        cleaned_data = super().clean()
        if not may_sign_in(self.reset_user):
            raise get_account_adapter().validation_error("invalid_password_reset")
        return cleaned_data


# --- Codes --------------------------------------------------------------------------------


def spend(authenticator: Authenticator, code: str) -> bool:
    """Put on record that this code was used; False for one that was, or an older one.

    On record and not in the cache, which each process of the server may have for itself.
    """
    with transaction.atomic():
        mine = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
        secret = decrypt(mine.data["secret"])
        for counter in yield_hotp_counters_from_time():
            written = format_hotp_value(hotp_value(secret, counter))
            if counter > mine.data.get("spent", 0) and compare_user_code(
                actual=code, expected=written
            ):
                mine.data["spent"] = counter
                mine.save(update_fields=["data"])
                return True
    return False


class CodeField(forms.CharField):
    """Six digits of the app or eight of a recovery code, by any keyboard's digits."""

    def __init__(self) -> None:
        kind = {"autocomplete": "one-time-code", "inputmode": "numeric", "dir": "ltr"}
        super().__init__(
            label=_("Code"), max_length=LONGEST_CODE, widget=forms.TextInput(attrs=kind)
        )

    def to_python(self, value: Any) -> str:
        written = super().to_python(value) or ""
        return "".join(str(unicodedata.decimal(sign, sign)) for sign in written)


class OnceOnly:
    authenticator: Authenticator

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        is_of_app = self.authenticator.type == Authenticator.Type.TOTP
        if is_of_app and not spend(self.authenticator, code):
            raise get_adapter().validation_error("incorrect_code")
        return code


class CodeForm(OnceOnly, AuthenticateForm):
    code = CodeField()


class CodeAgainForm(OnceOnly, ReauthenticateForm):
    code = CodeField()


class FirstCodeForm(ActivateTOTPForm):
    code = CodeField()


# --- Keys ---------------------------------------------------------------------------------


class CredentialField(forms.JSONField):
    """What the browser says for a key: an object, of a size that one has, in plain letters."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and (len(value) > LONGEST_CREDENTIAL or has_odd_letters(value)):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        try:
            credential = super().to_python(value)
        except RecursionError:
            credential = None
        if credential is not None and not isinstance(credential, dict):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return credential

    def bound_data(self, data: Any, initial: Any) -> str:
        """A refused answer is not sent back: another is asked of the key."""
        return ""

    def prepare_value(self, value: Any) -> str:
        return ""


def has_odd_letters(text: str) -> bool:
    """A NUL or half a character, plain or as an escape: no database takes them."""
    return bool(re.search(r"\\u(0000|[dD][89a-fA-F])|[\0\ud800-\udfff]", text))


class KeyForm(AuthenticateWebAuthnForm):
    credential = CredentialField()

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()
        except ValidationError:
            raise
        except NONSENSE:
            raise get_adapter().validation_error("incorrect_code") from None


class KeyAgainForm(KeyForm, ReauthenticateWebAuthnForm):
    pass


class PasskeyForm(KeyForm, LoginWebAuthnForm):
    pass


class AddKeyForm(AddWebAuthnForm):
    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME, required=False)
    credential = CredentialField()

    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()
        except ValidationError:
            raise
        except NONSENSE:
            raise get_adapter().validation_error("incorrect_code") from None


class RenameKeyForm(EditWebAuthnForm):
    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME)
