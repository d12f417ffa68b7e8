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


class AccountBackend(ModelBackend):
    """Django's own, which turns demo accounts and their sessions away while DEMO is off."""

    def user_can_authenticate(self, user: User | AnonymousUser | None) -> bool:
        email = getattr(user, "email", "") or ""
        if email.lower().endswith(DEMO_EMAIL_ENDING) and not settings.DEMO:
            return False
        return super().user_can_authenticate(user)
