"""What pages say of themselves in the words of schema.org; ``site`` has no slash at its end."""

from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agreements.lifecycle import ONCE_SIGNED, Status
from agreements.models import Agreement
from agreements.spine import stations
from cities.models import Place
from common.jsonld import breadcrumbs
from twinning.scopes import site_name

KINDS_OF_PLACE = {
    Place.Level.CITY: "City",
    Place.Level.REGION: "AdministrativeArea",
    Place.Level.COUNTRY: "Country",
}


def thing(kind: str, name: str, address: str, **more: Any) -> dict[str, Any]:
    return {"@type": kind, "@id": address, "name": name, "url": address, **more}


def place_named(place: Place, site: str) -> dict[str, Any]:
    kind = KINDS_OF_PLACE[Place.Level(place.level)]
    return thing(kind, place.shown_name, site + place.get_absolute_url())


def known_elsewhere(place: Place) -> list[str]:
    """Join identifiers first."""
    return [one.url for one in place.identifiers.all()]


def place(record: Place, lies_in: list[Place], site: str) -> list[dict[str, Any]]:
    """Join names and identifiers; ``lies_in`` runs from the outside in."""
    address = site + record.get_absolute_url()
    geo = None
    if record.latitude is not None and record.longitude is not None:
        geo = {
            "@type": "GeoCoordinates",
            "latitude": float(record.latitude),
            "longitude": float(record.longitude),
        }
    names = {name.text for name in record.names.all()} | {record.name}
    told = {
        **place_named(record, site),
        "alternateName": sorted(names - {record.shown_name}),
        "geo": geo,
        "sameAs": known_elsewhere(record),
        "containedInPlace": place_named(lies_in[-1], site) if lies_in else None,
    }
    way = [(one.shown_name, site + one.get_absolute_url()) for one in lies_in]
    top = (_("Places"), site + reverse("place-list"))
    return [told, breadcrumbs([top, *way, (record.shown_name, address)])]


def agreement(record: Agreement, site: str) -> list[dict[str, Any]]:
    """A CreativeWork: schema.org knows no treaty or contract between places. Legislation, which
    has words for a legal force, would claim of most of these texts what they are not; an Event
    has a day on which it is over. Join what the page joins.
    """
    address = site + record.get_absolute_url()
    signed = next(one for one in stations(record) if one.status == Status.SIGNED)
    has_day = record.status in ONCE_SIGNED and signed.step
    sources = {one.source_id: one.source for one in record.citations.all()}
    told = thing(
        "CreativeWork",
        record.name,
        address,
        identifier=record.reference,
        genre=str(record.get_kind_display()),
        creativeWorkStatus=str(record.get_status_display()),
        dateCreated=str(signed.step.happened_on or "") if has_day and signed.step else "",
        expires=str(record.expires_on or ""),
        abstract=record.summary,
        keywords=[sector.shown_name for sector in record.sectors.all()],
        about=[
            {**place_named(party.place, site), "sameAs": known_elsewhere(party.place)}
            for party in record.parties.all()
        ],
        citation=[
            {
                "@type": "CreativeWork",
                "name": source.title,
                "url": source.url,
                "datePublished": str(source.published_on or ""),
                "publisher": {"@type": "Organization", "name": source.publisher},
            }
            for source in sources.values()
        ],
        isPartOf=register(site),
    )
    top = (_("Agreements"), site + reverse("agreement-list"))
    return [told, breadcrumbs([top, (record.name, address)])]


def sector(record: Any, site: str) -> list[dict[str, Any]]:
    address = site + record.get_absolute_url()
    top = (_("Sectors"), site + reverse("sector-list"))
    return [breadcrumbs([top, (record.shown_name, address)])]


def register(site: str) -> dict[str, Any]:
    return thing("WebSite", site_name(), site + reverse("home"))


def home(site: str) -> list[dict[str, Any]]:
    search = {
        "@type": "SearchAction",
        "target": {
            "@type": "EntryPoint",
            "urlTemplate": f"{site}{reverse('agreement-list')}?q={{search_term_string}}",
        },
        "query-input": "required name=search_term_string",
    }
    return [{**register(site), "inLanguage": get_language(), "potentialAction": search}]


def data(site: str) -> list[dict[str, Any]]:
    return [
        thing(
            "Dataset",
            _("Twinning: the register of agreements between places"),
            site + reverse("data"),
            description=_(
                "Agreements between cities, regions and countries: where each stands and since "
                "when, its parties, steps, sources, signatures, initiatives and events."
            ),
            isAccessibleForFree=True,
            creator={"@type": "Organization", "name": site_name(), "url": site + reverse("home")},
            distribution=[
                {
                    "@type": "DataDownload",
                    "encodingFormat": "application/json",
                    "contentUrl": site + reverse("api-agreement-export"),
                }
            ],
        )
    ]
