"""Tables from outside and on their way out: CSV and XLSX, read without trust or guesses."""

from common.sheets.errors import SheetError
from common.sheets.escape import as_written, harmless
from common.sheets.lines import LIMITS, Limits, Line, Sheet, plain
from common.sheets.reading import open_sheet
from common.sheets.writing import write_csv, write_xlsx

__all__ = [
    "LIMITS",
    "Limits",
    "Line",
    "Sheet",
    "SheetError",
    "as_written",
    "harmless",
    "open_sheet",
    "plain",
    "write_csv",
    "write_xlsx",
]
