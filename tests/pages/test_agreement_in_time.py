"""The page of one agreement on another day, its timeline, and who says what of it."""

import pytest

from tests.factories import (
    AgreementFactory,
    ApprovalFactory,
    CitationFactory,
    EventFactory,
    InitiativeFactory,
    PlaceNameFactory,
    SignatureFactory,
    SourceFactory,
    khujand,
    on,
    qazvin,
)
from tests.pages.reading import read, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def tie(db):
    """Proposed in 2001, signed on 5 May 2003, suspended in 2010."""
    tie = AgreementFactory(
        status="proposed", happened_on="2001", parties=[qazvin(), khujand()], public=True
    )
    tie.move("sign", by=None, happened_on=on("2003-05-05"), citations=[(SourceFactory(), "")])
    tie.move("suspend", by=None, happened_on=on("2010"), citations=[(SourceFactory(), "")])
    return tie


def page_of(client, agreement, query="", **kwargs) -> str:
    return read(client, agreement.get_absolute_url() + query, **kwargs)


@pytest.mark.parametrize(
    ("day", "stands"),
    [
        ("2000", "Nothing of it was on record by that day."),
        ("2002-12-31", "Proposed in 2001"),
        ("2003-05-04", "no signature is on record"),
        ("2003-05-05", "In force Yes: signed"),
        ("2009", "Signed on 5 May 2003"),
        ("2010", "In force No: it is suspended."),
    ],
)
def test_an_address_pinned_to_a_day_tells_what_stood_then(client, tie, day, stands):
    page = page_of(client, tie, f"?as_of={day}")
    assert stands in page
    assert "Show it as it stands today" in page


def test_without_a_day_it_is_the_page_of_today(client, tie):
    page = page_of(client, tie)
    assert "Suspended in 2010" in page
    assert "Show it as it stands today" not in page


def test_what_followed_the_day_lies_ahead_on_the_spine(client, tie):
    assert "Signed not reached" in page_of(client, tie, "?as_of=2002")
    assert "Signed not reached" not in page_of(client, tie, "?as_of=2004")


@pytest.mark.parametrize("query", ["?as_of=soon", "?as_of=2025-13", "?as_of=%00", "?on=2020"])
def test_a_day_that_is_none_is_said_and_the_record_is_still_told(client, tie, query):
    page = page_of(client, tie, query, status=400)
    assert query[1:].split("=")[0] in page
    assert "Suspended in 2010" in page


def test_the_pinned_address_leads_to_what_it_says(client, tie):
    html = client.get(tie.get_absolute_url() + "?as_of=2005-06-07").content.decode()
    assert f'href="{tie.get_absolute_url()}?as_of=2005-06-07"' in html


def test_the_timeline_holds_all_that_has_a_day_in_its_order(client, tie):
    ApprovalFactory(agreement=tie, decided_on=on("2002"), body="Council of Qazvin")
    SignatureFactory(agreement=tie, signed_on=on("2003-05-05"))
    EventFactory(agreements=[tie], title="Visit of students", happened_on=on("2004"))
    InitiativeFactory(agreement=tie, title="A garden", state="delivered", delivered_on=on("2006"))
    page = page_of(client, tie)
    line = page[page.index("All that has a day") : page.index("Who says so")]
    told = ("First on record", "Council of Qazvin", "Signed for Qazvin", "Visit of students")
    places = [line.index(words) for words in (*told, "Delivered: A garden", "suspended".title())]
    assert places == sorted(places)


def test_what_is_still_to_come_is_marked(client):
    tie = AgreementFactory(status="signed", expires_on=on("2999-12-31"), public=True)
    page = page_of(client, tie)
    assert "31 December 2999 to come Its term ends" in page


def test_what_hangs_on_another_agreement_is_not_in_the_timeline(client, tie):
    other = AgreementFactory(parties=[qazvin(), khujand()])
    ApprovalFactory(agreement=other, decided_on=on("2002"), body="Hush")
    assert "Hush" not in page_of(client, tie)


def test_sources_stand_under_the_party_that_they_speak_for(client, tie):
    own = SourceFactory(title="From the city hall", speaks_for=tie.parties.last().place)
    CitationFactory(agreement=tie, source=own)
    page = page_of(client, tie)
    assert "Khujand ’s own record From the city hall" in page.replace("Khujand’s", "Khujand ’s")
    assert "Qazvin ’s own record None is at hand." in page.replace("Qazvin’s", "Qazvin ’s")


def test_a_signature_of_another_day_than_the_signing_is_shown_beside_it(client, tie):
    SignatureFactory(agreement=tie, signed_on=on("2003-06"))
    page = page_of(client, tie)
    assert "The step “signed” is dated 5 May 2003." in page
    assert "The signature for Qazvin is dated June 2003." in page


def test_days_that_can_be_the_same_are_no_contradiction(client, tie):
    SignatureFactory(agreement=tie, signed_on=on("2003"))
    assert "does not agree" not in page_of(client, tie)


@pytest.mark.parametrize(("years", "told"), [(("1936", "1991"), True), (("1936", "1960"), False)])
def test_a_party_is_named_as_it_was_then_where_it_had_another_name(client, years, told):
    first, last = map(on, years)
    place = khujand()
    PlaceNameFactory(
        place=place, text="Ленинабад", language="ru", kind="former", used_from=first, used_to=last
    )
    tie = AgreementFactory(
        status="signed", happened_on="1975", parties=[qazvin(), place], public=True
    )
    html = client.get(tie.get_absolute_url()).content.decode()
    header = words(html[: html.index("</header>", html.index("<h1"))])
    assert ("then Ленинабад" in header) is told
