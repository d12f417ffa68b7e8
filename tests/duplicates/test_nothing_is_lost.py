"""However two records look, after a merge all names, ids, sources and agreements are there."""

from operator import itemgetter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from agreements.merging import merge_agreements
from agreements.models import (
    Agreement,
    Citation,
    Document,
    Event,
    Initiative,
    Party,
    Source,
    StatusChange,
)
from cities.merging import merge_places
from cities.models import Institution, Place, PlaceIdentifier, PlaceName
from common.dates import PartialDate
from common.merging import MergeRefused
from tests.factories import (
    AgreementFactory,
    ApprovalFactory,
    CitationFactory,
    DocumentFactory,
    EventFactory,
    InitiativeFactory,
    InstitutionFactory,
    PlaceFactory,
    PlaceIdentifierFactory,
    PlaceNameFactory,
    SignatureFactory,
    SourceFactory,
)
from tests.rows import all_rows

TEXTS = st.sampled_from(["Khujand", "Hojand", "Хуҷанд", "Leninabad"])
YEARS = st.none() | st.sampled_from(["1936", "1991"]).map(PartialDate.parse)
NAMES = st.builds(
    dict,
    text=TEXTS,
    language=st.sampled_from(["tg", "ru"]),
    script=st.sampled_from(["Latn", "Cyrl"]),
    kind=st.sampled_from(["official", "former"]),
    used_from=YEARS,
    used_to=st.none(),
)
FACTS = st.fixed_dictionaries(
    {"about": st.sampled_from(["", "On the river.", "In the valley."])},
    optional={"population": st.sampled_from([9, 180_000]), "latitude": st.sampled_from([40, 41])},
)
PLACES = st.fixed_dictionaries(
    {
        "name": TEXTS,
        "facts": FACTS,
        "names": st.lists(NAMES, max_size=4, unique_by=itemgetter("text", "language", "kind")),
        "institutions": st.lists(st.sampled_from(["Museum", "College"]), unique=True),
        "ids": st.integers(0, 2),
        "ties": st.integers(0, 2),
        "sources": st.integers(0, 2),
    }
)


def make(drawn) -> Place:
    facts = dict(drawn["facts"])
    if "population" in facts:
        facts["population_year"] = 2020
    if "latitude" in facts:
        facts["longitude"] = 69
    place = PlaceFactory(name=drawn["name"], **facts)
    for name in drawn["names"]:
        PlaceNameFactory(place=place, **name)
    for name in drawn["institutions"]:
        InitiativeFactory().institutions.add(InstitutionFactory(place=place, name=name))
    for _ in range(drawn["ids"]):
        PlaceIdentifierFactory(place=place)
    for _ in range(drawn["ties"]):
        AgreementFactory(parties=[place, PlaceFactory()], sources=[SourceFactory()])
    for _ in range(drawn["sources"]):
        SourceFactory(speaks_for=place)
    return place


def held(*places: Place) -> dict[str, set]:
    """All that the register says of these places."""
    pks = [place.pk for place in places]
    names = set(PlaceName.objects.filter(place__in=pks).values_list("text", "language", "kind"))
    seated = Institution.objects.filter(place__in=pks)
    return {
        "names": {text for text, _, _ in names}
        | set(Place.objects.filter(pk__in=pks).values_list("name", flat=True)),
        "names with their language and kind": names,
        "ids": set(PlaceIdentifier.objects.filter(place__in=pks).values_list("scheme", "value")),
        "agreements": set(Party.objects.filter(place__in=pks).values_list("agreement", flat=True)),
        "sources": set(Source.objects.filter(speaks_for__in=pks)),
        "institutions": set(seated.values_list("name", flat=True)),
        "promises": set(seated.values_list("initiatives", flat=True)) - {None},
    }


def said(place: Place) -> set[str]:
    values = (place.about, place.population, place.latitude)
    return {str(value) for value in values if value not in (None, "")}


class Merges(TestCase):
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(one=PLACES, other=PLACES)
    def test_all_that_either_place_had_the_one_that_stays_has(self, one, other):
        kept, going = make(one), make(other)
        before = held(kept, going)
        facts = {fact for place in (kept, going) for fact in said(Place.objects.get(pk=place.pk))}
        merge_places(kept, going, by=None, reason="Drawn by lot.")
        after = held(kept)
        lost = {name: rows - after[name] for name, rows in before.items()}
        assert not any(lost.values()), lost
        stays = Place.objects.get(pk=kept.pk)
        aside = " ".join(stays.merges.get().aside)
        for fact in facts - said(stays):
            assert fact in aside
        assert Place.objects.called(going.slug or "").get() == stays


PARTS = (CitationFactory, ApprovalFactory, SignatureFactory, DocumentFactory, InitiativeFactory)


@pytest.mark.django_db
@pytest.mark.parametrize("mine", range(0, 32, 5))
@pytest.mark.parametrize("theirs", range(32))
def test_what_hung_on_either_agreement_hangs_on_the_one_that_stays(mine, theirs, qazvin, khujand):
    kept, other = (AgreementFactory(parties=[qazvin, khujand]) for _ in range(2))
    rows = []
    for agreement, chosen in ((kept, mine), (other, theirs)):
        rows += [make(agreement=agreement) for bit, make in enumerate(PARTS) if chosen >> bit & 1]
        EventFactory(agreements=[agreement])
    steps = set(StatusChange.objects.values_list())
    merge_agreements(kept, other, by=None, reason="Drawn by lot.")
    assert {type(row).objects.get(pk=row.pk).agreement_id for row in rows} <= {kept.pk}
    assert kept.events.count() == Event.objects.count() == 2
    assert set(StatusChange.objects.values_list()) == steps
    assert Agreement.objects.count() == 2
    for model in (Citation, Document, Initiative):
        assert not model.objects.filter(agreement=other).exists()


@pytest.mark.django_db
def test_a_merge_that_is_refused_at_its_end_has_written_nothing(khujand, monkeypatch):
    other = make(
        {"name": "Hojand", "facts": {}, "names": [], "institutions": ["Museum"]}
        | {"ids": 2, "ties": 2, "sources": 2}
    )
    before = all_rows()

    def refuse(*args, **kwargs):
        raise MergeRefused("At the very end.")

    monkeypatch.setattr(Place, "delete", refuse)
    with pytest.raises(MergeRefused):
        merge_places(Place.objects.get(pk=khujand.pk), other, by=None, reason="Half.")
    assert all_rows() == before
