"""What every address of the API shares: strict parameters, paging by keyset, errors as JSON."""

import binascii
import re
from base64 import b64decode
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import NotFound, ParseError, ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from common.filters import GIVEN_TWICE, StrictFilterSet

BAD_PAGE_SIZE = _("Write a whole number from 1 to %(most)d.")
BAD_CURSOR = _("This is no cursor of this list. Take it from “next” or “previous”, as it is.")
MERGED = _("This record was merged with another, which is at the address given.")

SLUG = r"[-a-zA-Z0-9_]{1,80}"


class ReadOnlySession(SessionAuthentication):
    """Whoever is signed in to the site is known here too."""

    def enforce_csrf(self, request: Request) -> None:
        """Nothing is written here: whoever tries is told 405, and needs no token for that."""


class NothingAsked(StrictFilterSet):
    """For addresses that know no parameter: any that is given is refused by its name."""


class Addresses(dict[str, str]):
    """The absolute address of each list by the name of its URL, worked out once a request."""

    def __init__(self, request: HttpRequest | Request) -> None:
        super().__init__()
        self.request = request

    def __missing__(self, name: str) -> str:
        self[name] = self.request.build_absolute_uri(reverse(name))
        return self[name]

    def of(self, name: str, key: str) -> str:
        """The address of one row, which lies beneath that of its list."""
        return f"{self[name]}{key}/"


class ReadOnlyView(GenericAPIView):
    """A base for what is read. Parameters that are bad or unknown get 400 `{name: [message]}`.

    What a view shows it takes from `filter_queryset(get_queryset())`, and `get_queryset` begins
    with `visible_to(self.request.user)` wherever a row can be internal.
    """

    authentication_classes = (ReadOnlySession,)
    filterset_class: type[StrictFilterSet] = NothingAsked
    filterset: StrictFilterSet
    # Parameters of the address that are not the filter's: those of paging.
    passed_over: frozenset[str] = frozenset()

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        self.filterset = self.filterset_class(
            self.request.query_params,
            queryset,
            request=self.request,
            passed_over=self.passed_over,
        )
        if refused := self.filterset.errors:
            raise ValidationError({name: list(messages) for name, messages in refused.items()})
        return self.filterset.qs

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "addresses": Addresses(self.request)}

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, Http404):
            # Django's words would name the model; what is internal and what never was sound alike.
            exc = NotFound()
        elif isinstance(exc, SuspiciousOperation):
            exc = ParseError(_("The request cannot be read."))
        return super().handle_exception(exc)


class ListView(ReadOnlyView):
    passed_over = frozenset({"cursor", "page_size"})

    def get(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class DetailView(ReadOnlyView):
    """One row; 301 with `{detail, url}` where it was merged with another."""

    address: str

    def get(self, request: Request, **kwargs: str) -> Response:
        try:
            row = self.get_object()
        except Http404:
            kept = self.led_on()
            if kept is None:
                raise
            url = Addresses(request).of(f"api-{self.address}", getattr(kept, self.lookup_field))
            said = {"detail": MERGED, "url": url}
            return Response(said, status=301, headers={"Location": url})
        return Response(self.get_serializer(row).data)

    def led_on(self) -> Any | None:
        """The row that the one asked for was merged with, if the reader may know of it."""
        return None


class KeysetPagination(CursorPagination):
    """Pages that start after a value of a unique column, so that each costs what the first does.

    `ordering` names the column and `position` the form of its values, a regular expression. A
    cursor that says anything else is refused before the database is asked. What was searched for
    comes best first: then the column is the queryset's own `line`, and `found` the form.
    """

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    position: str
    found: str

    def paginate_queryset(
        self, queryset: Any, request: Request, view: Any = None
    ) -> list[Any] | None:
        if "rank" not in queryset.query.annotations:
            return super().paginate_queryset(queryset, request, view)
        self.ordering, self.position = "line", self.found
        # Keys alone at first: all else that a row shows would be worked out before sorting.
        line = queryset.in_line().prefetch_related(None).values("pk", "line")
        keys = [key["pk"] for key in super().paginate_queryset(line, request, view) or ()]
        rows = {row.pk: row for row in view.get_queryset().filter(pk__in=keys)}
        return [rows[key] for key in keys if key in rows]

    def get_page_size(self, request: Request) -> int:
        asked = given_once(request, "page_size")
        if not asked:
            return self.page_size
        if not re.fullmatch(r"[0-9]{1,3}", asked) or not 1 <= int(asked) <= self.max_page_size:
            raise ValidationError({"page_size": [BAD_PAGE_SIZE % {"most": self.max_page_size}]})
        return int(asked)

    def decode_cursor(self, request: Request) -> Cursor | None:
        asked = given_once(request, "cursor")
        if not asked:
            return None
        try:
            text = b64decode(asked.encode("ascii"), validate=True).decode("ascii")
        except (UnicodeError, binascii.Error):
            text = ""
        found = re.fullmatch(rf"(r=1&)?p=({self.position})", text)
        if found is None:
            raise ValidationError({"cursor": [BAD_CURSOR]})
        return Cursor(offset=0, reverse=bool(found[1]), position=found[2])  # type: ignore[arg-type]


class BySlug(KeysetPagination):
    ordering = "slug"
    position = SLUG
    found = r"[0-9][-a-zA-Z0-9_]{1,90}"


def given_once(request: Request, name: str) -> str:
    """The parameter's one value, or an empty text."""
    values = [value for value in request.query_params.getlist(name) if value]
    if len(values) > 1:
        raise ValidationError({name: [GIVEN_TWICE % {"number": len(values)}]})
    return values[0] if values else ""


class Linked(serializers.Serializer):
    """Rows with `url`, their address in the API, and `page`, their page on the site.

    `address` is the name that both lists' URLs share: `place-list`, and `api-place-list`.
    """

    address: str
    key = "slug"

    url = serializers.SerializerMethodField()
    page = serializers.SerializerMethodField()

    def get_url(self, row: Any) -> str:
        return self._address_of(row, f"api-{self.address}")

    def get_page(self, row: Any) -> str:
        return self._address_of(row, self.address)

    def _address_of(self, row: Any, name: str) -> str:
        return self.context["addresses"].of(name, getattr(row, self.key))


def known_by(attribute: str, **options: Any) -> serializers.Field:
    """A field that names a related row by the one word it is known by, or null."""
    return serializers.SlugRelatedField(attribute, read_only=True, **options)
