import resource
import sys
import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from twinning.world import Loaded, WorldError, left_out, load


class Bars:
    """A bar for each thing that takes its time, one below the other, on a terminal alone."""

    def __init__(self, *, hidden: bool) -> None:
        self.hidden = hidden
        self.bar: tqdm | None = None

    def __call__(self, doing: str, done: int, total: int) -> None:
        doing = str(doing)
        if self.bar is None or self.bar.desc != doing or done < self.bar.n:
            self.close()
            # None: hidden where nobody sits before it.
            disable = True if self.hidden else None
            self.bar = tqdm(total=total or None, desc=doing, disable=disable, file=sys.stderr)
            self.bar.desc = doing
        self.bar.update(done - self.bar.n)

    def close(self) -> None:
        if self.bar is not None:
            self.bar.close()


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
        bars = Bars(hidden=not verbosity)
        try:
            loaded = load(folder, bars)
        except WorldError as error:
            raise CommandError(str(error)) from error
        finally:
            bars.close()
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
