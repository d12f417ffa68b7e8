"""What a page tells machines, and how to keep up with it: ``{% load keep_up %}``.

One tag a page, so that neither views nor other templates need to know of feeds and pictures.
"""

from typing import Any

from django import template
from django.http import HttpRequest
from django.template.context import Context
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agreements.models import Agreement, Sector
from cities.models import Place
from common import jsonld
from twinning import structured
from twinning.scopes import site_name

register = template.Library()
LOCALES = {"en": "en_GB", "fa": "fa_IR", "ru": "ru_RU", "tg": "tg_TJ"}
HEAD = "includes/head.html"


def site_of(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")


def address(what: str, *key: str) -> str:
    return reverse(what, args=key)


def head(
    request: HttpRequest, title: str, blocks: list[dict[str, Any]], **more: Any
) -> dict[str, Any]:
    """``picture`` and ``feed`` are paths, or are not given."""
    site = site_of(request)
    picture = more.pop("picture", "")
    return {
        "title": title,
        "address": site + request.path,
        "picture": f"{site}{picture}" if picture else "",
        "locale": LOCALES.get(get_language() or "", ""),
        "site_name": site_name(),
        "blocks": [jsonld.script(block) for block in blocks],
        **more,
    }


@register.inclusion_tag(HEAD, takes_context=True)
def head_of_home(context: Context) -> dict[str, Any]:
    request = context["request"]
    return head(
        request,
        f"{site_name()} · {_('agreements between places')}",
        structured.home(site_of(request)),
        description=_(
            "A public register of agreements between cities, regions and countries: how far each "
            "has got, since when, and who says so."
        ),
        picture=address("register-picture"),
    )


@register.inclusion_tag(HEAD, takes_context=True)
def head_of_data(context: Context) -> dict[str, Any]:
    return head(context["request"], "", structured.data(site_of(context["request"])))


@register.inclusion_tag(HEAD, takes_context=True)
def head_of_agreement(context: Context, agreement: Agreement, standing: str) -> dict[str, Any]:
    """Nothing of an internal one: its feed and picture are there for nobody."""
    if not agreement.is_public:
        return {}
    request = context["request"]
    return head(
        request,
        agreement.name,
        structured.agreement(agreement, site_of(request)),
        description=standing,
        picture=address("agreement-picture", agreement.reference),
        feed=address("agreement-feed", agreement.reference),
    )


@register.inclusion_tag(HEAD, takes_context=True)
def head_of_place(
    context: Context, place: Place, lies_in: list[Place], description: str = ""
) -> dict[str, Any]:
    request = context["request"]
    return head(
        request,
        place.shown_name,
        structured.place(place, lies_in, site_of(request)),
        description=description,
        picture=address("place-picture", place.slug),
        feed=address("place-feed", place.slug),
    )


@register.inclusion_tag(HEAD, takes_context=True)
def head_of_sector(context: Context, sector: Sector) -> dict[str, Any]:
    request = context["request"]
    return head(
        request,
        sector.shown_name,
        structured.sector(sector, site_of(request)),
        feed=address("sector-feed", sector.slug),
    )


# --- The part of a page that says how to keep up with it -----------------------------------


@register.inclusion_tag("includes/keep_up.html", takes_context=True)
def keep_up(context: Context, record: Agreement | Place | Sector) -> dict[str, Any]:
    site = site_of(context["request"])
    if isinstance(record, Agreement):
        return (
            {**ways("agreement", record.reference, site), "name": record.name}
            if (record.is_public)
            else {}
        )
    if isinstance(record, Place):
        country = record.country_code if record.level == Place.Level.COUNTRY else ""
        within = ways("country", country, site) if country else None
        return {**ways("place", record.slug, site), "name": record.shown_name, "within": within}
    return {**ways("sector", record.slug, site), "name": record.shown_name}


def ways(kind: str, key: str, site: str) -> dict[str, Any]:
    """Paths of feed and calendar; whole addresses of what goes onto other sites."""
    found = {"feed": address(f"{kind}-feed", key), "calendar": address(f"{kind}-calendar", key)}
    if kind in ("agreement", "place"):
        found |= {
            "page": site + address(f"{kind}-detail", key),
            "embed": site + address(f"{kind}-embed", key),
            "badge": site + address(f"{kind}-badge", key),
            "badge_path": address(f"{kind}-badge", key),
            "height": "320" if kind == "agreement" else "480",
        }
    return found
