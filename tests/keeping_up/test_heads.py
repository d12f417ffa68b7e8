"""What pages tell machines in their heads: schema.org, OpenGraph, and nothing that runs."""

import re

import pytest
from django.test import Client

from common import jsonld
from tests.factories import (
    AgreementFactory,
    SectorFactory,
    SourceFactory,
    khujand,
    on,
    qazvin,
    tajikistan,
)
from tests.keeping_up.reading import got, told

pytestmark = pytest.mark.django_db


def metas(path: str) -> dict[str, str]:
    page = got(path).content.decode()
    return dict(
        re.findall(r'<meta (?:property|name)="((?:og|twitter):[^"]*)" content="([^"]*)">', page)
    )


def test_an_agreement_tells_its_parties_status_days_and_sources():
    agreement = AgreementFactory(
        status="signed",
        happened_on="2025-05",
        expires_on=on("2030"),
        parties=[qazvin(), khujand()],
        sources=[SourceFactory(publisher="IRNA", title="Sisters")],
        public=True,
    )
    work, crumbs = told(agreement.get_absolute_url())
    assert work["@type"] == "CreativeWork"
    assert work["identifier"] == agreement.reference
    assert (work["creativeWorkStatus"], work["dateCreated"]) == ("signed", "2025-05")
    assert work["expires"] == "2030"
    assert [place["name"] for place in work["about"]] == ["Qazvin", "Khujand"]
    assert work["about"][1]["sameAs"] == ["https://www.wikidata.org/wiki/Q373808"]
    assert work["citation"][0]["publisher"]["name"] == "IRNA"
    assert [one["position"] for one in crumbs["itemListElement"]] == [1, 2]


def test_an_agreement_that_is_not_signed_has_no_day_of_signing():
    agreement = AgreementFactory(status="drafted", parties=[qazvin(), khujand()], public=True)
    assert "dateCreated" not in told(agreement.get_absolute_url())[0]


def test_a_place_tells_its_names_where_it_lies_and_its_ids():
    place = khujand()
    place.latitude, place.longitude = 40.283, 69.617
    place.save()
    city, crumbs = told("/places/khujand/")
    assert (city["@type"], city["containedInPlace"]["name"]) == ("City", "Tajikistan")
    assert city["geo"]["latitude"] == 40.283
    assert {"Leninabad", "Хуҷанд"} <= set(city["alternateName"])
    assert city["sameAs"] == ["https://www.wikidata.org/wiki/Q373808"]
    assert [one["name"] for one in crumbs["itemListElement"]][1:] == ["Tajikistan", "Khujand"]


def test_a_country_is_one_and_has_no_point_that_nobody_knows():
    tajikistan()
    country, _crumbs = told("/places/tajikistan/")
    assert country["@type"] == "Country"
    assert "geo" not in country


def test_the_home_page_can_be_searched_and_the_data_taken_away():
    (site,) = told("/")
    assert site["potentialAction"]["target"]["urlTemplate"].endswith("?q={search_term_string}")
    (data,) = told("/data/")
    assert data["@type"] == "Dataset"
    assert got(data["distribution"][0]["contentUrl"].removeprefix("http://testserver"))


def test_a_sector_says_where_it_stands():
    SectorFactory(name="Culture", slug="culture")
    (crumbs,) = told("/sectors/culture/")
    assert crumbs["itemListElement"][1]["name"] == "Culture"


@pytest.mark.parametrize("text", ["</script><script>x", "<!--", "&lt;", "\u2028", "\ud800"])
def test_no_text_ends_the_element(text):
    made = jsonld.script({"name": text})
    inner = made.removeprefix('<script type="application/ld+json">').removesuffix("</script>")
    assert not set("<>&\u2028") & set(inner)


def test_a_title_of_markup_stays_a_title():
    title = '</script><script>alert("x")</script>'
    agreement = AgreementFactory(title=title, parties=[qazvin(), khujand()], public=True)
    assert told(agreement.get_absolute_url())[0]["name"] == title
    assert "<script>alert" not in got(agreement.get_absolute_url()).content.decode()


def test_those_who_pass_a_page_on_get_its_picture_and_words():
    agreement = AgreementFactory(status="signed", parties=[qazvin(), khujand()], public=True)
    for page in (agreement.get_absolute_url(), "/places/khujand/", "/"):
        found = metas(page)
        assert found["og:title"]
        assert found["og:url"] == f"http://testserver{page}"
        assert found["twitter:card"] == "summary_large_image"
        picture = found["og:image"].removeprefix("http://testserver")
        assert Client().get(picture)["Content-Type"] == "image/png"
    assert "Signed on" in metas(agreement.get_absolute_url())["og:description"]
