"""People with passwords and second factors, and how they sign in."""

import time
from threading import enumerate as threads

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core import mail

from twinning.mail import THREAD

PASSWORD = "a long way to Khujand"
LOGIN, SECOND_STEP = "/accounts/login/", "/accounts/2fa/authenticate/"
SECOND_FACTOR, SET_UP_APP = "/accounts/2fa/", "/accounts/2fa/totp/activate/"


def with_password(user, password: str = PASSWORD):
    user.set_password(password)
    user.save()
    return user


def with_app(user) -> str:
    """Give the user an authenticator app and recovery codes; the app's secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


def code(secret: str, ahead: int = 0) -> str:
    """What the app shows now, or so many half minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead))


def recovery_codes(user) -> list[str]:
    return user.authenticator_set.get(type="recovery_codes").wrap().get_unused_codes()


def enter_password(client, user, password: str = PASSWORD, **more):
    return client.post(LOGIN, {"login": user.username, "password": password, **more})


def enter_code(client, written: str):
    return client.post(SECOND_STEP, {"code": written})


def is_signed_in(client) -> bool:
    return client.get(SECOND_FACTOR).status_code == 200


def letters() -> list[mail.EmailMessage]:
    """What was sent, once all that is on its way has arrived."""
    for thread in threads():
        if thread.name == THREAD:
            thread.join()
    return mail.outbox
