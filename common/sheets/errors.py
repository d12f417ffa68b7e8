"""A fault of a whole file, told to the person who brought it."""

from typing import Any

from django.utils.translation import gettext as _


class SheetError(Exception):
    """What is wrong, where, and what to do. ``message`` may be lazy."""

    def __init__(
        self, message: Any, *, file: str = "", row: int | None = None, column: str | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.file = file
        self.row = row
        self.column = column

    @property
    def place(self) -> str:
        known = {"file": self.file, "row": self.row, "column": self.column}
        if self.row and self.column:
            return _("%(file)s, row %(row)s, column “%(column)s”") % known
        if self.row:
            return _("%(file)s, row %(row)s") % known
        if self.column:
            return _("%(file)s, column “%(column)s”") % known
        return self.file

    def __str__(self) -> str:
        place = self.place
        return f"{place}: {self.message}" if place else str(self.message)
