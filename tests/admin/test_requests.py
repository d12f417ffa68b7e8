"""Who may not do something asks who may; the request and its answer stand on the screen."""

import pytest

from agreements.lifecycle import MOVES
from agreements.models import Request
from tests.admin.sheets import sheet
from tests.admin.test_moves import act_url, move_url, page
from tests.desk_factories import RequestFactory
from tests.factories import SourceFactory, on
from tests.pages.reading import words


def ask_url(agreement, act: str) -> str:
    return act_url(agreement, "ask", act)


def ask(client, agreement, act: str, note: str = ""):
    data = sheet(client.get(ask_url(agreement, act))) | {"note": note}
    return client.post(ask_url(agreement, act), data)


def decline_url(asked) -> str:
    return act_url(asked.agreement, "decline", asked.pk)


def take_back_url(asked) -> str:
    return act_url(asked.agreement, "take_back", asked.pk)


@pytest.fixture
def asked(tie, editor):
    return Request.ask(tie, "sign", by=editor, note="The scan is <here>.")


def test_an_editor_has_a_button_to_ask_for_what_only_a_registrar_may(parvin, tie):
    shown = page(parvin, tie)
    assert ask_url(tie, "sign") in shown
    assert ask_url(tie, "publish") in shown
    assert ask_url(tie, "withdraw") not in shown


def test_who_may_do_it_or_may_not_ask_has_no_such_button(rustam, aziza, tie):
    for client in (rustam, aziza):
        assert "Ask a registrar" not in page(client, tie)


def test_what_is_not_possible_yet_is_not_asked_for(parvin, tie):
    tie.parties.last().delete()
    assert ask_url(tie, "sign") not in page(parvin, tie)
    assert "Sign: only a registrar can. An agreement needs two parties" in page(parvin, tie)


def test_a_request_is_sent_with_a_note(parvin, editor, tie):
    assert ask(parvin, tie, "sign", "The scan is here.").status_code == 302
    asked = Request.objects.waiting().get()
    assert (asked.act, asked.asked_by, asked.note) == ("sign", editor, "The scan is here.")


def test_it_waits_on_the_screen_with_what_each_can_do_about_it(parvin, rustam, aziza, tie, asked):
    for client in (parvin, rustam, aziza):
        shown = words(page(client, tie))
        assert "Asked for: Sign parvin" in shown
        assert "The scan is <here>." in shown
    his, mine, hers = page(rustam, tie), page(parvin, tie), page(aziza, tie)
    assert (decline_url(asked) in his, take_back_url(asked) in his) == (True, False)
    assert (decline_url(asked) in mine, take_back_url(asked) in mine) == (False, True)
    assert (decline_url(asked) in hers, take_back_url(asked) in hers) == (False, False)
    assert move_url(tie, "sign") in his.split("standing-heading")[0]
    assert ask_url(tie, "sign") not in mine


def test_it_is_asked_once(parvin, tie, asked):
    response = ask(parvin, tie, "sign")
    assert "asked for already" in response.content.decode()
    assert Request.objects.count() == 1


def test_a_registrar_declines_in_words_which_the_asker_reads_until_asking_again(
    parvin, rustam, tie, asked
):
    data = sheet(rustam.get(decline_url(asked)))
    assert "answer" in rustam.post(decline_url(asked), data).context["form"].errors
    data["answer"] = "No source yet."
    assert rustam.post(decline_url(asked), data).status_code == 302
    shown = words(page(parvin, tie))
    assert "You asked for: Sign. Answer: declined rustam" in shown
    assert "No source yet." in shown
    assert "No source yet." not in page(rustam, tie)
    ask(parvin, tie, "publish")
    assert "No source yet." not in page(parvin, tie)


def test_the_move_itself_answers(parvin, rustam, tie, asked):
    data = sheet(rustam.get(move_url(tie, "sign"))) | {"happened_on": "2025-06"}
    rustam.post(move_url(tie, "sign"), data | {"source": SourceFactory().pk})
    assert "You asked for: Sign. Answer: done rustam" in words(page(parvin, tie))
    assert "Asked for: Sign" not in page(rustam, tie)


def test_the_asker_alone_takes_it_back(parvin, rustam, tie, asked):
    assert rustam.post(take_back_url(asked), {"version": "1"}).status_code == 403
    data = sheet(parvin.get(take_back_url(asked)))
    assert parvin.post(take_back_url(asked), data).status_code == 302
    assert "Asked for" not in page(parvin, tie)
    assert "Answer:" not in page(parvin, tie)


def test_what_somebody_answered_meanwhile_is_said_to_be(parvin, rustam, tie, asked):
    data = sheet(rustam.get(decline_url(asked))) | {"answer": "No."}
    asked.take_back(by=asked.asked_by)
    response = rustam.post(decline_url(asked), data)
    assert "Somebody answered this meanwhile." in response.content.decode()


def test_who_may_not_do_it_does_not_decline_it(parvin, aziza, asked):
    for client in (parvin, aziza):
        assert client.post(decline_url(asked), {"version": "1", "answer": "x"}).status_code == 403
    assert asked in Request.objects.waiting()


def test_a_request_of_another_agreement_is_not_found(rustam, tie):
    other = RequestFactory()
    assert rustam.get(act_url(tie, "decline", other.pk)).status_code == 404
    assert rustam.get(act_url(tie, "decline", 10**30)).status_code == 404


@pytest.mark.parametrize("act", ["fly", "unpublish", "ask"])
def test_what_nobody_can_do_is_not_found(parvin, tie, act):
    assert parvin.get(ask_url(tie, act)).status_code == 404


def test_what_cannot_be_done_where_it_stands_is_not_asked(parvin, tie):
    assert parvin.get(ask_url(tie, "reinstate")).status_code == 302
    response = parvin.post(ask_url(tie, "reinstate"), {"version": "1"})
    assert "An agreement that is drafted cannot be reinstated." in response.content.decode()
    assert not Request.objects.exists()


def test_an_auditor_asks_for_nothing(aziza, tie):
    assert aziza.get(ask_url(tie, "sign")).status_code == 403
    assert aziza.post(ask_url(tie, "sign"), {"version": "1"}).status_code == 403


def test_a_request_that_came_too_late_can_still_be_declined(rustam, tie, asked):
    tie.move("withdraw", by=None, happened_on=on("2025-06"))
    shown = page(rustam, tie)
    assert decline_url(asked) in shown
    assert move_url(tie, "sign") not in shown


@pytest.mark.parametrize("note", ["\0", "x" * 1001])
def test_a_note_that_cannot_be_kept_is_refused_at_the_field(parvin, tie, note):
    data = {"version": "1", "note": note}
    response = parvin.post(ask_url(tie, "sign"), data)
    assert "note" in response.context["form"].errors
    assert not Request.objects.exists()


def test_everything_that_only_a_registrar_may_do_can_be_asked_for(parvin, tie):
    for act in (*MOVES, "publish"):
        assert parvin.get(ask_url(tie, act)).status_code in (200, 302)
