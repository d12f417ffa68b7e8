"""The one door by which a document's file comes in and goes."""

import hashlib
import secrets
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, router, transaction
from django.db.models.fields.files import FieldFile
from django.urls import reverse

from agreements.documents import keeping
from agreements.documents.examining import Examined, examine
from agreements.documents.kinds import Refused


class DocumentFile(FieldFile):
    """Every way to store a file ends in ``save``, so what is not examined is not stored."""

    instance: Any
    _committed: bool
    examined: Examined | None = None

    def look(self, name: str, content: Any) -> Examined:
        """What it is; looked at once, as long as it stays the same. Raises ValidationError."""
        if self.examined is None or self.examined.sha256 != checksum(content):
            try:
                self.examined = examine(
                    content,
                    name,
                    most_bytes=settings.DOCUMENT_MAX_BYTES,
                    scanner=settings.DOCUMENT_SCANNER,
                )
            except Refused as refused:
                raise ValidationError(refused.message, code="document") from refused
        return self.examined

    def save(self, name: str, content: Any, save: bool = True) -> None:
        try:
            found = self.look(name, content)
        except ValidationError as error:
            raise ValidationError({self.field.name: error}) from error
        # A name of our own, given out once: what people call their files is nobody's business.
        own = f"{found.sha256[:32]}-{secrets.token_hex(4)}.{found.kind.ending}"
        path = self.field.generate_filename(self.instance, own)
        using = router.db_for_write(type(self.instance), instance=self.instance)
        with transaction.atomic(using):
            keeping.about_to_write(keeping.Stored(self.field, path, using))
            self.instance.sha256 = found.sha256
            content.seek(0)
            super().save(own, content, save=save)

    save.alters_data = True  # type: ignore[attr-defined]

    def delete(self, save: bool = True) -> None:
        """Take it from the row. The file itself goes with the commit (``Document.save``)."""
        setattr(self.instance, self.field.attname, "")
        if save:
            self.instance.save()

    delete.alters_data = True  # type: ignore[attr-defined]

    @property
    def url(self) -> str:
        """Of the view that asks who may read it; the folder itself has no address."""
        row = self.instance
        if not (self and self._committed and row.sha256):
            return ""
        return reverse("document-file", args=[row.agreement.reference, row.sha256])


class DocumentField(models.FileField):
    attr_class = DocumentFile

    def run_validators(self, value: DocumentFile) -> None:
        super().run_validators(value)
        if value and not value._committed:
            value.look(str(value.name), value.file)

    def deconstruct(self) -> Any:
        """To the database it is a FileField like any other."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.FileField", args, kwargs


def checksum(content: Any) -> str:
    content.seek(0)
    digest = hashlib.sha256()
    while chunk := content.read(1 << 20):
        digest.update(chunk)
    return digest.hexdigest()
