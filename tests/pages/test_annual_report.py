"""The annual report of a place: its year, and nothing that the reader may not see."""

import pytest
from django.test import Client

from tests.factories import (
    AgreementFactory,
    ApprovalFactory,
    CitationFactory,
    EventFactory,
    InitiativeFactory,
    PlaceFactory,
    SourceFactory,
    khujand,
    on,
    qazvin,
)
from tests.pages.reading import read

pytestmark = pytest.mark.django_db

OF_2024, OF_2025 = "/places/khujand/report/2024/", "/places/khujand/report/2025/"


@pytest.fixture
def tie(db):
    """Drafted in 2024 and signed on 10 May 2025; public."""
    source = SourceFactory(title="They signed", published_on=on("2025-05-11"))
    made = AgreementFactory(
        status="drafted", happened_on="2024-03", parties=[qazvin(), khujand()], public=True
    )
    made.move("sign", by=None, happened_on=on("2025-05-10"), citations=[(source, "Signed.")])
    return made


def test_it_tells_the_steps_of_its_year_and_of_no_other(client, tie):
    page = read(client, OF_2025)
    assert "10 May 2025 Qazvin – Khujand Sister city or twinning Signed" in page
    assert "March 2024" not in page
    assert "March 2024 Qazvin – Khujand" in read(client, OF_2024)


def test_what_came_on_record_without_a_day_says_just_that(client, db):
    parties = [khujand(), PlaceFactory(name="Nishapur")]
    AgreementFactory(status="signed", on_record_by="2025", parties=parties, public=True)
    page = read(client, OF_2025)
    assert "on record by 2025 Khujand – Nishapur Sister city or twinning Signed" in page


def test_it_counts_where_agreements_stood_when_the_year_began_and_was_over(client, tie):
    report = client.get(OF_2025).context["report"]
    counts = {one.status.value: (one.before, one.number) for one in report.counts}
    assert (counts["drafted"], counts["signed"]) == ((1, 0), (0, 1))
    assert (report.in_force_before, report.in_force) == (0, 1)


def test_it_tells_of_an_end_with_its_reason_and_of_who_acted(client, tie):
    tie.move(
        "end", by=None, happened_on=on("2025-12-31"), end_reason="terminated", acted_by=khujand()
    )
    assert "Ended (terminated) By Khujand alone." in read(client, OF_2025)


def test_it_tells_of_meetings_decisions_and_sources(client, tie):
    EventFactory(agreements=[tie], title="A visit", happened_on=on("2025"))
    EventFactory(agreements=[tie], title="A later visit", happened_on=on("2026-01"))
    ApprovalFactory(agreement=tie, body="Council of Khujand", decided_on=on("2025-02"))
    page = read(client, OF_2025)
    assert "A visit" in page
    assert "A later visit" not in page
    assert "Council of Khujand" in page
    assert "They signed" in page


def test_what_was_overdue_then_may_be_delivered_by_now(client, tie):
    promise = {"agreement": tie, "due_on": on("2024-06")}
    InitiativeFactory(title="Late school", state="delivered", delivered_on=on("2025-09"), **promise)
    InitiativeFactory(title="Never built", **promise)
    InitiativeFactory(title="Given up", state="dropped", **promise)
    then, now = client.get(OF_2024).context["report"], client.get(OF_2025).context["report"]
    assert [one.title for one in then.overdue.rows] == ["Late school", "Never built"]
    assert [one.title for one in now.overdue.rows] == ["Never built"]
    assert [one.title for one in now.delivered.rows] == ["Late school"]


@pytest.mark.parametrize(
    ("due", "is_overdue"), [("2025-12-31", True), ("2025", True), ("2026-01", False)]
)
def test_the_last_day_of_the_year_still_counts(client, tie, due, is_overdue):
    InitiativeFactory(agreement=tie, due_on=on(due))
    assert bool(client.get(OF_2025).context["report"].overdue.rows) == is_overdue


def test_the_public_report_tells_nothing_internal_whoever_asks(client, tie, auditor):
    hidden = AgreementFactory(
        happened_on="2025-04", parties=[khujand(), PlaceFactory(name="Hiddenburg")]
    )
    EventFactory(agreements=[hidden], title="Canary", happened_on=on("2025"))
    InitiativeFactory(agreement=hidden, title="Canary", due_on=on("2025"))
    CitationFactory(agreement=hidden, source=SourceFactory(title="Canary", published_on=on("2025")))
    bare = read(client, OF_2025)
    client.force_login(auditor)
    for page in (bare, read(client, OF_2025)):
        assert "Canary" not in page
        assert "Hiddenburg" not in page
    assert "Hiddenburg" in read(client, "/admin/report/khujand/2025/")


def test_an_event_of_two_agreements_names_only_the_one_that_is_seen(client, tie):
    hidden = AgreementFactory(title="Canary", parties=[khujand(), PlaceFactory()])
    EventFactory(agreements=[tie, hidden], title="A visit", happened_on=on("2025"))
    page = read(client, OF_2025)
    assert "A visit" in page
    assert "Canary" not in page


@pytest.mark.parametrize("year", ["0", "2100", "9" * 40, "year", "-1"])
def test_a_year_that_has_not_begun_has_no_report(client, tie, year):
    assert client.get(f"/places/khujand/report/{year}/").status_code == 404


@pytest.mark.parametrize("year", ["1", "1936", "2026"])
def test_every_other_year_has_one(client, tie, year):
    assert client.get(f"/places/khujand/report/{year}/").status_code == 200


def test_a_place_leads_to_its_report_and_the_admin_to_the_staffs(client, tie, editor):
    assert OF_2025 in client.get("/places/khujand/").content.decode()
    client.force_login(editor)
    screen = client.get(f"/admin/cities/place/{khujand().pk}/change/").content.decode()
    assert "/admin/report/khujand/" in screen


def test_a_report_asks_as_many_questions_of_thirty_ties_as_of_three(
    tie, django_assert_max_num_queries
):
    def asked() -> int:
        with django_assert_max_num_queries(60) as queries:
            Client().get(OF_2025)
        return len(queries)

    def more(number: int) -> None:
        for one in range(number):
            made = AgreementFactory(
                status="signed",
                happened_on="2025-02",
                parties=[khujand(), PlaceFactory()],
                public=True,
            )
            EventFactory(agreements=[made], happened_on=on("2025"))
            InitiativeFactory(agreement=made, due_on=on("2025-01"))
            ApprovalFactory(agreement=made, decided_on=on("2025"), body=f"Council {one}")

    more(3)
    few = asked()
    more(27)
    assert asked() == few
