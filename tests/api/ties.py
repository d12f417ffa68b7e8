"""Agreements of every sort, and what each query must find among them.

Whatever is not named beside a query must not come. `Secret` is internal and is like `Twins` in
all else, so a query that finds `Twins` would find it too if it looked where it must not.
"""

from django.utils import timezone

from agreements.models import Agreement
from common.dates import PartialDate
from tests.factories import (
    AgreementFactory,
    DocumentFactory,
    EventFactory,
    ListingFactory,
    PlaceFactory,
    SectorFactory,
    SourceFactory,
    a_file,
    iran,
    khujand,
    on,
    qazvin,
    tajikistan,
)

PUBLIC = {"Twins", "Pact", "Draft", "Idea", "Frozen", "Gone", "Sleep"}

FINDS: dict[str, set[str]] = {
    "": PUBLIC,
    "status=signed": {"Twins", "Pact", "Sleep"},
    "status=signed&status=drafted": {"Twins", "Pact", "Sleep", "Draft"},
    "status=withdrawn": set(),
    "kind=sister_city": {"Twins"},
    "kind=project&kind=network": {"Gone", "Idea"},
    "sector=culture": {"Twins"},
    "sector=health": set(),
    "country=TJ": {"Twins", "Pact"},
    "country=tj": {"Twins", "Pact"},
    "country=FR": set(),
    "place=khujand": {"Twins"},
    "place=Q373808": {"Twins"},
    "place=tajikistan": {"Pact"},
    "place=lonely": set(),
    "country=TJ&with_country=IR": {"Twins", "Pact"},
    "with_country=ir": {"Twins", "Pact"},
    "country=TJ&with_country=TJ": set(),
    "country=TJ&with_country=FR": set(),
    "place=khujand&with_place=qazvin": {"Twins"},
    "place=khujand&with_place=iran": set(),
    "with_place=Q373808": {"Twins"},
    "in_force=true": {"Twins", "Sleep"},
    "in_force=false": PUBLIC - {"Twins", "Sleep"},
    "expired=true": {"Pact"},
    "expired=false": PUBLIC - {"Pact"},
    "stalled=true": {"Draft"},
    "stalled=false": PUBLIC - {"Draft"},
    "dormant=true": {"Sleep"},
    "dormant=false": PUBLIC - {"Sleep"},
    "evidence=none": {"Draft"},
    "evidence=press": {"Pact", "Sleep", "Idea"},
    "evidence=one_party": {"Twins"},
    "evidence=every_party": {"Frozen"},
    "evidence=text": {"Gone"},
    "evidence=text&evidence=none": {"Gone", "Draft"},
    "decade=2010": {"Twins", "Frozen"},
    "decade=۲۰۱۰": {"Twins", "Frozen"},
    "decade=2000": {"Pact", "Gone", "Sleep"},
    "decade=1980": set(),
    "decade=Unknown": set(),
    "decade=2010&as_of=2011": {"Twins"},
    "one_sided=true": {"Idea"},
    "one_sided=false": PUBLIC - {"Idea"},
    "one_sided=true&as_of=2001": set(),
    "q=pact": {"Pact"},
    "q=Leninabad": {"Twins"},
    "q=خجند": {"Twins"},
    "q=Хуҷанд+QAZVIN": {"Twins"},
    "q=khujand+nowhere": set(),
    "q=+": PUBLIC,
    "as_of=1999": set(),
    "as_of=2009": {"Pact", "Sleep", "Gone"},
    "as_of=2010-05": {"Pact", "Sleep", "Gone"},
    "as_of=2010-05-31": {"Pact", "Sleep", "Gone"},
    "as_of=2010-06-01": {"Pact", "Sleep", "Gone", "Twins"},
    "as_of=2010": {"Pact", "Sleep", "Gone", "Twins"},
    "as_of=۲۰۰۹": {"Pact", "Sleep", "Gone"},
    "as_of=9999": PUBLIC,
    "as_of=0001": set(),
    "status=signed&as_of=2013": {"Twins", "Pact", "Sleep", "Frozen", "Gone"},
    "status=suspended&as_of=2022-02-23": set(),
    "status=suspended&as_of=2022-02-24": {"Frozen"},
    "status=ended&as_of=2014-12-31": set(),
    "in_force=true&as_of=2011-12-31": {"Twins", "Pact", "Sleep", "Gone"},
    "in_force=true&as_of=2012-01-01": {"Twins", "Sleep", "Gone"},
    "in_force=false&as_of=2012-01-01": {"Pact"},
    "in_force=true&as_of=0001": set(),
    "expired=true&as_of=2011": set(),
    "expired=true&as_of=2012-01": {"Pact"},
    "expired=false&as_of=2012-01": {"Twins", "Sleep", "Gone"},
    "stalled=true&as_of=2019": set(),
    "stalled=true&as_of=2020": {"Draft"},
    "stalled=true&as_of=0001": set(),
    "dormant=true&as_of=2008": {"Pact", "Sleep"},
    "dormant=false&as_of=2008": {"Gone"},
    "dormant=true&as_of=0001": set(),
    "evidence=press&as_of=2001": {"Pact"},
    "status=signed&in_force=true&country=IR&kind=sister_city&sector=culture&q=twins": {"Twins"},
    "status=&kind=&q=&as_of=&in_force=": PUBLIC,
}


def lay_ties() -> dict[str, Agreement]:
    """Today is any day from 2026 on."""
    culture = SectorFactory(name="Culture", slug="culture")
    SectorFactory(name="Health", slug="health")
    PlaceFactory(name="Lonely", slug="lonely")
    city, partner = khujand(), qazvin()
    alike = {
        "kind": "sister_city",
        "status": "signed",
        "happened_on": "2010-06-01",
        "parties": [city, partner],
        "sectors": [culture],
        "sources": [SourceFactory(speaks_for=city)],
    }
    twins = AgreementFactory(title="Twins", public=True, **alike)
    secret = AgreementFactory(title="Secret", **alike)
    today = PartialDate.from_date(timezone.localdate())
    EventFactory(agreements=[twins, secret], happened_on=today)
    made = [twins, secret, *_others(today)]
    return {agreement.title: agreement for agreement in made}


def _others(today: PartialDate) -> list[Agreement]:
    def tie(title: str, kind: str, status: str, happened_on, **more) -> Agreement:
        return AgreementFactory(
            title=title, kind=kind, status=status, happened_on=happened_on, public=True, **more
        )

    countries = [tajikistan(), iran()]
    pact = tie("Pact", "cooperation", "signed", "2001", parties=countries, expires_on=on("2011"))
    north, south = PlaceFactory.create_batch(2)
    own_records = [SourceFactory(speaks_for=north), SourceFactory(speaks_for=south)]
    frozen = tie(
        "Frozen", "friendship", "signed", "2012-05", parties=[north, south], sources=own_records
    )
    idea = tie("Idea", "network", "proposed", today)
    ListingFactory(citation__agreement=idea, listed_by=idea.parties.first().place)
    frozen.move("suspend", by=None, happened_on=on("2022-02-24"))
    gone = tie("Gone", "project", "signed", "2005")
    gone.move("end", by=None, happened_on=on("2015"), end_reason="terminated")
    DocumentFactory(agreement=gone, file=a_file())
    return [
        pact,
        frozen,
        gone,
        tie("Draft", "memorandum", "drafted", "2019-03"),
        idea,
        tie("Sleep", "other", "signed", "2003"),
    ]
