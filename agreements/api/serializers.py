"""The shapes of agreements and sectors as JSON.

Dates are the partial text that is known (`2025`, `2025-05`, `2025-05-10`). An empty text is `""`;
a date or row that is not known is null. Left out for everybody: numbers of the database, versions,
internal notes, the names of staff, and the time of the last edit, which would tell of edits to
what is internal. `visibility` is `public` in all that the public can see.
"""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from rest_framework import serializers

from agreements.imports.columns import CANONICAL
from agreements.models import (
    Agreement,
    Approval,
    Citation,
    Document,
    Event,
    Initiative,
    Listing,
    Party,
    Relation,
    Sector,
    Signature,
    StatusChange,
)
from agreements.rows import row
from cities.api import OfficialRef, PlaceRef
from cities.models import Institution
from common.api import Linked, known_by


class SectorSerializer(serializers.ModelSerializer, Linked):
    """`name` is in English; `names` those in other languages, by their ISO 639 codes."""

    address = "sector-list"

    names = serializers.SerializerMethodField()

    class Meta:
        model = Sector
        fields = ("slug", "url", "page", "name", "names", "description")

    def get_names(self, sector: Sector) -> dict[str, str]:
        return {name.language: name.text for name in sector.names.all()}


class PartySerializer(serializers.ModelSerializer):
    """`place` is the slug; `name` today's name, `name_then` the one that the text uses."""

    place = serializers.CharField(source="place.slug")
    url = serializers.SerializerMethodField()
    name = serializers.CharField(source="place.name")
    level = serializers.CharField(source="place.level")
    country_code = serializers.CharField(source="place.country_code")
    wikidata = serializers.SerializerMethodField()

    class Meta:
        model = Party
        fields = ("place", "url", "name", "name_then", "level", "country_code", "wikidata")

    def get_url(self, party: Party) -> str:
        return self.context["addresses"].of("api-place-list", party.place.slug)

    def get_wikidata(self, party: Party) -> str | None:
        return party.place.wikidata or None


class AgreementSerializer(serializers.ModelSerializer, Linked):
    """What lists show. `status`, `status_since` and `in_force` are those on the day `as_of`.

    That is the day asked about, else today. All the rest is as known today. `claimed_by` is the
    party whose side alone lists it, where nothing else says so.
    """

    address = "agreement-list"
    key = "reference"

    name = serializers.CharField()
    as_of = serializers.SerializerMethodField()
    status = serializers.CharField(source="stands.status")
    status_since = serializers.CharField(source="stands.step.happened_on", allow_null=True)
    in_force = serializers.BooleanField(source="stands.in_force")
    evidence = serializers.CharField(source="stands.evidence")
    claimed_by = known_by("slug", source="stands.claimed_by")
    parties = PartySerializer(many=True)
    sectors = known_by("slug", many=True)

    class Meta:
        model = Agreement
        fields: tuple[str, ...] = (
            "reference",
            "url",
            "page",
            "name",
            "title",
            "kind",
            "local_term",
            "local_term_language",
            "as_of",
            "status",
            "status_since",
            "in_force",
            "evidence",
            "claimed_by",
            "starts_on",
            "expires_on",
            "notice_by",
            "renewal",
            "parties",
            "sectors",
            "visibility",
        )

    def to_representation(self, agreement: Agreement) -> dict:
        agreement.stands = row(agreement, self.context.get("day"))  # type: ignore[attr-defined]
        return super().to_representation(agreement)

    def get_as_of(self, agreement: Agreement) -> str:
        return (self.context.get("day") or timezone.localdate()).isoformat()


class StepSerializer(serializers.ModelSerializer):
    """One step. `counts_from` is the day from which `as_of` counts it; `sources` are their keys."""

    acted_by = PlaceRef()
    counts_from = serializers.DateField(source="effective_from")
    sources = serializers.SerializerMethodField()

    class Meta:
        model = StatusChange
        fields = (
            "sequence",
            "move",
            "from_status",
            "to_status",
            "happened_on",
            "on_record_by",
            "counts_from",
            "end_reason",
            "acted_by",
            "note",
            "recorded_at",
            "sources",
        )

    def get_sources(self, step: StatusChange) -> list[str]:
        citations = step.agreement.citations.all()
        return [cited.source.key for cited in citations if cited.step_id == step.pk]


class ListingSerializer(serializers.ModelSerializer):
    """The row of a list. `row` is its number in the list as it stood at `state`.

    `sides` is both, one or unknown; `listed_by` the one. `stated` holds the cells as they stood.
    """

    state = serializers.CharField(source="run.listed_on")
    listed_by = known_by("slug")
    stated = serializers.SerializerMethodField()
    first_listed_on = serializers.CharField()
    last_listed_on = serializers.CharField()
    gone_since = serializers.CharField(allow_null=True)

    class Meta:
        model = Listing
        fields = (
            "row",
            "state",
            "sides",
            "listed_by",
            "first_listed_on",
            "last_listed_on",
            "gone_since",
            "contradicts",
            "stated",
        )

    def get_stated(self, listing: Listing) -> dict[str, str]:
        """The columns that were read alone: what else stood in a file was nobody's to publish."""
        return {name: text for name, text in listing.stated.items() if name in CANONICAL}


