"""Dates in templates: `{% load dates %}`, then `{{ step.happened_on|partial_date }}`."""

from datetime import date, datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language_bidi

from common.dates import PartialDate
from common.dates_display import as_partial_date, display_partial_date

register = template.Library()


@register.filter
def partial_date(value: PartialDate | date | datetime | None, unknown: str | None = None) -> str:
    """`<bdi><time datetime="2025-05">May 2025</time></bdi>`.

    Nothing known gives "date unknown", or the text asked for: `{{ x|partial_date:"—" }}`.
    """
    when = as_partial_date(value)
    if when is None:
        return display_partial_date(None, unknown)
    # Digits alone have no direction of their own, and a year with its Jalali years is digits.
    direction = mark_safe(' dir="rtl"') if get_language_bidi() else ""
    return format_html(
        '<bdi{}><time datetime="{}">{}</time></bdi>',
        direction,
        str(when),
        display_partial_date(when),
    )
