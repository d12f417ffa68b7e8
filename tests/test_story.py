"""The story that the register was made for: every row sound, and true to what its sources say."""

import pytest
from django.apps import apps
from django.conf import settings

from agreements.models import Agreement, Event, Source, StatusChange
from cities.models import Appointment, Official, Place
from tests.rows import all_rows
from twinning.story import load

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("story")]

SISTER_CITIES = "TW-25QZKH"
COOPERATION = "TW-25QPTJ"


def of(reference: str) -> Agreement:
    return Agreement.objects.with_steps().get(reference=reference)


def rows_on_record() -> list:
    models = [
        model
        for room in ("agreements", "cities")
        for model in apps.get_app_config(room).get_models()
        if not model.__name__.startswith("Historical")
    ]
    return [row for model in models for row in model.objects.all()]


def test_every_row_passes_what_a_form_would_ask():
    rows = rows_on_record()
    for row in rows:
        row.full_clean()
    assert len(rows) > 500


def test_every_agreement_is_as_its_last_step_says():
    for agreement in Agreement.objects.with_steps():
        last = list(agreement.steps.all())[-1]
        assert (agreement.status, agreement.status_since) == (last.to_status, last.happened_on)


def test_loading_again_adds_nothing_and_undoes_no_edit():
    agreement = of(SISTER_CITIES)
    agreement.summary = "Written anew by Parvin."
    agreement.save()
    agreement.move("withdraw", by=None, happened_on=agreement.steps.get().on_record_by)
    before = all_rows()
    assert not any(load(settings.BASE_DIR / "fixtures" / "story").values())
    assert all_rows() == before


def test_qazvin_and_khujand_is_drafted_not_signed():
    agreement = of(SISTER_CITIES)
    assert agreement.name == "Qazvin – Khujand"
    assert (agreement.kind, agreement.status) == ("sister_city", "drafted")
    assert not agreement.signatures.exists()
    assert not agreement.is_in_force()


def test_the_cooperation_agreement_of_province_and_country_is_signed():
    agreement = of(COOPERATION)
    levels = [party.place.level for party in agreement.parties.all()]
    assert (agreement.status, str(agreement.status_since)) == ("signed", "2025-05-10")
    assert levels == ["region", "country"]
    assert agreement.is_in_force()


def test_what_was_proposed_is_there_sector_by_sector():
    initiatives = of(COOPERATION).initiatives.all()
    assert len(initiatives) >= 12
    assert all(initiative.sector for initiative in initiatives)
    assert {str(initiative.state) for initiative in initiatives} == {"proposed"}


def test_khujands_five_sister_cities_are_signed_on_days_that_nobody_knows():
    ties = Agreement.objects.of_place("khujand").filter(status="signed")
    partners = {party.place.slug for tie in ties for party in tie.parties.all()} - {"khujand"}
    assert {"shymkent", "bukhara", "samarkand", "nishapur", "tabriz"} <= partners
    assert all(tie.status_since is None for tie in ties.filter(reference__startswith="TW-KH"))


def test_khujand_lists_the_drafted_tie_and_the_five_signed_ones(anonymous):
    ties = Agreement.objects.visible_to(anonymous).of_place("khujand")
    statuses = [tie.status for tie in ties]
    assert statuses.count("drafted") == 1
    assert statuses.count("signed") >= 5


def test_tajikistan_lists_its_own_agreement_and_not_its_cities(anonymous):
    ties = Agreement.objects.visible_to(anonymous).of_place("tajikistan")
    assert COOPERATION in {tie.reference for tie in ties}
    assert SISTER_CITIES not in {tie.reference for tie in ties}


@pytest.mark.parametrize("name", ["Khujand", "Khodjent", "Leninabad", "Худжанд", "Хуҷанд", "خجند"])
def test_khujand_is_found_under_all_its_names(name):
    assert Place.objects.get(slug="khujand") in Place.objects.search(name)


def test_leninabad_was_its_name_from_1936_to_1991():
    name = Place.objects.get(slug="khujand").names.filter(text="Leninabad").first()
    assert (str(name.used_from), str(name.used_to), name.kind) == ("1936", "1991", "former")


def test_khujand_has_its_ids_its_people_and_its_institutions():
    khujand = Place.objects.get(slug="khujand")
    assert {row.value for row in khujand.identifiers.all()} == {"Q373808", "1514879"}
    assert (khujand.population, khujand.population_year) == (181_600, 2022)
    assert khujand.institutions.filter(name__startswith="Khujand State University").exists()


def test_the_governor_is_spelled_in_two_ways_and_speaks_for_the_province():
    assert Official.objects.search("Nowzari").get() == Official.objects.search("Nozari").get()
    office = Appointment.objects.get(official__in=Official.objects.search("Nozari"))
    assert (office.title, office.place.level) == ("Governor", "region")


def test_the_ambassador_is_accredited_to_iran():
    office = Appointment.objects.get(official__in=Official.objects.search("Zohidi"))
    assert (office.place.slug, office.accredited_to.slug) == ("tajikistan", "iran")


def test_the_meeting_belongs_to_both_agreements():
    meeting = Event.objects.filter(agreements__reference=SISTER_CITIES, kind="meeting").first()
    assert str(meeting.happened_on) == "2025-05-10"
    assert meeting.agreements.filter(reference=COOPERATION).exists()
    assert meeting.participants.count() == 2


def test_istaravshan_has_a_council_vote_and_no_signature():
    tie = Agreement.objects.of_place("istaravshan").of_place("qazvin").get()
    assert tie.status in ("proposed", "drafted")
    assert [str(vote.decided_on) for vote in tie.approvals.all()] == ["2025-09-16"]


def test_every_agreement_says_who_says_so():
    assert not Agreement.objects.having_evidence(["none"]).exists()


def test_every_source_can_be_read_and_every_source_is_used():
    assert not Source.objects.filter(citations__isnull=True).exists()
    assert not Source.objects.exclude(url="").exclude(url__startswith="http").exists()


def test_the_story_shows_what_can_become_of_an_agreement():
    shown = set(Agreement.objects.values_list("status", flat=True))
    assert {"drafted", "signed", "suspended", "ended"} <= shown
    assert Agreement.objects.count() >= 27
    assert StatusChange.objects.filter(end_reason="expired").exists()
    assert StatusChange.objects.filter(acted_by__isnull=False).exists()
