"""The roles of the staff: what each may do, written out, and the commands that make them."""

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command

from tests.factories import UserFactory
from twinning.roles import ROLES, make_roles

pytestmark = pytest.mark.django_db

MAIN = {
    "agreements.agreement",
    "agreements.sector",
    "agreements.source",
    "agreements.event",
    "cities.place",
    "cities.institution",
    "cities.official",
}
HANGING = {
    "agreements.party",
    "agreements.approval",
    "agreements.signature",
    "agreements.initiative",
    "agreements.document",
    "agreements.citation",
    "agreements.relation",
    "agreements.sectorname",
    "cities.placename",
    "cities.placeidentifier",
    "cities.spelling",
    "cities.appointment",
}
READ_ONLY = {
    "agreements.statuschange",
    "agreements.tieimport",
    "agreements.listing",
    "cities.placemerge",
    "cities.officialmerge",
    "cities.distinctpair",
    "cities.clerkship",
    "agreements.undonestep",
    "agreements.request",
    "agreements.suggestion",
}
ACTS = {
    "draft": {"editor", "registrar"},
    "withdraw": {"editor", "registrar"},
    "revive": {"editor", "registrar"},
    "sign": {"registrar"},
    "suspend": {"registrar"},
    "reinstate": {"registrar"},
    "end": {"registrar"},
    "publish": {"registrar"},
    "merge": {"registrar"},
    "undo": {"registrar"},
}
MERGES = ("placemerge", "officialmerge", "distinctpair")


def may(role: str) -> set[str]:
    rows = Permission.objects.filter(group__name=role).select_related("content_type")
    return {f"{row.content_type.app_label}.{row.codename}" for row in rows}


def label(action: str, model: str) -> str:
    app, name = model.split(".")
    return f"{app}.{action}_{name}"


def written_out(role: str) -> set[str]:
    granted = {label("view", model) for model in MAIN | HANGING | READ_ONLY}
    if role != "auditor":
        granted |= {label(act, model) for model in MAIN for act in ("add", "change")}
        granted |= {label(act, model) for model in HANGING for act in ("add", "change", "delete")}
        granted |= {"agreements.add_request", "agreements.answer_suggestion"}
    if role == "registrar":
        granted |= {"agreements.add_tieimport", "cities.import_sheets"}
        granted |= {label("add", f"cities.{name}") for name in MERGES}
        granted |= {label(act, "cities.clerkship") for act in ("add", "change", "delete")}
    return granted | {f"agreements.{act}_agreement" for act, who in ACTS.items() if role in who}


@pytest.mark.parametrize("role", ["editor", "registrar", "auditor"])
def test_a_role_may_do_what_is_written_here_and_no_more(role):
    make_roles()
    assert may(role) == written_out(role)


def test_there_are_three_roles():
    assert set(ROLES) == {"editor", "registrar", "auditor"}


@pytest.mark.parametrize("role", ROLES)
def test_every_permission_of_the_table_exists(role):
    make_roles()
    assert len(may(role)) == len(ROLES[role])


def test_an_auditor_changes_nothing():
    make_roles()
    assert all(name.split(".")[1].startswith("view_") for name in may("auditor"))


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("model", sorted((MAIN | READ_ONLY) - {"cities.clerkship"}))
def test_nobody_of_the_staff_deletes_a_main_record_or_a_step(role, model):
    make_roles()
    assert label("delete", model) not in may(role)


@pytest.mark.parametrize("role", ROLES)
def test_nobody_of_the_staff_has_a_say_about_accounts(role):
    make_roles()
    assert {name.split(".")[0] for name in may(role)} == {"agreements", "cities"}


def test_whoever_edits_also_sees():
    make_roles()
    for role in ROLES:
        changed = {name for name in may(role) if name.split(".")[1].startswith("change_")}
        assert {name.replace("change_", "view_") for name in changed} <= may(role)


def test_making_the_roles_again_changes_nothing():
    make_roles()
    before = {role: may(role) for role in ROLES}
    call_command("make_roles", verbosity=0)
    assert {role: may(role) for role in ROLES} == before
    assert Group.objects.count() == 3


def test_a_role_that_grew_by_hand_is_put_right():
    make_roles()
    extra = Permission.objects.get(codename="delete_agreement")
    Group.objects.get(name="auditor").permissions.add(extra)
    make_roles()
    assert "agreements.delete_agreement" not in may("auditor")


def test_a_role_that_shrank_by_hand_is_put_right():
    make_roles()
    Group.objects.get(name="auditor").permissions.clear()
    make_roles()
    assert may("auditor") == written_out("auditor")


def test_the_people_of_a_role_keep_it(editor):
    make_roles()
    assert editor.groups.get().name == "editor"


# --- Demo accounts ------------------------------------------------------------------------


@pytest.fixture
def demo(settings):
    settings.DEMO = True


def test_demo_accounts_are_refused_where_no_demonstration_was_asked_for(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO"):
        call_command("demo_accounts", verbosity=0)
    assert not get_user_model().objects.exists()


def test_a_demonstration_has_one_account_for_each_role_and_an_administrator(demo):
    call_command("demo_accounts", verbosity=0)
    call_command("demo_accounts", verbosity=0)
    accounts = get_user_model().objects.all()
    assert {user.username for user in accounts} == {"editor", "registrar", "auditor", "admin"}
    assert [user.username for user in accounts if user.is_superuser] == ["admin"]
    staff = [user for user in accounts if not user.is_superuser]
    assert all(user.groups.get().name == user.username for user in staff)


def test_a_demo_account_signs_in_during_the_demonstration_and_not_after(demo, settings):
    call_command("demo_accounts", verbosity=0)
    known = {"username": "registrar", "password": "twinning-demo"}
    assert authenticate(**known).has_perm("agreements.sign_agreement")
    settings.DEMO = False
    assert authenticate(**known) is None


def test_an_account_of_a_real_person_is_not_taken_over(demo):
    UserFactory(username="editor", email="parvin@example.org")
    with pytest.raises(CommandError, match="not of the demonstration"):
        call_command("demo_accounts", verbosity=0)
    parvin = get_user_model().objects.get(username="editor")
    assert not parvin.is_staff
    assert not parvin.groups.exists()
