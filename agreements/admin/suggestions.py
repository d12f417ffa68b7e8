"""What readers suggest: a list, and a page of each on which it is answered."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import (
    NON_FIELD_ERRORS,
    PermissionDenied,
    SuspiciousOperation,
    ValidationError,
)
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from agreements.models import Suggestion
from agreements.models.suggestions import MAY_ANSWER, MAY_SEE
from agreements.queue_lines import ago, short
from agreements.sayings import named
from common.admin import StrictQueries, refuse_nul
from common.admin_forms import CHANGED_MEANWHILE, VersionField
from common.admin_widgets import is_key
from common.versions import StaleVersion

TAKE_UP, DECLINE = "take_up", "decline"
DONE = {
    TAKE_UP: _("The suggestion is taken up. Mend the record, and cite the source."),
    DECLINE: _("The suggestion is declined."),
}


class AnswerForm(forms.Form):
    """``note`` is for colleagues; to decline it is needed. The button says what is done."""

    version = VersionField()
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=1000,
        widget=AdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("For colleagues: what was done about it, or why nothing was."),
    )

    def clean_version(self) -> int:
        if self.cleaned_data["version"] is None:
            raise ValidationError(_("The form came without its version. Open the page again."))
        return self.cleaned_data["version"]


@admin.register(Suggestion)
class SuggestionAdmin(StrictQueries):
    list_display = ("words", "about", "language", "received_at", "state", "answered_by")
    list_filter = ("state", "language")
    search_fields = ("text", "source", "path", "answer")
    search_help_text = _("What the reader wrote, the page, or the note.")
    list_per_page = 50
    show_full_result_count = False

    def get_urls(self):
        """Answers are in the row; what was deleted of a reader must stand in no history."""
        return [url for url in super().get_urls() if not str(url.name).endswith("_history")]

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user).with_records()

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    # The list

    @admin.display(description=_("what is wrong"))
    def words(self, suggestion):
        return short(suggestion.text)

    @admin.display(description=pgettext_lazy("a suggestion", "about"))
    def about(self, suggestion):
        return called(suggestion)

    # One of them

    def change_view(self, request, object_id, form_url="", extra_context=None):
        refuse_nul(request)
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = self.found(request, unquote(object_id))
        if found is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if request.method != "POST":
            return self.show(request, found, form_of(found))
        return self.answer(request, found)

    def found(self, request: HttpRequest, key: str) -> Suggestion | None:
        return self.get_queryset(request).filter(pk=key).first() if is_key(key) else None

    def answer(self, request: HttpRequest, found: Suggestion) -> HttpResponse:
        if not found.may_be_answered_by(request.user):
            raise PermissionDenied
        acts = [act for act in DONE if act in request.POST]
        if len(acts) != 1:
            raise SuspiciousOperation("No such answer")
        form = AnswerForm(request.POST)
        if form.is_valid() and self.did(request, found, acts[0], form):
            messages.success(request, DONE[acts[0]])
            return HttpResponseRedirect(request.path)
        now = self.found(request, str(found.pk))
        if now is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, str(found.pk))
        if form.has_error(NON_FIELD_ERRORS, code="stale"):
            # What was typed goes on from what the page says now.
            form.data = form.data.copy()
            form.data["version"] = str(now.version)
            return self.show(request, now, form, status=409)
        return self.show(request, now, form, status=400)

    def did(self, request: HttpRequest, found: Suggestion, act: str, form: AnswerForm) -> bool:
        found.version = form.cleaned_data["version"]
        try:
            with transaction.atomic():
                getattr(found, act)(by=request.user, note=form.cleaned_data["note"])
                self.log_change(request, found, str(DONE[act]))
            return True
        except StaleVersion:
            form.add_error(None, ValidationError(CHANGED_MEANWHILE, code="stale"))
        except ValidationError as error:
            form.add_error("note", error.messages)
        return False

    def show(
        self, request: HttpRequest, found: Suggestion, form: AnswerForm, status: int = 200
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": found,
            "title": gettext("Suggestion: %s") % called(found),
            "suggestion": found,
            "about": called(found),
            "record_url": record_url(found),
            "page_url": quote(found.path, safe="/"),
            "source_url": link_in(found.source),
            "contact_days": settings.SUGGESTION_CONTACT_DAYS,
            "form": form,
            "may_answer": request.user.has_perm(MAY_ANSWER),
            "may_delete": self.has_delete_permission(request, found),
        }
        return TemplateResponse(
            request, "admin/suggestions/suggestion.html", context, status=status
        )

    def shown_again(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """There is no history of it to tell what changed since it was asked."""
        said = _("It has changed since you were asked, so nothing is deleted yet. Look again.")
        messages.error(request, said)
        return HttpResponseRedirect(request.path)


def form_of(suggestion: Suggestion) -> AnswerForm:
    return AnswerForm(initial={"version": suggestion.version, "note": suggestion.answer})


def called(suggestion: Suggestion) -> str:
    """The record's name for this reader, or the page's path."""
    if suggestion.agreement:
        return named(suggestion.agreement)
    if suggestion.place:
        return suggestion.place.shown_name
    return str(suggestion.official or suggestion.path)


def link_in(source: str) -> str:
    """The source, where it is nothing but a link that can be followed; else empty."""
    text = source.strip()
    is_link = text.startswith(("https://", "http://")) and len(text.split()) == 1
    return text if is_link else ""


def record_url(suggestion: Suggestion) -> str:
    """Where the record is mended; empty for a page of none."""
    record: Any = suggestion.about
    if record is None:
        return ""
    name = f"admin:{record._meta.app_label}_{record._meta.model_name}_change"
    return reverse(name, args=[record.pk])


# --- On the first screen ------------------------------------------------------------------


@dataclass(frozen=True)
class Waiting:
    about: str
    says: str
    since: str
    url: str


@dataclass(frozen=True)
class Suggestions:
    """How many wait that this person may see, and those that wait longest."""

    total: int
    lines: list[Waiting]
    url: str
    advice: Any
    label: Any


def suggestions_for(user: Any, most: int) -> Suggestions | None:
    """None for who may not see any."""
    if not user.has_perm(MAY_SEE):
        return None
    waiting = Suggestion.objects.visible_to(user).waiting()
    first = waiting.with_records().order_by("received_at", "pk")[:most]
    name = "admin:agreements_suggestion"
    return Suggestions(
        total=waiting.count(),
        lines=[
            Waiting(called(one), short(one.text), ago(one.received_at), page_of(one))
            for one in first
        ],
        label=_("Suggestions from readers"),
        url=f"{reverse(f'{name}_changelist')}?state__exact={Suggestion.State.NEW}",
        advice=_("Look at the source; take it up, or decline it and say why.")
        if user.has_perm(MAY_ANSWER)
        else "",
    )


def page_of(suggestion: Suggestion) -> str:
    return reverse("admin:agreements_suggestion_change", args=[suggestion.pk])
