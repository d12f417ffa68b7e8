"""Queries by parameters: an unknown or bad parameter is said, never silently ignored."""

from collections.abc import Container, Iterable, Mapping
from difflib import get_close_matches
from typing import Any, ClassVar
from unicodedata import category

import django_filters
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from django_filters.constants import EMPTY_VALUES
from django_filters.widgets import BooleanWidget, SuffixedMultiWidget

from .fields import PartialDateField, PartialDateFormField

__all__ = ["PartialDateFilter", "StrictFilterSet"]

MOST_PARAMETERS = 100
MOST_UNKNOWN_NAMED = 5
LONGEST_NAME_QUOTED = 40
LARGEST_NUMBER = 2**63 - 1  # of a column; SQLite's driver fails on a larger one

TOO_MANY = _("At most %(most)d parameters can be given at once.")
UNKNOWN = _("There is no parameter “%(name)s” here.")
UNKNOWN_BUT_NEAR = _("There is no parameter “%(name)s” here. Is “%(near)s” meant?")
MORE_UNKNOWN = ngettext_lazy(
    "%(number)d more parameter is not known here.",
    "%(number)d more parameters are not known here.",
    "number",
)
UNUSABLE_CHARACTER = _("This holds a character that no text can hold.")
TOO_LONG = _("Write at most %(most)d characters; these are %(length)d.")
GIVEN_TWICE = _("Give this parameter once; it was given %(number)d times.")
NOT_TRUE_OR_FALSE = _("Write true or false.")


class PartialDateFilter(django_filters.Filter):
    """Takes `2025`, `2025-05` or `2025-05-10`; any lookup of PartialDateField."""

    field_class = PartialDateFormField


