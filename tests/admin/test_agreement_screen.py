"""The agreement's screen: the spine with its sources, what changes in public, and the sections."""

import pytest

from agreements.models import Agreement
from tests.admin.sheets import change_url, open_sheet, sheet
from tests.admin.test_moves import act_url, move_url, page
from tests.desk_factories import ClerkshipFactory, RequestFactory, UndoneStepFactory
from tests.factories import (
    AgreementFactory,
    CitationFactory,
    DocumentFactory,
    EventFactory,
    InitiativeFactory,
    PartyFactory,
    SignatureFactory,
    SourceFactory,
    UserFactory,
    on,
)
from tests.pages.reading import words
from tests.rows import all_rows

TRY = {"_outlook": "1"}


def standing_of(client, agreement) -> str:
    """The part of the screen that tells where it stands."""
    shown = page(client, agreement).split('id="standing-heading"')[1]
    return "<body" + shown.split("</section>")[0]


@pytest.fixture
def public(qazvin, khujand):
    source = SourceFactory(publisher="IRNA", published_on=on("2024-05-01"))
    return AgreementFactory(
        status="drafted",
        happened_on="2024-04",
        parties=[qazvin, khujand],
        sources=[source],
        public=True,
    )


# The spine


def test_each_station_has_its_day_and_its_sources(parvin, public):
    shown = standing_of(parvin, public)
    assert "Proposed no record of it" in words(shown)
    assert "Drafted April 2024 IRNA, 1 May 2024" in words(shown)
    assert "Signed not reached" in words(shown)
    assert change_url(public.citations.get().source) in shown


def test_a_station_without_a_source_says_so(parvin, tie):
    assert "Drafted 10 May 2025 no source is given for it" in words(standing_of(parvin, tie))


def test_what_lies_beside_the_spine_has_its_days_and_sources_too(parvin, public):
    said = [(SourceFactory(publisher="Asia-Plus"), "")]
    public.move("sign", by=None, happened_on=on("2025"), citations=said)
    public.move("suspend", by=None, happened_on=on("2026-01"), citations=said)
    public.move("reinstate", by=None, on_record_by=on("2026-03"))
    shown = words(standing_of(parvin, public))
    assert "Signed 2025 Asia-Plus Suspended January 2026 Asia-Plus Reinstated by March" in shown


# What can be done, and why not


def test_who_has_no_signature_is_named_as_a_caution(rustam, public, khujand):
    SignatureFactory(agreement=public, party=public.parties.first())
    for shown in (page(rustam, public), rustam.get(move_url(public, "sign")).content.decode()):
        assert "Khujand has no signature on record." in shown
        assert "Qazvin has no signature" not in shown
    assert move_url(public, "sign") in page(rustam, public)


def test_many_silent_parties_are_counted(rustam, tie):
    PartyFactory.create_batch(4, agreement=tie)
    assert "2 other parties have no signature on record." in page(rustam, tie)


def test_no_caution_is_told_of_what_is_signed(rustam):
    signed = AgreementFactory(status="signed")
    assert "no signature on record." not in standing_of(rustam, signed)


# What changes in public


def test_a_move_of_an_internal_agreement_changes_nothing_in_public(rustam, tie):
    shown = rustam.get(move_url(tie, "sign")).content.decode()
    assert "Nothing: the agreement is internal." in shown
    assert "_outlook" not in shown


def test_a_move_of_a_public_one_says_what_the_page_says_and_will_say(rustam, public):
    shown = words(rustam.get(move_url(public, "sign")).content.decode())
    assert "The public page says: Drafted in April 2024, says IRNA; no signature" in shown
    assert "It will say: Signed on …" in shown


def test_what_was_typed_is_shown_as_the_public_will_read_it_and_not_written(rustam, public):
    data = sheet(rustam.get(move_url(public, "sign"))) | {"happened_on": "2025-05-10", "note": "N"}
    before = all_rows()
    response = rustam.post(move_url(public, "sign"), data | TRY | {"source": SourceFactory().pk})
    shown = words(response.content.decode())
    assert "The public page will say: Signed on 10 May 2025, says Asia-Plus." in shown
    assert "In force: Yes: signed, and no end of its term is on record." in shown
    assert (sheet(response)["note"], sheet(response)["version"]) == ("N", str(public.version))
    after = all_rows()
    assert {k: v for k, v in after.items() if "Source" not in k} == {
        k: v for k, v in before.items() if "Source" not in k
    }
    assert rustam.post(move_url(public, "sign"), sheet(response)).status_code == 302
    page_of_public = rustam.get(public.get_absolute_url()).content.decode()
    assert "Signed on 10 May 2025, says Asia-Plus." in words(page_of_public)


def test_what_would_be_refused_is_refused_at_once(rustam, public):
    data = sheet(rustam.get(move_url(public, "sign"))) | {"happened_on": "2999"}
    response = rustam.post(move_url(public, "sign"), data | TRY | {"source": SourceFactory().pk})
    assert "This day has not come yet." in response.content.decode()
    data["version"] = "7"
    response = rustam.post(move_url(public, "sign"), data | TRY | {"source": SourceFactory().pk})
    assert response.status_code == 409
    assert Agreement.objects.get(pk=public.pk).status == "drafted"


def test_publishing_and_unpublishing_say_what_the_public_reads(rustam, tie):
    shown = words(rustam.get(act_url(tie, "publish")).content.decode())
    assert "The public sees nothing of it yet." in shown
    assert "The public page will say: Drafted on 10 May 2025; no source is given" in shown
    assert not Agreement.objects.get(pk=tie.pk).is_public
    tie.publish(by=None)
    shown = words(rustam.get(act_url(tie, "unpublish")).content.decode())
    assert "The public page says: Drafted on 10 May 2025" in shown
    assert "Nobody outside the staff will see it any more." in shown


