"""Every address of the admin, for people in offices: none leads to what is not theirs.

An agreement that an office does not keep is not there for it: its screens lead away as from a
record that does not exist, and what is done to one of them is not found.
"""

import pytest
from django.test import override_settings
from django.urls import reverse

from tests.addresses import make_world as make_a_little_of_everything
from tests.addresses import walk
from tests.desk_factories import RequestFactory
from tests.offices.world import ROLES
from tests.rows import all_rows
from tests.test_access import QUERY

pytestmark = pytest.mark.django_db

FOUND = sorted({name for name in walk() if name.startswith("admin")})
OF_ONE = "admin:agreements_agreement_"
# What GET answers of an agreement of another office, to a registrar, an editor and an auditor.
GONE, NOT_THERE, NOBODYS = (302, 302, 302), (404, 404, 404), (403, 403, 403)
ELSEWHERE = {
    "change": GONE,
    "history": GONE,
    "delete": NOBODYS,
    **dict.fromkeys(("move", "publish", "unpublish", "undo", "verify"), NOT_THERE),
    **dict.fromkeys(("ask", "decline", "take_back", "preview", "byparty"), NOT_THERE),
}
# Screens of agreements that are of no single one: the lists say what they show.
OF_ALL = ("changelist", "add", "export_csv", "export_xlsx", "import", "import_preview")
# For a registrar in an office, other than for one who is bound to none.
SHARED = ("cities_place", "cities_official", "cities_institution")
SHARED += ("agreements_sector", "agreements_source")
UNBOUND_ONLY = {
    **{f"admin:{screen}_import": 403 for screen in SHARED},
    **{f"admin:{screen}_import_preview": 403 for screen in SHARED},
    # The pair is one of places.
    "admin:cities_distinctpair_pair": 404,
    "admin:cities_distinctpair_change": 302,
    "admin:cities_distinctpair_history": 302,
    # Of an agreement of another office too, though everybody sees it.
    "admin:agreements_source_history": 403,
    "admin:agreements_event_history": 403,
    # The seat is in another office.
    "admin:cities_clerkship_change": 302,
    "admin:cities_clerkship_history": 302,
    "admin:cities_clerkship_delete": 302,
    # It is about a place of another office.
    "admin:agreements_suggestion_change": 302,
}
ALIKE_SCREENS = (*SHARED, "agreements_event", "agreements_tieimport", "cities_distinctpair")
ALIKE_SCREENS += ("cities_clerkship", "auth_user", "auth_group", "agreements_suggestion")
ALIKE = {
    f"admin:{screen}_{view}"
    for screen in ALIKE_SCREENS
    for view in ("changelist", "add", "change", "history", "delete", "export_csv", "export_xlsx")
}
ALIKE |= {f"admin/{screen.replace('_', '/')}/<path:object_id>/" for screen in ALIKE_SCREENS}
ALIKE |= {f"admin:agreements_tieimport_{act}" for act in ("enter", "discard", "preview")}
ALIKE |= {f"admin:agreements_tieimport_{act}" for act in ("report", "refused")}
ALIKE |= {f"admin:{name}" for name in ("index", "login", "password_change", "jsi18n")}
ALIKE |= {f"admin:{name}" for name in ("password_change_done", "autocomplete", "app_list")}
ALIKE |= {"admin:auth_user_password_change", "admin:auth_user_second_factor"}
ALIKE |= {"admin:cities_clerkship_people", "admin:view_on_site", "admin/(?P<url>.*)$"}
ALIKE |= {"admin/agreements/agreement/<path:object_id>/", "admin-preferences", "admin-report"}
ALIKE -= UNBOUND_ONLY.keys()
# Who signs out is not there for the next cell.
NOT_ASKED = {"admin:logout"}


@pytest.fixture(scope="module")
def rows(world, django_db_blocker, tmp_path_factory):
    """A little of everything that is between places of no office here, beside the world."""
    media = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media"))
    with media, django_db_blocker.unblock():
        little = make_a_little_of_everything()
        yield little


