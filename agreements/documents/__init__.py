"""What may be kept as a document, and what becomes of the file behind a row."""

from agreements.documents.examining import Examined, examine
from agreements.documents.kinds import BY_ENDING, KINDS, Kind, Refused

__all__ = ["BY_ENDING", "KINDS", "Examined", "Kind", "Refused", "examine"]
