"""How an agreement, its status and its evidence are shown: ``{% load standing %}``."""

from typing import Any

from django import template
from django.template.defaultfilters import filesizeformat
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from agreements import listed
from agreements.lifecycle import Status
from agreements.models import Agreement, Document, Evidence, Listing, Sector, Source
from cities.templatetags.places import in_language, place_name, recorded

register = template.Library()

EVIDENCE_STEPS = {level: number for number, level in enumerate(Evidence)}


@register.filter
def agreement_name(agreement: Agreement) -> SafeString:
    """The title, else the parties' names, each in its own language. Join parties first."""
    if agreement.title:
        return recorded(agreement.title)
    names = [(place_name(party.place),) for party in agreement.parties.all()]
    return format_html_join(" – ", "{}", names) if names else reference(agreement)


@register.filter
def reference(agreement: Agreement) -> SafeString:
    return format_html('<bdi class="reference" dir="ltr">{}</bdi>', agreement.reference)


@register.filter
def sector_name(sector: Sector) -> SafeString:
    """The name for this reader, marked with its language and direction."""
    return in_language(sector.shown_name, sector.shown_language)


@register.filter
def headline(source: Source) -> SafeString:
    """In the source's language; between brackets it is a translation, in the register's own."""
    if source.title.startswith("["):
        return recorded(source.title)
    return in_language(source.title, source.language)


@register.inclusion_tag("includes/status.html")
def status_mark(status: str) -> dict[str, Any]:
    """The word for a status beside its shape: neither says it by colour alone."""
    return {"status": Status(status)}


@register.inclusion_tag("includes/evidence.html")
def evidence_mark(level: str) -> dict[str, Any]:
    level = Evidence(level)
    filled = EVIDENCE_STEPS[level]
    bars = [(6 * number, number < filled) for number in range(len(Evidence) - 1)]
    return {"level": level, "bars": bars}


@register.filter
def listing_says(listing: Listing) -> list[str]:
    """What the row of a list says, sentence by sentence."""
    return listed.says(listing)


@register.filter
def file_size(document: Document) -> str:
    try:
        return filesizeformat(document.file.size)
    except OSError:
        # The page stands even where the file was lost.
        return _("the file is missing")


@register.filter
def at(table: dict, key: Any) -> Any:
    """``table[key]``, or None."""
    return table.get(key)
