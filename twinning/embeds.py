"""Small pages for the frames of other sites: where an agreement stands, whom a place is tied to.

They are what everybody may read, set no cookie and ask for none, and open in the whole window what
they lead to. Only these pages may be framed.
"""

from csp.decorators import csp_replace
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.views.decorators.clickjacking import xframe_options_exempt

from agreements import pages, sentences, spine
from agreements.rows import joined, rows
from common.answers import from_anywhere, lasting
from twinning.scopes import Scope, View

ANY_SITE = {"frame-ancestors": ["*"], "form-action": ["'none'"], "img-src": ["'none'"]}
MOST_SHOWN = 12


def framable(view: View) -> View:
    return xframe_options_exempt(csp_replace(ANY_SITE)(view))


def framed(
    request: HttpRequest, template: str, scope: Scope, **context: object
) -> HttpResponseBase:
    """Rendered without the request: no context processor asks who is signed in."""
    site = request.build_absolute_uri("/").rstrip("/")
    body = render_to_string(template, {"scope": scope, "site": site, **context})
    return from_anywhere(lasting(request, body, "text/html; charset=utf-8"))


@framable
def agreement(request: HttpRequest, scope: Scope) -> HttpResponseBase:
    shown = pages.joined(scope.agreements).get()
    return framed(
        request,
        "embeds/agreement.html",
        scope,
        agreement=shown,
        standing=sentences.standing(shown),
        stations=spine.stations(shown),
    )


@framable
def place(request: HttpRequest, scope: Scope) -> HttpResponseBase:
    return framed(
        request,
        "embeds/place.html",
        scope,
        place=scope.record,
        rows=rows(joined(scope.agreements).newest_first()[:MOST_SHOWN]),
        total=scope.agreements.count(),
        in_force=scope.agreements.in_force().count(),
    )
