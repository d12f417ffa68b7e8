"""The duplicates desk: who sees it, what it shows, and what its two buttons do."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from agreements.models import Agreement
from cities.models import DistinctPair, Official, Place, PlaceMerge
from tests.admin.sheets import change_url, list_url, sheet
from tests.factories import (
    AgreementFactory,
    AppointmentFactory,
    CitationFactory,
    OfficialFactory,
    PlaceFactory,
    PlaceIdentifierFactory,
    PlaceNameFactory,
    SpellingFactory,
)
from tests.rows import all_rows

pytestmark = pytest.mark.django_db

DESK = reverse("admin:cities_distinctpair_changelist")
BECAUSE = {"merge-reason": "The same at Wikidata.", "apart-reason": "200 km apart."}


@pytest.fixture
def two():
    """Munster, and Münster, which is another town; or is it?"""
    return [PlaceFactory(name=name, country_code="DE") for name in ("Munster", "Münster")]


@pytest.fixture
def ties(qazvin, khujand):
    return [AgreementFactory(status="signed", parties=[qazvin, khujand]) for _ in range(2)]


def pair_url(pair, kind: str = "places") -> str:
    return reverse("admin:cities_distinctpair_pair", args=[kind, *sorted(row.pk for row in pair)])


def words(client, address: str, **query) -> str:
    return client.get(address, query).content.decode()


def send(client, pair, act: str, kind: str = "places", **changes):
    """Open the page of the pair, fill in its form and press the button."""
    address = pair_url(pair, kind)
    data = sheet(client.get(address)) | BECAUSE | {"act": act} | changes
    return client.post(address, {name: value for name, value in data.items() if value is not None})


# --- Looking ------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["parvin", "rustam", "aziza", "root"])
def test_all_of_the_staff_may_look(request, who, two):
    client = request.getfixturevalue(who)
    assert "perhaps one" in words(client, DESK).lower()
    for kind in ("officials", "agreements", "apart"):
        assert client.get(DESK, {"kind": kind}).status_code == 200
    assert "Munster" in words(client, pair_url(two))


@pytest.mark.parametrize("model", [Place, Official, Agreement])
@pytest.mark.parametrize("who", ["parvin", "rustam", "aziza"])
def test_the_lists_lead_to_the_desk(request, who, model):
    said = words(request.getfixturevalue(who), list_url(model))
    assert f"{DESK}?kind={model._meta.verbose_name_plural}" in said


def test_the_index_leads_to_the_desk(rustam):
    assert f'href="{DESK}"' in words(rustam, "/admin/")


def test_a_pair_is_shown_with_its_reasons_and_facts(rustam, two):
    PlaceIdentifierFactory(place=two[0], value="Q2742")
    AgreementFactory(parties=[two[0], PlaceFactory()])
    said = words(rustam, DESK)
    for text in ("differ in marks", "Wikidata Q2742", "<dt>Agreements</dt>", "munster-de"):
        assert text in said


def test_an_empty_desk_says_so(rustam):
    assert "No two records look alike." in words(rustam, DESK)
    assert "No pair was told apart yet." in words(rustam, DESK, kind="apart")


def test_pairs_come_in_pages(rustam):
    for number in range(25):
        [PlaceFactory(name=f"Town of pair {number}", country_code="DE") for _ in range(2)]
    assert words(rustam, DESK).count('class="module pair"') == 20
    assert words(rustam, DESK, p=2).count('class="module pair"') == 5
    assert rustam.get(DESK, {"p": "nonsense"}).status_code == 200


@pytest.mark.parametrize(
    ("query", "status"), [({"kind": "rivers"}, 404), ({"kind": "\0"}, 400), ({"x": "\0"}, 400)]
)
def test_a_query_that_makes_no_sense_is_refused(rustam, query, status):
    assert rustam.get(DESK, query).status_code == status


@pytest.mark.parametrize(
    "rest", ["rivers/1/2/", "places/2/1/", "places/2/2/", f"places/1/{10**40}/"]
)
def test_a_pair_that_can_never_be_is_not_found(rustam, rest):
    assert rustam.get(f"{DESK}{rest}").status_code == 404


def test_a_pair_of_which_one_is_gone_leads_back_and_says_so(rustam, two):
    address = pair_url(two)
    two[1].delete()
    response = rustam.get(address, follow=True)
    assert "no longer there" in response.content.decode()


def test_what_internal_agreements_say_is_shown_to_the_staff_alone(client, ties):
    for address in (DESK, f"{DESK}?kind=agreements", pair_url(ties, "agreements")):
        assert client.get(address).status_code == 302


def test_the_desk_asks_the_same_for_three_pairs_and_for_twenty(
    rustam, django_assert_max_num_queries
):
    def fill(pairs: int, kind: str) -> None:
        for number in range(pairs):
            for _ in range(2):
                make_one(kind, f"{kind} {pairs} {number}")

    def make_one(kind: str, name: str) -> None:
        if kind == "places":
            place = PlaceFactory(name=name, country_code="DE", parent=None)
            PlaceNameFactory(place=place), PlaceIdentifierFactory(place=place)
        elif kind == "officials":
            official = OfficialFactory(name=name)
            AppointmentFactory(official=official), SpellingFactory(official=official)
        else:
            CitationFactory(agreement=AgreementFactory(parties=shared(name), status="signed"))

    def shared(name: str) -> list[Place]:
        found = list(Place.objects.filter(about=name))
        return found or [PlaceFactory(about=name) for _ in range(2)]

    for kind in ("places", "officials", "agreements"):
        fill(3, kind)
        with django_assert_max_num_queries(25) as few:
            rustam.get(DESK, {"kind": kind})
        fill(17, kind)
        with django_assert_max_num_queries(len(few)):
            rustam.get(DESK, {"kind": kind})


# --- Merging ------------------------------------------------------------------------------


def test_a_registrar_merges_and_the_old_address_leads_on(rustam, registrar, two, client):
    kept, other = two
    response = send(rustam, two, "merge", **{"merge-kept": kept.pk})
    assert (response.status_code, response["Location"]) == (302, f"{DESK}?kind=places")
    assert "The two are one now" in words(rustam, response["Location"])
    merge = PlaceMerge.objects.get()
    assert (merge.place, merge.slug, merge.merged_by) == (kept, other.slug, registrar)
    assert merge.reason == "The same at Wikidata."
    assert rustam.get(f"/places/{other.slug}/").status_code == 301
    assert LogEntry.objects.get().object_id == str(kept.pk)


def test_the_edits_of_the_one_that_stays_tell_of_it_on_screen(rustam, two):
    send(rustam, two, "merge", **{"merge-kept": two[0].pk})
    said = words(rustam, change_url(two[0]).replace("/change/", "/history/"))
    assert f"no. {two[1].pk}) is munster" in said


def test_either_may_stay(rustam, two):
    send(rustam, two, "merge", **{"merge-kept": two[1].pk})
    assert Place.objects.get() == two[1]


@pytest.mark.parametrize("who", ["parvin", "aziza"])
@pytest.mark.parametrize("act", ["merge", "apart"])
def test_who_is_no_registrar_has_no_button_and_no_way_round_it(request, who, act, two):
    client, before = request.getfixturevalue(who), all_rows()
    page = words(client, pair_url(two))
    assert 'name="act"' not in page
    data = BECAUSE | {"act": act, "merge-kept": two[0].pk}
    assert client.post(pair_url(two), data).status_code == 403
    assert all_rows() == before


@pytest.mark.parametrize(
    "changes",
    [
        {"merge-kept": ""},
        {"merge-kept": "999999"},
        {"merge-kept": "nonsense"},
        {"merge-reason": " "},
        {"merge-reason": "x" * 501},
        {"merge-reason": "NUL \0"},
        {"merge-low_version": "nonsense"},
    ],
)
def test_a_form_that_is_not_filled_in_well_writes_nothing(rustam, two, changes):
    before = all_rows()
    response = send(rustam, two, "merge", **({"merge-kept": two[0].pk} | changes))
    assert response.status_code == 200
    assert "Nothing is saved yet" in response.content.decode()
    assert all_rows() == before


@pytest.mark.parametrize("name", ["merge-low_version", "merge-high_version"])
def test_a_form_without_its_versions_merges_nothing(rustam, two, name):
    response = send(rustam, two, "merge", **{"merge-kept": two[0].pk, name: ""})
    assert response.status_code == 409
    assert Place.objects.count() == 2


def test_who_comes_second_is_told_and_sees_both_as_they_are_now(rustam, two):
    data = sheet(rustam.get(pair_url(two))) | BECAUSE
    data |= {"act": "merge", "merge-kept": two[0].pk}
    Place.objects.filter(pk=two[1].pk).update(about="It is in Westphalia.")
    response = rustam.post(pair_url(two), data)
    assert response.status_code == 409
    assert "Look at both again" in response.content.decode()
    again = sheet(response) | {"act": "merge"}
    assert again["merge-reason"] == "The same at Wikidata."
    assert rustam.post(pair_url(two), again).status_code == 302


def test_a_merge_of_what_somebody_merged_before_is_told(rustam, two):
    data = sheet(rustam.get(pair_url(two))) | BECAUSE | {"act": "merge", "merge-kept": two[0].pk}
    rustam.post(pair_url(two), data)
    response = rustam.post(pair_url(two), data, follow=True)
    assert "no longer there" in response.content.decode()
    assert PlaceMerge.objects.count() == 1


def test_what_stands_in_the_way_is_said_before_and_after(rustam, two):
    data = sheet(rustam.get(pair_url(two))) | BECAUSE | {"act": "merge", "merge-kept": two[0].pk}
    tie = AgreementFactory(parties=two)
    page = words(rustam, pair_url(two))
    assert f"agreement “{tie.reference}”" in page
    assert 'value="merge"' not in page
    response = rustam.post(pair_url(two), data)
    assert f"agreement “{tie.reference}”" in response.content.decode()
    assert Place.objects.filter(name__startswith="M").count() == 2


def test_what_is_typed_is_shown_as_text(rustam):
    pair = [PlaceFactory(name="<b>X</b>", country_code="DE") for _ in range(2)]
    for address in (DESK, pair_url(pair)):
        assert "<b>X" not in words(rustam, address)
    response = send(rustam, pair, "merge", **{"merge-kept": pair[0].pk})
    assert "<b>X" not in words(rustam, response["Location"])


# --- Telling apart ------------------------------------------------------------------------


def test_two_that_are_told_apart_do_not_come_back(rustam, registrar, two):
    response = send(rustam, two, "apart")
    assert response.status_code == 302
    pair = DistinctPair.objects.get()
    assert (pair.reason, pair.told_by) == ("200 km apart.", registrar)
    assert "No two records look alike." in words(rustam, DESK)
    assert "200 km apart." in words(rustam, DESK, kind="apart")
    assert "These were found to be two: 200 km apart." in words(rustam, pair_url(two))


def test_two_are_told_apart_for_a_reason(rustam, two):
    response = send(rustam, two, "apart", **{"apart-reason": ""})
    assert "Nothing is saved yet" in response.content.decode()
    assert not DistinctPair.objects.exists()


def test_a_pair_told_apart_leads_to_the_page_of_both(rustam, two):
    send(rustam, two, "apart")
    pair = DistinctPair.objects.get()
    assert rustam.get(change_url(pair))["Location"] == pair_url(two)
    assert rustam.get(change_url(pair).replace(str(pair.pk), "999")).status_code == 302


def test_only_a_superuser_lets_a_pair_come_back(rustam, root, two):
    send(rustam, two, "apart")
    delete = change_url(DistinctPair.objects.get()).replace("/change/", "/delete/")
    assert rustam.post(delete, {"post": "yes"}).status_code == 403
    assert root.post(delete, sheet(root.get(delete))).status_code == 302
    assert "Münster" in words(rustam, DESK)


# --- Officials and agreements -------------------------------------------------------------


def test_officials_are_merged_at_the_desk(rustam):
    pair = [OfficialFactory(name="Ali Rezaei"), OfficialFactory(name="Rezaei Ali")]
    assert "in another order" in words(rustam, DESK, kind="officials")
    send(rustam, pair, "merge", "officials", **{"merge-kept": pair[0].pk})
    assert Official.objects.get() == pair[0]


def test_agreements_are_merged_at_the_desk_and_the_record_says_so(rustam, ties):
    kept, other = ties
    send(rustam, ties, "merge", "agreements", **{"merge-kept": kept.pk})
    other.refresh_from_db()
    assert other.merged_into == kept
    page = words(rustam, change_url(other))
    assert "This record was merged into another" in page
    assert kept.reference in page
    assert 'name="_save"' not in page
    assert "/move/" not in page
    assert other.reference in words(rustam, change_url(kept))


def test_a_merged_agreement_is_listed_and_filtered_but_not_changed(rustam, ties):
    kept, other = ties
    send(rustam, ties, "merge", "agreements", **{"merge-kept": kept.pk})
    assert other.reference in words(rustam, list_url(Agreement))
    assert other.reference in words(rustam, list_url(Agreement), merged="yes")
    assert other.reference not in words(rustam, list_url(Agreement), merged="no")
    assert rustam.post(change_url(other), {"kind": "other"}).status_code == 403


@pytest.mark.parametrize("act", ["publish", "unpublish", "move/suspend", "move/end"])
def test_a_merged_agreement_is_neither_moved_nor_published(rustam, ties, act):
    kept, other = ties
    CitationFactory(agreement=kept)
    send(rustam, ties, "merge", "agreements", **{"merge-kept": kept.pk})
    address = change_url(other).replace("change/", f"{act}/")
    data = {"happened_on": "2025-06", "end_reason": "terminated"}
    rustam.post(address, sheet(rustam.get(address)) | data)
    other.refresh_from_db()
    assert (other.status, other.visibility, other.merged_into) == ("signed", "internal", kept)


def test_a_merged_agreement_is_chosen_for_nothing(rustam, ties):
    kept = ties[0]
    send(rustam, ties, "merge", "agreements", **{"merge-kept": kept.pk})
    query = {"app_label": "agreements", "model_name": "relation", "field_name": "to_agreement"}
    found = rustam.get("/admin/autocomplete/", {**query, "term": "Khujand"}).json()["results"]
    assert [row["id"] for row in found] == [str(kept.pk)]


def test_what_becomes_public_by_a_merge_is_said_before(rustam, ties):
    CitationFactory(agreement=ties[0])
    assert "is public and the other is not" not in words(rustam, pair_url(ties, "agreements"))
    ties[0].publish(by=None)
    assert "is public and the other is not" in words(rustam, pair_url(ties, "agreements"))
