"""The form that looks at a page on another day: `{% include "includes/as_of.html" %}`."""

from typing import Any

from django import template

from common.as_of import DayChoice, kept

register = template.Library()


@register.simple_tag(takes_context=True)
def day_choice(context: dict[str, Any]) -> DayChoice:
    return DayChoice(context["request"].GET)


@register.simple_tag(takes_context=True)
def kept_but(context: dict[str, Any], *names: str) -> list[tuple[str, str]]:
    """The query without these parameters and without places in the list, for hidden fields."""
    return kept(context["request"].GET, but=names)
