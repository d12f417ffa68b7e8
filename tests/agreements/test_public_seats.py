"""The database counts for itself who has public agreements, and counts as ``visible_to`` does."""

import random

import pytest
from django.core.management import call_command
from django.db import connection

from agreements.models import Agreement, Party, PublicSeat
from tests.factories import AgreementFactory, PartyFactory, PlaceFactory

pytestmark = pytest.mark.django_db


def kept() -> set[tuple[int, int]]:
    return set(PublicSeat.objects.values_list("place_id", "agreement_id"))


def true() -> set[tuple[int, int]]:
    return set(Party.objects.visible_to(None).values_list("place_id", "agreement_id"))


def test_only_what_is_published_counts_and_only_while_it_is():
    tie = AgreementFactory()
    assert kept() == set()
    tie.publish(by=None)
    assert len(kept()) == 2
    tie.unpublish(by=None)
    assert kept() == set()


def test_a_party_that_joins_or_changes_or_leaves_counts_at_once():
    tie = AgreementFactory(public=True)
    third = PartyFactory(agreement=tie)
    assert (third.place_id, tie.pk) in kept()
    third.place = PlaceFactory()
    third.save()
    assert kept() == true()
    third.delete()
    assert len(kept()) == 2


def test_a_record_that_is_merged_into_another_counts_no_more():
    tie, same = AgreementFactory(public=True), AgreementFactory(public=True)
    Agreement.objects.filter(pk=same.pk).update(visibility="internal", merged_into=tie)
    assert kept() == true()
    assert len(kept()) == 2


ACTS = ("record", "publish", "hide", "move", "join and leave", "delete")


def act(what: str, tie: Agreement, places: list, lots: random.Random) -> None:
    taken = [party.place for party in tie.parties.all()]
    if what in ("publish", "hide"):
        shown = "public" if what == "publish" else "internal"
        Agreement.objects.filter(pk=tie.pk).update(visibility=shown)
    elif what == "move":
        free = [place for place in places if place not in taken]
        tie.parties.filter(position=1).update(place=lots.choice(free))
    elif what == "join and leave":
        Party.objects.bulk_create([Party(agreement=tie, place=PlaceFactory(), position=3)])
        assert kept() == true()
        tie.parties.filter(position=3).delete()
    else:
        Agreement.objects.filter(pk=tie.pk).update(visibility="internal")
        Agreement.objects.get(pk=tie.pk).delete()


def test_whatever_is_done_in_whatever_order_the_count_is_true():
    lots = random.Random(11)  # noqa: S311
    places, ties = PlaceFactory.create_batch(5), []
    for _ in range(80):
        what = lots.choice(ACTS)
        if what == "record" or not ties:
            parties, public = lots.sample(places, 2), lots.random() < 0.5
            ties.append(AgreementFactory(parties=parties, public=public))
        else:
            tie = lots.choice(ties)
            act(what, tie, places, lots)
            ties = [other for other in ties if what != "delete" or other != tie]
        assert kept() == true(), what


def spoil() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM agreements_publicseat")


def test_rebuilding_the_search_counts_anew():
    AgreementFactory(public=True)
    spoil()
    call_command("rebuild_search", verbosity=0)
    assert kept() == true() != set()
