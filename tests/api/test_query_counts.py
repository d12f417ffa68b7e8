"""As many queries for thirty rows as for three, each of them named."""

import pytest

from tests.factories import (
    AgreementFactory,
    AppointmentFactory,
    ApprovalFactory,
    CitationFactory,
    EventFactory,
    InitiativeFactory,
    InstitutionFactory,
    ListingFactory,
    OfficialFactory,
    PlaceFactory,
    PlaceIdentifierFactory,
    PlaceNameFactory,
    RelationFactory,
    SectorFactory,
    SignatureFactory,
    SourceFactory,
    SpellingFactory,
)

pytestmark = pytest.mark.django_db

LIST = ("agreements", "parties", "places", "identifiers", "sectors", "steps")
EXPORT = (*LIST, "citations")
STEPS = ("keys", "steps", "agreements", "parties", "places", "identifiers", "sectors", "citations")
DETAIL = (
    *EXPORT,
    "approvals",
    "signatures",
    "initiatives",
    "institutions",
    "events",
    "participants",
    "documents",
    "relations",
    "related from",
)


def public_place():
    place = PlaceFactory(parent=None)
    PlaceIdentifierFactory(place=place)
    PlaceNameFactory(place=place)
    return place


def ties(number: int) -> None:
    for _ in range(number):
        parties = [public_place(), public_place(), public_place()]
        sources = [SourceFactory(speaks_for=parties[0]), SourceFactory()]
        tie = AgreementFactory(
            status="signed",
            parties=parties,
            sectors=SectorFactory.create_batch(2),
            sources=sources,
            public=True,
        )
        ListingFactory(citation__agreement=tie, listed_by=parties[0])


@pytest.mark.parametrize("rows", [3, 30])
@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("agreements/", LIST),
        ("agreements/?as_of=2099&in_force=true&evidence=one_party", LIST),
        ("agreements/?one_sided=false", LIST),
        ("agreements/export.json", EXPORT),
        ("agreements/export.json?as_of=2099", EXPORT),
        ("steps/", STEPS),
        ("steps/?from=2025&to_status=signed", STEPS),
    ],
)
def test_agreements(api, django_assert_num_queries, rows, address, queries):
    ties(rows)
    with django_assert_num_queries(len(queries)):
        answer = api.read(address)
    assert len(answer.get("results", answer.get("agreements"))) == rows


@pytest.mark.parametrize(
    ("query", "looked_up"), [("sector=culture", ["sector"]), ("place=khujand", ["place"])]
)
def test_what_must_be_known_is_looked_up_once(
    api, django_assert_num_queries, khujand, query, looked_up
):
    AgreementFactory(parties=[khujand, PlaceFactory()], public=True).sectors.add(
        SectorFactory(slug="culture")
    )
    with django_assert_num_queries(len(LIST) + len(looked_up)):
        assert len(api.rows(f"agreements/?{query}")) == 1


def everything_on(tie, number: int) -> None:
    for _ in range(number):
        approval = ApprovalFactory(agreement=tie)
        event = EventFactory(
            agreements=[tie], place=PlaceFactory(), participants=OfficialFactory.create_batch(2)
        )
        SignatureFactory(agreement=tie, official=OfficialFactory(), signed_in=PlaceFactory())
        initiative = InitiativeFactory(agreement=tie, sector=SectorFactory())
        initiative.institutions.set(InstitutionFactory.create_batch(2))
        for subject in ({"approval": approval}, {"event": event}, {"step": tie.steps.first()}):
            CitationFactory(agreement=tie, **subject)
        ListingFactory(citation__agreement=tie, listed_by=PlaceFactory())
        RelationFactory(from_agreement=tie, to_agreement=AgreementFactory(public=True))
        RelationFactory(to_agreement=tie, from_agreement=AgreementFactory(public=True))


@pytest.mark.parametrize("rows", [3, 30])
def test_an_agreement(api, django_assert_num_queries, rows):
    tie = AgreementFactory(parties=[public_place() for _ in range(rows)], public=True)
    everything_on(tie, rows)
    with django_assert_num_queries(len(DETAIL)):
        told = api.read(f"agreements/{tie.reference}/")
    assert len(told["relations"]) == 2 * rows


def places(number: int) -> None:
    country = PlaceFactory(level="country", country_code="TJ")
    for _ in range(number - 1):
        PlaceIdentifierFactory(place=PlaceFactory(parent=country))


def officials(number: int) -> None:
    for official in OfficialFactory.create_batch(number):
        AppointmentFactory.create_batch(2, official=official, accredited_to=PlaceFactory())
        SpellingFactory(official=official)


@pytest.mark.parametrize("rows", [3, 30])
@pytest.mark.parametrize(
    ("address", "lay", "queries"),
    [
        ("places/", places, ("places", "identifiers")),
        ("officials/", officials, ("officials", "appointments")),
        ("sectors/", SectorFactory.create_batch, ("sectors", "names")),
    ],
)
def test_other_lists(api, django_assert_num_queries, rows, address, lay, queries):
    lay(rows)
    with django_assert_num_queries(len(queries)):
        assert len(api.rows(f"{address}?page_size={rows}")) == rows


@pytest.mark.parametrize("rows", [3, 30])
def test_a_place(api, django_assert_num_queries, rows):
    place = PlaceFactory(slug="busy")
    PlaceNameFactory.create_batch(rows, place=place)
    InstitutionFactory.create_batch(rows, place=place)
    AppointmentFactory.create_batch(rows, place=place, accredited_to=PlaceFactory())
    with django_assert_num_queries(
        len(("place", "identifiers", "names", "institutions", "appointments"))
    ):
        assert len(api.read("places/busy/")["appointments"]) == rows


@pytest.mark.parametrize("rows", [3, 30])
def test_an_official(api, django_assert_num_queries, rows):
    official = OfficialFactory(slug="busy")
    AppointmentFactory.create_batch(rows, official=official)
    SpellingFactory.create_batch(rows, official=official)
    with django_assert_num_queries(len(("official", "appointments", "spellings"))):
        assert len(api.read("officials/busy/")["spellings"]) == rows
