"""What the admin asks before a step is undone, and when one colleague asks another."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from agreements.forms import ActForm
from agreements.lifecycle import MOVES
from agreements.models import Agreement, Request
from agreements.models.moving import MERGED
from agreements.models.requests import PUBLISH_ACT


class VerifyForm(ActForm):
    """Asks nothing: whoever presses the button has compared the record with its sources."""

    explains = _(
        "Do this once you have compared the record with its sources and found it right. "
        "Your name and the day are kept."
    )

    def make(self, by: Any) -> None:
        self.agreement.version = self.cleaned_data["version"]
        self.agreement.verify(by=by)


class UndoForm(ActForm):
    """Asks what was wrong with the latest step."""

    reason = forms.CharField(
        label=_("What was wrong"),
        max_length=500,
        widget=AdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("For colleagues: how the mistake came about, and how it was found."),
    )

    def is_possible(self) -> bool:
        return not self.agreement.why_not_undone()

    def make(self, by: Any) -> None:
        self.agreement.version = self.cleaned_data["version"]
        self.agreement.undo(by=by, reason=self.cleaned_data["reason"])


class AskForm(ActForm):
    """One colleague asks another. What is done about it compares versions; to ask needs not."""

    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=1000,
        widget=AdminTextareaWidget(attrs={"rows": 4}),
        help_text=Request._meta.get_field("note").help_text,
    )

    def __init__(self, *args: Any, act: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.act = act

    def make(self, by: Any) -> None:
        if why_not := why_not_asked(self.agreement, self.act):
            raise ValidationError(why_not)
        try:
            with transaction.atomic():
                Request.ask(self.agreement, self.act, by=by, note=self.cleaned_data["note"])
        except IntegrityError:
            raise ValidationError(_("This is asked for already.")) from None


class AnswerForm(ActForm):
    """Of a request that waits."""

    def __init__(self, *args: Any, asked: Request, **kwargs: Any) -> None:
        super().__init__(*args, agreement=asked.agreement, **kwargs)
        self.asked = asked


class DeclineForm(AnswerForm):
    answer = forms.CharField(
        label=_("Why not"),
        max_length=1000,
        widget=AdminTextareaWidget(attrs={"rows": 4}),
        help_text=Request._meta.get_field("answer").help_text,
    )

    def make(self, by: Any) -> None:
        self.asked.decline(by=by, answer=self.cleaned_data["answer"])


class TakeBackForm(AnswerForm):
    explains = _("The request is not shown to anybody any more.")

    def make(self, by: Any) -> None:
        self.asked.take_back(by=by)


def why_not_asked(agreement: Agreement, act: str) -> Any:
    """Why there is nothing to ask for, in words; empty where there is."""
    if agreement.merged_into_id:
        return MERGED
    if act == PUBLISH_ACT:
        return _("Everybody can see it already.") if agreement.is_public else ""
    row = MOVES[act]
    if agreement.status in row.from_statuses:
        return ""
    return _("An agreement that is %(status)s cannot be %(done)s.") % {
        "status": agreement.get_status_display(),
        "done": row.done,
    }
