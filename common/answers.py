"""Answers that anybody may keep for a while: feeds, calendars, badges, pictures, embeds."""

from hashlib import sha256

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

# Seconds. What is unpublished is gone from every cache that keeps to this soon after.
KEPT_FOR = 300


def etag_of(*parts: str | bytes) -> str:
    digest = sha256()
    for part in parts:
        digest.update(part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part)
        digest.update(b"\0")
    return f'"{digest.hexdigest()}"'


def same_as_before(request: HttpRequest, etag: str) -> HttpResponseBase | None:
    """304 where whoever asks has this very answer, before it is made again; else None."""
    found = get_conditional_response(request, etag=etag)
    return kept(found, etag) if found is not None and found.status_code == 304 else None


def lasting(
    request: HttpRequest, body: str | bytes, content_type: str, etag: str = ""
) -> HttpResponseBase:
    """The answer with its ETag, made of the body where none is given; 304 where it is known."""
    etag = etag or etag_of(body)
    response = HttpResponse(body, content_type=content_type)
    kept(response, etag)
    return get_conditional_response(request, etag=etag, response=response) or response


def kept(response: HttpResponseBase, etag: str) -> HttpResponseBase:
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={KEPT_FOR}"
    return response


def from_anywhere(response: HttpResponseBase) -> HttpResponseBase:
    """Pages of other sites may show it, as they show a picture of their own."""
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
