"""The staff read what readers suggest, and take it up or decline it."""

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from agreements.models import Agreement, Suggestion
from cities.merging import merge_places
from common.versions import StaleVersion
from tests.admin.conftest import signed_in
from tests.desk_factories import ClerkshipFactory, SuggestionFactory
from tests.factories import AppointmentFactory, OfficialFactory, PlaceFactory, staff
from tests.pages.reading import words

pytestmark = pytest.mark.django_db
LIST = "/admin/agreements/suggestion/"


def page_of(suggestion: Suggestion) -> str:
    return f"{LIST}{suggestion.pk}/change/"


def answer(client, suggestion, act: str, note: str = "", **more):
    return client.post(page_of(suggestion), {act: "x", "version": 1, "note": note, **more})


@pytest.fixture
def one(khujand):
    return SuggestionFactory(place=khujand, path="/places/khujand/", name="Mahin")


def test_from_the_reader_to_the_clerk_and_off_the_desk(reader, parvin, khujand):
    reader.send("/places/khujand/")
    desk = words(parvin.get("/admin/").content.decode())
    assert "Suggestions from readers 1" in desk
    assert "It was signed in May, not in June." in desk
    kept = Suggestion.objects.get()
    shown = parvin.get(page_of(kept)).content.decode()
    assert f'href="/admin/cities/place/{khujand.pk}/change/"' in shown
    assert 'href="/places/khujand/"' in shown
    assert 'href="https://example.org/may"' in shown
    assert answer(parvin, kept, "take_up", "Mended.").status_code == 302
    assert "Suggestions from readers 1" not in words(parvin.get("/admin/").content.decode())


def test_who_answered_and_when_is_kept(parvin, editor, one):
    answer(parvin, one, "decline", "The source says June.")
    one.refresh_from_db()
    assert (one.state, one.answered_by) == ("declined", editor)
    assert one.answer == "The source says June."
    assert (timezone.now() - one.answered_at).total_seconds() < 60
    assert "declined" in words(parvin.get(page_of(one)).content.decode()).lower()


def test_to_decline_wants_a_reason_and_to_take_up_does_not(parvin, one):
    refused = answer(parvin, one, "decline", " ")
    assert refused.status_code == 400
    assert "Say why it is declined." in refused.content.decode()
    assert answer(parvin, one, "take_up").status_code == 302


def test_an_answer_can_be_mended(parvin, rustam, one, registrar):
    answer(parvin, one, "take_up")
    assert answer(rustam, one, "decline", "It was right.", version=2).status_code == 302
    one.refresh_from_db()
    assert (one.state, one.answered_by) == ("declined", registrar)


def test_two_who_answer_at_once_do_not_overwrite_each_other(parvin, rustam, one):
    answer(parvin, one, "take_up", "I see to it.")
    second = answer(rustam, one, "decline", "Spam.")
    assert second.status_code == 409
    shown = second.content.decode()
    assert "I see to it." in shown
    assert "Spam." in shown
    assert 'name="version" value="2"' in shown
    one.refresh_from_db()
    assert one.state == "taken_up"
    assert answer(rustam, one, "decline", "Spam.", version=2).status_code == 302


@pytest.mark.parametrize("version", ["", "0", "x", "9" * 30])
def test_a_form_without_its_version_answers_nothing(parvin, one, version):
    assert answer(parvin, one, "take_up", version=version).status_code == 400
    one.refresh_from_db()
    assert one.is_waiting


def test_one_button_is_pressed(parvin, one):
    assert parvin.post(page_of(one), {"version": 1, "note": ""}).status_code == 400
    both = {"take_up": "x", "decline": "x", "version": 1, "note": "x"}
    assert parvin.post(page_of(one), both).status_code == 400


@pytest.mark.parametrize("key", ["nobody", "9" * 40, "%00", "0"])
def test_one_that_is_not_there_leads_away(parvin, key):
    assert parvin.get(f"{LIST}{key}/change/").status_code in (302, 400)


# --- Who ----------------------------------------------------------------------------------


def test_an_auditor_sees_and_answers_nothing(aziza, auditor, one):
    shown = aziza.get(page_of(one)).content.decode()
    assert one.text in shown
    assert 'name="take_up"' not in shown
    assert answer(aziza, one, "take_up").status_code == 403
    with pytest.raises(PermissionDenied):
        one.decline(by=auditor, note="No.")
    assert "Suggestions from readers 1" in words(aziza.get("/admin/").content.decode())


def test_nobody_else_sees_or_answers_any(client, one, anonymous):
    assert answer(client, one, "take_up").status_code == 302
    client.force_login(staff("editor", is_staff=False))
    assert answer(client, one, "take_up").status_code == 302
    for person in (None, anonymous, staff("editor", username="gone", is_active=False)):
        assert not Suggestion.objects.visible_to(person).exists()
    with pytest.raises(PermissionDenied):
        one.take_up(by=anonymous)
    assert Suggestion.objects.get().is_waiting


