"""The second factor of an account: an app or keys, and recovery codes for when they are lost."""

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.contrib.auth.models import AnonymousUser, User
from django.db import transaction
from django.db.models import QuerySet
from django.dispatch import receiver
from django.http import HttpRequest

RECOVERY = Authenticator.Type.RECOVERY_CODES


def factors_of(user: User | AnonymousUser) -> QuerySet[Authenticator]:
    """What the account can show beside its password; recovery codes alone are no factor."""
    return Authenticator.objects.filter(user_id=user.pk).exclude(type=RECOVERY).order_by("pk")


def has_shown_factor(request: HttpRequest) -> bool:
    """Whether this session was opened, or confirmed, with a second factor."""
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "mfa" for record in records)


def remove_factors(user: User) -> bool:
    """Take all of them away, recovery codes too; whether there were any."""
    with transaction.atomic():
        deleted, _ = Authenticator.objects.filter(user=user).delete()
    return bool(deleted)


@receiver(authenticator_added)
def has_just_shown(request: HttpRequest, user: User, authenticator: Any, **kwargs: Any) -> None:
    """Who sets up a factor has shown it by that, and is not asked for it again at once."""
    if authenticator.type != RECOVERY:
        record_authentication(
            request, user, "mfa", id=authenticator.pk, type=str(authenticator.type)
        )
