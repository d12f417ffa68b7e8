"""Rows for tests, made through the models' own doors: ``record``, ``move`` and ``publish``.

The cast has names, so that a test reads as a story: the places Qazvin, Khujand, Tajikistan and
Iran; governor Nozari and ambassador Zohidi; the staff Parvin (editor), Rustam (registrar) and
Aziza (auditor).
"""

import factory
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile

from agreements.lifecycle import ONCE_SIGNED, Status
from agreements.models import (
    Agreement,
    Approval,
    Citation,
    Document,
    Event,
    Initiative,
    Listing,
    Opening,
    Party,
    Relation,
    Sector,
    Signature,
    Source,
    TieImport,
)
from cities.models import (
    Appointment,
    Institution,
    Official,
    Place,
    PlaceIdentifier,
    PlaceName,
    Spelling,
)
from common.dates import PartialDate
from twinning.roles import ROLES, make_roles

THE_DAY = "2025-05-10"  # on which governor and ambassador met


def on(text: str | None) -> PartialDate | None:
    """A partial date, written shortly; None stays None."""
    return PartialDate.parse(text) if isinstance(text, str) else text


class ModelFactory(factory.django.DjangoModelFactory):
    class Meta:
        abstract = True
        skip_postgeneration_save = True


# --- Places and people --------------------------------------------------------------------


class PlaceFactory(ModelFactory):
    """A city that lies in no place on record."""

    class Meta:
        model = Place

    name = factory.Sequence(lambda n: f"Town {n}")
    level = "city"


class RegionFactory(PlaceFactory):
    name = factory.Sequence(lambda n: f"Region {n}")
    level = "region"


class CountryFactory(PlaceFactory):
    name = "Uzbekistan"
    level = "country"
    country_code = "UZ"


class PlaceNameFactory(ModelFactory):
    class Meta:
        model = PlaceName

    place = factory.SubFactory(PlaceFactory)
    text = factory.Sequence(lambda n: f"Ном {n}")
    language = "tg"
    script = "Cyrl"


class PlaceIdentifierFactory(ModelFactory):
    class Meta:
        model = PlaceIdentifier

    place = factory.SubFactory(PlaceFactory)
    scheme = "wikidata"
    value = factory.Sequence(lambda n: f"Q{n + 1}")


class InstitutionFactory(ModelFactory):
    class Meta:
        model = Institution

    name = factory.Sequence(lambda n: f"University {n}")
    kind = "university"
    place = factory.SubFactory(PlaceFactory)


class OfficialFactory(ModelFactory):
    class Meta:
        model = Official

    name = factory.Sequence(lambda n: f"Official {n}")


class SpellingFactory(ModelFactory):
    class Meta:
        model = Spelling

    official = factory.SubFactory(OfficialFactory)
    text = factory.Sequence(lambda n: f"Offical {n}")


class AppointmentFactory(ModelFactory):
    class Meta:
        model = Appointment

    official = factory.SubFactory(OfficialFactory)
    title = "Mayor"
    place = factory.SubFactory(PlaceFactory)


# --- Agreements ---------------------------------------------------------------------------


class SectorFactory(ModelFactory):
    class Meta:
        model = Sector

    name = factory.Sequence(lambda n: f"Sector {n}")
    slug = factory.Sequence(lambda n: f"sector-{n}")


class SourceFactory(ModelFactory):
    class Meta:
        model = Source

    publisher = "Asia-Plus"
    title = factory.Sequence(lambda n: f"Headline {n}")
    url = "https://example.org/article"
    kind = "press"


class AgreementFactory(ModelFactory):
    """An agreement that opens at ``status`` on ``happened_on``, between two new cities.

    ``parties`` are Places in order, ``sources`` Sources that the opening cites. ``public=True``
    publishes it, with a source where one is needed. Dates may be given as text.
    """

    class Meta:
        model = Agreement

    kind = "sister_city"

    @classmethod
    def _create(
        cls,
        model,
        *,
        status=Status.PROPOSED,
        happened_on=THE_DAY,
        on_record_by=None,
        end_reason=None,
        parties=None,
        sources=(),
        public=False,
        by=None,
        **fields,
    ):
        if public and status in ONCE_SIGNED and not sources:
            sources = [SourceFactory()]
        opening = Opening(
            status=status,
            happened_on=None if on_record_by else on(happened_on),
            on_record_by=on(on_record_by),
            end_reason=("terminated" if end_reason is None and status == "ended" else end_reason)
            or "",
            by=by,
            citations=[(source, "") for source in sources],
        )
        if parties is None:
            parties = PlaceFactory.create_batch(2)
        agreement = model.record(opening=opening, parties=parties, **fields)
        if public:
            agreement.publish(by=None)
        return agreement


class PartyFactory(ModelFactory):
    class Meta:
        model = Party

    agreement = factory.SubFactory(AgreementFactory)
    place = factory.SubFactory(PlaceFactory)
    position = 3


def first_party(row) -> Party:
    return row.agreement.parties.first()


class ApprovalFactory(ModelFactory):
    class Meta:
        model = Approval

    agreement = factory.SubFactory(AgreementFactory)
    party = factory.LazyAttribute(first_party)
    body = "City council"


class SignatureFactory(ModelFactory):
    class Meta:
        model = Signature

    agreement = factory.SubFactory(AgreementFactory)
    party = factory.LazyAttribute(first_party)
    office = "Mayor"


