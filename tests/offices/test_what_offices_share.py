"""Sources, events, places and relations that offices share: who changes them, what they tell."""

import pytest
from django.urls import reverse

from agreements.models import Agreement, Citation, Event, Relation, Source
from cities.models import Place
from tests.admin.conftest import signed_in
from tests.admin.sheets import add_url, change_url, errors, list_url, open_sheet, sheet
from tests.desk_factories import ClerkshipFactory
from tests.factories import (
    AgreementFactory,
    CitationFactory,
    EventFactory,
    PlaceFactory,
    RegionFactory,
    RelationFactory,
    SourceFactory,
    on,
    staff,
)
from tests.rows import all_rows

pytestmark = pytest.mark.django_db

SECRET = "Canary"


@pytest.fixture
def clerk(qazvin):
    return ClerkshipFactory(user=staff("registrar", username="clerk"), place=qazvin).user


@pytest.fixture
def office(clerk):
    return signed_in(clerk)


@pytest.fixture
def own(qazvin, khujand):
    return AgreementFactory(parties=[qazvin, khujand], title="Own")


@pytest.fixture
def foreign():
    """Of two other offices, and nobody else's to know of."""
    return AgreementFactory(title=f"{SECRET} agreement", summary=SECRET)


@pytest.fixture
def public():
    return AgreementFactory(title="Theirs", public=True)


def text(client, address: str, **query) -> str:
    return client.get(address, query).content.decode()


def offered(client, model: str, field: str) -> str:
    asked = {"app_label": "agreements", "model_name": model, "field_name": field}
    return text(client, reverse("admin:autocomplete"), **asked)


# --- Sources ------------------------------------------------------------------------------


def test_a_source_of_nothing_but_foreign_internal_agreements_is_not_there(office, foreign):
    source = SourceFactory(title=f"{SECRET} headline")
    CitationFactory(agreement=foreign, source=source)
    assert SECRET not in text(office, list_url(Source))
    assert SECRET not in offered(office, "citation", "source")
    assert office.get(change_url(source))["Location"] == "/admin/"
    export = office.get(reverse("admin:agreements_source_export_csv"))
    assert SECRET not in export.getvalue().decode()


def test_a_source_that_another_offices_agreement_rests_on_is_only_looked_at(office, own, foreign):
    source = SourceFactory(title="Shared")
    for agreement in (own, foreign):
        CitationFactory(agreement=agreement, source=source)
    page = office.get(change_url(source))
    assert "Shared" in page.content.decode()
    assert "version" not in sheet(page)
    assert office.post(change_url(source), {"title": "Mine"}).status_code == 403
    row = office.get(list_url(Source)).context["cl"].result_list.get()
    assert row.times == 1


def test_a_source_of_their_own_and_one_of_nothing_yet_they_mend(office, own):
    source = CitationFactory(agreement=own).source
    for one in (source, SourceFactory()):
        data = open_sheet(office, one) | {"title": "As the paper has it"}
        assert office.post(change_url(one), data).status_code == 302
        one.refresh_from_db()
        assert one.title == "As the paper has it"


@pytest.mark.parametrize("foreign_too", [False, True])
def test_a_source_that_is_not_there_is_cited_for_nothing(office, own, foreign, foreign_too):
    source = SourceFactory(title=f"{SECRET} headline")
    if foreign_too:
        CitationFactory(agreement=foreign, source=source)
    data = open_sheet(office, own) | {
        "citations-TOTAL_FORMS": "1",
        "citations-0-source": str(source.pk),
        "citations-0-agreement": str(own.pk),
        "citations-0-says": "They met.",
    }
    answer = office.post(change_url(own), data)
    assert own.citations.exists() is not foreign_too
    if foreign_too:
        assert "Select a valid choice" in errors(answer)
        assert SECRET not in answer.content.decode()


def test_a_move_and_an_opening_rest_on_no_source_that_is_not_there(office, own, foreign):
    source = CitationFactory(agreement=foreign, source__title=f"{SECRET} headline").source
    address = reverse("admin:agreements_agreement_move", args=[own.pk, "draft"])
    data = sheet(office.get(address)) | {"happened_on": "2025-07", "source": str(source.pk)}
    answer = office.post(address, data)
    assert "Select a valid choice" in str(answer.context["form"].errors)
    assert SECRET not in answer.content.decode()
    assert own.steps.count() == 1


