"""Who gives and takes the seats in offices, and what a seat tells of an account."""

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.urls import reverse

from agreements.models import Agreement
from cities.models import Clerkship
from cities.offices import check_may_give, is_bound, why_not_taken
from tests.admin.conftest import signed_in
from tests.admin.sheets import add_url, change_url, errors, list_url, sheet
from tests.desk_factories import ClerkshipFactory
from tests.factories import (
    AdministratorFactory,
    AgreementFactory,
    PlaceFactory,
    RegionFactory,
    UserFactory,
    iran,
    staff,
)
from tests.rows import all_rows

pytestmark = pytest.mark.django_db

PEOPLE = reverse("admin:cities_clerkship_people")


@pytest.fixture
def isfahan():
    return PlaceFactory(name="Isfahan", parent=iran(), country_code="IR")


@pytest.fixture
def bound(qazvin):
    """A registrar of the office of Qazvin."""
    return ClerkshipFactory(user=staff("registrar", username="bound"), place=qazvin).user


@pytest.fixture
def newcomer():
    return staff("editor", username="newcomer", first_name="Nasrin", email="nasrin@example.org")


def give(user, person, place):
    return signed_in(user).post(add_url(Clerkship), {"user": person.pk, "place": place.pk})


def take(user, seat):
    """Open the page that asks, and press the button."""
    client, address = signed_in(user), reverse("admin:cities_clerkship_delete", args=[seat.pk])
    page = client.get(address)
    if page.status_code != 200:
        return page
    return client.post(address, {**sheet(page), "post": "yes"})


def seats_of(user) -> set[str]:
    return set(Clerkship.objects.filter(user=user).values_list("place__slug", flat=True))


# --- Giving -------------------------------------------------------------------------------


def test_a_registrar_who_is_bound_to_no_office_seats_anybody_anywhere(registrar, newcomer, isfahan):
    assert not is_bound(newcomer)
    assert give(registrar, newcomer, isfahan).status_code == 302
    assert is_bound(get_user_model().objects.get(pk=newcomer.pk))
    told = Clerkship.history.get()
    assert (told.history_user, told.place_id) == (registrar, isfahan.pk)


def test_a_bound_registrar_gives_seats_in_places_that_they_keep(bound, newcomer, qazvin, isfahan):
    assert give(bound, newcomer, qazvin).status_code == 302
    refused = give(bound, newcomer, isfahan)
    assert errors(refused) == "Your office is Qazvin. You give seats in it, and in places in it."
    assert seats_of(newcomer) == {"qazvin"}


def test_a_seat_in_a_region_is_a_seat_for_what_lies_in_it(newcomer, registrar):
    region = RegionFactory(country_code="IR")
    town = PlaceFactory(parent=region, country_code="IR")
    ClerkshipFactory(user=registrar, place=region)
    assert give(registrar, newcomer, town).status_code == 302
    assert seats_of(newcomer) == {town.slug}


def test_nobody_in_an_office_binds_whoever_is_above_it(bound, qazvin):
    above = staff("registrar", username="ministry")
    assert "bound to no office" in errors(give(bound, above, qazvin))
    assert not seats_of(above)


@pytest.mark.parametrize("role", ["editor", "auditor"])
def test_who_is_no_registrar_gives_no_seats(role, newcomer, qazvin):
    clerk = staff(role, username="another")
    assert give(clerk, clerk, qazvin).status_code == 403
    assert signed_in(clerk).get(PEOPLE).status_code == 403
    assert not Clerkship.objects.exists()


def test_only_the_staff_who_are_still_there_are_seated(registrar, qazvin):
    for person in (UserFactory(), staff("editor", username="left", is_active=False)):
        assert "Select a valid choice" in errors(give(registrar, person, qazvin))
    assert not Clerkship.objects.exists()


def test_one_seat_in_one_office_is_enough(registrar, newcomer, qazvin):
    give(registrar, newcomer, qazvin)
    assert "belongs to that office already" in errors(give(registrar, newcomer, qazvin))


# --- Changing -----------------------------------------------------------------------------


def moved(user, seat, place):
    client = signed_in(user)
    page = client.get(change_url(seat))
    if page.status_code != 200:
        return page
    return client.post(change_url(seat), {**sheet(page), "place": place.pk, "user": user.pk})


def test_a_seat_is_moved_to_another_office_and_stays_with_its_person(registrar, newcomer, isfahan):
    seat = ClerkshipFactory(user=newcomer)
    assert moved(registrar, seat, isfahan).status_code == 302
    seat.refresh_from_db()
    assert (seat.user, seat.place) == (newcomer, isfahan)


def test_a_bound_registrar_moves_no_seat_out_of_their_places(bound, newcomer, qazvin, isfahan):
    seat = ClerkshipFactory(user=newcomer, place=qazvin)
    assert moved(bound, seat, isfahan).status_code == 200
    assert moved(bound, ClerkshipFactory(place=isfahan), qazvin)["Location"] == "/admin/"
    assert Clerkship.objects.filter(place=qazvin).count() == 2


def test_a_bound_registrar_lists_the_seats_of_their_places(bound, registrar, qazvin, isfahan):
    here, there = ClerkshipFactory(place=qazvin), ClerkshipFactory(place=isfahan)
    listed = signed_in(bound).get(list_url(Clerkship)).content.decode()
    assert str(here.user) in listed
    assert str(there.user) not in listed
    assert str(there.user) in signed_in(registrar).get(list_url(Clerkship)).content.decode()


