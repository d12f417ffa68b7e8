"""Every address for everybody, in one table. An address or a screen without a line in it fails."""

import pytest
from django.contrib import admin
from django.db import transaction
from django.test import Client, override_settings

from agreements.models import Agreement
from tests.addresses import make_world, walk
from tests.agreements.test_lifecycle_by_role import DESIGN, MAY_MOVE
from tests.factories import AdministratorFactory, AgreementFactory, SourceFactory
from tests.people import PEOPLE, person
from tests.rows import all_rows

pytestmark = pytest.mark.django_db

EVERYBODY = (*PEOPLE, "staff without a role")
# What GET answers to: anonymous, reader, editor, registrar, auditor, administrator, no role.
OPEN = (200, 200, 200, 200, 200, 200, 200)
LED_ON = (302, 302, 302, 302, 302, 302, 302)
NOWHERE = (404, 404, 404, 404, 404, 404, 404)
SIGNED_IN = (302, 200, 200, 200, 200, 200, 200)
NOT_SET_UP = (302, 404, 404, 404, 404, 404, 404)
STAFF = (302, 302, 200, 200, 200, 200, 200)
SEEN = (302, 302, 200, 200, 200, 200, 403)
WRITTEN = (302, 302, 200, 200, 403, 200, 403)
REGISTRARS = (302, 302, 403, 200, 403, 200, 403)
NOBODY = (302, 302, 403, 403, 403, 403, 403)
LED_IN = (302, 302, 302, 302, 302, 302, 403)
ADMINISTRATORS = (302, 302, 403, 403, 403, 200, 403)

