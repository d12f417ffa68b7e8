"""``manage.py forget_readers``: names and addresses of readers are deleted in time."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from agreements.models import Suggestion


class Command(BaseCommand):
    help = (
        "Deletes the name and e-mail address of readers whose suggestion was answered "
        "SUGGESTION_CONTACT_DAYS ago or earlier. Safe to run at any time; run it once a day."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        count = Suggestion.objects.forget_readers()
        if options["verbosity"]:
            days = settings.SUGGESTION_CONTACT_DAYS
            self.stdout.write(f"{count} forgotten that were answered {days} days ago or earlier.")
