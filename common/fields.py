"""Partial dates as a model field and as a form field."""

from contextlib import suppress
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import FieldError, ValidationError
from django.db import models
from django.db.models.query_utils import DeferredAttribute
from django.utils.translation import gettext_lazy as _

from .dates import InvalidPartialDate, PartialDate, partial_date_from_store
from .widgets import AdminPartialDateInput, PartialDateInput

__all__ = ["PartialDateField", "PartialDateFormField", "span_constraint"]

NOT_A_PARTIAL_DATE = _("Write a year, a month or a day: 2025, 2025-05 or 2025-05-10.")

# One expression holds all three lengths: what is missing is filled up with -01-01, and the
# result must be a day that SQLite's calendar writes in the same way: counting 0 days on makes
# 2025-03-02 of 2025-02-30. GLOB keeps out the other forms that date() takes.
SQLITE_CHECK = (
    "{column} IS NULL OR (typeof({column}) = 'text'"
    " AND ({column} GLOB '[0-9][0-9][0-9][0-9]'"
    " OR {column} GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]'"
    " OR {column} GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]')"
    " AND {column} >= '0001'"
    " AND date(substr({column} || '-01-01', 1, 10), '+0 days')"
    " IS substr({column} || '-01-01', 1, 10))"
)

# The calendar as a pattern: a cast to date would raise an error of its own in place of a
# refusal by the check. The last two lines are the leap years.
POSTGRESQL_CHECK = (
    "{column} ~ '^(?!0000)([0-9]{{4}}"
    "(-(0[1-9]|1[0-2]))?"
    "|[0-9]{{4}}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])"
    "|[0-9]{{4}}-(0[13-9]|1[0-2])-(29|30)"
    "|[0-9]{{4}}-(0[13578]|1[02])-31"
    "|[0-9]{{2}}(0[48]|[2468][048]|[13579][26])-02-29"
    "|([02468][048]|[13579][26])00-02-29)$'"
)


class PartialDateAttribute(DeferredAttribute):
    """Turns what is assigned into a PartialDate at once; nonsense waits for full_clean()."""

    def __set__(self, instance: models.Model, value: Any) -> None:
        # Every row that is loaded passes here, nearly always with a value or None.
        if value is not None and not isinstance(value, PartialDate):
            with suppress(ValidationError):
                value = self.field.to_python(value)
        instance.__dict__[self.field.attname] = value


class PartialDateField(models.Field):
    """A PartialDate, stored as its ISO text; NULL when unknown, never an empty text.

    Say `null=True, blank=True` where the date may be unknown. The column itself refuses
    what is not a date. Beside the usual lookups (exact, in, lt, lte, gt, gte, isnull; order
    of the texts) it knows `begun_by` and `over_before`, as the value's methods do.
    """

    description = _("A year, a month or a day")
    default_error_messages: ClassVar[dict[str, Any]] = {"invalid": NOT_A_PARTIAL_DATE}
    descriptor_class = PartialDateAttribute
    empty_strings_allowed = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = 10
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return name, path, args, kwargs

    def get_internal_type(self) -> str:
        return "CharField"

    def db_check(self, connection: Any) -> str | None:
        column = connection.ops.quote_name(self.column)
        if connection.vendor == "sqlite":
            return SQLITE_CHECK.format(column=column)
        if connection.vendor == "postgresql":
            return POSTGRESQL_CHECK.format(column=column)
        return None

    def db_parameters(self, connection: Any) -> dict[str, Any]:
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            # A language's collation may pass over the hyphens; the order is that of bytes.
            parameters["collation"] = "C"
        return parameters

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        return None if value is None else partial_date_from_store(value)

    def to_python(self, value: Any) -> Any:
        """A PartialDate from one, a date or text; None from None or blank text."""
        if value is None or isinstance(value, PartialDate):
            return value
        if hasattr(value, "resolve_expression"):
            return value
        if isinstance(value, str) and not value.strip():
            return None
        try:
            if isinstance(value, date):
                return PartialDate.from_date(value)
            return PartialDate.parse(value)
        except InvalidPartialDate:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    def get_prep_value(self, value: Any) -> Any:
        value = self.to_python(super().get_prep_value(value))
        return str(value) if isinstance(value, PartialDate) else value

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else str(value)

    def formfield(self, **kwargs: Any) -> Any:
        # Forms over models belong to staff; a page's own form takes the form field's widget.
        defaults = {"form_class": PartialDateFormField, "widget": AdminPartialDateInput}
        return super().formfield(**{**defaults, **kwargs})


