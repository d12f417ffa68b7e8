"""Uploads on their way in: what is too large for every form is not even written down."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler


class BoundedUpload(FileUploadHandler):
    """Hands on no more of a file than the largest that any form takes, and a chunk.

    What is left is larger than each form's own bound, so the form says what is wrong.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        most = max(settings.DOCUMENT_MAX_BYTES, settings.IMPORT_MAX_BYTES)
        return raw_data if start <= most else None

    def file_complete(self, file_size: int) -> Any:
        return None