# --- Events -------------------------------------------------------------------------------


def test_an_event_of_foreign_internal_agreements_is_not_there(office, foreign):
    event = EventFactory(title=f"{SECRET} meeting", agreements=[foreign])
    assert SECRET not in text(office, list_url(Event))
    assert SECRET not in offered(office, "event_agreements", "event")
    assert office.get(change_url(event))["Location"] == "/admin/"


def test_an_event_of_theirs_too_is_looked_at_and_names_no_foreign_agreement(office, own, foreign):
    event = EventFactory(title="Reception", agreements=[own, foreign])
    said = text(office, change_url(event))
    assert "Reception" in said
    assert "Own" in said
    assert SECRET not in said
    assert office.post(change_url(event), {"title": "Mine"}).status_code == 403
    edits = reverse("admin:agreements_event_history", args=[event.pk])
    assert office.get(edits).status_code == 403


def test_an_event_is_recorded_of_agreements_that_one_keeps(office, own, foreign, public):
    data = sheet(office.get(add_url(Event))) | {"title": "Visit", "kind": "visit"}
    for other in (foreign, public):
        refused = office.post(add_url(Event), data | {"agreements": [own.pk, other.pk]})
        assert "Select a valid choice" in errors(refused)
        assert SECRET not in refused.content.decode()
    assert office.post(add_url(Event), data | {"agreements": [own.pk]}).status_code == 302
    event = Event.objects.get()
    assert office.get(change_url(event)).status_code == 200
    assert "version" in open_sheet(office, event)


def test_an_agreement_is_linked_to_events_that_one_keeps(office, own, public, qazvin):
    theirs = EventFactory(title="Their visit", agreements=[public])
    ours = EventFactory(title="Our visit", agreements=[AgreementFactory(parties=[qazvin])])
    assert "Our visit" in offered(office, "event_agreements", "event")
    assert "Their visit" not in offered(office, "event_agreements", "event")
    prefix = "Event_agreements"
    for event, linked in ((theirs, False), (ours, True)):
        data = open_sheet(office, own) | {
            f"{prefix}-TOTAL_FORMS": "1",
            f"{prefix}-0-agreement": str(own.pk),
            f"{prefix}-0-event": str(event.pk),
        }
        office.post(change_url(own), data)
        assert own.events.filter(pk=event.pk).exists() is linked


def test_the_edits_of_an_event_name_no_agreement_that_was_once_its_own(office, own, foreign):
    event = EventFactory(title="Reception", agreements=[own, foreign])
    event.agreements.remove(foreign)
    said = text(office, reverse("admin:agreements_event_history", args=[event.pk]))
    assert "Reception" in said
    assert SECRET not in said


# --- Relations ----------------------------------------------------------------------------


def test_a_relation_to_a_foreign_internal_agreement_is_not_told(office, own, foreign):
    RelationFactory(from_agreement=own, to_agreement=foreign)
    assert SECRET not in text(office, change_url(own))
    assert SECRET not in text(office, reverse("admin:agreements_agreement_history", args=[own.pk]))
    assert SECRET not in text(office, own.get_absolute_url())
    admin = signed_in(staff("auditor"))
    history = reverse("admin:agreements_agreement_history", args=[own.pk])
    assert SECRET in text(admin, history)


def test_one_to_a_public_agreement_stays_when_the_form_is_saved(office, own, public):
    relation = RelationFactory(from_agreement=own, to_agreement=public)
    data = open_sheet(office, own) | {"summary": "Renewed."}
    assert office.post(change_url(own), data).status_code == 302
    assert Relation.objects.get() == relation


def test_a_new_one_is_to_an_agreement_that_one_keeps(office, own, public, qazvin):
    older = AgreementFactory(parties=[qazvin, PlaceFactory()])
    for other, made in ((public, False), (older, True)):
        data = open_sheet(office, own) | {
            "relations-TOTAL_FORMS": "1",
            "relations-0-from_agreement": str(own.pk),
            "relations-0-kind": "renews",
            "relations-0-to_agreement": str(other.pk),
        }
        office.post(change_url(own), data)
        assert Relation.objects.filter(to_agreement=other).exists() is made


