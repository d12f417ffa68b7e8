"""The home page: what is about to happen, and what stood between two countries."""

import pytest

from tests.factories import (
    AgreementFactory,
    EventFactory,
    InitiativeFactory,
    khujand,
    on,
    qazvin,
)
from tests.pages.reading import read

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-06-15")]


def coming(client) -> str:
    page = read(client, "/")
    return page[page.index("About to happen") :]


def test_what_is_about_to_happen_is_told_the_nearest_first(client):
    signed = {"status": "signed", "public": True}
    AgreementFactory(title="Later", expires_on=on("2027-12-31"), **signed)
    AgreementFactory(title="Sooner", notice_by=on("2026-07"), **signed)
    tie = AgreementFactory(title="Between", **signed)
    InitiativeFactory(agreement=tie, title="A garden", due_on=on("2027"))
    page = coming(client)
    told = ("July 2026 Sooner last day", "2027 Between promised by then: A garden", "Later expires")
    places = [page.index(words) for words in told]
    assert places == sorted(places)


def test_what_is_over_far_off_done_or_not_signed_is_not_about_to_happen(client):
    AgreementFactory(title="Over", status="signed", expires_on=on("2026-06-14"), public=True)
    AgreementFactory(title="Far", status="signed", expires_on=on("2031"), public=True)
    AgreementFactory(title="Draft", status="drafted", expires_on=on("2026-12"), public=True)
    tie = AgreementFactory(title="Kept", public=True)
    InitiativeFactory(agreement=tie, due_on=on("2026-12"), state="delivered")
    assert "No term ends, and nothing is promised" in coming(client)


def test_an_event_is_announced_by_what_the_reader_may_see(client):
    EventFactory(agreements=[AgreementFactory()], title="Hush", happened_on=on("2026-09"))
    tie = AgreementFactory(title="Open", public=True)
    EventFactory(agreements=[tie], title="Festival", happened_on=on("2026-09"))
    page = coming(client)
    assert "September 2026 Open takes place: Festival" in page
    assert "Hush" not in page


def test_what_is_internal_is_not_about_to_happen(client):
    tie = AgreementFactory(title="Hush", status="signed", expires_on=on("2026-12"))
    InitiativeFactory(agreement=tie, title="Whisper", due_on=on("2026-12"))
    page = coming(client)
    assert "Hush" not in page
    assert "Whisper" not in page


def test_the_form_asks_what_was_in_force_between_two_countries(client):
    AgreementFactory(
        title="Theirs", status="signed", happened_on="2015", parties=[qazvin(), khujand()],
        public=True,
    )  # fmt: skip
    html = client.get("/").content.decode()
    for part in ('name="country"', 'name="with_country"', 'name="as_of"', 'name="in_force"'):
        assert part in html
    asked = "country=IR&with_country=TJ&in_force=true&as_of="
    assert "Theirs" in read(client, f"/agreements/?{asked}2020-01-01")
    assert "Theirs" not in read(client, f"/agreements/?{asked}2014-12-31")
