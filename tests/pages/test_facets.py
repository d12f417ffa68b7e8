"""Facets: beside each value stands how many rows choosing it finds, whatever else is chosen."""

import random

import pytest
from django.http import QueryDict

from agreements import facets, listing
from agreements.filters import AgreementFilterSet
from agreements.lifecycle import Status
from agreements.models import Agreement, Evidence, Sector
from common.listing import toggled
from tests.factories import (
    AgreementFactory,
    CitationFactory,
    DocumentFactory,
    PlaceFactory,
    SectorFactory,
    SourceFactory,
    a_file,
    on,
)
from tests.pages.reading import read

pytestmark = pytest.mark.django_db
LIST = "/agreements/"

CHOICES = {
    "q": ["town", "charter", "new town"],
    "status": Status.values,
    "kind": ["sister_city", "network"],
    "sector": ["culture", "health"],
    "country": ["TJ", "ir", "FR"],
    "decade": ["1990", "2000", "unknown"],
    "evidence": Evidence.values,
    "in_force": ["true", "false"],
    "expired": ["true", "false"],
    "stalled": ["true", "false"],
    "dormant": ["true", "false"],
    "one_sided": ["true", "false"],
    "place": ["town-0", "town-2"],
    "with_place": ["town-1", "town-4"],
    "with_country": ["TJ", "IR"],
    "as_of": ["1995", "2005-06", "2015-01-01", "2040"],
}


def a_register(lots: random.Random, number: int = 30) -> None:
    """Agreements of every sort, some internal and some merged into others."""
    codes = enumerate(("TJ", "TJ", "IR", "IR", "FR", ""))
    places = [PlaceFactory(country_code=code, slug=f"town-{at}") for at, code in codes]
    sectors = [SectorFactory(slug=slug) for slug in ("culture", "health")]
    sources = [SourceFactory(speaks_for=lots.choice([None, *places])) for _ in range(5)]
    for _at in range(number):
        tie = AgreementFactory(
            title=lots.choice(["", "Charter"]),
            kind=lots.choice(CHOICES["kind"]),
            status=lots.choice(Status.values),
            happened_on=lots.choice([None, "1991", "1999-05", "2003-02-01", "2012"]),
            starts_on=on(lots.choice([None, "2014"])),
            expires_on=on(lots.choice([None, "2014-12", "2039-06-01"])),
            parties=lots.sample(places, lots.choice([2, 2, 3])),
            sectors=lots.sample(sectors, lots.randint(0, 2)),
        )
        for source in lots.sample(sources, lots.randint(0, 2)):
            CitationFactory(agreement=tie, source=source)
        if lots.random() < 0.1:
            DocumentFactory(agreement=tie, file=a_file())
        if tie.status == "signed" and lots.random() < 0.4:
            tie.move("suspend", by=None, happened_on=on(lots.choice(["2013", "2020-02-02"])))
        shown = "public" if lots.random() < 0.8 else "internal"
        Agreement.objects.filter(pk=tie.pk).update(visibility=shown)


def a_query(lots: random.Random) -> QueryDict:
    data = QueryDict(mutable=True)
    for name in lots.sample(list(CHOICES), lots.randint(0, 4)):
        several = name in ("status", "kind", "evidence")
        number = lots.randint(1, 2) if several else 1
        data.setlist(name, lots.sample(CHOICES[name], number))
    return data


def keys_found(data: QueryDict, user) -> list[int]:
    """By the filters over the agreements themselves, as the API finds them."""
    filterset = AgreementFilterSet(data, Agreement.objects.visible_to(user))
    assert filterset.is_valid(), filterset.errors
    return sorted(filterset.qs.values_list("pk", flat=True))


def found(data: QueryDict, user) -> facets.Found:
    filterset = AgreementFilterSet(data, Agreement.objects.visible_to(user))
    assert filterset.is_valid(), filterset.errors
    return facets.found_once(filterset, user)


def number_with(data: QueryDict, name: str, value: str, user) -> int:
    alone = data.copy()
    alone.setlist(name, [value])
    return len(keys_found(alone, user))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("reader", ["anonymous", "auditor"])
