"""``manage.py sweep_files``: rows whose file is gone, and files that no row knows."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from agreements.documents import BY_ENDING
from agreements.documents.field import checksum
from agreements.models import Document, TieImport
from common.sheet_uploads import FOLDER

HOLES = 1
KEPT_FOR = timedelta(days=1)
# Only names that the register gives out are its to delete: somebody may keep more in that folder.
OURS = {
    "documents": re.compile(rf"[0-9a-f]{{32}}([-_]\w+)?\.({'|'.join(BY_ENDING)})"),
    "imports": re.compile(r"[0-9a-f]{32}(_\w+)?"),
    FOLDER: re.compile(r"[\w-]{32}(_\w+)?"),
}


class Command(BaseCommand):
    help = (
        "Names the documents and lists whose file is missing, and deletes files that no row knows "
        "of and that are older than a day. Safe at any time, beside people who upload. Exit "
        "status: 0 all is well, 1 files are missing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="delete nothing, only tell")
        parser.add_argument(
            "--checksums", action="store_true", help="read every document and compare its SHA-256"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        # What lies there is listed before the rows: a file comes before its row.
        lying = list(files_that_lie_there())
        known = {name for rows in (documents(), lists()) for name in names(rows)}
        orphans = [path for path in lying if path not in known]
        swept = sum(self.sweep(path, dry=options["dry_run"]) for path in orphans)
        missing = sum(self.tell(row, options["checksums"]) for row in documents().iterator())
        missing += sum(self.tell(row, False) for row in lists().iterator())
        done = "would be deleted" if options["dry_run"] else "deleted"
        self.stdout.write(f"{len(known)} files of rows, {swept} of no row {done}.")
        if missing:
            raise CommandError(f"{missing} files are missing or altered.", returncode=HOLES)

    def sweep(self, path: str, *, dry: bool) -> bool:
        """Whether it was let go of. Another may sweep or enter a list at the same time."""
        try:
            if default_storage.get_modified_time(path) > timezone.now() - KEPT_FOR or is_known(
                path
            ):
                return False
            if not dry:
                default_storage.delete(path)
        except FileNotFoundError:
            return False
        self.stdout.write(f"{path}: no row knows of it")
        return True

    def tell(self, row: Document | TieImport, checksum: bool) -> bool:
        """Whether the row lacks its file."""
        wrong = ""
        if not default_storage.exists(str(row.file.name)):
            wrong = "is missing"
        elif checksum and digest(str(row.file.name)) != row.sha256:
            wrong = "is not what was stored"
        # A row that was deleted, or given another file, since it was read.
        if not wrong or not type(row)._base_manager.filter(pk=row.pk, file=row.file.name).exists():
            return False
        of = row.agreement.reference if isinstance(row, Document) else "import of ties"
        self.stdout.write(f"{row.file.name}: {wrong} ({of}: {row})")
        return True


def documents() -> Any:
    return Document.objects.exclude(file="").select_related("agreement")


def lists() -> Any:
    return TieImport.objects.exclude(file="")


def names(rows: Any) -> Iterator[str]:
    return rows.order_by().values_list("file", flat=True).iterator()


def is_known(path: str) -> bool:
    return any(rows.filter(file=path).exists() for rows in (documents(), lists()))


def files_that_lie_there() -> Iterator[str]:
    for folder, ours in OURS.items():
        if default_storage.exists(folder):
            for name in default_storage.listdir(folder)[1]:
                if ours.fullmatch(name):
                    yield f"{folder}/{name}"


def digest(path: str) -> str:
    with default_storage.open(path) as file:
        return checksum(file)
