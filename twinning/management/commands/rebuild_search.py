from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import DEFAULT_DB_ALIAS
from tqdm import tqdm

from agreements import seats, spans
from common.folded import FoldedField, fold_again
from common.search import rebuild, searched


class Command(BaseCommand):
    help = (
        "Fold all names anew, and fill the indexes and counts that search reads. Needed only "
        "after another program has written to the database, or when a new version folds "
        "otherwise: every write of the register's own keeps them true. It is no edit, and can be "
        "stopped and run again."
    )

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--database", default=DEFAULT_DB_ALIAS, help="its alias in settings")

    def handle(self, *args: Any, database: str, **options: Any) -> None:
        total = 0
        for app in apps.get_app_configs():
            for field in searched(app):
                total += self.fold(field, database)
            rebuild(app, database)
        seats.refill(database)
        spans.refill(database)
        self.stdout.write(f"Folded anew: {total}. The indexes are filled.")

    def fold(self, field: FoldedField, database: str) -> int:
        rows = field.model._base_manager.using(database).count()
        name = str(field.model._meta.verbose_name_plural)
        # On stderr, and on a terminal alone: a log gets no bar.
        with tqdm(total=rows, desc=name, unit="", disable=None) as bar:
            return fold_again(field.model, database, bar.update)