class CitationSerializer(serializers.ModelSerializer):
    """What a source says. `about` is agreement, step, approval or event.

    Then `step` is its sequence, `approval` its body or `event` its title; the others are null.
    `listing` is the row of the list, where the source is one that was read in.
    """

    key = serializers.CharField(source="source.key")
    publisher = serializers.CharField(source="source.publisher")
    title = serializers.CharField(source="source.title")
    url = serializers.CharField(source="source.url")
    published_on = serializers.CharField(source="source.published_on", allow_null=True)
    language = serializers.CharField(source="source.language")
    kind = serializers.CharField(source="source.kind")
    speaks_for = known_by("slug", source="source.speaks_for")
    about = serializers.SerializerMethodField()
    step = known_by("sequence")
    approval = known_by("body")
    event = known_by("title")
    listing = ListingSerializer(allow_null=True)

    class Meta:
        model = Citation
        fields = (
            "key",
            "publisher",
            "title",
            "url",
            "published_on",
            "language",
            "kind",
            "speaks_for",
            "says",
            "about",
            "step",
            "approval",
            "event",
            "listing",
        )

    def get_about(self, citation: Citation) -> str:
        subjects = ("step", "approval", "event")
        return next((name for name in subjects if getattr(citation, f"{name}_id")), "agreement")


class AgreementWithSources(AgreementSerializer):
    """What the export shows."""

    history = StepSerializer(source="steps", many=True)
    sources = CitationSerializer(source="citations", many=True)

    class Meta(AgreementSerializer.Meta):
        fields = (*AgreementSerializer.Meta.fields, "summary", "history", "sources")


class ApprovalSerializer(serializers.ModelSerializer):
    party = PlaceRef(source="party.place")

    class Meta:
        model = Approval
        fields = ("party", "body", "outcome", "decided_on", "note")


class SignatureSerializer(serializers.ModelSerializer):
    party = PlaceRef(source="party.place")
    official = OfficialRef()
    signed_in = PlaceRef()

    class Meta:
        model = Signature
        fields = ("party", "official", "office", "signed_on", "signed_in", "manner")


class InstitutionRef(serializers.ModelSerializer):
    place = PlaceRef()

    class Meta:
        model = Institution
        fields = ("name", "kind", "place", "website")


class InitiativeSerializer(serializers.ModelSerializer):
    sector = known_by("slug")
    institutions = InstitutionRef(many=True)

    class Meta:
        model = Initiative
        fields = (
            *("title", "sector", "description", "state"),
            *("due_on", "delivered_on", "institutions"),
        )


class EventSerializer(serializers.ModelSerializer):
    """Without its other agreements: they may be internal."""

    place = PlaceRef()
    participants = OfficialRef(many=True)

    class Meta:
        model = Event
        fields = ("title", "kind", "happened_on", "place", "description", "participants")


class DocumentSerializer(serializers.ModelSerializer):
    """`file` is where the register's own copy is to be had, `sha256` its checksum."""

    file = serializers.SerializerMethodField()

    class Meta:
        model = Document
        fields = ("title", "language", "file", "url", "sha256")

    def get_file(self, document: Document) -> str | None:
        if not document.file:
            return None
        path = reverse("document-file", args=[document.agreement.reference, document.sha256])
        return self.context["request"].build_absolute_uri(path)


class RelationSerializer(serializers.ModelSerializer):
    """Read it aloud: `from_agreement` renews `to_agreement`."""

    from_agreement = known_by("reference")
    to_agreement = known_by("reference")

    class Meta:
        model = Relation
        fields = ("from_agreement", "kind", "to_agreement")


class AgreementDetailSerializer(AgreementWithSources):
    approvals = ApprovalSerializer(many=True)
    signatures = SignatureSerializer(many=True)
    initiatives = InitiativeSerializer(many=True)
    events = EventSerializer(many=True)
    documents = DocumentSerializer(many=True)
    relations = serializers.SerializerMethodField()

    class Meta(AgreementWithSources.Meta):
        fields = (
            *AgreementWithSources.Meta.fields,
            "approvals",
            "signatures",
            "initiatives",
            "events",
            "documents",
            "relations",
        )

    def get_relations(self, agreement: Agreement) -> Any:
        both = [*agreement.relations.all(), *agreement.related_from.all()]
        return RelationSerializer(both, many=True, context=self.context).data
