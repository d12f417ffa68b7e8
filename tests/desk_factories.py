"""Rows of the staff's own: seats, requests, reminders, undone steps, suggestions."""

from uuid import uuid4

import factory
from django.utils import timezone

from agreements.models import Reminder, Request, Suggestion, UndoneStep
from cities.models import Clerkship
from tests.factories import AgreementFactory, ModelFactory, PlaceFactory, UserFactory


class ClerkshipFactory(ModelFactory):
    """A seat in the office of ``place``: who has one is bound to it."""

    class Meta:
        model = Clerkship

    user = factory.SubFactory(UserFactory, is_staff=True)
    place = factory.SubFactory(PlaceFactory)


class RequestFactory(ModelFactory):
    class Meta:
        model = Request

    agreement = factory.SubFactory(AgreementFactory)
    act = "publish"
    asked_by = factory.SubFactory(UserFactory, is_staff=True)


class ReminderFactory(ModelFactory):
    class Meta:
        model = Reminder

    agreement = factory.SubFactory(AgreementFactory)
    user = factory.SubFactory(UserFactory, is_staff=True)
    what = "expiring"
    run = factory.LazyFunction(uuid4)


class UndoneStepFactory(ModelFactory):
    """A signing that never was."""

    class Meta:
        model = UndoneStep

    agreement = factory.SubFactory(AgreementFactory)
    sequence = 2
    move, from_status, to_status = "sign", "proposed", "signed"
    recorded_at = factory.LazyFunction(timezone.now)
    reason = "The council voted; nobody signed."


class SuggestionFactory(ModelFactory):
    """Of a reader of the home page; ``agreement``, ``place`` or ``official`` make it about one."""

    class Meta:
        model = Suggestion

    path = "/"
    language = "en"
    text = factory.Sequence(lambda n: f"The number is {n}.")
    source = "https://example.org/numbers"
    ticket = factory.LazyFunction(lambda: uuid4().hex)
