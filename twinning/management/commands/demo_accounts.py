from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError

from twinning.roles import ROLES, make_roles

PASSWORD = "twinning-demo"
DEMO_DOMAIN = "demo.invalid"


class Command(BaseCommand):
    help = "Makes one account for each role, and an administrator, for a demonstration (DEMO=1)."

    def handle(self, **options):
        if not settings.DEMO:
            raise CommandError("Demo accounts are for a demonstration: set DEMO=1 to ask for one.")
        make_roles()
        for name in (*ROLES, "admin"):
            self.make_account(name)
        if options["verbosity"]:
            names = ", ".join((*ROLES, "admin"))
            self.stdout.write(f"Sign in at /admin/ as {names}; the password is {PASSWORD}")

    def make_account(self, name: str) -> None:
        email = f"{name}@{DEMO_DOMAIN}"
        user, is_new = get_user_model().objects.get_or_create(
            username=name,
            defaults={"email": email, "is_staff": True, "is_superuser": name == "admin"},
        )
        if user.email != email:
            raise CommandError(f"There is an account “{name}” that is not of the demonstration.")
        if is_new:
            user.set_password(PASSWORD)
            user.save()
            user.groups.set(Group.objects.filter(name=name))
