"""Who may sign in: everyone with an account, save the demonstration's once it is over."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser, User
from django.db.models import QuerySet

DEMO_EMAIL_ENDING = "@demo.invalid"


def demo_accounts() -> QuerySet[User]:
    """The demonstration's accounts, known by their mail domain: their passwords are public."""
    return get_user_model().objects.filter(email__iendswith=DEMO_EMAIL_ENDING)


def is_of_the_demonstration(user: User | AnonymousUser | None) -> bool:
    return (getattr(user, "email", "") or "").lower().endswith(DEMO_EMAIL_ENDING)


class AccountBackend(ModelBackend):
    """Django's own, which turns demo accounts and their sessions away while DEMO is off."""

    def user_can_authenticate(self, user: User | AnonymousUser | None) -> bool:
        if is_of_the_demonstration(user) and not settings.DEMO:
            return False
        return super().user_can_authenticate(user)


def may_sign_in(user: User) -> bool:
    return AccountBackend().user_can_authenticate(user)


def who_may_reset(email: str) -> list[User]:
    """The accounts of this address that a new password would let in."""
    found = get_user_model().objects.filter(email__iexact=email).exclude(email="")
    return [user for user in found if may_sign_in(user) and user.has_usable_password()]
