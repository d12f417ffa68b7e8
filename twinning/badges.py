"""A badge that others put on their pages: an SVG of two fields, such as “Khujand | 3 in force”.

It is drawn for text whose width nobody knows before a browser sets it, so it is estimated with
some room. The one style sheet in it is allowed by its digest.
"""

from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from unicodedata import bidirectional, combining, east_asian_width

from csp.decorators import csp
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.translation import get_language, get_language_bidi, ngettext

from agreements.lifecycle import Status
from agreements.sayings import plain
from common.answers import from_anywhere, lasting
from common.templatetags.numbers import number
from twinning.scopes import Scope, View

# The tones of static/css/tokens.css, for light pages and dark ones.
STYLE = (
    "text{font:600 11px Verdana,'DejaVu Sans','Noto Sans',Tahoma,sans-serif}"
    ".name{fill:#1b2326}.paper{fill:#f2f0ea}.line{fill:none;stroke:#7d8789}"
    ".word{fill:#fff}.tone{fill:#0a6a43}.mark{fill:none;stroke:#fff;stroke-width:1.6}.full{fill:#fff}"
    ".proposed{fill:#4a5a76}.drafted{fill:#855800}.suspended{fill:#9c4a14}"
    ".ended{fill:#575a5f}.withdrawn{fill:#8d3340}"
    "@media (prefers-color-scheme:dark)"
    "{.name{fill:#e8ebea}.paper{fill:#1b2124}.line{stroke:#7f8b8f}}"
)
DIGEST = b64encode(sha256(STYLE.encode()).digest()).decode()
POLICY = {"default-src": ["'none'"], "style-src": [f"'sha256-{DIGEST}'"], "sandbox": True}
LONGEST_NAME = 44
HEIGHT = 24
MARGIN = 9
MARK = 18  # the room of the mark before the word


@dataclass(frozen=True)
class Badge:
    """``tone`` is a status, ``mark`` whether its shape is drawn before the word."""

    name: str
    word: str
    tone: str
    mark: bool

    @property
    def named(self) -> int:
        return width(self.name) + 2 * MARGIN

    @property
    def worded(self) -> int:
        return width(self.word) + 2 * MARGIN + MARK * self.mark


def width(text: str) -> int:
    """About how many pixels the text takes, rather more than fewer."""
    return round(sum(map(_width, text)) * 11) + 2


def _width(sign: str) -> float:
    if combining(sign):
        return 0
    if east_asian_width(sign) in "WF":
        return 1.1
    if bidirectional(sign) == "AL":
        return 0.6
    if sign in "ijlI.,:;'|! ()":
        return 0.42
    return 0.92 if sign in "mwMWОЖШЩЮжмшщю" else 0.76 if sign.isupper() else 0.68


def with_its_style(view: View) -> View:
    return csp(POLICY)(view)


def draw(request: HttpRequest, badge: Badge) -> HttpResponseBase:
    # Read from the right, the name stands at the right.
    backwards = get_language_bidi()
    name_at = badge.worded if backwards else 0
    word_at = 0 if backwards else badge.named
    mark_at = word_at + badge.worded - MARGIN - MARK + 6 if backwards else word_at + MARGIN
    words = badge.worded - MARK * badge.mark
    context = {
        "badge": badge,
        "style": STYLE,
        "language": get_language(),
        "direction": "rtl" if backwards else "ltr",
        "height": HEIGHT,
        "width": badge.named + badge.worded,
        "name_at": name_at,
        "name_middle": name_at + badge.named / 2,
        "word_at": word_at,
        "word_middle": word_at + (0 if backwards else MARK * badge.mark) + words / 2,
        "mark_at": mark_at,
    }
    body = render_to_string("badge.svg", context)
    return from_anywhere(lasting(request, body, "image/svg+xml; charset=utf-8"))


@with_its_style
def agreement(request: HttpRequest, scope: Scope) -> HttpResponseBase:
    status = Status(scope.record.status)
    return draw(request, Badge(short(scope.name), str(status.label), status.value, mark=True))


@with_its_style
def place(request: HttpRequest, scope: Scope) -> HttpResponseBase:
    count = scope.agreements.in_force().count()
    word = ngettext("%(number)s agreement in force", "%(number)s agreements in force", count)
    shown = word % {"number": number(count)}
    return draw(
        request, Badge(short(scope.name), shown, "signed" if count else "ended", mark=False)
    )


def short(name: str) -> str:
    return plain(name, LONGEST_NAME)
