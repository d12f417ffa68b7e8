"""Every address of the site, found by walking the resolver, and a world to fill its blanks."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from agreements.models import Agreement, Document, TieImport
from cities.models import DistinctPair
from tests.desk_factories import ClerkshipFactory, RequestFactory, SuggestionFactory
from tests.factories import (
    AgreementFactory,
    ApprovalFactory,
    CitationFactory,
    DocumentFactory,
    EventFactory,
    InitiativeFactory,
    InstitutionFactory,
    RelationFactory,
    SectorFactory,
    SignatureFactory,
    SourceFactory,
    TieImportFactory,
    UserFactory,
    a_file,
    khujand,
    nozari,
    on,
    qazvin,
    zohidi,
)

# What others keep up with, of a part of the register: `place-feed`, `agreement-badge` …
KEPT_UP = ("feed", "calendar", "embed", "badge", "picture")
# Pages of one agreement, beside those of every record.
ONE_OF = ("preview", "verify", "undo")


def walk(patterns=None, namespace: str = "", route: str = "") -> Iterator[str]:
    """The name of every pattern with its namespace; its route where it has no name."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from walk(pattern.url_patterns, inner, here)
        else:
            yield f"{namespace}{pattern.name}" if pattern.name else here


@dataclass
class World:
    """A little of everything: a public agreement and an internal one, and what hangs on them."""

    public: Agreement
    internal: Agreement
    rows: dict

    def address(self, name: str, agreement: Agreement | None = None) -> str:
        """The address of this name for the agreement, the public one if none is given."""
        if name == "api-nowhere":
            return "/api/v1/nowhere/"
        if "/" in name:
            return f"/{name}".replace("<path:object_id>", "1").replace("(?P<url>.*)$", "nowhere/")
        return reverse(name, kwargs=self.blanks(name, agreement or self.public))

    def blanks(self, name: str, agreement: Agreement) -> dict:
        """The values for the blanks of the pattern of this name."""
        model = name.removeprefix("admin:").rsplit("_", 1)[0]
        if name.endswith(("_change", "_history", "_delete")) and model in self.rows:
            return {"object_id": self.rows[model].pk}
        if model == "agreements_tieimport" and not name.endswith(("_changelist", "_add")):
            return {"pk": self.rows["waiting"].pk}
        if name.endswith("_import_preview"):
            return {"token": "nobody-brought-this"}
        kind, _dash, what = name.partition("-")
        if what in KEPT_UP and kind != "register":
            return {"key": self.key_of(kind, agreement)}
        asked = {"pk": self.public.pk, "key": self.rows["asked"].pk}
        low, high = sorted(party.place_id for party in self.public.parties.all())
        blanks = {
            "django.contrib.sitemaps.views.sitemap": {"section": "agreements"},
            "place-detail": {"slug": "khujand"},
            "place-finder": {"slug": "khujand"},
            "place-report": {"slug": "khujand", "year": 2026},
            "admin-report": {"slug": "khujand", "year": 2026},
            "official-detail": {"slug": "mohammad-nozari"},
            "sector-detail": {"slug": "culture"},
            "agreement-detail": {"reference": agreement.reference},
            "document-file": self.file_of(agreement) if name == "document-file" else {},
            "account_reset_password_from_key": {"uidb36": "1", "key": "nobody-sent-this"},
            "mfa_edit_webauthn": {"pk": 1},
            "mfa_remove_webauthn": {"pk": 1},
            "admin:auth_user_password_change": {"id": self.rows["auth_user"].pk},
            "admin:auth_user_second_factor": {"pk": self.rows["auth_user"].pk},
            "admin:cities_distinctpair_pair": {"kind": "places", "low": low, "high": high},
            "calendar": {"secret": "nobody-made-this"},
            "admin:app_list": {"app_label": "agreements"},
            "admin:agreements_agreement_move": {"pk": agreement.pk, "move": "suspend"},
            "admin:agreements_agreement_publish": {"pk": agreement.pk},
            "admin:agreements_agreement_unpublish": {"pk": agreement.pk},
            **{f"admin:agreements_agreement_{page}": {"pk": agreement.pk} for page in ONE_OF},
            "admin:agreements_agreement_ask": {"pk": agreement.pk, "act": "suspend"},
            "admin:agreements_agreement_decline": asked,
            "admin:agreements_agreement_take_back": asked,
            "admin:agreements_agreement_byparty": {"pk": agreement.pk},
            "admin:view_on_site": {
                "content_type_id": ContentType.objects.get_for_model(Agreement).pk,
                "object_id": agreement.pk,
            },
        }
        return blanks.get(name.removeprefix("api-"), {})

    def key_of(self, kind: str, agreement: Agreement) -> str:
        keys = {"place": "khujand", "country": "TJ", "sector": "culture"}
        return keys.get(kind, agreement.reference)

    def file_of(self, agreement: Agreement) -> dict:
        document = Document.objects.exclude(file="").get(agreement=agreement)
        return {"reference": agreement.reference, "checksum": document.sha256}


