"""The first screen: every queue with its exact count, what to do, and what colleagues did."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from agreements.models import Agreement, Request
from agreements.queues import QUEUES
from cities.models import Clerkship
from common.dates import PartialDate
from tests.admin.conftest import signed_in
from tests.admin.sheets import change_url, list_url, open_sheet
from tests.factories import (
    AgreementFactory,
    CitationFactory,
    InitiativeFactory,
    ListingFactory,
    SectorFactory,
    UserFactory,
    on,
    staff,
)

INDEX = "/admin/"


def soon(days: int = 5) -> PartialDate:
    return PartialDate.from_date(timezone.localdate() + timedelta(days=days))


def fill(by, answering, parties=None) -> None:
    """One agreement or more in every queue; ``by`` asks and ``answering`` declines."""
    one = {"parties": parties}
    signed = {**one, "status": "signed", "happened_on": "2020"}
    AgreementFactory(**signed, expires_on=soon(), renewal="automatic")
    AgreementFactory(**signed, expires_on=soon(), notice_by=soon(2))
    AgreementFactory(**signed, expires_on=on("2021"))
    stalled = AgreementFactory(**one, status="drafted", happened_on="2020")
    InitiativeFactory(agreement=stalled, title="Bus line", due_on=on("2024"))
    Request.ask(stalled, "sign", by=by, note="The text is ready.")
    refused = AgreementFactory(**one, status="drafted", public=True)
    Request.ask(refused, "publish", by=by).decline(by=answering, answer="No text.")
    claimed = AgreementFactory(**signed)
    cited = CitationFactory(agreement=claimed)
    ListingFactory(citation=cited, listed_by=claimed.parties.first().place)
    old = timezone.now() - timedelta(days=1_000)
    Agreement.objects.filter(pk=stalled.pk).update(created_at=old)


def plain(response) -> str:
    """The page without the signs that keep names and dates in their direction."""
    return re.sub("[\u2068\u2069]", "", response.content.decode()).replace("\xa0", " ")


@pytest.fixture
def work(editor, registrar):
    fill(editor, registrar)
    fill(editor, registrar)


def counts_on(client: Client) -> dict[str, int]:
    """What the first screen says of each queue that is not empty."""
    desk = client.get(INDEX).context["desk"]
    return {part.queue.name: part.total for part in desk.sections}


def listed(client: Client, name: str) -> int:
    return client.get(list_url(Agreement), {"queue": name}).context["cl"].result_count


@pytest.mark.parametrize("role", ["editor", "registrar", "auditor", "administrator", "bound"])
def test_every_count_is_that_of_the_list_behind_it(request, work, editor, qazvin, khujand, role):
    user = editor if role == "bound" else request.getfixturevalue(role)
    if role == "bound":
        fill(editor, request.getfixturevalue("registrar"), [qazvin, khujand])
        Clerkship.objects.create(user=editor, place=qazvin)
    client = signed_in(user)
    shown = counts_on(client)
    mine = {name for name, queue in QUEUES.items() if queue.is_for(user)}
    assert {name: listed(client, name) for name in mine} == dict.fromkeys(mine, 0) | shown
    assert mine - shown.keys() <= {"asked", "declined"}
    if role == "bound":
        assert shown["one_sided"] == 1 < listed(request.getfixturevalue("rustam"), "one_sided")


def test_what_nobody_may_do_is_no_queue_and_what_one_may_not_do_is_not_advised(work, aziza):
    assert not {"asked", "declined"} & counts_on(aziza).keys()
    assert "queue-advice" not in aziza.get(INDEX).content.decode()


def test_staff_without_a_role_see_nothing_internal(work):
    shown = signed_in(UserFactory(is_staff=True)).get(INDEX)
    assert shown.status_code == 200
    assert shown.context["desk"] is None
    assert "TW-" not in shown.content.decode()


def test_each_line_says_how_it_stands_and_leads_to_the_record(work, parvin, rustam):
    shown = plain(rustam.get(INDEX))
    for words in (
        "Sign: asked by parvin",
        "The text is ready.",
        "renews itself",
        "drafted, and no step for",
        "“Bus line”, due: 2024",
        "Its term was over: 2021",
        "Notice by ",
        "Never verified; entered 2 years",
        "#initiatives-group",
        "End it, or record the term",
    ):
        assert words in shown, words
    assert "declined by rustam" in (mine := plain(parvin.get(INDEX)))
    assert "No text." in mine


def test_an_anchor_leads_to_something_on_the_page(work, rustam, tie):
    page = rustam.get(change_url(tie)).content.decode()
    for queue in QUEUES.values():
        assert f'id="{queue.anchor}"' in page or not queue.anchor, queue.name


def test_empty_queues_are_told_in_one_line(rustam):
    shown = rustam.get(INDEX)
    assert shown.context["desk"].sections == []
    assert len(re.findall("desk-empty", shown.content.decode())) == 1
    assert "Stalled before signing" in shown.content.decode()


def test_the_first_screen_asks_as_much_for_thirty_as_for_three(
    rustam, editor, registrar, django_assert_max_num_queries
):
    fill(editor, registrar)
    rustam.get(INDEX)
    with django_assert_max_num_queries(60) as few:
        rustam.get(INDEX)
    [fill(editor, registrar) for _ in range(9)]
    with django_assert_max_num_queries(len(few)):
        rustam.get(INDEX)


@pytest.mark.parametrize("value", ["nonsense", "", "9" * 400])
def test_an_unknown_queue_filters_nothing(rustam, tie, value):
    assert listed(rustam, value) == 1


def test_a_nul_in_the_query_is_refused(rustam):
    assert rustam.get(list_url(Agreement), {"queue": "\0"}).status_code == 400


def changes(client: Client) -> list[tuple[str, list[str]]]:
    return [(edit.who, edit.what) for edit in client.get(INDEX).context["desk"].changes]


def test_what_colleagues_did_is_told_and_what_i_did_is_not(parvin, rustam, tie):
    CitationFactory(agreement=tie)
    data = open_sheet(parvin, tie) | {"summary": "A pact.", "citations-0-says": "A vote."}
    assert parvin.post(change_url(tie), data).status_code == 302
    [(who, what)] = changes(rustam)
    assert (who, set(what)) == ("parvin", {"Summary", "source changed"})
    assert changes(parvin) == []


def test_a_move_and_sectors_are_told_by_what_came_of_them(rustam, parvin, registrar, tie):
    tie.move("sign", by=registrar, happened_on="2025", citations=[(CitationFactory().source, "")])
    data = open_sheet(rustam, tie) | {"sectors": [str(SectorFactory().pk)]}
    assert rustam.post(change_url(tie), data).status_code == 302
    [(_who, what)] = changes(parvin)
    assert what == ["Sectors", "now signed"]


def test_what_was_done_in_another_office_is_none_of_a_bound_clerks_news(rustam, tie, qazvin):
    foreign = AgreementFactory()
    for record in (tie, foreign):
        rustam.post(change_url(record), open_sheet(rustam, record) | {"summary": "New."})
    clerk = staff("editor")
    Clerkship.objects.create(user=clerk, place=qazvin)
    assert [edit.key for edit in signed_in(clerk).get(INDEX).context["desk"].changes] == [tie.pk]
