"""Whatever the order of rows and sides, a list says the same; said again, it says nothing new."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agreements.models import Listing
from tests.imports.lists import KHUJAND, QAZVIN, SEATTLE, entered, looked_through, results, tie
from tests.rows import all_rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("places")]
SWAPPED = {"a_only": "b_only", "b_only": "a_only"}
tries = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
some_rows = st.lists(
    st.tuples(
        st.sampled_from([(KHUJAND, QAZVIN), (KHUJAND, SEATTLE), (QAZVIN, "Q5083")]),
        st.sampled_from(["", "1973", "1973-05", "1973-06", "1991", "2990", "2015"]),
        st.sampled_from(["", "1973", "1973-05", "1980", "1950"]),
        st.sampled_from(["", "both", "a_only", "b_only"]),
    ),
    min_size=1,
    max_size=6,
)


def rows_of(drawn) -> list[dict[str, str]]:
    return [tie(*pair, start=start, end=end, listed_by=by) for pair, start, end, by in drawn]


def turned(row: dict[str, str]) -> dict[str, str]:
    """The same row with its sides changed about."""
    sides = str.maketrans("ab", "ba")
    found = {k[0].translate(sides) + k[1:] if k[1] == "_" else k: v for k, v in row.items()}
    return found | {"listed_by": SWAPPED.get(row["listed_by"], row["listed_by"])}


def recorded() -> list:
    """What the register has of the list, without numbers that are drawn or given."""
    return sorted(
        (
            sorted(listing.citation.agreement.parties.values_list("place__name", flat=True)),
            listing.citation.agreement.status,
            [str(step.happened_on) for step in listing.citation.agreement.steps.all()],
            listing.sides,
            str(listing.listed_by),
        )
        for listing in Listing.objects.all()
    )


def undone(rows) -> list:
    """What entering them would record."""
    with transaction.atomic():
        entered(*rows)
        found = recorded()
        transaction.set_rollback(True)
    return found


@tries
@given(some_rows, st.randoms(use_true_random=False))
def test_the_order_of_rows_and_of_sides_does_not_matter(drawn, lot):
    rows = rows_of(drawn)
    mixed = [turned(row) if lot.random() < 0.5 else row for row in rows]
    lot.shuffle(mixed)
    assert undone(mixed) == undone(rows)


@tries
@given(some_rows)
def test_entered_twice_a_list_changes_nothing(drawn):
    rows = rows_of(drawn)
    with transaction.atomic():
        entered(*rows)
        before = all_rows()
        again = entered(*rows)
        after = all_rows()
        transaction.set_rollback(True)
    assert set(results(again)) == {"unchanged"}
    assert after == before


@tries
@given(some_rows)
def test_a_plan_writes_nothing_and_is_the_same_each_time(drawn):
    before = all_rows()
    rows = rows_of(drawn)
    assert looked_through(*rows).digest == looked_through(*rows).digest
    assert all_rows() == before
