"""Who sees what: an internal agreement, and all that hangs on it, is unseen by everybody else."""

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from agreements.models import (
    Agreement,
    Approval,
    Citation,
    Document,
    Event,
    Initiative,
    Listing,
    Opening,
    Party,
    Relation,
    Reminder,
    Request,
    Signature,
    Source,
    StatusChange,
    Suggestion,
    UndoneStep,
)
from agreements.models.bulk import Draft, record_many
from tests.desk_factories import (
    ClerkshipFactory,
    ReminderFactory,
    RequestFactory,
    SuggestionFactory,
    UndoneStepFactory,
)
from tests.factories import (
    AgreementFactory,
    ApprovalFactory,
    CitationFactory,
    DocumentFactory,
    EventFactory,
    InitiativeFactory,
    ListingFactory,
    PlaceFactory,
    RelationFactory,
    SignatureFactory,
    SourceFactory,
    on,
    staff,
)
from tests.people import LOOKALIKES, PEOPLE, WITH_A_ROLE, person

pytestmark = pytest.mark.django_db

SEES_INTERNAL = (*WITH_A_ROLE, "administrator")
SEES_PUBLIC_ONLY = tuple(who for who in (*PEOPLE, *LOOKALIKES) if who not in SEES_INTERNAL)

# One row of each model that hangs on the agreement. A model without a line here fails below.
HANGS_ON = {
    Agreement: lambda agreement: agreement,
    StatusChange: lambda agreement: agreement.steps.get(),
    Party: lambda agreement: agreement.parties.first(),
    Approval: lambda agreement: ApprovalFactory(agreement=agreement),
    Signature: lambda agreement: SignatureFactory(agreement=agreement),
    Initiative: lambda agreement: InitiativeFactory(agreement=agreement),
    Event: lambda agreement: EventFactory(agreements=[agreement]),
    Document: lambda agreement: DocumentFactory(agreement=agreement),
    Citation: lambda agreement: CitationFactory(agreement=agreement),
    Listing: lambda agreement: ListingFactory(citation__agreement=agreement),
    Source: lambda agreement: CitationFactory(agreement=agreement).source,
    Relation: lambda agreement: RelationFactory(
        from_agreement=agreement, to_agreement=AgreementFactory(public=True)
    ),
}

# What the staff keep for themselves, also where the agreement is public.
STAFFS_OWN = {
    Reminder: lambda agreement: ReminderFactory(agreement=agreement),
    Request: lambda agreement: RequestFactory(agreement=agreement),
    Suggestion: lambda agreement: SuggestionFactory(agreement=agreement),
    UndoneStep: lambda agreement: UndoneStepFactory(agreement=agreement),
}
EVERYTHING = HANGS_ON | STAFFS_OWN


def leads_to_agreement(model, seen=()) -> bool:
    """Whether a chain of foreign keys and many-to-many fields goes from the model to Agreement."""
    if model is Agreement:
        return True
    targets = {
        field.related_model
        for field in (*model._meta.fields, *model._meta.local_many_to_many)
        if field.is_relation and field.related_model not in (model, *seen)
    }
    return any(leads_to_agreement(target, (*seen, model)) for target in targets)


def models_that_can_be_internal() -> list:
    """Found by looking, so that a new model is not forgotten; copies kept for undo are apart."""
    ours = [
        model
        for label in ("agreements", "cities")
        for model in apps.get_app_config(label).get_models()
        if not model.__name__.startswith("Historical")
    ]
    return [model for model in ours if leads_to_agreement(model)]


def test_every_model_that_can_be_internal_has_its_case_here():
    assert set(models_that_can_be_internal()) | {Source} == set(EVERYTHING)


@pytest.mark.parametrize("model", models_that_can_be_internal(), ids=lambda m: m.__name__)
def test_every_model_that_can_be_internal_says_who_may_see_it(model):
    assert callable(getattr(model.objects, "visible_to", None))


@pytest.mark.parametrize("who", SEES_PUBLIC_ONLY)
@pytest.mark.parametrize("model", EVERYTHING, ids=lambda model: model.__name__)
def test_what_hangs_on_an_internal_agreement_is_unseen(model, who):
    row = EVERYTHING[model](AgreementFactory(public=False))
    seen = model.objects.visible_to(person(who))
    assert row not in seen
    assert not seen.filter(pk=row.pk).exists()


@pytest.mark.parametrize("who", SEES_INTERNAL)
@pytest.mark.parametrize("model", EVERYTHING, ids=lambda model: model.__name__)
def test_what_hangs_on_an_internal_agreement_is_seen_by_staff_with_a_role(model, who):
    row = EVERYTHING[model](AgreementFactory(public=False))
    assert row in model.objects.visible_to(person(who))


@pytest.mark.parametrize("who", ["anonymous", "reader", *WITH_A_ROLE])
@pytest.mark.parametrize("model", HANGS_ON, ids=lambda model: model.__name__)
def test_what_hangs_on_a_public_agreement_is_seen_by_everybody(model, who):
    row = HANGS_ON[model](AgreementFactory(public=True))
    assert row in model.objects.visible_to(person(who))


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("model", STAFFS_OWN, ids=lambda model: model.__name__)
def test_what_is_the_staffs_own_is_unseen_by_others_though_the_agreement_is_public(model, who):
    row = STAFFS_OWN[model](AgreementFactory(public=True))
    seen = row in model.objects.visible_to(person(who))
    assert seen == (who in SEES_INTERNAL)


