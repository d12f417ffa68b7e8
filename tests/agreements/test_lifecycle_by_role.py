"""Every move from every status by everybody; every opening; publishing. One table, cell by cell."""

from itertools import product

import pytest
from django.core.exceptions import PermissionDenied

from agreements.lifecycle import MOVES, Status, legal_step, moves_from, opening_permission
from agreements.models import Agreement, MoveRefused, StatusChange
from tests.factories import AgreementFactory, SourceFactory, on
from tests.people import PEOPLE, person

pytestmark = pytest.mark.django_db

EVERYBODY = (*PEOPLE, "system")
EDITING = {"editor", "registrar", "administrator", "system"}
SIGNING = {"registrar", "administrator", "system"}

# Written out from the design, not drawn from the code: a new move or status has no entry here,
# and its cells fail until somebody writes down what it may do.
DESIGN = {
    "proposed": {"draft": "drafted", "sign": "signed", "withdraw": "withdrawn"},
    "drafted": {"sign": "signed", "withdraw": "withdrawn"},
    "signed": {"suspend": "suspended", "end": "ended"},
    "suspended": {"reinstate": "signed", "end": "ended"},
    "ended": {"reinstate": "signed"},
    "withdrawn": {"revive": "proposed"},
}
MAY_MOVE = {
    "draft": EDITING,
    "withdraw": EDITING,
    "revive": EDITING,
    "sign": SIGNING,
    "suspend": SIGNING,
    "reinstate": SIGNING,
    "end": SIGNING,
}
MAY_OPEN = {
    "proposed": EDITING,
    "drafted": EDITING,
    "withdrawn": EDITING,
    "signed": SIGNING,
    "suspended": SIGNING,
    "ended": SIGNING,
}
MOVE_CELLS = list(product(MOVES, [str(status) for status in Status], EVERYBODY))
OPENING_CELLS = list(product([str(status) for status in Status], EVERYBODY))
PUBLISHING_CELLS = list(product(["publish", "unpublish"], [False, True], EVERYBODY))
CELLS = 364  # 7 moves × 6 statuses × 7 people, 6 openings × 7, 2 × 2 publishings × 7


def test_every_cell_of_the_table_is_asserted():
    assert len(MOVE_CELLS) + len(OPENING_CELLS) + len(PUBLISHING_CELLS) == CELLS


def test_the_moves_are_those_of_the_design():
    table = {
        str(status): {move.name: str(move.to_status) for move in moves_from(status)}
        for status in Status
    }
    assert table == DESIGN


def test_the_spine_is_proposed_drafted_signed():
    assert [str(status) for status in Status][:3] == ["proposed", "drafted", "signed"]


@pytest.mark.parametrize(("move", "status", "who"), MOVE_CELLS)
def test_a_move_is_made_only_where_the_table_has_it_by_those_who_may(move, status, who):
    agreement = AgreementFactory(status=status)
    user = person(who)
    given = {"happened_on": on("2025-06"), "citations": [(SourceFactory(), "It says so.")]}
    if move == "end":
        given["end_reason"] = "terminated"
    if who not in MAY_MOVE[move]:
        refusal = PermissionDenied
    elif move not in DESIGN[status]:
        refusal = MoveRefused
    else:
        step = agreement.move(move, by=user, **given)
        assert (step.from_status, step.to_status) == (status, DESIGN[status][move])
        assert Agreement.objects.get(pk=agreement.pk).status == DESIGN[status][move]
        assert step.recorded_by == user
        return
    with pytest.raises(refusal):
        agreement.move(move, by=user, **given)
    assert Agreement.objects.get(pk=agreement.pk).status == status
    assert agreement.steps.count() == 1


@pytest.mark.parametrize(("status", "who"), OPENING_CELLS)
def test_a_record_opens_at_a_status_only_by_those_who_may_reach_it(status, who):
    user = person(who)
    if who in MAY_OPEN[status]:
        step = AgreementFactory(status=status, by=user).steps.get()
        assert (step.move, step.from_status, step.to_status) == ("", "", status)
        assert step.recorded_by == user
        return
    with pytest.raises(PermissionDenied):
        AgreementFactory(status=status, by=user)
    assert not Agreement.objects.exists()
    assert not StatusChange.objects.exists()


@pytest.mark.parametrize(("act", "public", "who"), PUBLISHING_CELLS)
def test_only_a_registrar_publishes_and_unpublishes(act, public, who):
    agreement = AgreementFactory(status="signed", public=public, sources=[SourceFactory()])
    if who in SIGNING:
        getattr(agreement, act)(by=person(who))
        assert Agreement.objects.get().is_public == (act == "publish")
        return
    with pytest.raises(PermissionDenied):
        getattr(agreement, act)(by=person(who))
    assert Agreement.objects.get().is_public == public


def test_every_opening_names_a_permission_that_exists(registrar):
    assert all(registrar.has_perm(opening_permission(status)) for status in Status)


def test_the_databases_rule_knows_every_row_of_the_table_and_no_other():
    every = product(MOVES, [str(status) for status in Status], [str(status) for status in Status])
    for move, before, after in every:
        step = {"move": move, "from_status": before, "to_status": after, "sequence": 2}
        assert legal_step().check(step) == (DESIGN[before].get(move) == after), step
