"""Everybody who may come to the register, by the name that the tables of the tests use."""

from django.contrib.auth.models import AnonymousUser

from tests.factories import AdministratorFactory, UserFactory, staff

WITH_A_ROLE = ("editor", "registrar", "auditor")
PEOPLE = ("anonymous", "reader", *WITH_A_ROLE, "administrator")
# Like staff in one respect and unlike them in another: none of these sees what is internal.
LOOKALIKES = {
    "staff without a role": lambda: UserFactory(is_staff=True),
    "registrar who left": lambda: staff("registrar", is_active=False),
    "registrar's group, not staff": lambda: staff("registrar", is_staff=False),
    "administrator who left": lambda: AdministratorFactory(is_active=False),
}


def person(name: str):
    """The account of this name; None for ``system``, which stands for a command."""
    if name in WITH_A_ROLE:
        return staff(name)
    if name in LOOKALIKES:
        return LOOKALIKES[name]()
    return {
        "anonymous": AnonymousUser,
        "reader": UserFactory,
        "administrator": AdministratorFactory,
        "system": lambda: None,
    }[name]()
