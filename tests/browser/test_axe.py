"""Every screen of the admin, with axe: light and dark, English and Persian, narrow and wide."""

import os
from collections.abc import Iterator
from itertools import product

import pytest
from django.urls import resolve, reverse
from playwright.sync_api import Page, expect

from agreements.models import Agreement, Event, Sector, Source
from cities.models import Institution, Official, Place
from tests.addresses import World, make_world, walk
from tests.browser.test_admin import complaints, faults, people, sign_in  # noqa: F401
from tests.desk_factories import RequestFactory
from tests.factories import (
    AgreementFactory,
    AppointmentFactory,
    ApprovalFactory,
    CitationFactory,
    DocumentFactory,
    EventFactory,
    InitiativeFactory,
    InstitutionFactory,
    RelationFactory,
    SectorFactory,
    SignatureFactory,
    SpellingFactory,
    khujand,
    on,
    qazvin,
)
from tests.test_access import EVERYBODY, QUERY, TABLE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

UNDONE = ("change", "undo")
RECORDS = (Agreement, Event, Sector, Source, Place, Official, Institution)
# Each scheme, language and width once; AXE_ALL=1 takes them all with each other.
LOOKS = [("light", "en", 1280), ("dark", "fa", 320)]
if os.environ.get("AXE_ALL") == "1":
    LOOKS = list(product(("light", "dark"), ("en", "fa"), (320, 1280)))
# What answers a machine, or hands out a file.
NO_SCREEN = ("autocomplete", "jsi18n", "_people", "_csv", "_xlsx", "_report", "_refused")
SCREENS = [
    name
    for name in sorted(set(walk()))
    if name.startswith("admin")
    and TABLE[name][EVERYBODY.index("administrator")] == 200
    and not name.endswith(NO_SCREEN)
]


def one_of_everything() -> Agreement:
    tie = AgreementFactory(status="drafted", parties=[qazvin(), khujand()])
    tie.sectors.add(SectorFactory())
    CitationFactory(agreement=tie)
    ApprovalFactory(agreement=tie)
    SignatureFactory(agreement=tie)
    DocumentFactory(agreement=tie)
    RelationFactory(from_agreement=tie)
    event = EventFactory(agreements=[tie])
    official = SpellingFactory().official
    AppointmentFactory(official=official)
    event.participants.add(official)
    InitiativeFactory(agreement=tie).institutions.add(InstitutionFactory())
    return tie


def undoable() -> Agreement:
    """Withdrawn by mistake, as it was once before; published, and somebody asks to revive it."""
    tie = AgreementFactory(status="drafted", public=True)
    for day in ("2026-01", "2026-02"):
        tie.move("withdraw", by=None, happened_on=on(day))
        if day == "2026-01":
            tie.undo(by=None, reason="They only spoke of it.")
    RequestFactory(agreement=tie, act="revive", note="They speak of it again.")
    return tie


def screens(tie: Agreement, administrator) -> list[str]:
    found = ["/admin/", "/admin/agreements/", "/admin/password_change/"]
    for model in RECORDS:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        record = tie if model is Agreement else model.objects.first()
        found += [reverse(f"{name}_changelist"), reverse(f"{name}_changelist") + "?q=zzz"]
        found += [reverse(f"{name}_add")]
        found += [reverse(f"{name}_{view}", args=[record.pk]) for view in ("change", "history")]
        found += [reverse(f"{name}_delete", args=[record.pk])]
    found += [reverse("admin:auth_user_changelist"), reverse("admin:auth_group_changelist")]
    found += [reverse("admin:auth_user_change", args=[administrator.pk])]
    found += [reverse("admin:auth_user_add"), reverse("admin:auth_group_add")]
    for move in ("sign", "withdraw"):
        found.append(reverse("admin:agreements_agreement_move", args=[tie.pk, move]))
    for act in ("publish", "unpublish", "verify", "preview"):
        found.append(reverse(f"admin:agreements_agreement_{act}", args=[tie.pk]))
    found.append(reverse("admin:agreements_agreement_ask", args=[tie.pk, "sign"]))
    undone = undoable()
    found += [reverse(f"admin:agreements_agreement_{p}", args=[undone.pk]) for p in UNDONE]
    return found


def others(world: World, shown: list[str]) -> Iterator[str]:
    """The screens that none of these addresses leads to."""
    names = {resolve(address.split("?")[0]).view_name for address in shown}
    for name in SCREENS:
        if name not in names:
            query = "&".join(f"{key}={value}" for key, value in QUERY.get(name, {}).items())
            yield f"{world.address(name)}?{query}"


@pytest.mark.parametrize(("scheme", "language", "width"), LOOKS)
def test_axe_finds_no_fault_on_any_screen(
    page: Page,
    live_server,
    people,  # noqa: F811
    complaints,  # noqa: F811
    settings,
    tmp_path,
    scheme,
    language,
    width,
):
    settings.MEDIA_ROOT = tmp_path
    world, tie = make_world(), one_of_everything()
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    sign_in(page, live_server.url, people["administrator"])
    spoken = {"name": "django_language", "value": language, "url": live_server.url}
    page.context.add_cookies([spoken])
    shown = screens(tie, people["administrator"])
    found: list[str] = []
    for address in [*shown, *others(world, shown)]:
        page.goto(live_server.url + address)
        assert page.evaluate("document.documentElement.lang") == language, address
        found += [f"{address}: {complaint}" for complaint in complaints]
        found += faults(page)
        complaints.clear()
    assert found == []


def test_axe_finds_no_fault_in_a_form_that_is_refused(page: Page, live_server, people):  # noqa: F811
    tie = one_of_everything()
    sign_in(page, live_server.url, people["registrar"])
    page.goto(f"{live_server.url}{reverse('admin:agreements_agreement_change', args=[tie.pk])}")
    page.get_by_label("Begins").fill("yesterday")
    tie.move("withdraw", by=None, happened_on=tie.status_since)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Somebody changed this while you had it open")).to_be_visible()
    assert faults(page) == []
