"""Offices, people of every role in each of them, and an agreement of every status in each state.

The agreements are between the city of Qazvin and Khujand. Qazvin lies in Qazvin Province, and that
in Iran; Isfahan is another city of Iran.
"""

from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AnonymousUser

from agreements.models import Agreement
from cities.models import Place
from tests.desk_factories import ClerkshipFactory
from tests.factories import (
    AdministratorFactory,
    AgreementFactory,
    PlaceFactory,
    RegionFactory,
    SourceFactory,
    UserFactory,
    iran,
    khujand,
    on,
    staff,
)

ROLES = ("editor", "registrar", "auditor")
# Whoever has no seat is bound to nothing.
OFFICES = ("none", "qazvin", "province", "country", "isfahan")
KEEPING = ("none", "qazvin", "province", "country")
STAFF = [(role, office) for role in ROLES for office in OFFICES]
# A superuser is bound by nothing, whatever seat they have.
SUPERUSERS = [("administrator", office) for office in ("none", "isfahan")]
PEOPLE = [*STAFF, *SUPERUSERS]
PUBLIC = [("anonymous", "none"), ("reader", "none")]
# How a record got where it stands: by which moves from the beginning.
WAYS: dict[str, tuple[str, ...]] = {
    "proposed": (),
    "drafted": ("draft",),
    "signed": ("draft", "sign"),
    "suspended": ("draft", "sign", "suspend"),
    "ended": ("draft", "sign", "end"),
    "withdrawn": ("withdraw",),
}
VISIBILITIES = ("internal", "public")


def keeps(who: tuple[str, str]) -> bool:
    """Whether this person keeps the agreements of Qazvin; written out from the design."""
    role, office = who
    return role == "administrator" or (role in ROLES and office in KEEPING)


def sees(who: tuple[str, str], visibility: str) -> bool:
    return visibility == "public" or keeps(who)


@dataclass
class World:
    places: dict[str, Place]
    agreements: dict[tuple[str, str], Agreement] = field(default_factory=dict)
    people: dict[tuple[str, str], Any] = field(default_factory=dict)

    def person(self, who: tuple[str, str]) -> Any:
        """The account as it is read for one request: nothing is known of it yet."""
        user = self.people[who]
        return type(user).objects.get(pk=user.pk) if user.pk else user

    def agreement(self, status: str, visibility: str) -> Agreement:
        return Agreement.objects.get(pk=self.agreements[status, visibility].pk)


def make_places() -> dict[str, Place]:
    province = RegionFactory(name="Qazvin Province", parent=iran(), country_code="IR")
    city = PlaceFactory(name="Qazvin", slug="qazvin", parent=province, country_code="IR")
    isfahan = PlaceFactory(name="Isfahan", parent=iran(), country_code="IR")
    here = {"qazvin": city, "province": province, "country": iran(), "isfahan": isfahan}
    return {**here, "khujand": khujand()}


def make_world() -> World:
    world = World(make_places())
    for status, way in WAYS.items():
        for visibility in VISIBILITIES:
            world.agreements[status, visibility] = an_agreement(world, way, visibility)
    for who in (*PEOPLE, *PUBLIC):
        world.people[who] = a_person(world, *who)
    return world


def an_agreement(world: World, way: tuple[str, ...], visibility: str) -> Agreement:
    places = [world.places["qazvin"], world.places["khujand"]]
    agreement = AgreementFactory(parties=places, sources=[SourceFactory()])
    for move in way:
        reason = {"end_reason": "terminated"} if move == "end" else {}
        cited = [(SourceFactory(), "It says so.")]
        agreement.move(move, by=None, happened_on=on("2025-06"), citations=cited, **reason)
    if visibility == "public":
        agreement.publish(by=None)
    return agreement


def a_person(world: World, role: str, office: str) -> Any:
    if role == "anonymous":
        return AnonymousUser()
    name = {"username": f"{role}-{office}"}
    if role in ROLES:
        user = staff(role, **name)
    else:
        user = (AdministratorFactory if role == "administrator" else UserFactory)(**name)
    if office != "none":
        ClerkshipFactory(user=user, place=world.places[office])
    return user
