"""What happened, step by step, as JSON. ``visible_to`` comes first in every chain."""

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request

from agreements import references
from agreements.api import joins
from agreements.api.serializers import StepSerializer
from agreements.filters_steps import StepFilterSet
from agreements.models import Agreement, Citation, Source, StatusChange
from agreements.models.history import StatusChangeQuerySet
from common.api import KeysetPagination, Linked, ListView


class AgreementRef(Linked):
    """As much of an agreement as a step says of it."""

    address = "agreement-list"
    key = "reference"

    reference = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField()
    parties = serializers.SerializerMethodField()
    visibility = serializers.CharField()

    def get_parties(self, agreement: Agreement) -> list[str]:
        return [party.place.slug for party in agreement.parties.all()]


class SourceRef(serializers.ModelSerializer):
    class Meta:
        model = Source
        fields = ("key", "publisher", "title", "url", "published_on", "language")


class CitedSerializer(serializers.ModelSerializer):
    """A source of this step, and what it says of it."""

    source = SourceRef()  # type: ignore[assignment]  # a field here, an attribute there

    class Meta:
        model = Citation
        fields = ("source", "says")

    def to_representation(self, citation: Citation) -> dict[str, Any]:
        told = super().to_representation(citation)
        return {**told.pop("source"), **told}


class HappenedSerializer(StepSerializer):
    """A step and the agreement that it is a step of."""

    agreement = AgreementRef()
    sources = CitedSerializer(source="citations", many=True)  # type: ignore[assignment]

    class Meta(StepSerializer.Meta):
        fields = ("agreement", *StepSerializer.Meta.fields)  # type: ignore[assignment]


class ByDay(KeysetPagination):
    """The latest first; those of an unknown day come last."""

    ordering = "-line"
    position = rf"[01][0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}{references.PATTERN}[0-9]{{5}}"

    def paginate_queryset(
        self, queryset: Any, request: Request, view: Any = None
    ) -> list[Any] | None:
        # Keys alone at first, for they are sorted; what a row shows is asked of one page.
        lines = queryset.in_line().prefetch_related(None).select_related(None)
        keys = super().paginate_queryset(lines.values("pk", "line"), request, view) or []
        rows = view.get_queryset().in_bulk([key["pk"] for key in keys])
        return [rows[key["pk"]] for key in keys if key["pk"] in rows]


class StepList(ListView):
    """Steps that the reader may see, the latest first."""

    filterset_class = StepFilterSet
    serializer_class = HappenedSerializer
    pagination_class = ByDay

    def get_queryset(self) -> StatusChangeQuerySet:
        return joins.happened(StatusChange.objects.visible_to(self.request.user))
