"""Agreements and sectors as JSON. ``visible_to`` comes first in every chain."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.utils import timezone
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from agreements import references
from agreements.api import joins
from agreements.api.serializers import (
    AgreementDetailSerializer,
    AgreementSerializer,
    AgreementWithSources,
    SectorSerializer,
)
from agreements.filters import AgreementFilterSet, SectorFilterSet
from agreements.models import Agreement, Sector
from agreements.querysets import AgreementQuerySet
from common.api import BySlug, DetailView, KeysetPagination, ListView, ReadOnlyView

CHUNK = 500


class ByReference(KeysetPagination):
    ordering = "reference"
    position = references.PATTERN
    found = rf"[0-9]{references.PATTERN}"


class AsOf(ReadOnlyView):
    """Hands the day that was asked about to the serializer. Filter first."""

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "day": self.filterset.day}

    def day(self) -> str:
        """The day on which the rows stand as they are told to."""
        return (self.filterset.day or timezone.localdate()).isoformat()


class AgreementList(AsOf, ListView):
    """Agreements that the reader may see, by their references."""

    filterset_class = AgreementFilterSet
    serializer_class = AgreementSerializer
    pagination_class = ByReference

    def get_queryset(self) -> AgreementQuerySet:
        return joins.item(Agreement.objects.visible_to(self.request.user))

    def get_paginated_response(self, data: list[Any]) -> Response:
        answer = super().get_paginated_response(data)
        answer.data = {"as_of": self.day(), **answer.data}
        return answer


class AgreementDetail(DetailView):
    """One agreement with all that hangs on it."""

    address = "agreement-list"
    serializer_class = AgreementDetailSerializer
    lookup_field = "reference"

    def led_on(self) -> Agreement | None:
        visible = Agreement.objects.visible_to(self.request.user)
        return visible.once_at(self.kwargs["reference"]).first()

    def get_queryset(self) -> AgreementQuerySet:
        user = self.request.user
        return joins.detail(Agreement.objects.visible_to(user), user)


class AgreementExport(AsOf):
    """All that the same parameters list, with history and sources, as one document.

    `{"as_of": day, "agreements": [...], "count": number}`, one agreement a line. It is sent as it
    is read, so a document without its count was cut off on the way.
    """

    filterset_class = AgreementFilterSet
    serializer_class = AgreementWithSources

    def get_queryset(self) -> AgreementQuerySet:
        return joins.with_sources(Agreement.objects.visible_to(self.request.user))

    def get(self, request: Request) -> StreamingHttpResponse:
        found = self.filter_queryset(self.get_queryset()).order_by("reference")
        day = self.day()
        body = self.document(found, day) if request.method == "GET" else ()
        return StreamingHttpResponse(
            body,
            content_type="application/json",
            headers={"Content-Disposition": f'attachment; filename="agreements-{day}.json"'},
        )

    def document(self, found: QuerySet[Agreement], day: str) -> Iterator[bytes]:
        count = 0
        yield b'{"as_of":"%b","agreements":[' % day.encode()
        rows = found.iterator(chunk_size=CHUNK)
        while chunk := list(islice(rows, CHUNK)):
            data = self.get_serializer(chunk, many=True).data
            lines = b",\n".join(JSONRenderer().render(row) for row in data)
            yield (b",\n" if count else b"\n") + lines
            count += len(chunk)
        yield b'\n],"count":%d}\n' % count


class SectorList(ListView):
    """Fields of cooperation, by their slugs."""

    filterset_class = SectorFilterSet
    serializer_class = SectorSerializer
    pagination_class = BySlug

    def get_queryset(self) -> QuerySet[Sector]:
        return Sector.objects.prefetch_related("names")


class SectorDetail(DetailView):
    serializer_class = SectorSerializer
    lookup_field = "slug"

    def get_queryset(self) -> QuerySet[Sector]:
        return Sector.objects.prefetch_related("names")
