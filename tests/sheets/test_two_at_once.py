"""Two people with tables at the same moment: nothing is written twice, and no work is lost."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from agreements.models import Sector
from cities.models import Official
from tests.admin.conftest import signed_in
from tests.factories import OfficialFactory, SectorFactory, staff
from tests.sheets.carrying import bring, confirm, edited, export, new_row, plan, said

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 10


def at_once(*acts) -> list:
    """What each of the acts gives, all begun at the same moment."""
    together = Barrier(len(acts), timeout=60)

    def done(act):
        together.wait()
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(done, acts))


@pytest.fixture
def clients():
    return [signed_in(staff("registrar", username=name)) for name in ("rustam", "farrukh")]


def test_a_confirmation_that_is_sent_twice_at_once_writes_once(clients):
    client, _other = clients
    SectorFactory()
    for number in range(ROUNDS):
        shown = bring(client, Sector, new_row(export(client, Sector), name=f"Trade {number}"))
        answers = at_once(lambda: confirm(client, shown), lambda: confirm(client, shown))  # noqa: B023
        assert {answer.status_code for answer in answers} == {302}
        assert Sector.objects.filter(name=f"Trade {number}").count() == 1


def test_of_two_who_changed_one_record_one_is_told(clients):
    OfficialFactory(name="Rahim")
    for number in range(ROUNDS):
        content = export(clients[0], Official)
        shown = [
            bring(client, Official, edited(content, about=f"{number}, {who}"))
            for who, client in enumerate(clients)
        ]
        first, second = at_once(
            lambda: confirm(clients[0], shown[0]),  # noqa: B023
            lambda: confirm(clients[1], shown[1]),  # noqa: B023
        )
        won = 0 if first.status_code == 302 else 1
        told = (second, first)[won]
        assert told.status_code == 409
        assert "Somebody changed this record since the export." in said(told)
        assert Official.objects.get().about == f"{number}, {won}"


def test_two_tables_of_the_same_records_in_opposite_order_do_not_wait_for_each_other(clients):
    for name in ("Rahim", "Zohidi", "Nozari"):
        OfficialFactory.create_batch(10, name=name)
    content = edited(export(clients[0], Official), about="Anew")
    header, *rows = content.splitlines()
    turned = b"\n".join([header, *reversed(rows)])
    shown = [
        bring(*pair) for pair in ((clients[0], Official, content), (clients[1], Official, turned))
    ]
    assert all(plan(one).counts["changed"] == 30 for one in shown)
    answers = at_once(lambda: confirm(clients[0], shown[0]), lambda: confirm(clients[1], shown[1]))
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    assert set(Official.objects.values_list("version", "about")) == {(2, "Anew")}
