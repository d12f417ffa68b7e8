"""Who sees what: an internal agreement, and all that hangs on it, is unseen by everybody else."""

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser

from agreements.models import (
    Agreement,
    Approval,
    Citation,
    Document,
    Event,
    Initiative,
    Listing,
    Party,
    Relation,
    Signature,
    Source,
    StatusChange,
)
from tests.factories import (
    AgreementFactory,
    ApprovalFactory,
    CitationFactory,
    DocumentFactory,
    EventFactory,
    InitiativeFactory,
    ListingFactory,
    RelationFactory,
    SignatureFactory,
    SourceFactory,
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
    assert set(models_that_can_be_internal()) | {Source} == set(HANGS_ON)


@pytest.mark.parametrize("model", models_that_can_be_internal(), ids=lambda m: m.__name__)
def test_every_model_that_can_be_internal_says_who_may_see_it(model):
    assert callable(getattr(model.objects, "visible_to", None))


@pytest.mark.parametrize("who", SEES_PUBLIC_ONLY)
@pytest.mark.parametrize("model", HANGS_ON, ids=lambda model: model.__name__)
def test_what_hangs_on_an_internal_agreement_is_unseen(model, who):
    row = HANGS_ON[model](AgreementFactory(public=False))
    seen = model.objects.visible_to(person(who))
    assert row not in seen
    assert not seen.filter(pk=row.pk).exists()


@pytest.mark.parametrize("who", SEES_INTERNAL)
@pytest.mark.parametrize("model", HANGS_ON, ids=lambda model: model.__name__)
def test_what_hangs_on_an_internal_agreement_is_seen_by_staff_with_a_role(model, who):
    row = HANGS_ON[model](AgreementFactory(public=False))
    assert row in model.objects.visible_to(person(who))


@pytest.mark.parametrize("who", ["anonymous", "reader", *WITH_A_ROLE])
@pytest.mark.parametrize("model", HANGS_ON, ids=lambda model: model.__name__)
def test_what_hangs_on_a_public_agreement_is_seen_by_everybody(model, who):
    row = HANGS_ON[model](AgreementFactory(public=True))
    assert row in model.objects.visible_to(person(who))


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
