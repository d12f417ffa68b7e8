"""Who gets a digest, and of what: by role, by office, by their own choice."""

import pytest
from django.core.management import CommandError

from agreements.models import Preferences
from tests.desk_factories import ClerkshipFactory, RequestFactory
from tests.factories import (
    AdministratorFactory,
    AgreementFactory,
    InitiativeFactory,
    UserFactory,
    khujand,
    on,
    qazvin,
    staff,
)
from tests.people import LOOKALIKES
from tests.reminders.telling import ending, remind

pytestmark = pytest.mark.django_db


def recipients(mailoutbox) -> list[str]:
    return [mail.to[0] for mail in mailoutbox]


def test_every_role_is_told(mailoutbox):
    ending()
    for role in ("editor", "registrar", "auditor"):
        staff(role, email=f"{role}@example.org")
    AdministratorFactory(email="administrator@example.org")
    remind()
    assert len(set(recipients(mailoutbox))) == 4


@pytest.mark.parametrize("who", LOOKALIKES)
def test_who_only_looks_like_staff_is_not_told(who, mailoutbox):
    ending()
    user = LOOKALIKES[who]()
    user.email = "somebody@example.org"
    user.save()
    assert remind() == ("", "")
    assert not mailoutbox
    with pytest.raises(CommandError, match="no active member of the staff"):
        remind(to=user.username)


@pytest.mark.parametrize(
    ("email", "said"),
    [
        ("", "has no e-mail address."),
        ("nobody", "has an e-mail address that is none."),
        ("a@b.org\nBcc: c@d.org", "has an e-mail address that is none."),
    ],
)
def test_without_a_good_address_nothing_is_sent_and_it_is_said(email, said, mailoutbox):
    ending()
    staff("editor", email=email)
    assert remind()[0] == f"parvin: {said}\n"
    assert not mailoutbox


def test_who_switched_it_off_is_not_told_and_hears_of_all_when_it_is_on_again(parvin, mailoutbox):
    ending()
    choice = Preferences.objects.create(user=parvin, digest=False)
    assert remind()[0] == "parvin: has switched the digest off.\n"
    assert not mailoutbox
    choice.digest = True
    choice.save()
    remind()
    assert len(mailoutbox) == 1


@pytest.mark.parametrize("demo", [True, False])
def test_accounts_of_the_demonstration_are_told_only_in_it(demo, mailoutbox, settings):
    settings.DEMO = demo
    ending()
    staff("editor", email="editor@demo.invalid")
    remind()
    assert len(mailoutbox) == demo


def test_one_person_alone_can_be_told(parvin, rustam, mailoutbox):
    ending()
    assert remind(to="rustam")[0] == "rustam: told of 1 thing.\n"
    assert recipients(mailoutbox) == ["rustam@example.org"]


@pytest.mark.parametrize("name", ["nobody", "\udcff", "a\nb", ""])
def test_a_name_that_nobody_has_is_refused_in_words(name, parvin):
    with pytest.raises(CommandError, match="no active member of the staff"):
        remind(to=name)


def test_nobody_hears_of_nothing(parvin, mailoutbox):
    AgreementFactory(status="signed", happened_on="2026-06")
    assert remind()[0] == "parvin: nothing new.\n"
    assert not mailoutbox


def test_a_clerk_of_an_office_is_told_of_its_agreements_alone(parvin, mailoutbox):
    ClerkshipFactory(user=parvin, place=qazvin())
    own = ending(parties=[qazvin(), khujand()])
    others = ending(public=True)
    InitiativeFactory(agreement=others, due_on=on("2026-05"))
    late = InitiativeFactory(agreement=own, due_on=on("2026-05"))
    remind()
    assert own.reference in mailoutbox[0].body
    assert late.title in mailoutbox[0].body
    assert others.reference not in mailoutbox[0].body


def test_a_request_goes_to_those_who_may_do_it(parvin, rustam, mailoutbox):
    RequestFactory(agreement=AgreementFactory(happened_on="2026-06"), asked_by=parvin)
    remind()
    assert recipients(mailoutbox) == ["rustam@example.org"]
    assert "parvin asks for this: Publish." in mailoutbox[0].body


def test_a_request_to_an_office_is_not_told_to_another(parvin, rustam, mailoutbox):
    ClerkshipFactory(user=rustam, place=qazvin())
    RequestFactory(agreement=AgreementFactory(happened_on="2026-06"), asked_by=parvin)
    remind()
    assert not mailoutbox


def test_an_answer_goes_to_whoever_asked(parvin, rustam, mailoutbox):
    asked = RequestFactory(agreement=AgreementFactory(happened_on="2026-06"), asked_by=parvin)
    remind()
    asked.decline(by=rustam, answer="Add a source\nfirst.")
    remind()
    remind()
    assert recipients(mailoutbox) == ["rustam@example.org", "parvin@example.org"]
    assert "Publish: declined by rustam. Add a source first." in mailoutbox[1].body


def test_what_one_took_back_oneself_is_no_news(parvin, mailoutbox):
    asked = RequestFactory(agreement=AgreementFactory(happened_on="2026-06"), asked_by=parvin)
    asked.take_back(by=parvin)
    remind()
    assert not mailoutbox


def test_a_digest_costs_the_same_for_three_things_and_for_thirty(
    parvin, django_assert_max_num_queries
):
    def queries(count: int) -> int:
        for _ in range(count):
            agreement = ending(parties=[khujand(), qazvin()])
            InitiativeFactory(agreement=agreement, due_on=on("2026-05"))
            AgreementFactory(status="drafted", happened_on="2020")
        with django_assert_max_num_queries(80) as asked:
            assert f"told of {3 * count} things" in remind()[0]
        return len(asked)

    assert queries(3) == queries(30)


def test_no_mail_at_all_for_nobody():
    UserFactory(is_staff=True, email="new@example.org")
    assert remind() == ("", "")
