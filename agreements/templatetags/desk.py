"""The first screen of the staff: ``{% load desk %}{% desk %}``."""

from typing import Any

from django import template

from agreements.admin.desk import desk_for

register = template.Library()


@register.inclusion_tag("admin/desk/desk.html", takes_context=True)
def desk(context: dict[str, Any]) -> dict[str, Any]:
    return {"desk": desk_for(context["request"].user)}
