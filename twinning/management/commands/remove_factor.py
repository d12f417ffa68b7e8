from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from twinning.factors import remove_factors


class Command(BaseCommand):
    help = "Removes a lost second factor, where there is no administrator left who could sign in."

    def add_arguments(self, parser):
        parser.add_argument("username")

    def handle(self, **options):
        user = get_user_model().objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"There is no account “{options['username']}”.")
        if not remove_factors(user):
            raise CommandError(f"“{user.username}” has no second factor.")
        self.stdout.write("It is removed. The password alone signs in until a new one is set up.")
