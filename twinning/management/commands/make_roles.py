from django.core.management.base import BaseCommand

from twinning.roles import ROLES, make_roles


class Command(BaseCommand):
    help = "Makes the roles of the staff (editor, registrar, auditor), or puts them right again."

    def handle(self, **options):
        make_roles()
        if options["verbosity"]:
            self.stdout.write(f"The roles stand: {', '.join(ROLES)}.")
