"""Every role in every office does every act to an agreement of every status: one table, by cells.

Acts are tried at the model, where the rule lives, and each is undone again.
"""

from itertools import product

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from agreements.admin.standing import standing
from agreements.lifecycle import MOVES, Status
from agreements.models import Agreement, MoveRefused, Request
from agreements.models.requests import ACTS
from tests.agreements.test_lifecycle_by_role import DESIGN, MAY_MOVE
from tests.factories import SourceFactory, on
from tests.offices.world import PEOPLE, PUBLIC, VISIBILITIES, WAYS, keeps, sees

pytestmark = pytest.mark.django_db

EDITING = {"editor", "registrar", "administrator"}
SIGNING = {"registrar", "administrator"}
# Written out from the design. A move or an act without a line here fails.
MAY = {
    **MAY_MOVE,
    "publish": SIGNING,
    "unpublish": SIGNING,
    "undo": SIGNING,
    "verify": EDITING,
    "ask": EDITING,
}
BESIDE_MOVES = ("publish", "unpublish", "undo", "verify", "ask")
STANDS = list(product(WAYS, VISIBILITIES))
CELLS = list(product((*MOVES, *BESIDE_MOVES), PEOPLE))
SEEN_BY = (*PEOPLE, *PUBLIC)
# 12 acts × 17 people × 12 agreements at the model, 9 buttons × 14 people × 12 on the screen,
# and 2 sets × 19 people × 12 agreements.
BUTTONS = (*MOVES, "publish", "unpublish")
AT_THE_SCREEN = [who for who in PEOPLE if keeps(who)]
EVERY_CELL = 4416


def test_every_cell_of_the_table_is_asserted():
    tried, seen = len(CELLS), 2 * len(SEEN_BY)
    offered = len(BUTTONS) * len(AT_THE_SCREEN)
    assert (tried + offered + seen) * len(STANDS) == EVERY_CELL


def test_every_status_move_and_act_has_its_line():
    assert set(WAYS) == {str(status) for status in Status}
    assert set(MAY) == {*MOVES, *BESIDE_MOVES}
    assert set(ACTS) == {*MOVES, "publish"}


def expected(act: str, who: tuple[str, str], status: str) -> str:
    if who[0] not in MAY[act] or not keeps(who):
        return "forbidden"
    if act == "undo":
        return "done" if WAYS[status] else "refused"
    return "done" if act in BESIDE_MOVES or act in DESIGN[status] else "refused"


def tried(act: str, agreement: Agreement, user, source) -> str:
    """What comes of it; the database is as before."""
    try:
        with transaction.atomic():
            do(act, agreement, user, source)
            transaction.set_rollback(True)
    except PermissionDenied:
        return "forbidden"
    except MoveRefused:
        return "refused"
    return "done"


def do(act: str, agreement: Agreement, user, source) -> None:
    if act == "undo":
        agreement.undo(by=user, reason="It was another one.")
    elif act == "ask":
        Request.ask(agreement, "publish", by=user, note="")
    elif act in BESIDE_MOVES:
        getattr(agreement, act)(by=user)
    else:
        given = {"end_reason": "terminated"} if act == "end" else {}
        cited = [(source, "It says so.")]
        agreement.move(act, by=user, happened_on=on("2025-07"), citations=cited, **given)


@pytest.mark.parametrize(("act", "who"), CELLS)
def test_an_act_is_for_the_role_that_may_in_an_office_that_keeps_the_agreement(act, who, world):
    user, source = world.person(who), SourceFactory()
    for stand in STANDS:
        found = tried(act, world.agreement(*stand), user, source)
        assert found == expected(act, who, stand[0]), stand


@pytest.mark.parametrize("who", AT_THE_SCREEN, ids="-".join)
def test_the_screen_has_a_button_for_what_can_be_done_and_for_nothing_else(who, world):
    user = world.person(who)
    for status, visibility in STANDS:
        of_visibility = "unpublish" if visibility == "public" else "publish"
        offered = {act.name for act in standing(world.agreement(status, visibility), user).acts}
        possible = {*DESIGN[status], of_visibility} & set(BUTTONS)
        assert offered == {act for act in possible if who[0] in MAY[act]}, (status, visibility)


@pytest.mark.parametrize("who", SEEN_BY, ids="-".join)
def test_who_keeps_an_agreement_sees_it_and_others_see_what_is_public(who, world):
    user = world.person(who)
    kept = set(Agreement.objects.kept_by(user).values_list("pk", flat=True))
    seen = set(Agreement.objects.visible_to(user).values_list("pk", flat=True))
    for stand, agreement in world.agreements.items():
        assert (agreement.pk in seen) == sees(who, stand[1]), stand
        # Of whoever has no role it is never asked: they may do nothing.
        assert (agreement.pk in kept) == (keeps(who) or who in PUBLIC), stand
        assert agreement.is_kept_by(user) == (agreement.pk in kept)