@pytest.mark.parametrize("model", HANGS_ON, ids=lambda model: model.__name__)
def test_what_is_unpublished_is_unseen_again(model, anonymous):
    agreement = AgreementFactory(public=True)
    row = HANGS_ON[model](agreement)
    Agreement.objects.get(pk=agreement.pk).unpublish(by=None)
    assert row not in model.objects.visible_to(anonymous)


@pytest.mark.parametrize(("older", "newer"), [(True, False), (False, True), (False, False)])
def test_a_relation_is_seen_only_if_both_its_ends_are(older, newer, anonymous):
    relation = RelationFactory(
        from_agreement=AgreementFactory(public=newer), to_agreement=AgreementFactory(public=older)
    )
    assert relation not in Relation.objects.visible_to(anonymous)


def test_an_event_is_seen_once_by_any_agreement_that_is_seen(anonymous):
    internal, *public = AgreementFactory(), *AgreementFactory.create_batch(2, public=True)
    event = EventFactory(agreements=[internal, *public])
    assert list(Event.objects.visible_to(anonymous)) == [event]


def test_a_source_is_seen_once_by_any_agreement_that_is_drawn_from_it(anonymous):
    source = SourceFactory()
    for agreement in (AgreementFactory(), *AgreementFactory.create_batch(2, public=True)):
        CitationFactory(agreement=agreement, source=source)
    assert list(Source.objects.visible_to(anonymous)) == [source]


def test_what_an_internal_agreement_says_of_a_public_event_is_unseen(anonymous):
    internal, public = AgreementFactory(), AgreementFactory(public=True)
    event = EventFactory(agreements=[internal, public])
    CitationFactory(agreement=internal, event=event)
    assert not event.citations.all().visible_to(anonymous).exists()


def test_nobody_at_all_sees_what_the_public_sees():
    AgreementFactory()
    public = AgreementFactory(public=True)
    assert list(Agreement.objects.visible_to(None)) == [public]
    assert list(Agreement.objects.visible_to(AnonymousUser())) == [public]


def test_an_agreement_is_internal_until_it_is_published():
    assert not Agreement(kind="other").is_public
    assert not AgreementFactory().is_public


# --- Offices ------------------------------------------------------------------------------


def clerk_of(place, role="editor"):
    return ClerkshipFactory(user=staff(role), place=place).user


@pytest.mark.parametrize("model", EVERYTHING, ids=lambda model: model.__name__)
def test_a_clerk_sees_of_other_offices_only_what_is_public(model, qazvin, khujand):
    clerk = clerk_of(qazvin)
    own, foreign = AgreementFactory(parties=[qazvin, khujand]), AgreementFactory()
    mine, theirs = EVERYTHING[model](own), EVERYTHING[model](foreign)
    seen = model.objects.visible_to(clerk)
    # A relation is seen where both its ends are; the other end of these is public.
    assert mine in seen
    assert theirs not in seen


def test_the_office_of_a_country_keeps_what_its_regions_and_cities_agree(khujand):
    region = PlaceFactory(level="region", parent=khujand.parent, country_code="TJ")
    of_region = PlaceFactory(parent=region, country_code="TJ")
    clerk = clerk_of(khujand.parent)
    kept = [AgreementFactory(parties=[place, PlaceFactory()]) for place in (of_region, khujand)]
    foreign = AgreementFactory()
    assert set(Agreement.objects.kept_by(clerk)) == set(kept)
    assert [one.is_kept_by(clerk) for one in (*kept, foreign)] == [True, True, False]


def test_the_office_of_a_city_keeps_nothing_of_its_country(qazvin):
    foreign = AgreementFactory(parties=[qazvin.parent, PlaceFactory()])
    assert not foreign.is_kept_by(clerk_of(qazvin))


def test_who_is_in_no_office_keeps_all(editor, administrator, qazvin):
    agreement = AgreementFactory()
    ClerkshipFactory(user=administrator, place=qazvin)
    assert all(agreement.is_kept_by(who) for who in (editor, administrator, None))


def test_a_clerk_moves_publishes_and_verifies_only_what_the_office_keeps(qazvin, khujand):
    rustam = clerk_of(qazvin, "registrar")
    own, foreign = AgreementFactory(parties=[qazvin, khujand]), AgreementFactory()
    own.move("draft", by=rustam, happened_on=on("2025-06"))
    own.publish(by=rustam)
    for act in ("publish", "verify"):
        with pytest.raises(PermissionDenied):
            getattr(foreign, act)(by=rustam)
    with pytest.raises(PermissionDenied):
        foreign.move("draft", by=rustam, happened_on=on("2025-06"))


def test_a_clerk_records_nothing_for_another_office(qazvin, khujand):
    parvin = clerk_of(qazvin)
    assert AgreementFactory(parties=[khujand, qazvin], by=parvin)
    with pytest.raises(PermissionDenied):
        AgreementFactory(by=parvin)
    assert Agreement.objects.count() == 1


def test_nor_does_a_clerk_by_the_thousand(qazvin, khujand):
    parvin = clerk_of(qazvin)
    own = Draft(Opening(by=parvin), [khujand, qazvin], {"kind": "other"})
    foreign = Draft(Opening(by=parvin), PlaceFactory.create_batch(2), {"kind": "other"})
    with pytest.raises(PermissionDenied):
        record_many([own, foreign])
    assert not Agreement.objects.exists()
    record_many([own])
    assert Agreement.objects.count() == 1
