"""Over names and texts drawn by lot: the database finds and orders as a plain rule in Python."""

import random

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from agreements.models import Agreement
from cities.models import Place
from common.names import fold
from tests.factories import AgreementFactory, PlaceFactory, PlaceNameFactory

pytestmark = pytest.mark.django_db

PARTS = ("san", "Sa", "s", "münster", "munster", "kh", "хуҷанд", "new", "York", "’", "خ", "ан", "b")
drawn = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
texts = st.lists(st.sampled_from(PARTS), min_size=1, max_size=3).flatmap(
    lambda parts: st.sampled_from([" ".join(parts), "".join(parts), "-".join(parts)])
)


def a_name(lots: random.Random) -> str:
    return lots.choice([" ", "", " "]).join(lots.choices(PARTS, k=lots.randint(1, 3)))


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Forty places of one to three names, and agreements between them."""
    lots = random.Random(7)  # noqa: S311
    with django_db_blocker.unblock(), transaction.atomic():
        for _ in range(40):
            place = PlaceFactory(name=a_name(lots))
            for text in {a_name(lots) for _ in range(lots.randint(0, 2))}:
                PlaceNameFactory(place=place, text=text)
        places = list(Place.objects.all())
        for _ in range(40):
            title = lots.choice(["", "", a_name(lots)])
            AgreementFactory(parties=lots.sample(places, 2), title=title, public=True)
        yield
        transaction.set_rollback(True)


def rank_of_one(words: str, names: list[str], written: str, may_go_on: bool) -> int | None:
    """How well these words, standing together, fit the best of the names; None: not at all."""
    start = f" {words}" if may_go_on else f" {words} "
    ranks = []
    for name in names:
        folded = f" {fold(name)} "
        if folded == f" {words} ":
            ranks.append(0 if name == written else 1)
        elif folded.startswith(start):
            ranks.append(2)
        elif start in folded:
            ranks.append(3)
        elif len(words) > 2 and words in folded:
            ranks.append(4)
    return min(ranks, default=None)


def rank(text: str, names: list[str]) -> int | None:
    words = fold(text).split()
    if len(words) < 2:
        return rank_of_one(words[0], names, text, len(words[0]) > 1) if words else None
    ranks = [
        rank_of_one(word, names, "", len(word) > 1 or place == len(words))
        for place, word in enumerate(words, start=1)
    ]
    if None in ranks:
        return None
    together = rank_of_one(" ".join(words), names, text, True)
    return min(max(ranks), 4 if together is None else together)


def check(found, names_of, text: str) -> None:
    expected = {row.pk: rank(text, names) for row, names in names_of.items()}
    wanted = {pk: one for pk, one in expected.items() if one is not None}
    assert {row.pk: row.rank for row in found} == wanted
    assert [row.rank for row in found] == sorted(wanted.values())


@drawn
@given(text=texts)
@example(text="Münster")
@example(text="s b")
@example(text="b s")
@example(text="new york")
def test_places_are_found_and_ranked_by_the_rule(world, text):
    names = {
        place: [place.name, *(name.text for name in place.names.all())]
        for place in Place.objects.prefetch_related("names")
    }
    check(list(Place.objects.search(text)), names, text)


@drawn
@given(text=texts)
@example(text="san münster")
def test_agreements_are_found_and_ranked_by_the_same_rule(world, text):
    names = {
        tie: [
            tie.title,
            *(
                text
                for party in tie.parties.all()
                for text in (party.place.name, *(name.text for name in party.place.names.all()))
            ),
        ]
        for tie in Agreement.objects.prefetch_related("parties__place__names")
    }
    check(list(Agreement.objects.search(text)), names, text)
