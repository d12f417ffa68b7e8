"""What anybody may read is sent compressed; what is for one person goes as it is.

In a page that holds both something secret and a word out of its own address, the compressed size
gives the secret away letter by letter, TLS or not. Readers who are not signed in are shown nothing
secret. Pictures and documents are left alone: they are compressed already, or know their length.
"""

from django.conf import settings
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

WORDS = ("text/", "application/json", "application/atom+xml", "application/xml", "image/svg+xml")


class CompressionMiddleware(GZipMiddleware):
    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        is_for_anybody = settings.SESSION_COOKIE_NAME not in request.COOKIES
        is_words = response.headers.get("Content-Type", "").startswith(WORDS)
        if is_for_anybody and is_words and not isinstance(response, FileResponse):
            return super().process_response(request, response)
        return response
