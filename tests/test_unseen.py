"""What is internal shows in no page and no answer: not a word, not a count, not a byte."""

import re

import pytest
from django.test import Client

from agreements.models import Agreement
from tests.addresses import KEPT_UP, World, make_internal, make_world
from tests.people import LOOKALIKES, WITH_A_ROLE, person

OF_AN_AGREEMENT = ("agreement-detail", "api-agreement-detail", "document-file")
PARTS = ("register", "place", "country", "sector", "agreement")
FOR_OTHER_SITES = ("embed", "badge", "picture")
# For everybody and nobody else: staff get of these what the public gets.
PUBLIC_ALONE = tuple(f"agreement-{what}" for what in ("feed", "calendar", *FOR_OTHER_SITES))
OPEN_TO_ALL = (
    *("home", "about", "data", "place-list", "place-detail", "official-list", "official-detail"),
    *("agreement-list", "agreement-detail", "map", "sector-list", "sector-detail", "document-file"),
    *("api-root", "api-agreement-list", "api-agreement-export", "api-agreement-detail"),
    *("api-place-list", "api-place-detail", "api-official-list", "api-official-detail"),
    *("api-sector-list", "api-sector-detail", "robots", "step-list", "api-step-list", "figures"),
    *("api-sector-list", "api-sector-detail", "robots"),
    *("sitemap", "django.contrib.sitemaps.views.sitemap", "register-picture"),
    *(f"{kind}-{what}" for kind in PARTS for what in ("feed", "calendar")),
    *(f"{kind}-{what}" for kind in ("place", "agreement") for what in FOR_OTHER_SITES),
)
LISTS = (
    *("/agreements/", "/api/v1/agreements/", "/api/v1/agreements/export.json"),
    "/figures/",
)
STEPS = ("/steps/", "/api/v1/steps/")
LISTS = ("/agreements/", "/map/", "/api/v1/agreements/", "/api/v1/agreements/export.json")
QUESTIONS = (
    "q=canar",  # finds “Canary”, and is not itself the word that is looked for
    "q=khujand",
    "place=khujand",
    "sector=culture",
    "status=signed",
    "country=TJ",
    "in_force=true",
    "in_force=false",
    "as_of=2026-06",
    "as_of=2026-06-01&status=signed",
)
OF_STEPS = (
    "from=2026-01&until=2026-01",
    "until=2025",
    "to_status=signed",
    "undated=true",
    "place=khujand",
    "sector=culture",
)
OUTSIDERS = ("anonymous", "reader", *LOOKALIKES)
pytestmark = pytest.mark.django_db


@pytest.fixture
def world(settings, tmp_path) -> World:
    settings.MEDIA_ROOT = tmp_path
    return make_world()


def client_of(who: str) -> Client:
    client = Client()
    if (user := person(who)) and user.pk:
        client.force_login(user)
    return client


def body(response) -> str:
    """What was answered, without the tokens that are new each time."""
    text = response.getvalue().decode("utf-8", "replace")
    return re.sub(r'(csrfmiddlewaretoken" value=")[^"]*', r"\1", text)


def addresses(world: World) -> list[str]:
    """Every address that is open to all, and the lists by every kind of question."""
    others = ("/places/", "/officials/", "/api/v1/places/", "/api/v1/officials/")
    return [
        *(world.address(name) for name in OPEN_TO_ALL),
        *(f"{address}?{question}" for address in LISTS for question in QUESTIONS),
        *(f"{address}?{question}" for address in STEPS for question in OF_STEPS),
        *(f"{address}?q=canar" for address in others),
    ]


def told(client: Client, world: World) -> list[str]:
    """The addresses whose answer has a word of the internal agreement."""
    words = re.compile(f"canary|{world.internal.reference}", re.IGNORECASE)
    return [address for address in addresses(world) if words.search(body(client.get(address)))]


@pytest.mark.parametrize("who", ["anonymous", "staff without a role", "registrar who left"])
def test_no_answer_has_a_word_of_what_is_internal(who, world):
    assert told(client_of(who), world) == []


def test_staff_with_a_role_find_those_words_in_many_answers(world):
    assert len(told(client_of("auditor"), world)) > 20


def test_an_internal_agreement_changes_no_byte_of_what_the_public_gets(world):
    """Words, counts, order and sizes: all is as if there were none."""
    world.internal.delete()
    client = Client()
    before = {address: body(client.get(address)) for address in addresses(world)}
    make_internal(world.public, world.rows)
    after = {address: body(client.get(address)) for address in addresses(world)}
    assert [address for address in before if before[address] != after[address]] == []


def test_a_published_agreement_changes_what_the_public_gets(world):
    client = Client()
    before = {address: body(client.get(address)) for address in addresses(world)}
    world.internal.publish(by=None)
    after = {address: body(client.get(address)) for address in addresses(world)}
    assert len([address for address in before if before[address] != after[address]]) > 20


@pytest.mark.parametrize("name", OF_AN_AGREEMENT)
@pytest.mark.parametrize("who", OUTSIDERS)
def test_an_internal_agreement_is_to_others_as_one_that_there_is_not(name, who, world):
    address, nothing = world.address(name, world.internal), "TW-000000"
    missing = address.replace(world.internal.reference, nothing)
    client = client_of(who)
    hidden, absent = client.get(address), client.get(missing)
    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert body(hidden).replace(world.internal.reference, nothing) == body(absent)
    assert dict(hidden.headers) == dict(absent.headers)


@pytest.mark.parametrize("name", PUBLIC_ALONE)
@pytest.mark.parametrize("who", ["anonymous", "registrar", "administrator"])
def test_feeds_and_badges_know_no_internal_agreement_whoever_asks(name, who, world):
    address, nothing = world.address(name, world.internal), "TW-000000"
    client = client_of(who)
    hidden = client.get(address)
    absent = client.get(address.replace(world.internal.reference, nothing))
    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert body(hidden).replace(world.internal.reference, nothing) == body(absent)
    assert dict(hidden.headers) == dict(absent.headers)


@pytest.mark.parametrize("name", [name for name in OPEN_TO_ALL if name.endswith(KEPT_UP)])
def test_staff_get_of_feeds_and_badges_what_the_public_gets(name, world):
    address = world.address(name)
    assert body(client_of("administrator").get(address)) == body(Client().get(address))


@pytest.mark.parametrize("name", OF_AN_AGREEMENT)
@pytest.mark.parametrize("who", [*WITH_A_ROLE, "administrator"])
def test_an_internal_agreement_is_open_to_staff_with_a_role(name, who, world):
    assert client_of(who).get(world.address(name, world.internal)).status_code == 200


def test_what_was_public_is_unseen_once_it_is_internal_again(world):
    addresses_of_it = [world.address(name) for name in OF_AN_AGREEMENT]
    Agreement.objects.get(pk=world.public.pk).unpublish(by=None)
    assert [Client().get(address).status_code for address in addresses_of_it] == [404] * 3
