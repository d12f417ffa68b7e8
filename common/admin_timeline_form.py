"""What can be asked of a timeline: by whom, of which kind, from which day to which."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

COMMAND = "command"
# Far from the calendar's ends, where a day before or after cannot be told.
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)


class DayField(forms.DateField):
    def __init__(self, label: Any, help_text: Any) -> None:
        super().__init__(
            label=label,
            help_text=help_text,
            required=False,
            input_formats=["%Y-%m-%d"],
            validators=[MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)],
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            error_messages={"invalid": _("Write a day, as 2025-05-10.")},
        )


class TimelineForm(forms.Form):
    who = forms.ChoiceField(
        label=_("Who"), required=False, help_text=_("Those who did something here.")
    )
    kind = forms.ChoiceField(
        label=_("What"), required=False, help_text=_("The record itself, or what hangs on it.")
    )
    since = DayField(_("From"), _("The first day on which it was recorded."))
    until = DayField(_("To"), _("The last day on which it was recorded."))

    def __init__(self, data: Any, kinds: Mapping[str, str], people: Mapping[Any, str]) -> None:
        super().__init__(data, label_suffix="")
        named = [(COMMAND if key is None else str(key), name) for key, name in people.items()]
        everybody = sorted(named, key=lambda choice: choice[1].casefold())
        fields: Any = self.fields
        fields["who"].choices = [("", gettext("everybody")), *everybody]
        fields["kind"].choices = [("", gettext("everything")), *sorted_by_name(kinds)]
        for name, said in (
            ("who", _("Nobody of that name or number did anything here.")),
            ("kind", _("There is nothing of that kind here.")),
        ):
            self.fields[name].error_messages["invalid_choice"] = said
        for field in self.fields.values():
            # The error beside it and the label say what it is; four lines of help would drown both.
            field.widget.attrs["title"] = field.help_text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        known = {*self.fields, "p"}
        # The admin's own parameters, such as the filters of the list to go back to, begin so.
        unknown = [name for name in self.data if name not in known and not name.startswith("_")]
        if unknown:
            said = gettext("There is no filter “%(name)s” here.")
            raise ValidationError([said % {"name": name[:40]} for name in sorted(unknown)[:5]])
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", _("This day is before the first one."))
        return cleaned

    @property
    def is_used(self) -> bool:
        return any(self.data.get(name) for name in self.fields)

    def which(self) -> Q:
        """Of the marks of a valid form."""
        cleaned, which = self.cleaned_data, Q()
        if cleaned["who"]:
            named = cleaned["who"]
            which &= Q(t_by__isnull=True) if named == COMMAND else Q(t_by=int(named))
        if cleaned["since"]:
            which &= Q(t_at__gte=midnight(cleaned["since"]))
        if cleaned["until"]:
            which &= Q(t_at__lt=midnight(cleaned["until"] + timedelta(days=1)))
        return which

    def others(self) -> str:
        """The filters as a query, for the links to the other pages."""
        asked: Any = self.data.copy()  # type: ignore[attr-defined]
        asked.pop("p", None)
        return f"{asked.urlencode()}&" if asked else ""


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def sorted_by_name(kinds: Mapping[str, str]) -> list[tuple[str, str]]:
    return sorted(kinds.items(), key=lambda choice: choice[1].casefold())