def test_an_office_has_what_is_about_its_own_records(tie, qazvin, khujand):
    clerk = staff("editor")
    ClerkshipFactory(user=clerk, place=qazvin)
    governor = AppointmentFactory(place=qazvin).official
    own = {
        SuggestionFactory(agreement=tie),
        SuggestionFactory(place=qazvin),
        SuggestionFactory(official=governor),
    }
    theirs = [
        SuggestionFactory(place=khujand),
        SuggestionFactory(official=OfficialFactory()),
        SuggestionFactory(path="/about/"),
    ]
    assert set(Suggestion.objects.visible_to(clerk)) == own
    browser = signed_in(clerk)
    assert "Suggestions from readers 3" in words(browser.get("/admin/").content.decode())
    assert "3 suggestions" in words(browser.get(LIST).content.decode())
    for one in theirs:
        assert browser.get(page_of(one)).status_code == 302
        assert answer(browser, one, "take_up").status_code == 302
        with pytest.raises(PermissionDenied):
            one.take_up(by=clerk)
    assert Suggestion.objects.waiting().count() == 6


def test_a_superuser_throws_spam_away_and_nobody_else_does(root, rustam, one):
    delete = f"{LIST}{one.pk}/delete/"
    assert rustam.post(delete, {"post": "yes"}).status_code == 403
    asked = root.get(delete)
    one.take_up(by=None)
    seen = {"post": "yes", "shown": asked.context["shown"], "version": 1}
    assert root.post(delete, seen).status_code == 302
    assert Suggestion.objects.exists()
    seen["shown"] = root.get(delete).context["shown"]
    root.post(delete, seen)
    assert not Suggestion.objects.exists()


# --- The list -----------------------------------------------------------------------------


def test_the_list_is_filtered_by_state_and_searched_by_words(parvin, one):
    SuggestionFactory(text="Marmalade").decline(by=None, note="No.")
    assert parvin.get(LIST, {"state__exact": "new"}).context["cl"].result_count == 1
    assert parvin.get(LIST, {"q": "marmalade"}).context["cl"].result_count == 1
    assert parvin.get(LIST, {"email__startswith": "m"}).status_code in (302, 400)


def test_the_list_and_the_desk_ask_as_much_for_thirty_as_for_three(
    parvin, tie, khujand, django_assert_max_num_queries
):
    def fill(number):
        for _ in range(number):
            SuggestionFactory(agreement=tie)
            SuggestionFactory(place=PlaceFactory())
            SuggestionFactory(official=OfficialFactory())

    fill(1)
    for address, most in ((LIST, 30), ("/admin/", 70)):
        parvin.get(address)
        with django_assert_max_num_queries(most) as few:
            parvin.get(address)
        fill(10)
        with django_assert_max_num_queries(len(few)):
            parvin.get(address)


# --- What the row holds -------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "read"},
        {"state": "taken_up"},
        {"answer": "Said, though it waits."},
        {"path": "https://example.org/"},
        {"text": ""},
        {"source": ""},
    ],
    ids=str,
)
def test_the_database_refuses_what_cannot_be(wrong):
    with pytest.raises(ValidationError):
        SuggestionFactory.build(**wrong).full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        SuggestionFactory(**wrong)


def test_it_is_about_one_record_at_most(khujand, tie):
    with pytest.raises(IntegrityError), transaction.atomic():
        SuggestionFactory(place=khujand, agreement=tie)


def test_a_merge_carries_them_along(khujand, one):
    twin = PlaceFactory(name="Hojand")
    merge_places(twin, khujand, by=None, reason="One town.")
    one.refresh_from_db()
    assert one.place == twin


def test_what_is_deleted_leaves_what_was_said_of_it(tie):
    one = SuggestionFactory(agreement=tie, path="/agreements/TW-XXXXXX/")
    Agreement.objects.get(pk=tie.pk).delete()
    one.refresh_from_db()
    assert (one.about, one.path) == (None, "/agreements/TW-XXXXXX/")


def test_a_stale_copy_answers_nothing(one):
    copy = Suggestion.objects.get(pk=one.pk)
    one.take_up(by=None)
    with pytest.raises(StaleVersion):
        copy.decline(by=None, note="Spam.")


# --- Names and addresses ------------------------------------------------------------------


def test_name_and_address_are_forgotten_in_time_and_nothing_else_is(later, capsys):
    answered, waits = (SuggestionFactory(name="Mahin", email="m@example.org") for _ in range(2))
    answered.take_up(by=None, note="Mended.")
    later(89)
    call_command("forget_readers")
    assert Suggestion.objects.filter(name="Mahin").count() == 2
    later(2)
    call_command("forget_readers")
    assert "1 forgotten" in capsys.readouterr().out
    answered.refresh_from_db()
    assert (answered.name, answered.email, answered.answer) == ("", "", "Mended.")
    waits.refresh_from_db()
    assert (waits.name, waits.email) == ("Mahin", "m@example.org")


def test_whoever_answers_sees_to_those_of_before(later, one):
    old = SuggestionFactory(name="Mahin")
    old.take_up(by=None)
    later(91)
    one.take_up(by=None)
    old.refresh_from_db()
    assert old.name == ""


def test_the_admins_log_keeps_nothing_of_the_reader(parvin, one):
    from django.contrib.admin.models import LogEntry

    answer(parvin, one, "take_up", "Mended.")
    told = repr(LogEntry.objects.values().get())
    assert "Mahin" not in told
    assert one.text not in told


def test_a_digest_says_how_many_wait(editor, tie, settings):
    from agreements import reminding
    from agreements.digests import letter

    things = [reminding.Thing("notice", tie.pk)]
    on = timezone.localdate()
    assert "suggestion" not in letter(editor, things, 0, on).body
    SuggestionFactory.create_batch(2)
    assert "2 suggestions from readers wait for an answer:" in letter(editor, things, 0, on).body
    assert "suggestions from readers" not in letter(staff("auditor"), things, 0, on).body
    assert mail.outbox == []