# What feeds and calendars tell of.
PARTS = ("register", "place", "country", "sector", "agreement")
TABLE = {
    **dict.fromkeys(
        ("home", "about", "data", "health", "robots", "place-list", "place-detail"), OPEN
    ),
    **dict.fromkeys(("official-list", "official-detail", "agreement-list", "map"), OPEN),
    **dict.fromkeys(("agreement-detail", "sector-list", "sector-detail", "document-file"), OPEN),
    **dict.fromkeys(("api-root", "api-agreement-list", "api-agreement-export"), OPEN),
    **dict.fromkeys(("api-agreement-detail", "api-place-list", "api-place-detail"), OPEN),
    **dict.fromkeys(("api-official-list", "api-official-detail"), OPEN),
    **dict.fromkeys(("api-sector-list", "api-sector-detail"), OPEN),
    **dict.fromkeys(("place-report", "place-finder", "compare"), OPEN),
    **dict.fromkeys(("suggest", "suggest-thanks"), OPEN),
    **dict.fromkeys(("step-list", "api-step-list", "figures"), OPEN),
    **dict.fromkeys((f"{kind}-{what}" for kind in PARTS for what in ("feed", "calendar")), OPEN),
    **dict.fromkeys((f"{kind}-picture" for kind in ("register", "place", "agreement")), OPEN),
    **dict.fromkeys((f"{kind}-embed" for kind in ("place", "agreement")), OPEN),
    **dict.fromkeys((f"{kind}-badge" for kind in ("place", "agreement")), OPEN),
    **dict.fromkeys(("sitemap", "django.contrib.sitemaps.views.sitemap"), OPEN),
    "admin-report": SEEN,
    **dict.fromkeys(("api-nowhere", "calendar"), NOWHERE),
    "admin-preferences": STAFF,
    "set_language": LED_ON,
    "admin:index": STAFF,
    **dict.fromkeys(("account_reset_password", "account_reset_password_done"), OPEN),
    **dict.fromkeys(
        ("account_reset_password_from_key", "account_reset_password_from_key_done"), OPEN
    ),
    "account_login": (200, 302, 302, 302, 302, 302, 302),
    **dict.fromkeys(("account_logout", "account_reauthenticate"), SIGNED_IN),
    **dict.fromkeys(("account_change_password", "mfa_index", "mfa_list_webauthn"), SIGNED_IN),
    # Without a password that was just entered, or a factor to show, all these lead elsewhere.
    **dict.fromkeys(("mfa_authenticate", "mfa_reauthenticate"), LED_ON),
    **dict.fromkeys(("mfa_reauthenticate_webauthn", "mfa_login_webauthn"), LED_ON),
    **dict.fromkeys(("mfa_activate_totp", "mfa_add_webauthn"), LED_ON),
    **dict.fromkeys(("mfa_edit_webauthn", "mfa_remove_webauthn"), LED_ON),
    "mfa_generate_recovery_codes": LED_ON,
    # Nobody here has any.
    "mfa_deactivate_totp": NOT_SET_UP,
    **dict.fromkeys(("mfa_view_recovery_codes", "mfa_download_recovery_codes"), NOT_SET_UP),
    "admin:login": (302, 403, 302, 302, 302, 302, 302),
    "admin:logout": (302, 302, 405, 405, 405, 405, 405),
    "admin:password_change": LED_ON,
    "admin:password_change_done": STAFF,
    "admin:autocomplete": SEEN,
    "admin:jsi18n": STAFF,
    "admin:view_on_site": LED_ON,
    "admin:app_list": (302, 302, 200, 200, 200, 200, 404),
    "admin/(?P<url>.*)$": (302, 302, 404, 404, 404, 404, 404),
    "admin:auth_user_password_change": ADMINISTRATORS,
    "admin:auth_user_second_factor": ADMINISTRATORS,
    "admin:cities_distinctpair_pair": SEEN,
    "admin:cities_clerkship_people": REGISTRARS,
    "admin:agreements_agreement_move": REGISTRARS,
    "admin:agreements_agreement_publish": REGISTRARS,
    "admin:agreements_agreement_unpublish": REGISTRARS,
    "admin:agreements_agreement_preview": SEEN,
    "admin:agreements_agreement_verify": WRITTEN,
    "admin:agreements_agreement_ask": WRITTEN,
    # Its only step is where the record begins, so there is nothing to undo.
    "admin:agreements_agreement_undo": (302, 302, 403, 302, 403, 302, 403),
    "admin:agreements_agreement_decline": REGISTRARS,
    # Whoever asked was none of these.
    "admin:agreements_agreement_take_back": NOBODY,
    "admin:agreements_agreement_byparty": SEEN,
}
RECORD = {
    "changelist": SEEN,
    "add": WRITTEN,
    "change": SEEN,
    "history": SEEN,
    "delete": ADMINISTRATORS,
}
ACCOUNT = dict.fromkeys(RECORD, ADMINISTRATORS)
# Lists that go out as tables and come back; nobody brought the one that is to be looked through.
SHEET = RECORD | {
    "export_csv": SEEN,
    "export_xlsx": SEEN,
    "import": REGISTRARS,
    "import_preview": (302, 302, 403, 302, 403, 302, 403),
}
# Seats in offices are given and taken.
SEATS = RECORD | dict.fromkeys(("add", "delete"), REGISTRARS)
# Two are told apart on the page that shows both, and one on record leads there.
DESK = RECORD | {"add": NOBODY, "change": LED_IN}
# A list of ties that waits is there for whoever brought it, which was none of these.
WAITING = (302, 302, 403, 404, 403, 200, 403)
ONLY_POSTED = (302, 302, 405, 405, 405, 405, 405)
IMPORT = {
    "changelist": SEEN,
    "add": REGISTRARS,
    "change": SEEN,
    **dict.fromkeys(("preview", "report", "refused"), WAITING),
    **dict.fromkeys(("enter", "discard"), ONLY_POSTED),
}
# They come from readers, and are answered on their own page.
FROM_READERS = {"changelist": SEEN, "add": NOBODY, "change": SEEN, "delete": ADMINISTRATORS}
SCREENS = {
    "auth_user": ACCOUNT,
    "auth_group": ACCOUNT,
    "cities_place": SHEET,
    "cities_official": SHEET,
    "cities_institution": SHEET,
    "agreements_agreement": SHEET,
    "agreements_sector": SHEET,
    "agreements_source": SHEET,
    "agreements_event": RECORD,
    "agreements_tieimport": IMPORT,
    "cities_distinctpair": DESK,
    "cities_clerkship": SEATS,
    "agreements_suggestion": FROM_READERS,
}
for screen, answers in SCREENS.items():
    TABLE |= {f"admin:{screen}_{view}": answer for view, answer in answers.items()}
    TABLE[f"admin/{screen.replace('_', '/')}/<path:object_id>/"] = LED_ON