class SpanLookup(models.Lookup):
    """Compares the span of a partial date with a day or with another partial date."""

    def get_prep_lookup(self) -> Any:
        rhs = self.rhs
        if isinstance(rhs, models.Value) and isinstance(rhs.value, date):
            rhs = rhs.value
        if hasattr(rhs, "resolve_expression"):
            if isinstance(getattr(rhs, "_output_field_or_none", None), models.DateField):
                raise FieldError(
                    f"{self.lookup_name} compares with a date, a PartialDate or a "
                    f"PartialDateField, not with a column of dates."
                )
            return rhs
        value = PartialDateField().to_python(rhs)
        if value is None:
            raise ValueError(f"{self.lookup_name} needs a day.")
        return self.edge(value)

    def edge(self, value: PartialDate) -> str:
        """The day of the right-hand side that counts, as text."""
        raise NotImplementedError

    def compare(self, lhs: str, rhs: str) -> str:
        raise NotImplementedError

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        lhs, lhs_params = self.process_lhs(compiler, connection)
        rhs, rhs_params = self.process_rhs(compiler, connection)
        return self.compare(lhs, rhs), (*lhs_params, *rhs_params)


@PartialDateField.register_lookup
class BegunBy(SpanLookup):
    """`field__begun_by=day`: the first day is on or before it."""

    lookup_name = "begun_by"

    def edge(self, value: PartialDate) -> str:
        return value.last_day.isoformat()

    def compare(self, lhs: str, rhs: str) -> str:
        # A shorter text sorts before every day in it, so it needs no padding on the left.
        return f"{lhs} <= {rhs}" if self.rhs_is_direct_value() else f"{lhs} <= ({rhs} || '-99')"


@PartialDateField.register_lookup
class OverBefore(SpanLookup):
    """`field__over_before=day`: the last day is before it."""

    lookup_name = "over_before"

    def edge(self, value: PartialDate) -> str:
        return value.first_day.isoformat()

    def compare(self, lhs: str, rhs: str) -> str:
        # '2025-99' sorts after every day in 2025 and before 2026: no last day to work out.
        return f"({lhs} || '-99') < {rhs}"


def span_constraint(start: str, end: str, name: str, message: Any) -> models.CheckConstraint:
    """A constraint: the span does not end before it begins. An unknown end passes.

    `start` and `end` name PartialDateFields of the model; `2025` to `2025-05` is possible.
    """
    return models.CheckConstraint(
        condition=~models.Q(**{f"{end}__over_before": models.F(start)}),
        name=name,
        violation_error_message=message,
        violation_error_code="span",
    )


class PartialDateFormField(forms.Field):
    """Takes `2025`, `2025-05` or `2025-05-10`; gives a PartialDate, or None."""

    widget = PartialDateInput
    default_error_messages: ClassVar[dict[str, Any]] = {"invalid": NOT_A_PARTIAL_DATE}

    def to_python(self, value: Any) -> PartialDate | None:
        if isinstance(value, str):
            value = value.strip()
        if value in self.empty_values or isinstance(value, PartialDate):
            return value or None
        try:
            if isinstance(value, date):
                return PartialDate.from_date(value)
            return PartialDate.parse(value)
        except InvalidPartialDate:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the date differs; how it was written (۲۰۲۵, blanks) does not count."""
        if self.disabled:
            return False
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True
