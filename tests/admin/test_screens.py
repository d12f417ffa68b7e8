"""Each role on each screen; how many queries a screen asks; what is told of the past."""

import pytest
from django.contrib.auth.models import User

from agreements.models import Agreement, Citation, Event, Sector, Source
from cities.models import Institution, Official, Place
from tests.admin.sheets import add_url, change_url, errors, list_url, open_sheet, sheet
from tests.factories import (
    AgreementFactory,
    AppointmentFactory,
    ApprovalFactory,
    CitationFactory,
    DocumentFactory,
    EventFactory,
    InitiativeFactory,
    InstitutionFactory,
    OfficialFactory,
    PartyFactory,
    PlaceFactory,
    PlaceNameFactory,
    RelationFactory,
    SectorFactory,
    SignatureFactory,
    SourceFactory,
    SpellingFactory,
)
from tests.rows import all_rows

RECORDS = {
    Agreement: AgreementFactory,
    Event: EventFactory,
    Sector: SectorFactory,
    Source: SourceFactory,
    Place: PlaceFactory,
    Official: OfficialFactory,
    Institution: InstitutionFactory,
}
each_record = pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)


def history_url(record) -> str:
    return change_url(record).replace("/change/", "/history/")


def delete_url(record) -> str:
    return change_url(record).replace("/change/", "/delete/")


@each_record
@pytest.mark.parametrize("role", ["parvin", "rustam", "root"])
def test_who_keeps_records_sees_every_screen_and_saves(request, role, model):
    client, record = request.getfixturevalue(role), RECORDS[model]()
    for address in (list_url(model), add_url(model), history_url(record)):
        assert client.get(address).status_code == 200
    assert client.post(change_url(record), open_sheet(client, record)).status_code == 302


@each_record
def test_an_auditor_sees_all_and_changes_nothing(aziza, model):
    record = RECORDS[model]()
    before = all_rows()
    for address in (list_url(model), change_url(record), history_url(record)):
        assert aziza.get(address).status_code == 200
    assert aziza.get(add_url(model)).status_code == 403
    for address in (add_url(model), change_url(record), delete_url(record)):
        assert aziza.post(address, {"version": "1", "post": "yes"}).status_code == 403
    assert all_rows() == before


@each_record
@pytest.mark.parametrize("role", ["parvin", "rustam", "aziza"])
def test_deleting_is_for_superusers(request, role, model):
    client, record = request.getfixturevalue(role), RECORDS[model]()
    assert client.post(delete_url(record), {"post": "yes"}).status_code == 403
    data = {"action": "delete_selected", "_selected_action": [record.pk], "post": "yes"}
    client.post(list_url(model), data)
    assert model.objects.filter(pk=record.pk).exists()


@pytest.mark.parametrize("role", ["parvin", "rustam", "aziza"])
def test_accounts_are_for_superusers(request, role, root):
    client = request.getfixturevalue(role)
    assert client.get(list_url(User)).status_code == 403
    assert client.post(add_url(User), {"username": "eve"}).status_code == 403
    assert root.get(list_url(User)).status_code == 200


def test_a_superuser_deletes_a_mistake_but_not_what_is_published(root):
    mistake, public = AgreementFactory(), AgreementFactory(status="signed", public=True)
    asked = sheet(root.get(delete_url(mistake)))
    assert root.post(delete_url(mistake), asked).status_code == 302
    response = root.post(delete_url(public), {"post": "yes"})
    assert "unpublish it first" in response.content.decode()
    data = {"action": "delete_selected", "_selected_action": [public.pk], "post": "yes"}
    assert "unpublish it first" in root.post(list_url(Agreement), data).content.decode()
    assert list(Agreement.objects.all()) == [public]


def test_a_place_with_agreements_is_not_deleted(root, tie, khujand):
    response = root.post(delete_url(khujand), {"post": "yes"})
    assert "protected" in response.content.decode()
    assert Place.objects.filter(pk=khujand.pk).exists()


def test_rows_choose_only_among_what_is_of_their_agreement(parvin, tie):
    other = AgreementFactory()
    form = parvin.get(change_url(tie)).context["inline_admin_formsets"][1].formset.empty_form
    offered = [key for key, _ in form.fields["step"].choices if key]
    assert offered == [step.pk for step in tie.steps.all()]
    assert other.steps.get().pk not in offered


