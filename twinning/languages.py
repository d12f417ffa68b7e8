"""Which language a page speaks: its address says so, and the home page remembers.

A page has one address for each language: `/agreements/` in the site's own, `/fa/agreements/` in
Persian. So an address that is passed on says the same to whoever opens it, and can be cached. The
staff's desk and the account pages have one address each, and speak as the reader asked for.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language

# These have one address for all languages.
AS_ASKED_FOR = ("/admin/", "/accounts/", "/i18n/")

# Nothing but a cookie with the language is written, so that pages need no token for it: with one
# in every page, no two of them would be the same and none could be cached.
choose_language = csrf_exempt(set_language)


class LanguageMiddleware(LocaleMiddleware):
    def process_request(self, request: HttpRequest) -> None:
        language = translation.get_language_from_path(request.path_info)
        if language is None and request.path_info.startswith(AS_ASKED_FOR):
            language = translation.get_language_from_request(request)
        translation.activate(language or settings.LANGUAGE_CODE)
        request.LANGUAGE_CODE = translation.get_language()

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if request.path_info.startswith(AS_ASKED_FOR):
            patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", translation.get_language() or "")
        return response


def remembered_home(request: HttpRequest) -> HttpResponse | None:
    """Whoever comes from elsewhere to the bare address is led to the home page they can read.

    Not from a page of this site: who is there has a language, and may have changed it by hand.
    """
    if request.path_info != "/" or urlsplit(request.headers.get("referer", "")).netloc:
        return None
    language = translation.get_language_from_request(request)
    if language == settings.LANGUAGE_CODE:
        return None
    with translation.override(language):
        return HttpResponseRedirect(reverse("home"))