# Verifying


def test_it_is_marked_as_verified_by_a_button(parvin, editor, tie):
    assert "Nobody has verified it yet." in standing_of(parvin, tie)
    data = {"version": open_sheet(parvin, tie)["version"]}
    assert parvin.post(act_url(tie, "verify"), data).status_code == 302
    assert Agreement.objects.get(pk=tie.pk).verified_by == editor
    assert "Verified on" in standing_of(parvin, tie)
    assert "by parvin." in words(standing_of(parvin, tie))


def test_what_changed_since_it_was_seen_is_not_verified(parvin, rustam, tie):
    data = {"version": open_sheet(parvin, tie)["version"]}
    rustam.post(change_url(tie), open_sheet(rustam, tie) | {"title": "A pact"})
    assert parvin.post(act_url(tie, "verify"), data).status_code == 409
    assert Agreement.objects.get(pk=tie.pk).verified_at is None


def test_an_auditor_verifies_nothing_and_looking_verifies_nothing(aziza, parvin, tie):
    assert aziza.post(act_url(tie, "verify"), {"version": "1"}).status_code == 403
    assert parvin.get(act_url(tie, "verify")).status_code == 200
    assert act_url(tie, "verify") not in page(aziza, tie)
    assert Agreement.objects.get(pk=tie.pk).verified_at is None


# Other offices


@pytest.mark.parametrize("act", ["preview", "publish", "undo", "verify", "ask", "decline"])
def test_a_clerk_of_another_office_finds_none_of_its_pages(rustam, registrar, public, act):
    asked = RequestFactory(agreement=public, act="sign", note="Between us.")
    ClerkshipFactory(user=registrar)
    more = {"ask": ["sign"], "decline": [asked.pk]}.get(act, [])
    before = all_rows()
    assert rustam.get(act_url(public, act, *more)).status_code == 404
    assert rustam.post(act_url(public, act, *more), {"version": "1"}).status_code in (404, 405)
    assert all_rows() == before


# Sections


def bar(client, agreement) -> str:
    return page(client, agreement).split('class="sections"')[1].split("</nav>")[0]


def test_the_bar_leads_to_every_section_with_its_count(parvin, tie):
    InitiativeFactory.create_batch(3, agreement=tie)
    shown, links = page(parvin, tie), bar(parvin, tie)
    assert "Initiatives 3" in words("<body" + links)
    assert "History 1" in words("<body" + links)
    for part in links.split('href="#')[1:]:
        assert f'id="{part.split(chr(34))[0]}"' in shown


def test_a_section_with_something_wrong_is_open_and_marked(parvin, tie):
    InitiativeFactory(agreement=tie)
    data = open_sheet(parvin, tie) | {"initiatives-0-due_on": "soon"}
    response = parvin.post(change_url(tie), data)
    inlines = {one.formset.prefix: one for one in response.context["inline_admin_formsets"]}
    assert not inlines["initiatives"].is_collapsible
    assert inlines["documents"].is_collapsible
    assert "(to be corrected)" in response.content.decode().split('class="sections"')[1]


def test_a_section_refused_as_a_whole_is_open_too(parvin, tie):
    event = EventFactory(agreements=[tie])
    CitationFactory(agreement=tie, event=event)
    data = open_sheet(parvin, tie) | {"Event_agreements-0-DELETE": "on"}
    response = parvin.post(change_url(tie), data)
    inlines = {one.formset.prefix: one for one in response.context["inline_admin_formsets"]}
    assert not inlines["Event_agreements"].is_collapsible


def test_notice_renewal_and_delivery_are_asked(parvin, tie):
    InitiativeFactory(agreement=tie)
    data = open_sheet(parvin, tie) | {
        "expires_on": "2030",
        "notice_by": "2029-06",
        "renewal": "agreed",
        "initiatives-0-state": "delivered",
        "initiatives-0-delivered_on": "2025-07",
    }
    assert parvin.post(change_url(tie), data).status_code == 302
    saved = Agreement.objects.get(pk=tie.pk)
    assert (saved.notice_by, saved.renewal) == (on("2029-06"), "agreed")
    assert saved.initiatives.get().delivered_on == on("2025-07")


# How much it asks


def fill(tie, rows: int) -> None:
    for _ in range(rows):
        CitationFactory(agreement=tie, step=tie.steps.get())
        party = PartyFactory(agreement=tie)
        SignatureFactory(agreement=tie, party=party)
        PartyFactory(agreement=tie)
        DocumentFactory(agreement=tie)
        UndoneStepFactory(agreement=tie, undone_by=UserFactory(), recorded_by=UserFactory())
        RequestFactory(agreement=tie, outcome="done", answered_at=tie.created_at)


@pytest.mark.parametrize("screen", ["change", "move", "preview", "publish", "undo"])
def test_a_screen_asks_no_more_when_there_is_more_to_tell(
    rustam, tie, django_assert_max_num_queries, screen
):
    if screen == "undo":
        tie.move("withdraw", by=None, happened_on=on("2026"))
        tie.move("revive", by=None, happened_on=on("2026"))
    address = {"change": change_url(tie), "move": move_url(tie, "sign")}.get(screen)
    address = address or act_url(tie, screen)
    most = 90
    for number in (3, 10):
        if screen == "undo":
            CitationFactory.create_batch(number, agreement=tie, step=tie.steps.first())
            PartyFactory.create_batch(number, agreement=tie)
        else:
            fill(tie, number)
        with django_assert_max_num_queries(most) as captured:
            assert rustam.get(address).status_code == 200
        most = len(captured)
