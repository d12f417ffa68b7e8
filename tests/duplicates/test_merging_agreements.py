"""Two records of one agreement: one stands aside with its history, the other has all the rest."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from agreements.merging import LONGEST_NOTE, merge_agreements
from agreements.models import (
    Agreement,
    Citation,
    Listing,
    MoveRefused,
    Party,
    Reminder,
    Request,
    StatusChange,
    UndoneStep,
)
from common.merging import MergeRefused, pointers
from common.versions import StaleVersion
from tests.desk_factories import ClerkshipFactory, ReminderFactory, SuggestionFactory
from tests.factories import (
    AgreementFactory,
    ApprovalFactory,
    CitationFactory,
    DocumentFactory,
    EventFactory,
    InitiativeFactory,
    ListingFactory,
    RelationFactory,
    SectorFactory,
    SignatureFactory,
    SourceFactory,
    on,
    staff,
)
from tests.people import person
from tests.rows import all_rows

pytestmark = pytest.mark.django_db

SAME = "One ceremony, told by two papers."


@pytest.fixture
def pair(qazvin, khujand):
    """Two records of one tie, with the parties in another order."""
    kept = AgreementFactory(status="signed", parties=[qazvin, khujand])
    return kept, AgreementFactory(status="signed", parties=[khujand, qazvin])


def merge(kept, other, by=None, reason=SAME) -> tuple[Agreement, Agreement]:
    rows = [Agreement.objects.get(pk=agreement.pk) for agreement in (kept, other)]
    merge_agreements(*rows, by=by, reason=reason)
    return Agreement.objects.get(pk=kept.pk), Agreement.objects.get(pk=other.pk)


def in_a_sector(agreement):
    agreement.sectors.add(SectorFactory())
    return Agreement.sectors.through.objects.get(agreement=agreement)


def of_an_event(agreement):
    event = EventFactory(agreements=[agreement])
    return event.agreements.through.objects.get(event=event)


def merged_before(agreement):
    parties = [party.place for party in agreement.parties.all()]
    return merge(agreement, AgreementFactory(parties=parties))[1]


MOVES = {
    "agreements.Agreement_sectors.agreement": in_a_sector,
    "agreements.Agreement.merged_into": merged_before,
    "agreements.Approval.agreement": lambda tie: ApprovalFactory(agreement=tie),
    "agreements.Signature.agreement": lambda tie: SignatureFactory(agreement=tie),
    "agreements.Initiative.agreement": lambda tie: InitiativeFactory(agreement=tie),
    "agreements.Event_agreements.agreement": of_an_event,
    "agreements.Document.agreement": lambda tie: DocumentFactory(agreement=tie),
    "agreements.Citation.agreement": lambda tie: CitationFactory(agreement=tie),
    "agreements.Relation.from_agreement": lambda tie: RelationFactory(from_agreement=tie),
    "agreements.Relation.to_agreement": lambda tie: RelationFactory(to_agreement=tie),
    "agreements.Reminder.agreement": lambda tie: ReminderFactory(agreement=tie),
    "agreements.Suggestion.agreement": lambda tie: SuggestionFactory(agreement=tie),
}
STAYS = {
    f"agreements.{model}.agreement" for model in ("StatusChange", "Party", "UndoneStep", "Request")
}


def test_every_way_to_point_at_an_agreement_has_its_case_here():
    assert {str(pointer) for pointer in pointers(Agreement)} == {*MOVES, *STAYS}


@pytest.mark.parametrize("way", MOVES)
def test_what_hangs_on_the_one_that_goes_moves_to_the_one_that_stays(way, pair):
    kept, other = pair
    row, name = MOVES[way](other), way.rpartition(".")[2]
    merge(kept, other)
    row = type(row).objects.get(pk=row.pk)
    assert getattr(row, name) == kept
    if party := getattr(row, "party", None):
        assert party.agreement == kept


def test_the_one_that_goes_is_kept_aside_with_parties_and_history(pair):
    kept, other = pair
    steps = list(StatusChange.objects.order_by("pk").values())
    kept, other = merge(kept, other)
    assert (other.merged_into, other.visibility, other.merged_while_public) == (
        kept,
        "internal",
        False,
    )
    assert list(StatusChange.objects.order_by("pk").values()) == steps
    assert Party.objects.filter(agreement=other).count() == 2
    assert (kept.version, other.version) == (2, 2)
    assert kept.history.latest().history_change_reason == (
        f"Merged: {other.reference} is {kept.reference}"
    )


def test_a_step_that_was_undone_stays_with_the_record_whose_step_it_was(pair):
    kept, other = pair
    other.move("suspend", by=None, happened_on=on("2025-06"))
    undone = Agreement.objects.get(pk=other.pk).undo(by=None, reason="It was another one.")
    _, other = merge(kept, other)
    assert list(other.undone_steps.all()) == [undone]
    assert UndoneStep.objects.count() == 1


def test_whoever_asked_for_something_is_told_where_to_ask_again(pair, editor, registrar):
    kept, other = pair
    asked = [Request.ask(one, "suspend", by=editor, note="") for one in pair]
    kept, _ = merge(kept, other, by=registrar)
    for one in asked:
        one.refresh_from_db()
    assert asked[0].answered_at is None
    assert (asked[1].agreement, asked[1].outcome) == (other, "declined")
    assert (asked[1].answered_by, kept.reference in asked[1].answer) == (registrar, True)


def test_what_was_answered_before_keeps_its_answer(pair, editor, registrar):
    asked = Request.ask(pair[1], "suspend", by=editor, note="")
    asked.decline(by=registrar, answer="No source says so.")
    merge(*pair)
    asked.refresh_from_db()
    assert asked.answer == "No source says so."


def test_what_a_person_was_told_of_both_is_not_told_again(pair, editor):
    kept, other = pair
    mine, theirs = (ReminderFactory(agreement=one, user=editor, due="2026-12-31") for one in pair)
    merge(kept, other)
    assert list(Reminder.objects.all()) == [mine]
    assert theirs.due == mine.due
    assert "run" not in Agreement.objects.get(pk=kept.pk).internal_note


def test_that_one_was_verified_says_nothing_of_the_other(pair, registrar):
    kept, other = pair
    other.verify(by=registrar)
    kept, _ = merge(kept, Agreement.objects.get(pk=other.pk))
    assert kept.verified_at is None
    assert "verified" not in kept.internal_note


def test_approvals_and_signatures_are_for_the_same_place_as_before(pair, qazvin):
    kept, other = pair
    party = other.parties.get(place=qazvin)
    rows = [
        factory(agreement=other, party=party) for factory in (ApprovalFactory, SignatureFactory)
    ]
    approval = rows[0]
    CitationFactory(agreement=other, approval=approval)
    merge(kept, other)
    for row in rows:
        row.refresh_from_db()
        assert (row.agreement, row.party) == (kept, kept.parties.get(place=qazvin))
    assert approval.citations.get().agreement == kept


def test_what_a_source_says_of_a_step_is_said_of_the_agreement_with_the_step_named(pair):
    kept, other = pair
    other = AgreementFactory(
        parties=[party.place for party in kept.parties.all()], status="signed", happened_on="1998"
    )
    cited = CitationFactory(agreement=other, step=other.steps.get(), says="Both mayors signed.")
    merge(kept, other)
    cited.refresh_from_db()
    assert (cited.agreement, cited.step) == (kept, None)
    assert cited.says == "Both mayors signed. Of this step: signed, 1998."
    assert other.reference not in cited.says


def test_a_row_of_a_list_stays_with_its_source(pair):
    kept, other = pair
    listing = ListingFactory(citation__agreement=other)
    ListingFactory(citation__agreement=kept, citation__source=listing.citation.source)
    merge(kept, other)
    assert Listing.objects.get(pk=listing.pk).citation.agreement == kept
    assert kept.citations.count() == 2


def test_a_source_that_says_the_same_of_both_is_kept_once(pair):
    kept, other = pair
    source = SourceFactory()
    for agreement in pair:
        CitationFactory(agreement=agreement, source=source, says="They signed.")
    CitationFactory(agreement=other, source=source, says="In Qazvin.")
    merge(kept, other)
    assert {cited.says for cited in kept.citations.all()} == {"They signed.", "In Qazvin."}
    assert Citation.objects.count() == 2


def test_facts_that_it_lacks_it_takes_over_and_others_are_told_in_its_note(pair):
    kept, other = pair
    mine = {"title": "Our bond", "internal_note": "Ask Aziza."}
    theirs = {"title": "Bond", "summary": "Of 2025.", "internal_note": "Seen on file."}
    term = {"local_term": "Пайвандшаҳр", "local_term_language": "tg"}
    Agreement.objects.filter(pk=kept.pk).update(**mine)
    Agreement.objects.filter(pk=other.pk).update(**theirs, **term, kind="friendship")
    kept, other = merge(kept, other)
    assert (kept.title, kept.summary, kept.kind) == ("Our bond", "Of 2025.", "sister_city")
    assert (kept.local_term, kept.local_term_language) == ("Пайвандшаҳр", "tg")
    assert kept.internal_note == (
        f"Ask Aziza.\n\n{other.reference} was merged into this record: {SAME}\n"
        "It said otherwise: title: “Bond”; kind: “friendship”\nIts note: Seen on file."
    )
    assert (other.title, other.internal_note) == ("Bond", "Seen on file.")


def test_a_note_never_grows_beyond_what_its_form_takes(pair):
    kept, other = pair
    for note in ("x" * (LONGEST_NOTE - 30), "x" * LONGEST_NOTE):
        Agreement.objects.filter(pk=kept.pk).update(internal_note=note)
        again = AgreementFactory(parties=[party.place for party in kept.parties.all()])
        merge(kept, again)
        assert len(Agreement.objects.get(pk=kept.pk).internal_note) <= LONGEST_NOTE
    assert other.merged_into is None


def test_the_name_that_the_text_gives_a_party_is_taken_over(pair, khujand):
    kept, other = pair
    other.parties.filter(place=khujand).update(name_then="Leninabad")
    merge(kept, other)
    assert kept.parties.get(place=khujand).name_then == "Leninabad"


def test_a_relation_between_the_two_falls_away_and_is_told(pair):
    kept, other = pair
    RelationFactory(from_agreement=other, to_agreement=kept)
    third = RelationFactory(from_agreement=other).to_agreement
    RelationFactory(from_agreement=kept, to_agreement=third)
    kept, _ = merge(kept, other)
    assert kept.relations.get().to_agreement == third
    assert not kept.related_from.exists()
    assert f"{other.reference} renews {kept.reference}" in kept.internal_note


def test_a_status_that_differs_is_told(pair):
    kept, other = pair
    other.move("suspend", by=None, happened_on=on("2025-06"))
    kept, _ = merge(kept, other)
    assert kept.status == "signed"
    assert "suspended, June 2025" in kept.internal_note


def test_a_published_one_that_goes_is_unpublished_in_the_same_breath(pair, anonymous):
    kept, other = pair
    for agreement in pair:
        CitationFactory(agreement=agreement)
        agreement.publish(by=None)
    kept, other = merge(kept, other)
    assert (other.visibility, other.merged_while_public) == ("internal", True)
    assert list(Agreement.objects.visible_to(anonymous)) == [kept]


# --- Afterwards ---------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["anonymous", "editor", "registrar", "auditor", "administrator"])
def test_nobody_sees_it_nor_its_parties_and_steps_outside_the_admin(pair, who):
    _, other = merge(*pair)
    somebody = person(who)
    assert other not in Agreement.objects.visible_to(somebody)
    for model in (Party, StatusChange):
        assert not model.objects.visible_to(somebody).filter(agreement=other).exists()


def test_it_is_neither_moved_nor_published_any_more(pair):
    _, other = merge(*pair)
    with pytest.raises(MoveRefused, match="merged into another"):
        other.move("suspend", by=None, happened_on=on("2025-07"))
    with pytest.raises(MoveRefused, match="merged into another"):
        other.publish(by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.filter(pk=other.pk).update(visibility="public")


def test_a_chain_of_merges_leads_to_its_end(pair):
    kept, other = pair
    last = AgreementFactory(parties=[party.place for party in kept.parties.all()])
    merge(kept, other)
    merge(last, kept)
    assert {gone.pk for gone in last.merged_from.all()} == {kept.pk, other.pk}


# --- What is refused ----------------------------------------------------------------------


def refused(kept, other, **how) -> str:
    before = all_rows()
    with pytest.raises(MergeRefused) as error:
        merge(kept, other, **how)
    assert all_rows() == before
    return " ".join(error.value.messages)


def test_what_was_merged_is_merged_no_more_and_not_back(pair):
    kept, other = merge(*pair)
    assert "already" in refused(other, kept)
    assert "already" in refused(kept, other)


def test_an_agreement_is_not_merged_with_itself_or_without_a_reason(pair):
    assert "with itself" in refused(pair[0], pair[0])
    assert "Say how you know" in refused(*pair, reason="")


def test_agreements_between_other_places_are_two(pair):
    assert "not between the same places" in refused(pair[0], AgreementFactory())


@pytest.mark.parametrize("who", ["anonymous", "reader", "editor", "auditor"])
def test_who_is_no_registrar_merges_nothing(pair, who):
    somebody, before = person(who), all_rows()
    with pytest.raises(PermissionDenied):
        merge(*pair, by=somebody)
    assert all_rows() == before


def test_who_is_bound_to_an_office_merges_agreements_that_they_keep_and_no_others(pair, registrar):
    away = ClerkshipFactory(user=registrar)
    before = all_rows()
    with pytest.raises(PermissionDenied):
        merge(*pair, by=registrar)
    assert all_rows() == before
    away.delete()
    ClerkshipFactory(user=registrar, place=pair[0].parties.last().place)
    _, other = merge(*pair, by=type(registrar).objects.get(pk=registrar.pk))
    assert other.merged_into_id == pair[0].pk


def test_who_may_not_publish_brings_nothing_internal_to_the_public(pair):
    somebody = staff("registrar")
    group = somebody.groups.get()
    group.permissions.remove(group.permissions.get(codename="publish_agreement"))
    CitationFactory(agreement=pair[0])
    pair[0].publish(by=None)
    with pytest.raises(PermissionDenied):
        merge(*pair, by=somebody)


@pytest.mark.parametrize("changed", [0, 1])
def test_who_looked_at_an_older_state_is_told(pair, changed):
    Agreement.objects.filter(pk=pair[changed].pk).update(summary="New.")
    with pytest.raises(StaleVersion):
        merge_agreements(*pair, by=None, reason=SAME)
