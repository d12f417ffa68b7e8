"""Whatever is wrong is said as JSON, with the status that says so."""

import pytest

from tests.factories import AgreementFactory, khujand, qazvin

pytestmark = pytest.mark.django_db

KNOWN = (
    "",
    "agreements/",
    "agreements/export.json",
    "places/",
    "places/khujand/",
    "officials/",
    "sectors/",
)
NOWHERE = (
    "nonsense/",
    "nonsense",
    "agreements/TW-000000/",
    "agreements/tw-000000/",
    "agreements/TW-IIIIII/",
    "agreements/TW-0000000/",
    "agreements/1/",
    "agreements/%00/",
    "agreements/TW-00000%00/",
    "agreements/TW-000000%0A/",
    "agreements/" + "9" * 5000 + "/",
    "agreements/export.json/",
    "agreements/export.csv",
    "places/atlantis/",
    "places/%00/",
    "places/a%0A/",
    "places/%ff%fe/",
    "places/" + "a" * 5000 + "/",
    "places/../../admin/",
    "officials/nobody/",
    "officials/%D0%96/",
    "sectors/magic/",
    "sectors/a/b/c/",
    "%0A",
    "%00",
)


def test_the_root_lists_addresses_that_answer(api):
    addresses = api.read()
    assert set(addresses) == {
        "agreements",
        "agreements_export",
        "places",
        "officials",
        "sectors",
        "steps",
        "about",
    }
    assert all(api.client.get(url).status_code == 200 for url in addresses.values())


@pytest.mark.parametrize("address", NOWHERE)
def test_an_address_that_is_none_gets_404_as_json(api, address):
    response = api.client.get("/api/v1/" + address)
    assert response.status_code == 404
    assert response.json() == {"detail": "Not found."}


def test_nowhere_and_no_such_row_sound_alike_in_every_language(api):
    said = {
        api.get(address, accept_language="fa").content
        for address in ("nonsense/", "agreements/TW-000000/", "places/atlantis/")
    }
    assert len(said) == 1


def test_a_forgotten_stroke_is_led_on_with_the_query(api):
    response = api.get("places?q=khujand")
    assert (response.status_code, response["Location"]) == (301, "/api/v1/places/?q=khujand")


@pytest.mark.parametrize("address", KNOWN)
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
def test_nothing_can_be_written(api, registrar, address, method):
    khujand()
    for reader in (api, api.as_(registrar)):
        response = getattr(reader.client, method)(f"/api/v1/{address}")
        assert response.status_code == 405
        assert "detail" in response.json()


def test_staff_need_no_token_to_be_told_so(registrar, client):
    client.handler.enforce_csrf_checks = True
    client.force_login(registrar)
    tie = AgreementFactory()
    response = client.patch(f"/api/v1/agreements/{tie.reference}/", {"status": "signed"})
    assert response.status_code == 405


@pytest.mark.parametrize("address", KNOWN)
def test_head_and_options_answer(api, address):
    khujand()
    assert api.client.head(f"/api/v1/{address}").status_code == 200
    options = api.client.options(f"/api/v1/{address}")
    assert options.status_code == 200
    assert options["Allow"] == "GET, HEAD, OPTIONS"


def test_options_do_not_tell_whether_there_is_such_an_agreement(api):
    internal = AgreementFactory(parties=[qazvin(), khujand()])
    found = api.client.options(f"/api/v1/agreements/{internal.reference}/")
    missing = api.client.options("/api/v1/agreements/TW-000000/")
    assert (found.status_code, found.content) == (missing.status_code, missing.content)


@pytest.mark.parametrize("address", KNOWN)
def test_other_forms_than_json_are_not_to_be_had(api, address):
    khujand()
    response = api.get(address, accept="text/csv")
    assert response.status_code == 406
    assert "detail" in response.json()


@pytest.mark.parametrize("accept", ["", "*/*", "text/html,*/*;q=0.8", ";;;", "a", "application/*"])
def test_browsers_get_json_too(api, accept):
    response = api.get("places/", accept=accept)
    assert response.status_code in {200, 406}
    assert response["Content-Type"] == "application/json"


@pytest.mark.parametrize("address", [*KNOWN, "sectors/culture/", "officials/nobody/"])
@pytest.mark.parametrize("query", ["colour=red", "format=api", "format=json", "_=1"])
def test_an_unknown_parameter_is_refused_everywhere(api, address, query):
    khujand()
    assert list(api.refused(f"{address}?{query}")) == [query.split("=")[0]]


@pytest.mark.parametrize("address", ["", "places/khujand/"])
@pytest.mark.parametrize("name", ["cursor", "page_size", "page", "q", "as_of"])
def test_what_lists_know_is_unknown_where_there_is_no_list(api, address, name):
    khujand()
    assert list(api.refused(f"{address}?{name}=1")) == [name]


def test_more_parameters_than_django_reads_are_refused_as_json(api):
    response = api.get("places/?" + "&".join(f"n{i}=" for i in range(6000)))
    assert response.status_code == 400
    assert "detail" in response.json()


def test_what_staff_are_shown_is_not_kept_for_others(api, auditor):
    assert "Cookie" in api.as_(auditor).get("agreements/")["Vary"]
    assert "Cookie" in api.get("agreements/export.json")["Vary"]
