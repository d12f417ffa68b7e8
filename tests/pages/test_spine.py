"""The stations that are drawn for an agreement."""

import pytest

from agreements.models import Agreement
from agreements.spine import stations
from tests.factories import AgreementFactory, SourceFactory, on

pytestmark = pytest.mark.django_db


def drawn(agreement: Agreement) -> list[tuple[str, str]]:
    found = Agreement.objects.get(pk=agreement.pk)
    return [(str(station.status), station.state) for station in stations(found)]


def test_what_was_reached_is_done_and_the_rest_lies_ahead():
    agreement = AgreementFactory(status="proposed", happened_on="2024")
    agreement.move("draft", by=None, happened_on=on("2025"))
    assert drawn(agreement) == [("proposed", "done"), ("drafted", "current"), ("signed", "ahead")]


def test_a_station_that_was_passed_unseen_is_not_called_done():
    agreement = AgreementFactory(status="signed")
    assert drawn(agreement) == [
        ("proposed", "unrecorded"),
        ("drafted", "unrecorded"),
        ("signed", "current"),
    ]


@pytest.mark.parametrize("status", ["suspended", "ended"])
def test_what_follows_signing_is_a_fourth_station(status):
    assert drawn(AgreementFactory(status=status))[2:] == [
        ("signed", "unrecorded"),
        (status, "current"),
    ]


def test_a_withdrawn_agreement_never_reached_its_signature():
    agreement = AgreementFactory(status="drafted", happened_on="2020")
    agreement.move("withdraw", by=None, happened_on=on("2021"))
    assert drawn(agreement)[1:] == [
        ("drafted", "done"),
        ("signed", "ahead"),
        ("withdrawn", "current"),
    ]


def test_what_is_revived_has_its_way_ahead_once_more():
    agreement = AgreementFactory(status="drafted", happened_on="2020")
    agreement.move("withdraw", by=None, happened_on=on("2021"))
    agreement.move("revive", by=None, happened_on=on("2022"))
    assert drawn(agreement) == [("proposed", "current"), ("drafted", "ahead"), ("signed", "ahead")]


def test_a_reinstated_agreement_stands_at_signed_since_the_day_of_signing():
    agreement = AgreementFactory(status="signed", happened_on="2010")
    agreement.move("suspend", by=None, happened_on=on("2020"))
    agreement.move("reinstate", by=None, happened_on=on("2023"), citations=[(SourceFactory(), "")])
    assert drawn(agreement)[-1] == ("signed", "current")
    assert str(stations(agreement)[-1].step.happened_on) == "2010"