def own_address(name: str, agreement, asked) -> str:
    """Of a page about one agreement; a new one without a line here fails."""
    act = name.removeprefix(OF_ONE)
    blanks, of_request = {"pk": agreement.pk}, {"key": asked.pk}
    more = {"move": {"move": "suspend"}, "ask": {"act": "publish"}}
    more |= {"decline": of_request, "take_back": of_request}
    if act in ("change", "history", "delete"):
        return reverse(name, args=[agreement.pk])
    return reverse(name, kwargs=blanks | more.get(act, {}))


def test_every_address_of_the_admin_has_its_line():
    of_one = {f"{OF_ONE}{view}" for view in (*ELSEWHERE, *OF_ALL)}
    known = of_one | UNBOUND_ONLY.keys() | ALIKE | NOT_ASKED
    assert set(FOUND) - known == set()


@pytest.mark.parametrize("visibility", ["internal", "public"])
@pytest.mark.parametrize("view", ELSEWHERE)
def test_what_another_office_keeps_is_not_there(view, visibility, world, clients):
    agreement = world.agreements["signed", visibility]
    asked = RequestFactory(agreement=agreement, act="suspend")
    for role, answer in zip(("registrar", "editor", "auditor"), ELSEWHERE[view], strict=True):
        client, address = clients[role, "isfahan"], own_address(f"{OF_ONE}{view}", agreement, asked)
        assert client.get(address).status_code == answer, role


@pytest.mark.parametrize("view", ELSEWHERE)
def test_what_is_posted_to_another_offices_agreement_changes_nothing(view, world, clients):
    agreement = world.agreements["signed", "internal"]
    asked = RequestFactory(agreement=agreement, act="suspend")
    before = all_rows()
    sent = {"version": agreement.version, "reason": "x", "answer": "x", "post": "yes"}
    for role in ROLES:
        address = own_address(f"{OF_ONE}{view}", agreement, asked)
        answer = clients[role, "isfahan"].post(address, {**sent, "happened_on": "2025-07"})
        assert answer.status_code in (302, 403, 404, 405)
        assert agreement.title not in answer.content.decode() or not agreement.title
    assert all_rows() == before


@pytest.mark.parametrize("view", ELSEWHERE)
def test_an_office_has_of_its_own_agreements_what_the_unbound_have(view, world, clients):
    agreement = world.agreements["signed", "internal"]
    asked = RequestFactory(agreement=agreement, act="suspend")
    address = own_address(f"{OF_ONE}{view}", agreement, asked)
    for role in ROLES:
        free, bound = (
            clients[role, office].get(address).status_code for office in ("none", "qazvin")
        )
        assert bound == free, role
        assert free in (200, 302, 403), role


@pytest.mark.parametrize("name", sorted(UNBOUND_ONLY))
def test_what_all_offices_share_is_not_rewritten_nor_merged_by_one(name, rows, world, clients):
    found = clients["registrar", "isfahan"].get(rows.address(name))
    assert found.status_code == UNBOUND_ONLY[name]
    if found.status_code == 302:
        assert found["Location"] == reverse("admin:index")


@pytest.mark.parametrize("name", [name for name in FOUND if name in ALIKE])
def test_all_else_is_open_to_an_office_as_to_the_unbound(name, rows, world, clients):
    asked = (rows.address(name), QUERY.get(name))
    free = clients["registrar", "none"].get(*asked).status_code
    assert clients["registrar", "isfahan"].get(*asked).status_code == free


@pytest.mark.parametrize("view", OF_ALL)
def test_the_lists_of_agreements_open_to_every_office(view, rows, clients):
    address = rows.address(f"{OF_ONE}{view}")
    for role in ROLES:
        offices = ("none", "province", "isfahan")
        answers = {clients[role, office].get(address).status_code for office in offices}
        assert len(answers) == 1, role