# --- Parties ------------------------------------------------------------------------------


def new(office, *places, **typed):
    data = sheet(office.get(add_url(Agreement))) | {"kind": "friendship", **typed}
    seats = {f"parties-{number}-place": str(place.pk) for number, place in enumerate(places)}
    return office.post(add_url(Agreement), data | seats)


def test_a_new_agreement_has_a_place_of_the_office_as_a_party(office, qazvin, khujand):
    refused = new(office, khujand, PlaceFactory())
    assert "Your office is Qazvin. One party at least must be a place of yours." in errors(refused)
    assert not Agreement.objects.exists()
    assert new(office, khujand, qazvin).status_code == 302
    assert Agreement.objects.get().parties.count() == 2


def test_an_office_does_not_write_itself_out_of_an_agreement(office, own, khujand):
    before = all_rows()
    data = open_sheet(office, own) | {"parties-0-place": str(PlaceFactory().pk)}
    assert "One party at least" in errors(office.post(change_url(own), data))
    data = open_sheet(office, own) | {"parties-0-DELETE": "on"}
    assert "One party at least" in errors(office.post(change_url(own), data))
    assert {name: rows for name, rows in all_rows().items() if "Party" in name} == {
        name: rows for name, rows in before.items() if "Party" in name
    }


# --- Places -------------------------------------------------------------------------------


def test_a_clerk_mends_a_place_and_leaves_it_where_it_lies(office, qazvin):
    """Else any place, and its agreements with it, could be moved into one’s own office."""
    region = RegionFactory(country_code="IR")
    ClerkshipFactory(user=qazvin.clerkships.get().user, place=region)
    other = PlaceFactory(name="Tabriz", country_code="IR", parent=qazvin.parent)
    moved = {"parent": str(region.pk), "level": "region", "country_code": "TJ"}
    data = open_sheet(office, other) | {"about": "In the north-west."} | moved
    assert office.post(change_url(other), data).status_code == 302
    other.refresh_from_db()
    assert (other.about, other.parent, other.level) == (
        "In the north-west.",
        qazvin.parent,
        "city",
    )
    assert other.country_code == "IR"


def test_a_clerk_adds_places_and_who_is_bound_to_none_moves_them(office, rustam, qazvin):
    data = sheet(office.get(add_url(Place))) | {"name": "Karaj", "level": "city"}
    answer = office.post(add_url(Place), data | {"country_code": "IR"})
    assert answer.status_code == 302, errors(answer)
    karaj = Place.objects.get(name="Karaj")
    region = RegionFactory(country_code="IR")
    data = open_sheet(rustam, karaj) | {"parent": str(region.pk)}
    assert rustam.post(change_url(karaj), data).status_code == 302
    karaj.refresh_from_db()
    assert karaj.parent == region


def test_the_lists_lead_a_clerk_to_the_duplicates_that_are_theirs(office, clerk, own, foreign):
    twin = AgreementFactory(parties=[party.place for party in own.parties.all()])
    theirs = AgreementFactory(parties=[party.place for party in foreign.parties.all()])
    desk = reverse("admin:cities_distinctpair_changelist")
    assert "kind=places" not in text(office, list_url(Place)) + text(office, desk)
    assert office.get(desk, {"kind": "places"}).status_code == 404
    said = text(office, desk)
    assert twin.reference in said
    assert theirs.reference not in said
    pair = ["agreements", *sorted((foreign.pk, theirs.pk))]
    for act in ({}, {"act": "merge"}, {"act": "apart", "apart-reason": "Two texts."}):
        address = reverse("admin:cities_distinctpair_pair", args=pair)
        assert office.post(address, act).status_code == 404
    assert Citation.objects.count() == 0


def test_a_step_that_was_made_elsewhere_is_no_news_on_the_home_page(office, foreign):
    foreign.move("draft", by=None, happened_on=on("2025-06"))
    for address in ("/", f"/places/{foreign.parties.first().place.slug}/", "/sectors/"):
        assert SECRET not in text(office, address)
