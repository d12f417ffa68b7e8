"""Strict queries: what is not understood is said, on pages and in the API alike."""

import django_filters
import pytest
from django.http import QueryDict
from django_filters.rest_framework import DjangoFilterBackend
from hypothesis import given, settings
from hypothesis import strategies as st
from rest_framework.generics import ListAPIView
from rest_framework.serializers import ModelSerializer
from rest_framework.test import APIRequestFactory

from cities.models import Place, PlaceName
from common.filters import PartialDateFilter, StrictFilterSet

pytestmark = pytest.mark.django_db


class NameFilterSet(StrictFilterSet):
    text = django_filters.CharFilter(lookup_expr="icontains")
    kind = django_filters.MultipleChoiceFilter(choices=PlaceName.Kind)
    language = django_filters.ChoiceFilter(choices=[("en", "English"), ("fa", "Persian")])
    place = django_filters.ModelChoiceFilter(queryset=Place.objects.all(), to_field_name="slug")
    place_id = django_filters.NumberFilter(field_name="place_id")
    known = django_filters.BooleanFilter(field_name="used_from", lookup_expr="isnull", exclude=True)
    begun_by = PartialDateFilter(field_name="used_from", lookup_expr="begun_by")
    population = django_filters.RangeFilter(field_name="place__population")

    class Meta:
        model = PlaceName
        fields = ("used_to",)


class NameSerializer(ModelSerializer):
    class Meta:
        model = PlaceName
        fields = ("text", "used_from", "used_to")


class NameList(ListAPIView):
    queryset = PlaceName.objects.order_by("text")
    serializer_class = NameSerializer
    filterset_class = NameFilterSet
    filter_backends = (DjangoFilterBackend,)
    permission_classes = ()
    authentication_classes = ()
    pagination_class = None


def asked(query):
    return NameFilterSet(QueryDict(query))


def errors(query):
    """The messages by parameter, and the proof that nothing is shown beside them."""
    filterset = asked(query)
    assert not filterset.qs.exists()
    assert filterset.form.errors is filterset.errors
    return {name: list(messages) for name, messages in filterset.errors.items()}


def api(query):
    response = NameList.as_view()(APIRequestFactory().get(f"/?{query}"))
    return response.status_code, response.data


def test_a_known_parameter_filters(name_used):
    name_used("1936", "1991")
    assert asked("kind=former&kind=official&text=lenin&known=true&begun_by=1936-01-01").qs.get()
    assert asked("used_to=1991&page=2&cursor=x&page_size=5").qs.get()
    assert not asked("begun_by=1935").qs.exists()


def test_an_empty_value_is_not_given(name_used):
    name_used()
    filterset = asked("kind=&language=&text=&known=&begun_by=&place=&text=")
    assert filterset.errors == {}
    assert filterset.qs.count() == 1
    assert asked("text=lenin&text=").qs.count() == 1
    assert not asked("text=nowhere&text=").qs.exists()


def test_nothing_asked_gives_everything(name_used):
    name_used()
    assert NameFilterSet().qs.count() == asked("").qs.count() == 1


def test_an_unknown_parameter_is_named(name_used):
    name_used()
    assert errors("colour=red&text=l") == {"colour": ["There is no parameter “colour” here."]}
    assert errors("colour=") == {"colour": ["There is no parameter “colour” here."]}


def test_a_slip_of_the_pen_is_answered_with_the_name_that_was_meant(name_used):
    name_used()
    assert errors("langage=en") == {
        "langage": ["There is no parameter “langage” here. Is “language” meant?"]
    }


def test_a_parameter_given_twice_is_named_where_one_is_meant(name_used):
    name_used()
    said = {"language": ["Give this parameter once; it was given 2 times."]}
    assert errors("language=en&language=fa") == said
    assert errors("kind=former&kind=former&language=en&language=en") == said


def test_the_surroundings_can_be_told_apart_for_each_use(name_used):
    name_used()
    query = QueryDict("page=2&format=json")
    assert list(NameFilterSet(query).errors) == ["format"]
    assert list(NameFilterSet(query, passed_over={"format"}).errors) == ["page"]
    assert not NameFilterSet(query, passed_over={"format", "page"}).errors


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("language=xx", "language"),
        ("kind=former&kind=xx", "kind"),
        ("begun_by=2025-02-30", "begun_by"),
        ("used_to=soon", "used_to"),
        ("place=atlantis", "place"),
        ("place_id=ten", "place_id"),
        ("known=perhaps", "known"),
        ("population_min=x", "population"),
        ("population_min=1&population_min=2", "population"),
    ],
)
def test_a_bad_value_is_said_under_its_parameter(name_used, query, name):
    name_used()
    assert list(errors(query)) == [name]


