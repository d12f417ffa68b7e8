"""A new agreement says where its record begins; who records it is known."""

import pytest

from agreements.models import Agreement, IssuedReference
from tests.admin.sheets import add_url, errors, sheet
from tests.factories import SourceFactory, on


@pytest.fixture
def filled(qazvin, khujand):
    """A new agreement between Qazvin and Khujand, as a browser sends it."""

    def fill(client, **typed):
        data = sheet(client.get(add_url(Agreement)))
        parties = {"parties-0-place": str(qazvin.pk), "parties-1-place": str(khujand.pk)}
        return data | {"kind": "sister_city"} | parties | typed

    return fill


def test_an_editor_records_a_draft_and_it_is_internal(parvin, editor, filled):
    data = filled(parvin, opening_status="drafted", opening_happened_on="2025-05-10")
    assert parvin.post(add_url(Agreement), data).status_code == 302
    made = Agreement.objects.get()
    assert (made.status, made.status_since, made.is_public) == ("drafted", on("2025-05-10"), False)
    assert made.steps.get().recorded_by == editor
    assert [party.position for party in made.parties.all()] == [1, 2]


def test_an_editor_is_offered_only_what_comes_before_signing(parvin):
    choices = parvin.get(add_url(Agreement)).context["adminform"].form.fields["opening_status"]
    assert [status for status, _ in choices.choices] == ["proposed", "drafted", "withdrawn"]


@pytest.mark.parametrize("status", ["signed", "suspended", "ended", "nonsense", "\0", ""])
def test_an_editor_who_forges_the_status_writes_nothing(parvin, filled, status):
    data = filled(parvin, opening_status=status, opening_happened_on="2020")
    response = parvin.post(add_url(Agreement), data)
    assert "opening_status" in response.context["adminform"].form.errors
    assert not Agreement.objects.exists()
    assert not IssuedReference.objects.exists()


def test_a_registrar_records_what_was_signed_long_ago_and_on_which_source(rustam, filled):
    source = SourceFactory()
    data = filled(
        rustam,
        opening_status="signed",
        opening_on_record_by="2010",
        opening_source=str(source.pk),
        opening_says="On the city's list.",
    )
    assert rustam.post(add_url(Agreement), data).status_code == 302
    made = Agreement.objects.get()
    assert (made.status, made.steps.get().on_record_by) == ("signed", on("2010"))
    assert made.steps.get().citations.get().source == source


def test_what_was_signed_needs_two_parties(rustam, filled):
    data = filled(rustam, opening_status="signed", opening_happened_on="2010")
    response = rustam.post(add_url(Agreement), data | {"parties-1-place": ""})
    assert "keeps two parties or more" in errors(response)
    assert not Agreement.objects.exists()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"opening_happened_on": "2999"}, "opening_happened_on"),
        ({"opening_happened_on": "yesterday"}, "opening_happened_on"),
        ({"opening_happened_on": "2020", "opening_on_record_by": "2021"}, "opening_on_record_by"),
        ({"opening_says": "A vote."}, "opening_source"),
        ({"opening_source": "999999"}, "opening_source"),
        ({"opening_source": "x"}, "opening_source"),
        ({"opening_end_reason": "expired"}, None),
    ],
)
def test_a_beginning_that_cannot_be_is_refused_at_its_field(rustam, filled, typed, field):
    response = rustam.post(add_url(Agreement), filled(rustam, **typed))
    assert response.status_code == 200
    assert (field or "__all__") in response.context["adminform"].form.errors
    assert not Agreement.objects.exists()


def test_an_end_is_recorded_with_its_reason(rustam, filled):
    data = filled(rustam, opening_status="ended", opening_happened_on="2010")
    response = rustam.post(add_url(Agreement), data)
    assert "opening_end_reason" in response.context["adminform"].form.errors
    data["opening_end_reason"] = "expired"
    assert rustam.post(add_url(Agreement), data).status_code == 302
    assert Agreement.objects.get().steps.get().end_reason == "expired"
