"""Names and texts of other languages on the page: ``{% load places %}``."""

import re
from decimal import Decimal
from urllib.parse import urlsplit

from django import template
from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import normalize_newlines
from django.utils.translation import get_language, get_language_info, pgettext

from cities.countries import language_name as name_of_language
from cities.models import Place
from cities.models.written import Written

register = template.Library()

LATIN = re.compile("[A-Za-zÀ-ɏ]")
ISOLATES = re.compile("\u2068([^\u2068\u2069]*)\u2069")


@register.filter
def place_name(place: Place) -> SafeString:
    """The name for this reader, marked with its language and direction."""
    if place.shown:
        return as_written(place.shown)
    if usual := place.usual_name:
        return in_language(usual, get_language())
    return in_language(place.name, place.name_language)


@register.filter
def as_written(name: Written) -> SafeString:
    """A recorded name, with the direction of its script; the script is told where it must be."""
    usual = direction(name.language) == name.direction
    tag = name.language if usual else f"{name.language}-{name.script}"
    return format_html('<bdi lang="{}" dir="{}">{}</bdi>', tag, name.direction, str(name))


@register.filter
def in_language(text: str, language: str) -> SafeString:
    """``<bdi lang="fa" dir="rtl">…</bdi>`` around words of another language."""
    if not language:
        return format_html('<bdi dir="auto">{}</bdi>', text)
    return format_html('<bdi lang="{}" dir="{}">{}</bdi>', language, direction(language), text)


@register.filter
def direction(language: str) -> str:
    """``rtl`` or ``ltr``; ``auto`` where Django does not know the language."""
    try:
        return "rtl" if get_language_info(language)["bidi"] else "ltr"
    except KeyError:
        return "auto"


@register.filter
def name_direction(place: Place) -> str:
    """Of the name that is shown, for drawings, which know no ``<bdi>``."""
    return place.shown.direction if place.shown else direction(place.name_language)


@register.filter
def name_language(place: Place) -> str:
    """Of the name that is shown, likewise."""
    if place.shown:
        return place.shown.language
    return (get_language() or "") if place.usual_name else place.name_language


@register.filter
def language_name(code: str) -> str:
    """The language in the reader's own words, or its code where CLDR knows none."""
    return name_of_language(code, get_language() or settings.LANGUAGE_CODE) or code


def is_foreign() -> bool:
    """Whether the reader's language is another than the register's own."""
    language = settings.LANGUAGE_CODE
    return (get_language() or language).split("-")[0] != language.split("-")[0]


@register.filter
def recorded(text: str) -> SafeString:
    """A short text as staff wrote it, in the register's own language and not in the reader's.

    Without a Latin letter it is a name as some source writes it, in a language that nobody noted.
    """
    if is_foreign() and LATIN.search(text):
        return format_html('<bdi lang="{}" dir="auto">{}</bdi>', settings.LANGUAGE_CODE, text)
    return format_html('<bdi dir="auto">{}</bdi>', text)


@register.filter
def marked(sentence: str) -> SafeString:
    """A sentence whose names and days are between Unicode's isolates: these become elements.

    Of the site's languages the register's own alone has Latin letters, so what has some of them
    in a page of another language is in the register's own.
    """
    parts = (recorded(part) if at % 2 else part for at, part in enumerate(ISOLATES.split(sentence)))
    return format_html_join("", "{}", ((part,) for part in parts))


@register.filter
def prose(text: str) -> SafeString:
    """Paragraphs that staff wrote, in the register's own language and not in the reader's."""
    paragraphs = [part.strip() for part in normalize_newlines(text or "").split("\n\n")]
    attributes = format_html(' lang="{}"', settings.LANGUAGE_CODE) if is_foreign() else ""
    return format_html_join(
        "\n", '<p{} dir="auto">{}</p>', ((attributes, part) for part in paragraphs if part)
    )


@register.filter
def host(url: str) -> str:
    """Where an address leads, in short: ``asiaplustj.info``."""
    return urlsplit(url).hostname or url


@register.filter
def coordinate(value: Decimal) -> str:
    """Degrees without the noughts that only fill up the column."""
    return f"{value.normalize():f}"


@register.simple_tag
def comma() -> str:
    return pgettext("between the words of a list", ", ")


@register.simple_tag
def country(place: Place, countries: dict[str, Place]) -> SafeString | str:
    """The name of the country that a place lies in; '' for a country itself."""
    if place.level == Place.Level.COUNTRY or not place.country_code:
        return ""
    found = countries.get(place.country_code)
    return place_name(found) if found else place.country_code
