"""Partial dates in the database, in forms and in the admin's inputs."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import serializers
from django.core.exceptions import FieldError, ValidationError
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.db.migrations.writer import MigrationWriter
from django.forms import modelform_factory
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cities.models import PlaceName
from common.dates import InvalidPartialDate, PartialDate
from common.fields import PartialDateField, PartialDateFormField
from tests.common.strategies import partial_dates

pytestmark = pytest.mark.django_db

NEAR = st.sampled_from([1, 1900, 2023, 2024, 2025, 9998, 9999])
NAMES = PlaceName.objects

# Every example clears the names first, so one transaction can serve them all.
in_one_transaction = settings(
    deadline=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def fresh_names(place, spans):
    """Exactly these (used_from, used_to) as names of the place."""
    NAMES.all().delete()
    rows = [
        PlaceName(place=place, text=f"name {i}", used_from=start, used_to=end)
        for i, (start, end) in enumerate(spans)
    ]
    return NAMES.bulk_create(rows)


def days_around(value):
    """The days at which a rule about the value could turn."""
    for edge in (value.first_day, value.last_day):
        for step in (-1, 0, 1):
            try:
                yield edge + timedelta(days=step)
            except OverflowError:
                continue


def test_a_partial_date_is_stored_as_it_is_known(name_used):
    name = name_used("1936", PartialDate(1991, 2))
    name.refresh_from_db()
    assert (name.used_from, name.used_to) == (PartialDate(1936), PartialDate(1991, 2))
    stored = NAMES.values_list(models.functions.Cast("used_from", models.CharField()), flat=True)
    assert stored.get() == "1936"


def test_what_is_unknown_is_null_and_never_an_empty_text(name_used):
    name_used("", None)
    assert NAMES.filter(used_from=None, used_to__isnull=True).count() == 1


def test_text_and_dates_become_values_as_soon_as_they_are_assigned():
    name = PlaceName(used_from="۱۹۳۶", used_to=date(1991, 2, 26))
    assert (name.used_from, name.used_to) == (PartialDate(1936), PartialDate(1991, 2, 26))
    name.used_to = ""
    assert name.used_to is None


def test_a_deferred_date_is_fetched_when_it_is_asked_for(name_used):
    name_used("1936")
    assert NAMES.only("text").get().used_from == PartialDate(1936)


def test_many_rows_can_be_updated_at_once(name_used):
    name = name_used("1936")
    name.used_to = "1991-02"
    NAMES.bulk_update([name], ["used_to"])
    NAMES.update(used_from=models.F("used_to"))
    assert NAMES.get().used_from == PartialDate(1991, 2)


@pytest.mark.parametrize(
    "nonsense", ["1936-13", "long ago", 1936, datetime(1936, 1, 1, tzinfo=UTC)]
)
def test_nonsense_is_told_by_full_clean_and_refused_by_save(name_used, nonsense):
    name = name_used("1936")
    name.used_from = nonsense
    with pytest.raises(ValidationError, match="Write a year, a month or a day"):
        name.full_clean()
    with pytest.raises(ValidationError):
        name.save()


def insert_raw(name, text):
    with transaction.atomic(), connection.cursor() as cursor:
        table = PlaceName._meta.db_table
        cursor.execute(f"UPDATE {table} SET used_from = %s WHERE id = %s", [text, name.pk])  # noqa: S608


@pytest.mark.parametrize(
    "text",
    [
        *["", " 2025", "2025\n", "25", "20255", "abcd", "now", "٢٠٢٥", "2025-5", "2025-05-1"],
        *["0000", "2025-00", "2025-13", "2025-05-00", "2025-05-32", "2025-04-31", "2025-02-30"],
        *["2025-02-29", "1900-02-29", "2025-05-10T", "-2025"],
    ],
)
def test_the_database_itself_refuses_what_is_no_date(name_used, text):
    with pytest.raises(DatabaseError):
        insert_raw(name_used("1936"), text)


@in_one_transaction
@given(
    parts=st.tuples(NEAR, st.integers(0, 13), st.integers(0, 32))
    | st.tuples(NEAR, st.integers(0, 13))
    | st.tuples(st.integers(0, 9999))
)
def test_the_database_knows_the_calendar_that_the_value_knows(khujand, parts):
    text = "-".join(f"{part:0{4 if i == 0 else 2}d}" for i, part in enumerate(parts))
    (name,) = fresh_names(khujand, [(None, None)])
    try:
        PartialDate.parse(text)
    except InvalidPartialDate:
        with pytest.raises(IntegrityError):
            insert_raw(name, text)
    else:
        insert_raw(name, text)


def test_a_null_byte_is_refused_before_the_database_sees_it():
    with pytest.raises(ValidationError):
        NAMES.filter(used_from="2025\0").exists()


@in_one_transaction
@given(values=st.lists(partial_dates(), min_size=2, max_size=8))
def test_the_database_sorts_as_the_values_do(khujand, values):
    fresh_names(khujand, [(value, None) for value in values])
    assert list(NAMES.order_by("used_from").values_list("used_from", flat=True)) == sorted(values)


@in_one_transaction
@given(values=st.lists(partial_dates(NEAR), min_size=1, max_size=6))
@example(values=[PartialDate(2024, 2), PartialDate(2024, 2, 29), PartialDate(1), PartialDate(9999)])
def test_row_and_queryset_agree_on_begun_and_over(khujand, values):
    rows = fresh_names(khujand, [(value, None) for value in values])
    for day in {day for value in values for day in days_around(value)}:
        begun = {row.text for row in rows if row.used_from.begun_by(day)}
        over = {row.text for row in rows if row.used_from.over_before(day)}
        assert set(NAMES.filter(used_from__begun_by=day).values_list("text", flat=True)) == begun
        assert set(NAMES.filter(used_from__over_before=day).values_list("text", flat=True)) == over


@in_one_transaction
@given(one=partial_dates(NEAR), other=partial_dates(NEAR))
def test_row_and_queryset_agree_where_both_sides_are_partial(khujand, one, other):
    assert_agree(khujand, one, other, "used_from")
    assert_agree(khujand, one, other, other)


def assert_agree(place, one, other, side):
    NAMES.all().delete()
    name = PlaceName(place=place, text="x", used_from=one, used_to=None)
    name.save()
    assert NAMES.filter(used_from__begun_by=other).exists() == one.begun_by(other)
    assert NAMES.filter(used_from__over_before=other).exists() == one.over_before(other)


@in_one_transaction
@given(start=partial_dates(NEAR), end=partial_dates(NEAR))
def test_a_span_that_ends_before_it_begins_is_refused_in_form_and_database(khujand, start, end):
    NAMES.all().delete()
    name = PlaceName(place=khujand, text="x", language="en", used_from=start, used_to=end)
    if end.over_before(start):
        with pytest.raises(ValidationError, match="cannot end before it begins"):
            name.validate_constraints()
        with pytest.raises(IntegrityError), transaction.atomic():
            name.save()
    else:
        name.validate_constraints()
        name.save()
        columns = {"used_to__over_before": models.F("used_from")}
        assert not NAMES.filter(**columns).exists()
        assert NAMES.filter(used_from__begun_by=models.F("used_to")).exists()


@pytest.mark.parametrize("span", [(None, "1936"), ("1991", None), (None, None)])
def test_an_unknown_beginning_or_end_passes(name_used, span):
    name_used(*span).validate_constraints()


def test_a_year_may_begin_before_its_month_and_end_after_it(name_used):
    name_used("2025", "2025-05").validate_constraints()
    name_used("2025-05", "2025", text="x").validate_constraints()


def test_the_usual_lookups_take_text_and_values(name_used):
    name_used("1936", "1991-02-26")
    day = PartialDate(1991, 2, 26)
    assert NAMES.filter(used_from="1936", used_to=day, used_to__gte="1991-02").exists()
    assert NAMES.filter(used_from__in=["1936", PartialDate(1991)], used_to__lt="1992").exists()
    assert not NAMES.filter(used_from__gt="1936").exists()
    assert NAMES.exclude(used_from="1991").aggregate(last=models.Max("used_to")) == {"last": day}


def test_the_lookups_refuse_what_has_no_day():
    with pytest.raises(ValidationError):
        NAMES.filter(used_from__begun_by="soon")
    with pytest.raises(ValueError, match="needs a day"):
        NAMES.filter(used_from__over_before=None)
    with pytest.raises(FieldError):
        NAMES.filter(used_from__begun_by=models.functions.Now())


@pytest.mark.parametrize("form", ["json", "xml", "jsonl"])
def test_a_fixture_holds_the_text_and_gives_the_value_back(name_used, form):
    name_used("1936", None)
    text = serializers.serialize(form, NAMES.all())
    (loaded,) = serializers.deserialize(form, text)
    assert "1936" in text
    assert "1936-01" not in text
    assert (loaded.object.used_from, loaded.object.used_to) == (PartialDate(1936), None)


def test_a_migration_names_the_field_and_nothing_that_it_decides_itself():
    field = PartialDateField("used from", null=True, blank=True)
    written, _ = MigrationWriter.serialize(field)
    assert written.startswith("common.fields.PartialDateField(")
    assert "max_length" not in written
    assert field.clone().deconstruct()[1:] == field.deconstruct()[1:]


@pytest.mark.postgres
def test_postgresql_keeps_the_order_of_bytes_in_the_column():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT collation_name, character_maximum_length FROM information_schema.columns"
            " WHERE table_name = %s AND column_name = 'used_from'",
            [PlaceName._meta.db_table],
        )
        assert cursor.fetchone() == ("C", 10)


@pytest.mark.parametrize(
    ("initial", "typed", "changed"),
    [
        (PartialDate(2025, 5), "2025-05", False),
        ("2025-05", " ۲۰۲۵-۰۵ ", False),
        (None, "", False),
        (None, "   ", False),
        (None, "2025", True),
        (PartialDate(2025), "", True),
        (PartialDate(2025), "2025-01-01", True),
        (PartialDate(2025), "rubbish", True),
    ],
)
def test_a_form_sees_a_change_where_the_date_changed_and_only_there(initial, typed, changed):
    assert PartialDateFormField(required=False).has_changed(initial, typed) is changed


@pytest.mark.parametrize("typed", ["May 2025", "2025-02-30", "2025\0", "x" * 10_000, "1" * 5_000])
def test_a_form_says_what_may_be_written(typed):
    with pytest.raises(ValidationError) as refusal:
        PartialDateFormField().clean(typed)
    assert refusal.value.messages == [
        "Write a year, a month or a day: 2025, 2025-05 or 2025-05-10."
    ]


def test_a_form_gives_values_and_none_and_asks_for_what_it_needs():
    assert PartialDateFormField().clean(" ۲۰۲۵-۰۵ ") == PartialDate(2025, 5)
    assert PartialDateFormField(required=False).clean("  ") is None
    with pytest.raises(ValidationError, match="required"):
        PartialDateFormField().clean("")


def test_a_model_form_shows_the_text_in_an_input_for_staff(name_used):
    form = modelform_factory(PlaceName, fields=["used_from"])(instance=name_used("1936-05"))
    drawn = str(form["used_from"])
    for part in ('value="1936-05"', 'dir="ltr"', 'size="12"', 'class="vTextField"'):
        assert part in drawn
    assert 'autocomplete="off"' in drawn
    assert 'placeholder="2025-05-10"' in drawn


def test_the_input_of_a_page_has_no_class_of_the_admin():
    assert "vTextField" not in PartialDateFormField().widget.render("since", None)