@pytest.mark.parametrize("name", ["step", "approval", "event"])
def test_a_source_does_not_speak_of_something_elsewhere(parvin, tie, name):
    foreign = {
        "step": lambda: AgreementFactory().steps.get(),
        "approval": ApprovalFactory,
        "event": EventFactory,
    }[name]()
    citation = CitationFactory(agreement=tie)
    data = open_sheet(parvin, tie) | {f"citations-0-{name}": str(foreign.pk)}
    assert "Select a valid choice" in errors(parvin.post(change_url(tie), data))
    assert getattr(Citation.objects.get(pk=citation.pk), name) is None


def test_a_party_with_a_signature_is_not_taken_off(parvin, tie):
    SignatureFactory(agreement=tie)
    response = parvin.post(change_url(tie), open_sheet(parvin, tie) | {"parties-0-DELETE": "on"})
    assert "has signatures or approvals" in errors(response)
    assert tie.signatures.count() == 1


def test_an_event_is_linked_and_taken_off(parvin, tie):
    event = EventFactory()
    prefix = "Event_agreements"
    data = open_sheet(parvin, tie) | {f"{prefix}-TOTAL_FORMS": "1", f"{prefix}-0-event": event.pk}
    assert parvin.post(change_url(tie), data).status_code == 302
    assert tie.events.get() == event
    data = open_sheet(parvin, tie) | {f"{prefix}-0-DELETE": "on"}
    assert parvin.post(change_url(tie), data).status_code == 302
    assert not tie.events.exists()


def test_the_edits_of_a_record_and_its_rows_are_told(parvin, aziza, khujand):
    data = open_sheet(parvin, khujand) | {"about": "Old.", "names-0-used_from": "1991"}
    parvin.post(change_url(khujand), data)
    told = aziza.get(history_url(khujand)).content.decode()
    for words in ("About the place", "Old.", "1991", "parvin", "Leninabad", "1936"):
        assert words in told
    assert 'method="post"' not in told.split('id="content"')[1]


def test_an_empty_list_says_what_to_do(parvin, aziza, db):
    assert "No sectors are on record yet." in parvin.get(list_url(Sector)).content.decode()
    assert "Enter the first" not in aziza.get(list_url(Sector)).content.decode()
    shown = parvin.get(list_url(Sector), {"q": "nothing"}).content.decode()
    assert "Nothing fits the search" in shown


def fill(tie, rows: int) -> None:
    for _ in range(rows):
        party = PartyFactory(agreement=tie)
        approval = ApprovalFactory(agreement=tie, party=party)
        CitationFactory(agreement=tie, approval=approval)
        SignatureFactory(agreement=tie, party=party, official=OfficialFactory())
        made = InitiativeFactory(agreement=tie, sector=SectorFactory())
        made.institutions.set([InstitutionFactory()])
        EventFactory(agreements=[tie])
        DocumentFactory(agreement=tie)
        RelationFactory(from_agreement=tie)


def test_an_agreement_with_many_rows_asks_no_more_than_with_few(
    rustam, tie, django_assert_max_num_queries
):
    fill(tie, 3)
    with django_assert_max_num_queries(60) as few:
        rustam.get(change_url(tie))
    fill(tie, 6)
    with django_assert_max_num_queries(len(few)):
        rustam.get(change_url(tie))


def test_a_place_with_many_rows_asks_no_more_than_with_few(
    rustam, khujand, django_assert_max_num_queries
):
    def fill(rows: int) -> None:
        for factory in (PlaceNameFactory, InstitutionFactory, AppointmentFactory):
            factory.create_batch(rows, place=khujand)

    fill(2)
    with django_assert_max_num_queries(40) as few:
        rustam.get(change_url(khujand))
    fill(6)
    with django_assert_max_num_queries(len(few)):
        rustam.get(change_url(khujand))


@each_record
def test_a_list_of_thirty_asks_what_a_list_of_three_asks(
    rustam, model, django_assert_max_num_queries
):
    def make() -> None:
        record = RECORDS[model]()
        if model is Official:
            SpellingFactory(official=record)
            AppointmentFactory(official=record)

    [make() for _ in range(3)]
    with django_assert_max_num_queries(20) as few:
        rustam.get(list_url(model))
    [make() for _ in range(27)]
    with django_assert_max_num_queries(len(few)):
        rustam.get(list_url(model))


@each_record
def test_every_input_of_a_form_has_a_help_text_or_a_plain_label(rustam, model):
    screen = rustam.get(change_url(RECORDS[model]())).context["adminform"].form
    for name, field in screen.fields.items():
        assert name == "version" or field.help_text, name


def test_the_sheet_of_a_record_is_sent_with_its_version(rustam, khujand):
    data = sheet(rustam.get(change_url(khujand)))
    assert data["version"] == "1"
    assert data["names-0-version"] == "1"