def test_a_number_is_what_its_value_finds_whatever_else_is_chosen(
    seed, reader, request, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    user = request.getfixturevalue(reader)
    lots = random.Random(seed)  # noqa: S311
    a_register(lots)
    slugs = {str(pk): slug for pk, slug in Sector.objects.values_list("pk", "slug")}
    for data in [QueryDict(mutable=True), *(a_query(lots) for _ in range(12))]:
        counts = facets.count(found(data, user))
        assert counts.total == len(keys_found(data, user)), data
        for name in facets.FACETS:
            for value in {*CHOICES[name], *counts.of[name]} - {""}:
                key = slugs.get(value, value)
                told = counts.of[name][facet_key(name, value, slugs)]
                assert told == number_with(data, name, key, user), (data, name, key)


def facet_key(name: str, value: str, slugs: dict[str, str]) -> str:
    if name == "sector" and value in slugs.values():
        return next(pk for pk, slug in slugs.items() if slug == value)
    return value.upper() if name == "country" else value


@pytest.mark.parametrize("seed", range(2))
def test_each_order_lists_just_what_the_filters_find(seed, anonymous):
    lots = random.Random(seed)  # noqa: S311
    a_register(lots, 20)
    for data in (a_query(lots) for _ in range(6)):
        for order in listing.ORDER_LABELS:
            rows = listing.page_rows(found(data, anonymous), order, anonymous)[0:100]
            assert sorted(row.pk for row in rows) == keys_found(data, anonymous), (data, order)


def test_an_internal_agreement_changes_no_number(client, auditor):
    AgreementFactory(public=True)
    before = client.get(LIST).context["facets"]
    told = [(facet.name, facet.shown, facet.more) for facet in before]
    AgreementFactory(status="drafted", kind="network", sectors=[SectorFactory()])
    after = client.get(LIST).context["facets"]
    assert [(facet.name, facet.shown, facet.more) for facet in after] == told
    client.force_login(auditor)
    staff = client.get(LIST).context["facets"]
    assert [(facet.name, facet.shown, facet.more) for facet in staff] != told


def values(response, name: str) -> dict[str, tuple[int, bool]]:
    facet = next(facet for facet in response.context["facets"] if facet.name == name)
    return {str(one.label): (one.number, one.chosen) for one in (*facet.shown, *facet.more)}


def test_what_is_chosen_does_not_narrow_its_own_facet(client):
    AgreementFactory(public=True)
    AgreementFactory(status="drafted", kind="network", public=True)
    response = client.get(f"{LIST}?status=drafted")
    assert values(response, "status") == {"proposed": (1, False), "drafted": (1, True)}
    assert values(response, "kind") == {"network": (1, False)}


def test_a_chosen_value_stays_to_be_taken_away_though_nothing_has_it(client):
    AgreementFactory(public=True)
    response = client.get(f"{LIST}?country=fr&decade=1950&status=ended")
    assert values(response, "country") == {"FR": (0, True)}
    assert values(response, "decade") == {"1950s": (0, True)}


def test_values_of_one_facet_add_up_and_of_another_replace_each_other():
    data = QueryDict("status=signed&country=TJ&q=x")
    assert toggled(data, "status", "ended", several=True) == (
        "status=signed&status=ended&country=TJ&q=x"
    )
    assert toggled(data, "status", "signed", several=True) == "country=TJ&q=x"
    assert toggled(data, "country", "IR", several=False) == "status=signed&country=IR&q=x"
    assert toggled(data, "country", "tj", several=False) == "status=signed&q=x"


def titles(client, query: str) -> list[str]:
    return [row.agreement.title for row in client.get(f"{LIST}?{query}").context["rows"]]


def test_the_list_can_be_sorted(client):
    for title, day in (("Beta", "2001"), ("alpha", "2010"), ("Gamma", None)):
        AgreementFactory(title=title, happened_on=day, public=True)
    assert titles(client, "") == ["alpha", "Beta", "Gamma"]
    assert titles(client, "sort=newest") == ["alpha", "Beta", "Gamma"]
    assert titles(client, "sort=oldest") == ["Beta", "alpha", "Gamma"]
    assert titles(client, "sort=name") == ["alpha", "Beta", "Gamma"]
    assert titles(client, "sort=relevance") == ["alpha", "Beta", "Gamma"]


def test_the_best_comes_first_unless_another_order_is_asked_for(client):
    AgreementFactory(title="Of the pact of old", happened_on="2020", public=True)
    AgreementFactory(title="Pact", happened_on="2001", public=True)
    assert titles(client, "q=pact") == ["Pact", "Of the pact of old"]
    assert titles(client, "q=pact&sort=newest") == ["Of the pact of old", "Pact"]


@pytest.mark.parametrize("query", ["sort=best", "sort=name&sort=oldest", "sort=%00", "decade=199"])
def test_an_order_that_there_is_not_is_said(client, query):
    AgreementFactory(title="Tie", public=True)
    page = read(client, f"{LIST}?{query}", status=400)
    assert f" {query.partition('=')[0]}: " in page
    assert "Tie" not in page


def test_the_api_has_one_order_and_says_so(client):
    answer = client.get("/api/v1/agreements/?sort=name")
    assert (answer.status_code, list(answer.json())) == (400, ["sort"])
    page = client.get(f"{LIST}?sort=name&status=drafted").content.decode()
    assert 'href="/api/v1/agreements/?status=drafted"' in page or "take-away" not in page


def test_an_empty_answer_says_how_many_each_loosening_finds(client):
    AgreementFactory(title="Pact", public=True)
    AgreementFactory(title="Draft", status="drafted", public=True)
    page = read(client, f"{LIST}?q=Pact&status=drafted")
    assert "without Words: Pact 1 agreement" in page
    assert "without any filter 2 agreements" in page


def test_words_in_the_form_keep_what_is_chosen_beside_it(client):
    AgreementFactory(public=True)
    html = client.get(f"{LIST}?status=proposed&sort=name&page=1").content.decode()
    assert '<input type="hidden" name="status" value="proposed">' in html
    assert '<input type="hidden" name="sort" value="name">' in html
