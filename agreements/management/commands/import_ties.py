"""``manage.py import_ties``: a list of ties, looked through row by row, then entered whole."""

import difflib
import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from tqdm import tqdm

from agreements.imports import (
    ImportRefused,
    MappingFile,
    Options,
    Plan,
    PlanChanged,
    enter,
    plan,
    read_mapping,
    source_on_record,
)
from agreements.imports.report import report
from agreements.imports.stopping import Stop
from agreements.models import Agreement, Source, TieImport
from common.dates import InvalidPartialDate, PartialDate
from common.sheets import SheetError, open_sheet

ROWS_REFUSED, NOT_READ, MOVED, STOPPED = 1, 2, 3, 130


class Command(BaseCommand):
    help = (
        "Reads ties from CSV and XLSX files, which together are one list, and says what would "
        "become of each row. Nothing is entered without --commit. Exit status: 0 all is well, 1 "
        "rows are refused, 2 the files or options cannot be read, 3 the register changed "
        "meanwhile, 130 stopped."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--source", help="short name of the list's source on record")
        parser.add_argument("--listed-on", help="state of the list: its year, month or day")
        parser.add_argument("--map", type=Path, metavar="FILE.toml", help="which column is which")
        parser.add_argument("--kind", choices=Agreement.Kind.values, help="kind of the ties")
        parser.add_argument(
            "--make-places", action="store_true", help="make places that are not on record"
        )
        parser.add_argument("--publish", action="store_true", help="publish what is new at once")
        parser.add_argument(
            "--leave-out-refused", action="store_true", help="enter the others all the same"
        )
        parser.add_argument(
            "--part", action="store_true", help="the files are a part of the list: none is gone"
        )
        parser.add_argument("--report", type=Path, metavar="OUT.json", help="every row, as JSON")
        parser.add_argument("--commit", action="store_true", help="enter it")

    def handle(self, *, files: list[Path], **given: Any) -> None:
        planned: Plan | None = None
        with Stop() as stop:
            progress = Bar(stop, shown=sys.stderr.isatty() and given["verbosity"] > 0)
            try:
                sheets = [open_sheet(self.there(file), file.name) for file in files]
                planned = plan(sheets, self.options(given), progress)
                self.tell(planned, given, progress)
            except (SheetError, OSError) as error:
                raise CommandError(str(error), returncode=NOT_READ) from error
            except PlanChanged as error:
                raise CommandError(str(error), returncode=MOVED) from error
            except ImportRefused as error:
                raise CommandError(str(error), returncode=NOT_READ) from error
            except KeyboardInterrupt:
                raise CommandError(self.stopped(planned), returncode=STOPPED) from None
            finally:
                progress.close()

    def tell(self, planned: Plan, given: dict[str, Any], progress: "Bar") -> None:
        entered = given["commit"] and planned.is_ready
        # Before anything is entered: it must be known now that the report can be written.
        self.write_report(planned, given["report"])
        if entered:
            enter(planned, progress=progress)
            self.write_report(planned, given["report"])
        progress.close()
        if given["verbosity"]:
            every_row = given["verbosity"] > 1
            self.stdout.write(report(planned, entered=entered, every_row=every_row))
        if not planned.is_ready:
            self.refuse(planned)

    def write_report(self, planned: Plan, path: Path | None) -> None:
        if path:
            text = json.dumps(planned.as_json(), ensure_ascii=False, indent=1)
            path.write_text(text + "\n", encoding="utf-8")

    def refuse(self, planned: Plan) -> None:
        count = len(planned.refused)
        told = ngettext(
            "%(count)s row cannot be entered, so none is. Correct it, or leave it out with "
            "--leave-out-refused.",
            "%(count)s rows cannot be entered, so none is. Correct them, or leave them out with "
            "--leave-out-refused.",
            count,
        )
        raise CommandError(told % {"count": count}, returncode=ROWS_REFUSED)

    def stopped(self, planned: Plan | None) -> str:
        """The truth, for the stop may have come when all was written already."""
        runs = TieImport.objects.filter(committed_at__isnull=False)
        if planned and runs.filter(plan_digest=planned.digest).exists():
            return _("Stopped, but the list had been entered by then.")
        return _("Stopped. Nothing was entered.")

    def there(self, file: Path) -> Path:
        if not file.is_file():
            raise SheetError(_("There is no such file."), file=str(file))
        return file

    # Options

    def options(self, given: dict[str, Any]) -> Options:
        path: Path | None = given["map"]
        mapped = read_mapping(self.there(path).read_bytes(), path.name) if path else MappingFile()
        return Options(
            source=self.source(given["source"], mapped, path),
            listed_on=self.listed_on(given["listed_on"], mapped),
            kind=given["kind"] or mapped.kind or Agreement.Kind.SISTER_CITY,
            make_places=given["make_places"],
            publish=given["publish"],
            leave_out_refused=given["leave_out_refused"],
            whole_list=not given["part"],
            mapping=mapped.mapping,
        )

    def source(self, key: str | None, mapped: MappingFile, path: Path | None) -> Source:
        if not key:
            if not (mapped.source and path):
                raise ImportRefused(
                    _("Say which list it is: --source KEY, or [source] in a mapping file.")
                )
            return source_on_record(mapped.source, path.name)
        if found := Source.objects.filter(key=key).first():
            return found
        keys = Source.objects.filter(kind=Source.Kind.REGISTER).values_list("key", flat=True)
        near = ", ".join(difflib.get_close_matches(key, keys) or list(keys)[:10])
        raise ImportRefused(
            _("No source on record has the short name “%(key)s”. Lists on record: %(near)s.")
            % {"key": key, "near": near or "–"}
        )

    def listed_on(self, text: str | None, mapped: MappingFile) -> PartialDate:
        if not text and mapped.listed_on:
            return mapped.listed_on
        try:
            return PartialDate.parse(text or "")
        except InvalidPartialDate:
            raise ImportRefused(
                _("Say of when the list is: --listed-on 2016, 2016-05 or 2016-05-10.")
            ) from None


class Bar:
    """A bar for each stretch of the work, on stderr; drawn or not, here the work can be stopped."""

    def __init__(self, stop: Stop | None = None, *, shown: bool = True) -> None:
        self.stop = stop
        self.shown = shown
        self.bar: tqdm | None = None
        self.stretch = ""

    def __call__(self, stretch: Any, done: int, total: int) -> None:
        if self.stop:
            self.stop.check()
        if self.shown:
            self.draw(str(stretch), done, total)

    def draw(self, stretch: str, done: int, total: int) -> None:
        if stretch != self.stretch:
            self.close()
            self.stretch = stretch
            self.bar = tqdm(desc=stretch, total=total or None, unit="", leave=False)
        if self.bar is not None:
            self.bar.update(done - self.bar.n)

    def close(self) -> None:
        if self.bar is not None:
            self.bar.close()
        self.bar = None
        self.stretch = ""