QUERY = {
    "admin:autocomplete": {"app_label": "agreements", "model_name": "party", "field_name": "place"}
}
FOUND = sorted(set(walk()))
WRITES = ("admin", "account_", "mfa_", "set_language", "suggest")
READ_ONLY = [name for name in FOUND if not name.startswith(WRITES)]
CELLS = [(name, who) for name in FOUND for who in EVERYBODY]


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory):
    """Made once for all tests of the module; each undoes what it changes in it."""
    media = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media"))
    with media, django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def clients(world, django_db_blocker) -> dict[str, Client]:
    """Everybody at a browser, signed in if they can be."""
    with django_db_blocker.unblock():
        return {who: client_of(who) for who in EVERYBODY}


def client_of(who: str) -> Client:
    client = Client()
    if (user := person(who)) and user.pk:
        client.force_login(user)
    return client


def test_every_address_has_its_line_and_every_line_its_address():
    assert set(FOUND) == set(TABLE)


def test_every_screen_of_the_admin_is_in_the_table():
    assert {f"{m._meta.app_label}_{m._meta.model_name}" for m in admin.site._registry} == set(
        SCREENS
    )


@pytest.mark.parametrize(("name", "who"), CELLS)
def test_everybody_gets_what_the_table_says(name, who, world, clients):
    response = clients[who].get(world.address(name), QUERY.get(name))
    assert response.status_code == TABLE[name][EVERYBODY.index(who)]


@pytest.mark.parametrize("name", [name for name in FOUND if name.startswith("admin")])
def test_who_is_not_of_the_staff_is_led_to_the_sign_in_and_no_further(name, world):
    if name in ("admin:login", "admin:logout", "admin:view_on_site") or "object_id" in name:
        return
    response = Client().get(world.address(name), QUERY.get(name))
    assert response["Location"].startswith("/admin/login/?next=")


# --- Writing ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", READ_ONLY)
@pytest.mark.parametrize("who", ["anonymous", "administrator"])
def test_pages_and_api_are_read_only_for_everybody(name, who, world, clients):
    refusals = {404} if name == "api-nowhere" else {403, 405}
    for method in ("post", "put", "patch", "delete"):
        response = getattr(clients[who], method)(world.address(name))
        assert response.status_code in refusals, method


@pytest.mark.parametrize("name", READ_ONLY)
def test_head_answers_as_get_does_and_without_a_body(name, world):
    response = Client().head(world.address(name))
    assert response.status_code == TABLE[name][0]
    assert not response.getvalue()


@pytest.mark.parametrize("who", ["anonymous", "registrar", "auditor", "administrator"])
def test_an_empty_form_writes_nothing_and_breaks_nothing(who, world, clients):
    before = all_rows()
    for name in set(FOUND) - {"admin:logout", "account_logout", "set_language", *READ_ONLY}:
        response = clients[who].post(world.address(name), QUERY.get(name))
        assert response.status_code < 500, name
    assert all_rows() == before


def test_a_form_from_another_site_is_refused(world):
    client = Client(enforce_csrf_checks=True)
    client.force_login(AdministratorFactory())
    response = client.post(world.address("admin:agreements_agreement_unpublish"), {})
    assert response.status_code == 403
    assert Agreement.objects.get(pk=world.public.pk).is_public


@pytest.mark.parametrize("move", MAY_MOVE)
@pytest.mark.parametrize("who", ["editor", "registrar", "auditor", "administrator"])
def test_the_page_of_a_move_opens_to_those_who_may_make_it(move, who, clients):
    status = next(status for status, moves in DESIGN.items() if move in moves)
    agreement = AgreementFactory(status=status, sources=[SourceFactory()])
    response = clients[who].get(f"/admin/agreements/agreement/{agreement.pk}/move/{move}/")
    assert response.status_code == (200 if who in MAY_MOVE[move] else 403)
