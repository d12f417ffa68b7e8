from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from cities.countries import CODES

validate_language = RegexValidator(
    r"^[a-z]{2,3}\Z",
    _("Write the language as its two or three letter ISO 639 code, such as “fa” or “tg”."),
)
validate_script = RegexValidator(
    r"^[A-Z][a-z]{3}\Z",
    _("Write the script as its four letter ISO 15924 code, such as “Latn”, “Cyrl” or “Arab”."),
)


def validate_country_code(code: str) -> None:
    """Refuse what is not a current ISO 3166-1 alpha-2 code."""
    if code not in CODES:
        raise ValidationError(
            _("“%(code)s” is no ISO 3166-1 country code; write two capitals such as “TJ”."),
            params={"code": code},
        )
