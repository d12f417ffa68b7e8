"""What is asked of the admin by address: what is declared is answered; nothing ends in a 500."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.urls import reverse

from agreements.models import Agreement, Event, Sector, Source
from cities.models import Institution, Official, Place
from tests.admin.sheets import add_url, change_url, errors, list_url, open_sheet
from tests.factories import AgreementFactory, SectorFactory, SourceFactory

MODELS = (Agreement, Event, Sector, Source, Institution, Official, Place, User, Group)
HOSTILE_KEYS = ("0", "-1", "9" * 30, "9" * 5000, "x", "%00", "1%00", "1_00", "1.5", "' OR 1=1")
FISHED = (
    "internal_note__startswith=a",
    "internal_note=a",
    "steps__recorded_by__password__startswith=pbkdf2",
    "history__history_user__password__startswith=a",
    "citations__source__title=a",
    "version=1",
    "folded__contains=a",
    "status__regex=.*",
    "parties__place__about__contains=a",
)
QUERIES = (
    "q=%00",
    "q=" + "a" * 5000,
    "q=" + "%D0%B0+" * 500,
    "p=x",
    "p=-1",
    "p=" + "9" * 30,
    "o=x",
    "o=99",
    "o=" + "9" * 5000,
    "e=1",
    "all=",
    "_facets=True",
    "_popup=1",
    "_to_field=id&_popup=1",
    "kind__exact=%00",
    "%00=1",
    "status__exact=nonsense",
    "sectors__id__exact=x",
    "sectors__id__exact=" + "9" * 30,
    "sectors__isnull=maybe",
    "today=nonsense",
    "evidence=nonsense",
    "level__exact=%00",
    "unknown=1",
)


@pytest.mark.parametrize("query", FISHED)
def test_a_hidden_field_is_not_fished_by_the_query(aziza, query):
    AgreementFactory(internal_note="a secret")
    response = aziza.get(f"{list_url(Agreement)}?{query}")
    assert response.status_code == 400


def test_a_password_is_not_fished_even_by_a_superuser(root):
    assert root.get(f"{list_url(User)}?password__startswith=pbkdf2").status_code == 400


@pytest.mark.parametrize(
    "query", ["status__exact=drafted", "kind__exact=project", "today=stalled", "evidence=none"]
)
def test_what_the_list_declares_can_be_asked(aziza, query, tie):
    assert aziza.get(f"{list_url(Agreement)}?{query}").status_code == 200


each_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)


@each_model
def test_no_query_breaks_a_list(root, model):
    answers = {query[:30]: root.get(f"{list_url(model)}?{query}").status_code for query in QUERIES}
    assert {query: code for query, code in answers.items() if code not in (200, 302, 400)} == {}


@pytest.mark.parametrize(
    "field", ["password", "recorded_by__password", "internal_note", "x", "%00"]
)
def test_a_popup_hands_out_no_other_field(aziza, tie, field):
    for address in (list_url(Agreement), change_url(tie)):
        assert aziza.get(f"{address}?_popup=1&_to_field={field}").status_code == 400


@each_model
@pytest.mark.parametrize("screen", ["change", "history", "delete"])
def test_no_key_in_an_address_breaks_a_screen(root, model, screen):
    for key in HOSTILE_KEYS:
        address = f"{list_url(model)}{key}/{screen}/"
        assert root.get(address).status_code in (302, 403, 404), key[:10]
        assert root.post(address, {"post": "yes"}).status_code in (302, 403, 404), key[:10]


@pytest.mark.parametrize("act", ["move/sign", "publish", "unpublish"])
def test_no_key_in_an_address_breaks_a_move(root, act):
    for key in HOSTILE_KEYS:
        address = f"{list_url(Agreement)}{key}/{act}/"
        assert root.get(address).status_code in (302, 404), key[:10]
        assert root.post(address, {"version": "1"}).status_code in (302, 404), key[:10]


@pytest.mark.parametrize("value", ["x", "9" * 30, "-1", "%00", "1,2,x"])
def test_no_value_handed_to_an_empty_form_breaks_it(root, value):
    for model in (Place, Event, Source, Agreement, User):
        query = "&".join(
            f"{name}={value}" for name in ("parent", "place", "agreements", "speaks_for", "sectors")
        )
        assert root.get(f"{add_url(model)}?{query}").status_code in (200, 400)


AUTOCOMPLETE = {"app_label": "agreements", "model_name": "party", "field_name": "place"}


def ask(client, **query):
    return client.get(reverse("admin:autocomplete"), {**AUTOCOMPLETE, **query})


def test_autocomplete_finds_a_place_under_any_of_its_names(parvin, khujand):
    for term in ("Leninabad", "خجند", "хуҷанд", "khuj"):
        assert [found["text"] for found in ask(parvin, term=term).json()["results"]] == ["Khujand"]


def test_autocomplete_names_an_agreement_by_its_parties(parvin, tie):
    query = {"model_name": "relation", "field_name": "to_agreement", "term": "leninabad"}
    assert "Khujand" in ask(parvin, **query).json()["results"][0]["text"]


@pytest.mark.parametrize(
    "query",
    [
        {"term": "\0"},
        {"term": "a" * 100_000},
        {"term": "a " * 2000},
        {"page": "x"},
        {"page": "9" * 30},
        {"page": "0"},
        {"app_label": "\0"},
        {"app_label": "auth", "model_name": "user", "field_name": "password"},
        {"model_name": "statuschange", "field_name": "recorded_by"},
        {"field_name": "x"},
        {"field_name": "\0"},
    ],
    ids=lambda query: str(query)[:40],
)
def test_no_query_breaks_autocomplete_or_opens_it(parvin, query):
    response = ask(parvin, **query)
    assert response.status_code in (200, 403, 404)
    assert response.status_code != 200 or response.json()["results"] == []


def test_autocomplete_is_for_staff(client, khujand):
    assert ask(client, term="khujand").status_code == 302


def test_every_relation_to_a_main_record_is_chosen_by_autocomplete():
    for model, screen in admin.site._registry.items():
        for inline in (screen, *(inline(model, admin.site) for inline in screen.inlines)):
            for field in (*inline.model._meta.fields, *inline.model._meta.many_to_many):
                named = field.name in (getattr(inline, "fields", None) or ())
                if field.is_relation and named and field.related_model in admin.site._registry:
                    own = field.name == "event" and inline.model.__name__ == "Citation"
                    assert own or field.name in inline.autocomplete_fields, (inline, field)


def test_a_nul_in_a_text_is_an_error_in_the_form(parvin, khujand):
    response = parvin.post(change_url(khujand), open_sheet(parvin, khujand) | {"about": "a\0b"})
    assert response.status_code == 200
    assert "about" in response.context["adminform"].form.errors


@pytest.mark.parametrize("value", ["x", "\0", "9" * 30, "-1", "0"])
def test_nonsense_for_a_choice_is_an_error_in_the_form(parvin, tie, khujand, value):
    for record, name in ((tie, "parties-0-place"), (khujand, "parent"), (tie, "sectors")):
        response = parvin.post(change_url(record), open_sheet(parvin, record) | {name: value})
        assert response.status_code == 200
        assert errors(response)


@pytest.mark.parametrize("name", ["TOTAL_FORMS", "INITIAL_FORMS", "0-id", "0-version"])
@pytest.mark.parametrize("value", ["", "x", "9" * 30, "-1", "\0"])
def test_nonsense_in_the_hidden_inputs_of_an_inline_is_an_error(parvin, khujand, name, value):
    data = open_sheet(parvin, khujand) | {f"names-{name}": value, "names-0-text": "Changed"}
    before = khujand.names.count()
    assert parvin.post(change_url(khujand), data).status_code in (200, 302, 400, 409)
    assert khujand.names.count() == before


def test_a_row_of_another_record_is_not_reached_through_mine(parvin, khujand, qazvin):
    theirs = khujand.names.first()
    data = open_sheet(parvin, qazvin) | {
        "names-TOTAL_FORMS": "1",
        "names-INITIAL_FORMS": "1",
        "names-0-id": str(theirs.pk),
        "names-0-place": str(qazvin.pk),
        "names-0-version": "1",
        "names-0-text": "Stolen",
        "names-0-language": "en",
        "names-0-script": "Latn",
        "names-0-kind": "official",
    }
    assert parvin.post(change_url(qazvin), data).status_code == 200
    theirs.refresh_from_db()
    assert (theirs.text != "Stolen", theirs.place) == (True, khujand)


def test_a_form_of_ten_megabytes_is_refused(parvin, khujand):
    data = open_sheet(parvin, khujand) | {"about": "a" * 10_000_000}
    assert 400 <= parvin.post(change_url(khujand), data).status_code < 500


def test_a_post_to_a_list_that_names_no_action_breaks_nothing(root, khujand):
    for data in ({"action": "x"}, {"action": "delete_selected"}, {"_selected_action": "x"}):
        data |= {"index": "x", "_selected_action": ["x", "9" * 30, "\0"]}
        assert root.post(list_url(Place), data).status_code in (200, 302, 400)


def test_searching_a_list_finds_any_name(parvin, khujand, tie):
    SourceFactory(), SectorFactory()
    for model in (Place, Agreement):
        shown = parvin.get(list_url(model), {"q": "Leninabad"}).context["cl"]
        assert shown.result_count == 1
