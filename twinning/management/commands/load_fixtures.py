from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from twinning.story import StoryError, load


class Command(BaseCommand):
    help = "Loads the story of the register from TOML files; what is on record is left alone."

    def add_arguments(self, parser):
        default = settings.BASE_DIR / "fixtures" / "story"
        parser.add_argument("folder", nargs="?", type=Path, default=default)

    def handle(self, *, folder: Path, verbosity: int, **options):
        if not folder.is_dir():
            raise CommandError(f"There is no folder {folder}")
        try:
            new = load(folder)
        except StoryError as error:
            raise CommandError(str(error)) from error
        if verbosity:
            made = ", ".join(f"{count} {table}s" for table, count in new.items() if count)
            self.stdout.write(f"Loaded {made}." if made else "The story is on record already.")
