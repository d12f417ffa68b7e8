"""The form that looks at a page on another day: `{% include "includes/as_of.html" %}`."""

from typing import Any

from django import template

from common.as_of import DayChoice

register = template.Library()


@register.simple_tag(takes_context=True)
def day_choice(context: dict[str, Any]) -> DayChoice:
    return DayChoice(context["request"].GET)
