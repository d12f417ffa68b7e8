"""What is internal shows nowhere to those who must not see it, nor does what is never told."""

import json

import pytest

from tests.factories import (
    AgreementFactory,
    CitationFactory,
    EventFactory,
    RelationFactory,
    SourceFactory,
    UserFactory,
    khujand,
    qazvin,
)
from tests.people import LOOKALIKES, person

pytestmark = pytest.mark.django_db

EVERY_LIST = (
    "agreements/",
    "agreements/export.json",
    "places/",
    "places/khujand/",
    "places/qazvin/",
    "officials/",
    "sectors/",
)


@pytest.fixture
def internal(db):
    """A tie of public places that must not show, with a word on everything that hangs on it."""
    sources = [SourceFactory(title="Hush", speaks_for=khujand())]
    parties = [qazvin(), khujand()]
    return AgreementFactory(title="Hush", summary="Hush", parties=parties, sources=sources)


@pytest.mark.parametrize("address", EVERY_LIST)
def test_no_address_tells_of_it(api, internal, address):
    told = api.get(address).getvalue().decode()
    assert "Hush" not in told
    assert internal.reference not in told


def test_its_own_address_answers_as_one_that_never_was(api, internal):
    hidden = api.get(f"agreements/{internal.reference}/")
    missing = api.get("agreements/TW-000000/")
    assert hidden.status_code == missing.status_code == 404
    assert hidden.content == missing.content
    assert hidden.headers == missing.headers


def test_bad_parameters_at_its_address_are_answered_as_where_nothing_is(api, internal):
    refused = api.refused(f"agreements/{internal.reference}/?colour=red")
    assert refused == api.refused("agreements/TW-000000/?colour=red")


@pytest.mark.parametrize("lookalike", LOOKALIKES)
def test_nobody_sees_it_who_only_looks_like_staff(api, internal, lookalike):
    reader = api.as_(person(lookalike))
    assert reader.rows("agreements/") == []
    assert reader.get(f"agreements/{internal.reference}/").status_code == 404


def test_a_reader_with_an_account_sees_what_anybody_sees(api, internal):
    assert api.as_(UserFactory()).rows("agreements/") == []


@pytest.mark.parametrize("role", ["editor", "registrar", "auditor"])
def test_each_role_sees_it(api, internal, role):
    staff = api.as_(person(role))
    assert staff.read(f"agreements/{internal.reference}/")["title"] == "Hush"
    assert [row["title"] for row in staff.rows("agreements/")] == ["Hush"]
    assert staff.read("agreements/export.json")["count"] == 1


def test_a_relation_to_it_is_not_told(api, internal, auditor):
    public = AgreementFactory(public=True)
    RelationFactory(from_agreement=public, to_agreement=internal)
    RelationFactory(from_agreement=internal, to_agreement=public, kind="replaces")
    address = f"agreements/{public.reference}/"
    assert api.read(address)["relations"] == []
    assert len(api.as_(auditor).read(address)["relations"]) == 2


def test_what_a_source_says_of_it_is_not_told_at_an_event_that_it_shares(api, internal):
    public = AgreementFactory(public=True)
    event = EventFactory(title="The meeting", agreements=[public, internal])
    CitationFactory(agreement=internal, event=event, says="Hush")
    told = api.read(f"agreements/{public.reference}/")
    assert told["events"][0]["title"] == "The meeting"
    assert "Hush" not in json.dumps(told)
    assert internal.reference not in json.dumps(told)


def test_the_answer_to_a_bad_parameter_is_the_same_for_all(api, internal, auditor):
    query = "agreements/?sector=hush&colour=red"
    assert api.refused(query) == api.as_(auditor).refused(query)


NEVER_TOLD = {"id", "pk", "version", "internal_note", "recorded_by", "created_at", "updated_at"}


def keys(told) -> set[str]:
    if isinstance(told, dict):
        return set(told) | {key for value in told.values() for key in keys(value)}
    return {key for value in told for key in keys(value)} if isinstance(told, list) else set()


def test_staff_are_not_told_through_the_api_what_belongs_to_the_admin(api, registrar):
    tie = AgreementFactory(internal_note="Do not tell", by=registrar)
    staff = api.as_(registrar)
    for address in ("agreements/", f"agreements/{tie.reference}/", "agreements/export.json"):
        told = staff.read(address)
        assert not keys(told) & NEVER_TOLD
        assert "Do not tell" not in json.dumps(told)
        assert registrar.username not in json.dumps(told)
