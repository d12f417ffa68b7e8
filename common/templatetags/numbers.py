"""Numbers in templates: `{% load numbers %}`, then `{{ place.population|number }}`."""

from django import template
from django.utils.formats import number_format
from django.utils.translation import get_language

register = template.Library()

PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


@register.filter
def number(value: int | float | None) -> str:
    """The number grouped and with the digits of the reader's language; '' for None."""
    if value is None:
        return ""
    return plain_number(number_format(value, use_l10n=True, force_grouping=True))


@register.filter
def plain_number(value: object) -> str:
    """A year or a code number: the reader's digits, without grouping."""
    in_persian = (get_language() or "").split("-")[0] == "fa"
    return str(value).translate(PERSIAN_DIGITS) if in_persian else str(value)