class InitiativeFactory(ModelFactory):
    class Meta:
        model = Initiative

    agreement = factory.SubFactory(AgreementFactory)
    title = factory.Sequence(lambda n: f"Initiative {n}")


class EventFactory(ModelFactory):
    """``agreements`` and ``participants`` are lists; with none, an event of one new agreement."""

    class Meta:
        model = Event

    title = factory.Sequence(lambda n: f"Meeting {n}")
    kind = "meeting"

    @factory.post_generation
    def agreements(self, create, chosen):
        self.agreements.set([AgreementFactory()] if chosen is None else chosen)

    @factory.post_generation
    def participants(self, create, chosen):
        self.participants.set(chosen or ())


class DocumentFactory(ModelFactory):
    """A link; ``DocumentFactory(file=a_file())`` is a text on file."""

    class Meta:
        model = Document

    agreement = factory.SubFactory(AgreementFactory)
    title = "Agreement"
    language = "en"
    url = "https://example.org/agreement.pdf"


def a_file(content: bytes = b"the text", name: str = "scan of mine.txt") -> ContentFile:
    return ContentFile(content, name=name)


class CitationFactory(ModelFactory):
    class Meta:
        model = Citation

    source = factory.SubFactory(SourceFactory)
    agreement = factory.SubFactory(AgreementFactory)


class TieImportFactory(ModelFactory):
    """A list of 2016 that was read in."""

    class Meta:
        model = TieImport

    source = factory.SubFactory(SourceFactory, kind="register", publisher="Wikidata")
    listed_on = PartialDate.parse("2016")
    file_name = "ties.csv"
    sha256 = "0" * 64


class ListingFactory(ModelFactory):
    """A row of that list; ``listed_by=place`` makes it the claim of one side."""

    class Meta:
        model = Listing

    citation = factory.SubFactory(CitationFactory, source__kind="register")
    run = factory.SubFactory(TieImportFactory, source=factory.SelfAttribute("..citation.source"))
    row = factory.Sequence(lambda n: n + 1)
    key = factory.Sequence(lambda n: f"Q{n + 1} Q{n + 2}")
    sides = factory.LazyAttribute(lambda row: "one" if row.listed_by else "unknown")
    listed_by = None
    first_listed_on = PartialDate.parse("2016")
    last_listed_on = PartialDate.parse("2016")


class RelationFactory(ModelFactory):
    class Meta:
        model = Relation

    from_agreement = factory.SubFactory(AgreementFactory)
    to_agreement = factory.SubFactory(AgreementFactory)
    kind = "renews"


# --- Staff --------------------------------------------------------------------------------


class UserFactory(ModelFactory):
    """Somebody with an account and no role."""

    class Meta:
        model = get_user_model()

    username = factory.Sequence(lambda n: f"reader-{n}")


class AdministratorFactory(UserFactory):
    username = factory.Sequence(lambda n: f"administrator-{n}")
    is_staff = True
    is_superuser = True


STAFF = {"editor": "parvin", "registrar": "rustam", "auditor": "aziza"}


def staff(role: str, **fields):
    """The one of the staff who has this role."""
    if Group.objects.filter(name__in=ROLES).count() < len(ROLES):
        make_roles()
    user = UserFactory(**{"username": STAFF[role], "is_staff": True, **fields})
    user.groups.add(Group.objects.get(name=role))
    return user


# --- The cast -----------------------------------------------------------------------------


def the_place(slug: str, **fields) -> Place:
    return Place.objects.filter(slug=slug).first() or PlaceFactory(slug=slug, **fields)


def iran() -> Place:
    return the_place("iran", name="Iran", level="country", country_code="IR")


def tajikistan() -> Place:
    return the_place("tajikistan", name="Tajikistan", level="country", country_code="TJ")


def qazvin() -> Place:
    return the_place("qazvin", name="Qazvin", parent=iran(), country_code="IR")


def khujand() -> Place:
    """With the names that history and its neighbours gave it."""
    if found := Place.objects.filter(slug="khujand").first():
        return found
    made = the_place("khujand", name="Khujand", parent=tajikistan(), country_code="TJ")
    for text, language, script, kind, *years in (
        ("Хуҷанд", "tg", "Cyrl", "official"),
        ("Худжанд", "ru", "Cyrl", "official"),
        ("خجند", "fa", "Arab", "official"),
        ("Leninabad", "ru", "Latn", "former", "1936", "1991"),
    ):
        span = dict(zip(("used_from", "used_to"), map(on, years), strict=False))
        PlaceNameFactory(place=made, text=text, language=language, script=script, kind=kind, **span)
    PlaceIdentifierFactory(place=made, value="Q373808")
    return made


def nozari() -> Official:
    """Governor; one article spells him in two ways."""
    official = OfficialFactory(name="Mohammad Nozari", slug="mohammad-nozari")
    SpellingFactory(official=official, text="Mohammad Nowzari")
    AppointmentFactory(official=official, title="Governor", place=qazvin())
    return official


def zohidi() -> Official:
    official = OfficialFactory(name="Nizomiddin Zohidi", slug="nizomiddin-zohidi")
    AppointmentFactory(
        official=official, title="Ambassador", place=tajikistan(), accredited_to=iran()
    )
    return official
