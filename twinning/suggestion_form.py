"""What a reader is asked who finds something wrong, and what keeps machines from answering."""

import re
from secrets import token_urlsafe
from time import time
from typing import Any
from urllib.parse import quote

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from agreements.models import Suggestion

SALT = "twinning.suggestions"
# Nobody reads and writes so quickly, in seconds; and nobody leaves a form open for so long.
SOONEST, LATEST = 3, 24 * 3_600
MOST_LINKS = 5
LINK = re.compile(r"https?:|www\.|\[url|<a\s", re.IGNORECASE)
HALF_A_SIGN = re.compile("[\ud800-\udfff]")
UNWRITTEN = re.compile(r"[\x00-\x1f\x7f-\x9f\\]")
LONGEST_TICKET = 300


# --- The ticket that each form carries ----------------------------------------------------


class TicketRefused(ValidationError):
    pass


def new_ticket() -> str:
    """Signed by the server, with the time at which the form was handed out."""
    return signing.dumps([token_urlsafe(12), round(time(), 1)], salt=SALT)


def read_ticket(ticket: str) -> tuple[str, float]:
    """Its number and its time; raises TicketRefused for what is forged or too old."""
    try:
        if len(ticket) > LONGEST_TICKET:
            raise signing.BadSignature
        number, at = signing.loads(ticket, salt=SALT, max_age=LATEST)
    except signing.BadSignature:
        said = _("This form was open for too long. Look at what you wrote, and send it again.")
        raise TicketRefused(said) from None
    return number, at


def check_pace(at: float) -> None:
    if time() - at < SOONEST:
        said = _("That was quicker than anybody writes. Wait a few seconds, and send it again.")
        raise TicketRefused(said)


# --- The page that it is about ------------------------------------------------------------


class AboutForm(forms.Form):
    """The path of a page of this site; without one, the home page."""

    about = forms.CharField(required=False, max_length=300)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in self.data.keys() - self.fields.keys():
            self.add_error(None, _("There is no such parameter: %s") % ascii(name[:40]))
        return cleaned

    def clean_about(self) -> str:
        return checked_path(self.cleaned_data["about"] or "/")


def checked_path(path: str) -> str:
    odd = UNWRITTEN.search(path) or HALF_A_SIGN.search(path)
    if odd or not path.startswith("/") or path.startswith("//"):
        raise ValidationError(_("Give the path of a page of this site, such as /places/khujand/."))
    return path


# --- The form -----------------------------------------------------------------------------


def long_text(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto", "autocomplete": "on"})


class SuggestionForm(forms.ModelForm):
    """``website`` is for machines alone: people do not see it."""

    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    about = forms.CharField(max_length=300, widget=forms.HiddenInput)

    class Meta:
        model = Suggestion
        fields = ("text", "source", "name", "email")
        labels = {
            "text": _("What is wrong?"),
            "source": _("How do you know?"),
            "name": _("Your name"),
            "email": _("Your e-mail address"),
        }
        widgets = {
            "text": long_text(6),
            "source": long_text(2),
            "name": forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
        }

    def clean_about(self) -> str:
        return checked_path(self.cleaned_data["about"])

    def clean_website(self) -> str:
        """An extension that fills in forms may have done it: then the reader empties it."""
        if self.cleaned_data["website"]:
            raise ValidationError(_("Empty this field, and send it again: it is a trap for spam."))
        return ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        links = LINK.findall(f"{cleaned.get('text', '')} {cleaned.get('source', '')}")
        if len(links) > MOST_LINKS:
            said = ngettext_lazy(
                "Give at most %(most)d link, the one that says most.",
                "Give at most %(most)d links, those that say most.",
                MOST_LINKS,
            )
            self.add_error("source", said % {"most": MOST_LINKS})
        if LINK.search(cleaned.get("name") or ""):
            self.add_error("name", _("A name has no link in it."))
        return cleaned

    def validate_constraints(self) -> None:
        """Asked when it is saved, where the rest of the row is known."""


def contact_days() -> int:
    return settings.SUGGESTION_CONTACT_DAYS


def as_link(path: str) -> str:
    return quote(path, safe="/")
