"""As many queries for thirty rows as for three, on every page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from agreements.models import Agreement
from cities.models import Official, Place
from tests.factories import (
    AgreementFactory,
    AppointmentFactory,
    ApprovalFactory,
    CitationFactory,
    DocumentFactory,
    EventFactory,
    InitiativeFactory,
    InstitutionFactory,
    ListingFactory,
    OfficialFactory,
    PartyFactory,
    PlaceFactory,
    PlaceNameFactory,
    RelationFactory,
    SectorFactory,
    SignatureFactory,
    SourceFactory,
    SpellingFactory,
    tajikistan,
)
from tests.sector_factories import SectorNameFactory

pytestmark = pytest.mark.django_db


def queries(client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def add_everything(number: int, agreement: Agreement, place: Place, official: Official) -> None:
    """``number`` more of every row that any page shows."""
    sector = SectorFactory()
    for _one in range(number):
        other = PlaceFactory(parent=place.parent, country_code="TJ")
        PlaceNameFactory(place=other)
        PlaceNameFactory(place=place)
        InstitutionFactory(place=place)
        AppointmentFactory(official=official, place=other)
        AppointmentFactory(place=place)
        SpellingFactory(official=OfficialFactory())
        tie = AgreementFactory(
            status="signed",
            parties=[place, other],
            sources=[SourceFactory()],
            sectors=[sector],
            public=True,
        )
        PartyFactory(agreement=agreement, place=other)
        ListingFactory(citation__agreement=agreement, listed_by=other)
        ListingFactory(citation__agreement=tie, listed_by=other)
        RelationFactory(from_agreement=tie, to_agreement=agreement)
        ApprovalFactory(agreement=agreement)
        SignatureFactory(agreement=agreement, official=official, signed_in=other)
        named = SectorNameFactory().sector
        tie.sectors.add(named)
        InitiativeFactory(agreement=agreement, sector=named).institutions.set(
            place.institutions.all()[:2]
        )
        InitiativeFactory(agreement=tie, sector=sector)
        DocumentFactory(agreement=agreement)
        event = EventFactory(place=other, agreements=[agreement, tie], participants=[official])
        CitationFactory(agreement=agreement, event=event, source=SourceFactory(speaks_for=other))


@pytest.mark.parametrize(
    "shown",  # not "page", which would start a browser for each
    [
        "/",
        "/agreements/",
        "/agreements/?as_of=2025-12-31&status=signed&evidence=press",
        "/agreements/?one_sided=false",
        "/agreements/?q=city&country=TJ&sort=name",
        "/figures/",
        "/figures/?as_of=2025-12-31&country=TJ&in_force=true",
        "/steps/",
        "/steps/?from=2025&until=2025&to_status=signed&country=TJ",
        "/places/",
        "/officials/",
        "/map/",
        "/map/?country=TJ&as_of=2025-12-31",
        "/sectors/",
        "agreement",
        "agreement as of",
        "embedded agreement",
        "place",
        "embedded place",
        "report",
        "finder",
        "compare",
        "suggest",
        "country",
        "official",
        "sector",
        "/fa/",
        "/fa/agreements/",
        "/fa/figures/",
        "/fa/sectors/",
        "/fa/steps/",
        "agreement in Persian",
        "place in Persian",
        "sector in Persian",
    ],
)
def test_a_page_asks_no_more_of_the_database_when_there_is_more_to_show(client, shown):
    place = PlaceFactory(parent=tajikistan(), country_code="TJ")
    official = OfficialFactory()
    agreement = AgreementFactory(
        status="signed", parties=[place], sources=[SourceFactory()], public=False
    )
    PartyFactory(agreement=agreement)
    agreement.publish(by=None)
    add_everything(3, agreement, place, official)
    sector = agreement.relations.model.objects.first().from_agreement.sectors.get(names=None)
    with override("fa" if shown.endswith("in Persian") else "en"):
        home, here = place.get_absolute_url(), agreement.get_absolute_url()
        address = {
            "agreement": here,
            "agreement as of": f"{here}?as_of=2025-12-31",
            "embedded agreement": f"/embed{here}",
            "place": home,
            "embedded place": f"/embed{home}",
            "report": f"{home}report/2025/",
            "finder": f"{home}finder/",
            "compare": f"/compare/?a={place.slug}&b=tajikistan",
            "suggest": f"/suggest/?about={here}",
            "country": place.parent.get_absolute_url(),
            "official": official.get_absolute_url(),
            "sector": sector.get_absolute_url(),
        }.get(shown.removesuffix(" in Persian"), shown)
    for_three = queries(client, address)
    add_everything(27, agreement, place, official)
    assert queries(client, address) == for_three
