"""The sitemap: every public page in every language, and nothing else."""

import pytest
from django.conf import settings
from django.test import Client

from tests.factories import AgreementFactory, PlaceFactory, SectorFactory, khujand, nozari
from tests.keeping_up.reading import LINK, MAP, got, locations, tree

pytestmark = pytest.mark.django_db

INDEX, AGREEMENTS = "/sitemap.xml", "/sitemap-agreements.xml"
SITE = "http://testserver"


def test_robots_and_the_index_lead_to_all_parts():
    assert f"\nSitemap: {SITE}{INDEX}\n" in got("/robots.txt").content.decode()
    khujand(), nozari(), SectorFactory(), AgreementFactory(public=True)
    parts = locations(INDEX)
    assert len(parts) == 5
    assert all(locations(part.removeprefix(SITE)) for part in parts)


def test_every_page_in_it_can_be_read():
    khujand(), nozari(), SectorFactory(slug="culture"), AgreementFactory(public=True)
    for part in locations(INDEX):
        for page in locations(part.removeprefix(SITE)):
            assert Client().get(page.removeprefix(SITE)).status_code == 200, page


def test_internal_agreements_are_not_in_it():
    public, internal = AgreementFactory(public=True), AgreementFactory()
    told = got(AGREEMENTS).content.decode()
    assert public.reference in told
    assert internal.reference not in told


def test_each_page_names_itself_in_every_language():
    AgreementFactory(public=True)
    part = tree(AGREEMENTS)
    urls = list(part.iter(f"{MAP}url"))
    assert len(urls) == len(settings.LANGUAGES)
    codes = {code for code, _name in settings.LANGUAGES} | {"x-default"}
    assert all({link.get("hreflang") for link in url.iter(LINK)} == codes for url in urls)


def test_a_place_with_the_slug_of_a_language_keeps_its_address():
    PlaceFactory(slug="en")
    part = tree("/sitemap-places.xml")
    addresses = {link.get("href") for link in part.iter(LINK) if link.get("hreflang") != "fa"}
    assert f"{SITE}/places/en/" in addresses
    assert f"{SITE}/places/" not in addresses


@pytest.mark.parametrize("most", [1, 3, 4, 5, 1_000])
def test_its_parts_hold_every_page_once(most, monkeypatch):
    monkeypatch.setattr("twinning.sitemaps.Part.limit", most)
    references = {AgreementFactory(public=True).reference for _ in range(5)}
    parts = [part for part in locations(INDEX) if "agreements" in part]
    found = [page for part in parts for page in locations(part.removeprefix(SITE))]
    assert len(found) == 5 * len(settings.LANGUAGES)
    assert {page.split("/")[-2] for page in found} == references


def test_it_gives_no_time_of_change():
    AgreementFactory(public=True)
    for path in (INDEX, AGREEMENTS):
        response = got(path)
        assert b"lastmod" not in response.content
        assert "Last-Modified" not in response


@pytest.mark.parametrize("number", ["0", "-1", "2", "99999999999999999999", "x", "%00", "1.5"])
def test_there_is_no_part_beyond_the_last(number):
    assert Client().get(f"{AGREEMENTS}?p={number}").status_code == 404
    assert Client().get(f"/sitemap-{number.strip('%.')}.xml").status_code == 404
