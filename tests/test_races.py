"""Two people at once, a hundred times over: one wins, the other is told, and nothing is lost.

They meet in the database as in production: each in a thread with a connection of its own. Both
have read the row before either writes. What is no StaleVersion, such as “database is locked”,
fails the test.
"""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from agreements.models import Agreement, IssuedReference
from cities.models import Place
from common.versions import StaleVersion
from tests.factories import AgreementFactory, PlaceFactory, SourceFactory, on

PAIRS = 100
WON, TOLD = "won", "told"
pytestmark = pytest.mark.django_db(transaction=True)


def race(read, write, pairs: int = PAIRS) -> list[tuple[str, str]]:
    """What became of both in every round.

    ``read(round)`` gives a copy, ``write(copy, who, round)`` writes it; ``who`` is 0 or 1.
    """
    together = Barrier(2, timeout=60)

    def once(who: int, number: int) -> str:
        copy = read(number)
        together.wait()
        try:
            write(copy, who, number)
        except StaleVersion:
            return TOLD
        finally:
            together.wait()
        return WON

    def run(who: int) -> list[str]:
        try:
            return [once(who, number) for number in range(pairs)]
        except BaseException:
            together.abort()
            raise
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return list(zip(*pool.map(run, (0, 1)), strict=True))


def winners(rounds) -> list[int]:
    """Who won each round; every round has one who won and one who was told."""
    assert [sorted(outcomes) for outcomes in rounds] == [[TOLD, WON]] * len(rounds)
    return [outcomes.index(WON) for outcomes in rounds]


def test_of_a_hundred_pairs_of_saves_each_keeps_one_and_tells_the_other():
    pk = PlaceFactory(name="Khujand").pk

    def save(place, who, number):
        place.about = f"{number} by {who}"
        place.save()

    won = winners(race(lambda number: Place.objects.get(pk=pk), save))
    place = Place.objects.get(pk=pk)
    kept = place.history.order_by("history_id").values_list("about", flat=True)
    assert list(kept) == ["", *(f"{number} by {who}" for number, who in enumerate(won))]
    assert place.version == 1 + PAIRS


def test_of_a_hundred_pairs_of_moves_each_makes_one_and_tells_the_other():
    places, source = PlaceFactory.create_batch(2), SourceFactory()
    pks = [AgreementFactory(status="drafted", parties=places).pk for _ in range(PAIRS)]
    moves = ({"name": "withdraw"}, {"name": "sign", "citations": [(source, "Signed.")]})

    def move(agreement, who, number):
        agreement.move(**moves[who], by=None, happened_on=on("2025-05-10"))

    won = winners(race(lambda number: Agreement.objects.get(pk=pks[number]), move))
    for pk, who in zip(pks, won, strict=True):
        agreement = Agreement.objects.get(pk=pk)
        opening, made = agreement.steps.all()
        assert (opening.to_status, made.move) == ("drafted", moves[who]["name"])
        assert agreement.status == made.to_status == ("withdrawn", "signed")[who]
        assert agreement.citations.count() == who


def test_of_a_hundred_pairs_of_the_same_move_on_one_agreement_each_is_made_once():
    pk = AgreementFactory(status="proposed").pk

    def there_and_back(agreement, who, number):
        name = ("withdraw", "revive")[number % 2]
        agreement.move(name, by=None, happened_on=on("2025-05-10"), note=f"by {who}")

    won = winners(race(lambda number: Agreement.objects.get(pk=pk), there_and_back))
    _, *steps = Agreement.objects.get(pk=pk).steps.all()
    assert [step.note for step in steps] == [f"by {who}" for who in won]
    assert [step.sequence for step in steps] == list(range(2, PAIRS + 2))


def test_an_edit_and_a_move_at_once_do_not_undo_each_other():
    pk = AgreementFactory(status="proposed").pk

    def edit_or_move(agreement, who, number):
        if who:
            agreement.summary = f"Edit {number}"
            agreement.save()
        else:
            name = ("withdraw", "revive")[agreement.steps.count() % 2 == 0]
            agreement.move(name, by=None, happened_on=on("2025-05-10"))

    won = winners(race(lambda number: Agreement.objects.get(pk=pk), edit_or_move, pairs=50))
    agreement = Agreement.objects.get(pk=pk)
    edits = agreement.history.exclude(summary="").values("summary").distinct()
    assert agreement.steps.count() == 1 + won.count(0)
    assert edits.count() == won.count(1)
    assert agreement.status == agreement.steps.last().to_status


def test_two_who_record_at_once_both_get_a_reference_of_their_own():
    places = PlaceFactory.create_batch(2)

    def record(_, who, number):
        AgreementFactory(parties=places)

    rounds = race(lambda number: None, record, pairs=20)
    assert set(rounds) == {(WON, WON)}
    assert Agreement.objects.count() == IssuedReference.objects.count() == 40
