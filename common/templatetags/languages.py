"""The page's addresses in other languages: `{% load languages %}`."""

from django import template
from django.conf import settings
from django.template.context import Context
from django.urls import translate_url

register = template.Library()


@register.simple_tag(takes_context=True)
def alternates(context: Context) -> list[tuple[str, str]]:
    """Code and whole address of this page in each language, then `x-default`.

    Nothing for a page that has one address for all of them, or is no page.
    """
    request = context.get("request")
    if request is None:
        return []
    found = {code: translate_url(request.path, code) for code, _name in settings.LANGUAGES}
    if len(set(found.values())) == 1:
        return []
    site = f"{request.scheme}://{request.get_host()}"
    addresses = [(code, site + path) for code, path in found.items()]
    return [*addresses, ("x-default", site + found[settings.LANGUAGE_CODE])]
