"""What is written in a language and a script: names of places, spellings of people's names."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cities.validators import validate_language, validate_script
from common.versions import VersionedModel

RIGHT_TO_LEFT_SCRIPTS = frozenset({"Arab", "Hebr", "Syrc", "Thaa", "Nkoo"})


class Written(VersionedModel):
    """The language does not tell the script: Tajik is written in Cyrillic, and was in Arabic."""

    language = models.CharField(
        _("language"),
        max_length=3,
        default="en",
        validators=[validate_language],
        help_text=_("ISO 639 code: en, fa, tg, ru …"),
    )
    script = models.CharField(
        _("script"),
        max_length=4,
        default="Latn",
        validators=[validate_script],
        help_text=_("ISO 15924 code: Latn, Cyrl, Arab …"),
    )

    class Meta:
        abstract = True

    @property
    def direction(self) -> str:
        """The value of HTML's ``dir``: ``rtl`` or ``ltr``."""
        return "rtl" if self.script in RIGHT_TO_LEFT_SCRIPTS else "ltr"
