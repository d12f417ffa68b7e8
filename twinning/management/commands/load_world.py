import resource
import sys
import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from agreements.imports.stopping import Stop
from agreements.management.commands.import_ties import Bar
from twinning.world import Loaded, WorldError, left_out, load


def most_memory() -> float:
    """The most that this process has held so far, in MB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1_000_000 if sys.platform == "darwin" else 1000)


class Command(BaseCommand):
    help = (
        "Loads the world to start from: countries, places and the ties that lists name. "
        "All or nothing; what is on record is left alone."
    )

    def add_arguments(self, parser):
        default = settings.BASE_DIR / "fixtures" / "world"
        parser.add_argument("folder", nargs="?", type=Path, default=default)

    def handle(self, *, folder: Path, verbosity: int, **options):
        if not folder.is_dir():
            raise CommandError(f"There is no folder {folder}")
        began = time.monotonic()
        with Stop() as stop:
            bar = Bar(stop, shown=sys.stderr.isatty() and verbosity > 0)
            try:
                loaded = load(folder, bar)
            except WorldError as error:
                raise CommandError(str(error)) from error
            except KeyboardInterrupt:
                raise CommandError("Stopped; nothing was entered.", returncode=130) from None
            finally:
                bar.close()
        if verbosity:
            for line in report(folder, loaded):
                self.stdout.write(line)
            took = time.monotonic() - began
            self.stdout.write(f"It took {took:.0f} seconds and {most_memory():.0f} MB at most.")


def report(folder: Path, loaded: Loaded) -> list[str]:
    lines = []
    if loaded.changes_nothing:
        lines.append("The world is on record already; nothing was written.")
    else:
        lines.append(
            f"Recorded {loaded.countries} countries, {loaded.regions} regions,"
            f" {loaded.cities} cities and {loaded.ties} ties;"
            f" {loaded.names} names and {loaded.ids} ids added to places on record."
        )
    for plan in loaded.plans:
        counts = ", ".join(f"{count} {result}" for result, count in plan.counts.items())
        lines.append(f"{plan.file_name}: {counts}.")
        doubts = sum(1 for o in plan.outcomes if not o.left_out and o.reasons)
        if doubts:
            lines.append(f"  {doubts} of them with something reported and not believed.")
    reasons = left_out(folder, loaded.plans)
    if reasons:
        lines.append("Not entered:")
        lines += [f"  {count} rows of {file}: {why}" for (file, why), count in reasons.items()]
    return lines