# --- Taking -------------------------------------------------------------------------------


def test_a_bound_registrar_takes_no_last_seat_not_even_their_own(bound, newcomer, qazvin):
    ClerkshipFactory(user=newcomer, place=qazvin)
    before = all_rows()
    for seat in Clerkship.objects.all():
        said = take(bound, seat).content.decode()
        assert "is not taken away" in said
        assert "It is the last seat of this person" in said
    assert all_rows() == before


def test_a_bound_registrar_takes_a_seat_that_is_not_the_last(bound, newcomer, qazvin, isfahan):
    seats = [ClerkshipFactory(user=newcomer, place=place) for place in (qazvin, isfahan)]
    assert take(bound, seats[1])["Location"] == "/admin/"
    assert take(bound, seats[0]).status_code == 302
    assert seats_of(newcomer) == {isfahan.slug}
    assert next(why_not_taken(bound, seats[1])).startswith("Your office is Qazvin.")


@pytest.mark.parametrize("who", ["registrar", "administrator"])
def test_who_is_bound_to_nothing_unbinds_whom_they_like(request, who, newcomer, qazvin):
    seat = ClerkshipFactory(user=newcomer, place=qazvin)
    assert take(request.getfixturevalue(who), seat).status_code == 302
    assert not seats_of(newcomer)
    assert Clerkship.history.filter(id=seat.pk, history_type="-").exists()


def test_seats_are_taken_one_by_one(registrar, newcomer):
    page = signed_in(registrar).get(list_url(Clerkship))
    assert "delete_selected" not in page.content.decode()


# --- What is told of accounts -------------------------------------------------------------


def test_the_search_for_people_finds_staff_by_name_and_no_addresses(registrar, newcomer):
    UserFactory(username="reader", first_name="Nasrin")
    staff("editor", username="left", first_name="Nasrin", is_active=False)
    client = signed_in(registrar)
    found = client.get(PEOPLE, {"term": "nasr"})
    assert found.json()["results"] == [{"id": str(newcomer.pk), "text": "Nasrin (newcomer)"}]
    assert client.get(PEOPLE, {"term": "example.org"}).json()["results"] == []
    assert b"example.org" not in found.content


@pytest.mark.parametrize(
    ("query", "status"),
    [({"term": "\0"}, 400), ({"page": "9" * 5000}, 200), ({"page": "x", "term": "a " * 500}, 200)],
)
def test_a_search_that_makes_no_sense_breaks_nothing(registrar, query, status):
    assert signed_in(registrar).get(PEOPLE, query).status_code == status


def test_the_search_of_all_accounts_stays_closed(registrar):
    asked = {"app_label": "cities", "model_name": "clerkship", "field_name": "user"}
    assert signed_in(registrar).get(reverse("admin:autocomplete"), asked).status_code == 403


def test_the_places_to_choose_from_are_those_that_one_keeps(bound, registrar, qazvin, isfahan):
    asked = {"app_label": "cities", "model_name": "clerkship", "field_name": "place"}
    offered = {
        who: {
            one["id"]
            for one in signed_in(user).get(reverse("admin:autocomplete"), asked).json()["results"]
        }
        for who, user in (("bound", bound), ("free", registrar))
    }
    assert offered["bound"] == {str(qazvin.pk)}
    assert str(isfahan.pk) in offered["free"]


def test_the_list_of_seats_costs_the_same_however_long(registrar, django_assert_max_num_queries):
    client = signed_in(registrar)
    ClerkshipFactory.create_batch(3)
    client.get(list_url(Clerkship))
    for _more in range(2):
        ClerkshipFactory.create_batch(15)
        with django_assert_max_num_queries(12):
            client.get(list_url(Clerkship))


# --- Accounts and places that go ----------------------------------------------------------


def test_who_was_switched_off_comes_back_as_bound_as_before(bound, qazvin):
    for is_active in (False, True):
        get_user_model().objects.filter(pk=bound.pk).update(is_active=is_active)
        somebody = get_user_model().objects.get(pk=bound.pk)
        assert is_bound(somebody)
        assert not Agreement.objects.visible_to(somebody).exists()
    own = AgreementFactory(parties=[qazvin, PlaceFactory()])
    assert own in Agreement.objects.visible_to(somebody)


def test_a_seat_goes_with_its_account_and_stays_in_the_history(newcomer, qazvin):
    seat = ClerkshipFactory(user=newcomer, place=qazvin)
    newcomer.delete()
    assert not Clerkship.objects.exists()
    assert Clerkship.history.filter(id=seat.pk, history_type="-").exists()


def test_a_place_with_an_office_is_not_deleted_in_passing(qazvin, bound):
    client = signed_in(AdministratorFactory())
    page = client.get(reverse("admin:cities_place_delete", args=[qazvin.pk]))
    client.post(page.request["PATH_INFO"], {**sheet(page), "post": "yes"})
    assert Clerkship.objects.filter(place=qazvin).exists()


def test_the_rule_is_the_models_and_asks_nothing_of_commands(newcomer, qazvin, isfahan, bound):
    check_may_give(None, newcomer, isfahan)
    check_may_give(bound, newcomer, qazvin)
    with pytest.raises(ValidationError):
        check_may_give(bound, newcomer, isfahan)
    assert not list(why_not_taken(None, ClerkshipFactory(place=isfahan)))