class StrictFilterSet(django_filters.FilterSet):
    """A FilterSet that says what it does not understand, and then finds nothing.

    Errors are keyed by the parameter's name, so a page (`filterset.form.errors`) and the API
    (400, `{name: [message]}`) share them. Refused are a name that is not known, a second value
    where one is meant, a text longer than `longest_value` characters, a NUL, a truth value
    other than true or false, and more than 100 parameters. An empty value is not given.

    `passed_over` are names that belong to the surroundings, such as paging; say them for each
    use, on the class or as an argument.
    """

    data: Any
    passed_over: frozenset[str] = frozenset({"page", "cursor", "page_size"})
    longest_value = 200

    FILTER_DEFAULTS: ClassVar[dict[type, Any]] = {
        **django_filters.FilterSet.FILTER_DEFAULTS,
        PartialDateField: {"filter_class": PartialDateFilter},
    }

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        queryset: QuerySet | None = None,
        *,
        passed_over: Iterable[str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, queryset, **kwargs)
        if passed_over is not None:
            self.passed_over = frozenset(passed_over)
        self.refusals: dict[str, list[ValidationError]] = {}

    @property
    def form(self) -> forms.Form:
        if hasattr(self, "_form"):
            return self._form
        for filter_ in self.filters.values():
            self._bound(filter_)
        if self.is_bound:
            self.data = self._accept(_lists(self.data))
        form = super().form
        for name, errors in self.refusals.items():
            earlier = form.errors[name].as_data() if name in form.errors else []
            form.errors[name] = form.error_class([*earlier, *errors], renderer=form.renderer)
        return form

    @property
    def qs(self) -> QuerySet:
        if self.is_bound and not self.is_valid():
            return self.queryset.none()
        return super().qs

    @property
    def refused(self) -> dict[str, list[str]]:
        """What was not understood, by parameter, in words for people."""
        return {
            name: [str(message) for message in messages]
            for name, messages in self.form.errors.items()
        }

    @property
    def asked(self) -> set[str]:
        """The filters that were given a value."""
        given = self.form.cleaned_data.items() if self.is_valid() else ()
        return {name for name, value in given if value not in EMPTY_VALUES}

    def narrowed(self, rows: Any, but: Container[str] = ()) -> Any:
        """`rows`, of whatever queryset that answers the filters, by all of them `but` some."""
        for name, value in self.form.cleaned_data.items():
            if name not in but:
                rows = self.filters[name].filter(rows, value)
        return rows

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        return self.narrowed(queryset)

    def _bound(self, filter_: django_filters.Filter) -> None:
        """Keep the filter's form field to what any database can be asked."""
        if isinstance(filter_, django_filters.CharFilter):
            filter_.extra.setdefault("max_length", self.longest_value)
        elif isinstance(filter_, django_filters.BooleanFilter):
            filter_.extra.setdefault("widget", BooleanWidget)
        for field in (filter_.field, *getattr(filter_.field, "fields", ())):
            if isinstance(field, forms.IntegerField | forms.DecimalField):
                field.validators += [
                    MinValueValidator(-LARGEST_NUMBER),
                    MaxValueValidator(LARGEST_NUMBER),
                ]

    def _accept(self, given: dict[str, list[str]]) -> QueryDict:
        """What of the parameters the form may look at; the rest goes to `refusals`."""
        accepted = QueryDict(mutable=True)
        if sum(max(1, len(values)) for values in given.values()) > MOST_PARAMETERS:
            self._refuse(NON_FIELD_ERRORS, "too_many", TOO_MANY, {"most": MOST_PARAMETERS})
            return accepted
        inputs = self._inputs()
        self._refuse_unknown(given, inputs)
        for parameter, (name, widget) in inputs.items():
            values = [value for value in given.get(parameter, []) if value != ""]
            refusal = self._refusal(values, widget)
            if refusal is not None:
                self.refusals.setdefault(name, []).append(refusal)
            elif values:
                accepted.setlist(parameter, values)
        return accepted

    def _inputs(self) -> dict[str, tuple[str, forms.Widget]]:
        """For each parameter of the query: the filter's name, and the widget that reads it."""
        found: dict[str, tuple[str, forms.Widget]] = {}
        for name, filter_ in self.filters.items():
            widget = filter_.field.widget
            prefixed = f"{self.form_prefix}-{name}" if self.form_prefix else name
            if isinstance(widget, SuffixedMultiWidget):
                for part, suffix in zip(widget.widgets, widget.suffixes, strict=True):
                    found[widget.suffixed(prefixed, suffix)] = name, part
            else:
                found[prefixed] = name, widget
        return found

    def _refuse_unknown(self, given: Iterable[str], inputs: Iterable[str]) -> None:
        unknown = [name for name in given if name not in inputs and name not in self.passed_over]
        for name in unknown[:MOST_UNKNOWN_NAMED]:
            shown = _quotable(name)
            near = get_close_matches(shown, inputs, n=1)
            message = UNKNOWN_BUT_NEAR if near else UNKNOWN
            params = {"name": shown, "near": near[0] if near else ""}
            self._refuse(shown, "unknown", message, params)
        more = len(unknown) - MOST_UNKNOWN_NAMED
        if more > 0:
            self._refuse(NON_FIELD_ERRORS, "unknown", MORE_UNKNOWN, {"number": more})

    def _refusal(self, values: list[str], widget: forms.Widget) -> ValidationError | None:
        """What is wrong with a known parameter before its own field looks at it, if anything."""
        if any("\0" in str(value) for value in values):
            return ValidationError(UNUSABLE_CHARACTER, "null_characters_not_allowed")
        longest = max((len(str(value)) for value in values), default=0)
        if longest > self.longest_value:
            params = {"most": self.longest_value, "length": longest}
            return ValidationError(TOO_LONG, "max_length", params)
        if len(values) > 1 and not _takes_several(widget):
            return ValidationError(GIVEN_TWICE, "repeated", {"number": len(values)})
        # The widget reads a word that it does not know as "not given".
        if isinstance(widget, BooleanWidget) and not all(map(_is_truth_value, values)):
            return ValidationError(NOT_TRUE_OR_FALSE, "invalid")
        return None

    def _refuse(self, name: str, code: str, message: Any, params: dict[str, Any]) -> None:
        # Words of the query go in as parameters: in the message itself a "%" would be a format.
        self.refusals.setdefault(name, []).append(ValidationError(message, code, params))


def _lists(data: Mapping[str, Any]) -> dict[str, list[Any]]:
    if isinstance(data, MultiValueDict):
        return dict(data.lists())
    return {
        name: list(value) if isinstance(value, (list, tuple)) else [value]
        for name, value in data.items()
        if value is not None
    }


def _takes_several(widget: forms.Widget) -> bool:
    several = getattr(widget, "allow_multiple_selected", False)
    return several or isinstance(widget, forms.MultipleHiddenInput)


def _is_truth_value(value: Any) -> bool:
    return str(value).lower() in {"true", "false"}


def _quotable(name: str) -> str:
    """The name, safe to show: short, and without characters that control or hide."""
    shown = "".join("\ufffd" if category(sign)[0] == "C" else sign for sign in name[:41])
    shown = shown.replace("\u2028", "\ufffd").replace("\u2029", "\ufffd")
    return shown if len(name) <= LONGEST_NAME_QUOTED else shown[: LONGEST_NAME_QUOTED - 1] + "…"