def test_a_filter_of_two_parameters_is_known_by_both(khujand, name_used):
    name_used()
    Place.objects.filter(pk=khujand.pk).update(population=198_200, population_year=2023)
    assert asked("population_min=198200&population_max=198200").qs.count() == 1
    assert not asked("population_min=198201").qs.exists()


ABSURD = {
    "a NUL": "%00",
    "a NUL inside": "a%00b",
    "ten thousand words": "word+" * 10_000,
    "a huge number": "9" * 400,
    "a large number": "1e49",
    "just past 64 bits": "-9223372036854775809",
    "broken UTF-8": "%ff%fe",
    "not a number": "NaN",
    "a bidi control": "%E2%80%AE",
    "wildcards": "%25_%5C%27%22",
}


@pytest.mark.parametrize("value", ABSURD.values(), ids=ABSURD.keys())
@pytest.mark.parametrize("name", [*NameFilterSet.base_filters, "population_min"])
def test_no_absurd_value_is_an_error_of_the_server(name_used, name, value):
    name_used()
    filterset = asked(f"{name}={value}")
    assert not filterset.qs.exists() or filterset.is_valid()
    assert all(len(text) < 300 for texts in filterset.errors.values() for text in texts)
    assert api(f"{name}={value}")[0] in {200, 400}


def test_a_text_that_is_too_long_is_told_its_length(name_used):
    name_used()
    assert errors("text=" + "x" * 201) == {"text": ["Write at most 200 characters; these are 201."]}
    assert asked("text=" + "x" * 200).errors == {}
    assert 'maxlength="200"' in str(asked("").form["text"])


def test_an_absurd_name_is_quoted_short_and_harmless(name_used):
    name_used()
    (name, (message,)) = errors("x" * 10_000 + "=1").popitem()
    assert name == "x" * 39 + "…"
    assert f"“{name}”" in message
    (name, (message,)) = errors("a%00%E2%80%AEb%0a%25s=1").popitem()
    assert name == "a\ufffd\ufffdb\ufffd%s"
    assert f"“{name}”" in message


def test_at_most_five_unknown_names_are_listed_and_the_rest_are_counted(name_used):
    name_used()
    said = errors("&".join(f"n{i}=1" for i in range(12)))
    assert list(said) == ["n0", "n1", "n2", "n3", "n4", "__all__"]
    assert said["__all__"] == ["7 more parameters are not known here."]


@pytest.mark.parametrize(
    "query", ["&".join(f"n{i}=" for i in range(101)), "kind=former&" * 101], ids=["names", "values"]
)
def test_more_than_a_hundred_parameters_get_one_clear_error(name_used, query):
    name_used()
    assert errors(query) == {"__all__": ["At most 100 parameters can be given at once."]}


def test_a_refused_value_is_said_together_with_the_others(name_used):
    name_used()
    assert set(errors("language=xx&colour=red&text=%00")) == {"language", "colour", "text"}


def test_a_form_with_a_prefix_knows_its_parameters_by_it(name_used):
    name_used("1936")
    query = QueryDict("names-language=en&language=en")
    assert list(NameFilterSet(query, prefix="names").errors) == ["language"]


def test_the_api_answers_400_with_the_same_messages(name_used):
    name_used("1936")
    assert api("text=lenin") == (
        200,
        [{"text": "Leninabad", "used_from": "1936", "used_to": None}],
    )
    for query in (
        "colour=red",
        "language=xx",
        "begun_by=soon",
        "text=a&text=b",
        "known=%25s",
        "%25s=1",
        "n&" * 101,
    ):
        assert api(query) == (400, errors(query))


@settings(deadline=None, max_examples=50)
@given(st.dictionaries(st.text(max_size=60), st.lists(st.text(), max_size=3), max_size=8))
def test_no_query_at_all_is_an_error_of_the_server(data):
    query = QueryDict(mutable=True)
    for name, values in data.items():
        query.setlist(name, values)
    status, _ = api(query.urlencode())
    assert status in {200, 400}