def make_world() -> World:
    places = {"qazvin": qazvin(), "khujand": khujand()}
    people = [nozari(), zohidi()]
    sector = SectorFactory(name="Culture", slug="culture")
    institution = InstitutionFactory(place=places["khujand"])
    source = SourceFactory(title="A source of the public agreement")
    public = AgreementFactory(
        status="signed", parties=list(places.values()), sectors=[sector], sources=[source]
    )
    public.publish(by=None)
    event = EventFactory(agreements=[public], participants=people, place=places["qazvin"])
    rows = {
        "auth_user": UserFactory(),
        "auth_group": Group.objects.get_or_create(name="editor")[0],
        "cities_place": places["khujand"],
        "cities_official": people[0],
        "cities_institution": institution,
        "agreements_agreement": public,
        "agreements_sector": sector,
        "agreements_source": source,
        "agreements_event": event,
        "cities_distinctpair": told_apart(places["qazvin"], places["khujand"]),
        "agreements_tieimport": TieImportFactory(committed_at=timezone.now()),
        "waiting": a_waiting_list(),
        "asked": RequestFactory(agreement=public),
        "cities_clerkship": ClerkshipFactory(place=places["khujand"]),
        "agreements_suggestion": SuggestionFactory(place=places["khujand"]),
    }
    DocumentFactory(agreement=public, file=a_file(b"public text"))
    return World(public, make_internal(public, rows), rows)


def a_waiting_list() -> TieImport:
    """Somebody brought it, and did not confirm it yet."""
    content = ContentFile(b"a_wikidata,b_name,b_country\nQ373808,Nowhere,IR\n")
    run = TieImportFactory(listed_on=on("2024"))
    run.file.save("waiting", content)
    return run


def told_apart(one, other) -> DistinctPair:
    return DistinctPair.objects.tell_apart(one, other, by=None, reason="Far apart.")


def make_internal(public: Agreement, rows: dict) -> Agreement:
    """An internal agreement that touches everything public that it can."""
    canary = "Canary"
    agreement = AgreementFactory(
        status="signed",
        happened_on="2026-01",
        parties=[party.place for party in public.parties.all()],
        sectors=[rows["agreements_sector"]],
        title=f"{canary} title",
        summary=f"{canary} summary",
        internal_note=f"{canary} note",
        local_term=f"{canary} term",
        starts_on=on("2026-02-01"),
        expires_on=on("2099-05-01"),
        notice_by=on("2099-01"),
    )
    step = agreement.steps.get()
    source = SourceFactory(title=f"{canary} headline", publisher=canary)
    approval = ApprovalFactory(agreement=agreement, body=f"{canary} council", note=canary)
    SignatureFactory(agreement=agreement, official=rows["cities_official"], office=canary)
    promise = {"title": f"{canary} promise", "sector": rows["agreements_sector"]}
    promise["due_on"] = on("2099-03-01")
    InitiativeFactory(agreement=agreement, **promise).institutions.add(rows["cities_institution"])
    DocumentFactory(agreement=agreement, title=canary, file=a_file(b"internal text"))
    CitationFactory(agreement=agreement, source=source, step=step, says=canary)
    CitationFactory(agreement=agreement, source=source, approval=approval, says=canary)
    RelationFactory(from_agreement=agreement, to_agreement=public)
    RelationFactory(from_agreement=public, to_agreement=agreement, kind="replaces")
    EventFactory(
        title=f"{canary} meeting",
        happened_on=on(str(timezone.localdate())),
        agreements=[agreement],
        participants=[rows["cities_official"]],
        place=rows["cities_place"],
    )
    rows["agreements_event"].agreements.add(agreement)
    CitationFactory(agreement=agreement, source=source, event=rows["agreements_event"], says=canary)
    CitationFactory(agreement=agreement, source=rows["agreements_source"], says=canary)
    path = agreement.get_absolute_url()
    SuggestionFactory(agreement=agreement, path=path, text=f"{canary} is wrong", name=canary)
    SuggestionFactory(
        place=rows["cities_place"], text=f"{canary} {agreement.reference}", source=canary
    )
    return agreement
