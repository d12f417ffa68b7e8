"""What each of the staff chooses for themselves: the digest, its language, a calendar's address."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agreements.calendars import new_secret
from agreements.models import Preferences
from agreements.reminding import may_be_told
from common.versions import StaleVersion

SAVE, MAKE, REVOKE = "save", "make", "revoke"


class PreferencesForm(forms.ModelForm):
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=[("", _("The register’s own")), *settings.LANGUAGES],
        help_text=_("Of the digest and of the calendar. The pages go by your browser."),
    )

    class Meta:
        model = Preferences
        fields = ("digest", "language")


def preferences_page(request: HttpRequest) -> HttpResponse:
    """One page for all of it; each form of it says by its button what is to be done."""
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponse(status=405, headers={"Allow": "GET, HEAD, POST"})
    if request.method != "POST":
        return page(request, own(request.user))
    act, version = asked_for(request)
    if act != SAVE and not may_be_told(request.user):
        raise PermissionDenied
    try:
        with transaction.atomic():
            return ACTS[act](request, locked(request.user, version))
    except (StaleVersion, IntegrityError):
        said = gettext(
            "These were changed elsewhere since you opened this page, and nothing of yours was "
            "written. Below is what holds now."
        )
        messages.error(request, said)
        return page(request, own(request.user), status=409)


def asked_for(request: HttpRequest) -> tuple[str, int]:
    acts = [act for act in ACTS if act in request.POST]
    version = request.POST.get("version", "")
    if len(acts) != 1 or not (version.isascii() and version.isdecimal() and len(version) < 10):
        raise SuspiciousOperation("No such form")
    return acts[0], int(version)


def own(user: Any) -> Preferences:
    """What the person chose; of version 0 where they chose nothing yet."""
    return Preferences.objects.filter(user=user).first() or Preferences(user=user, version=0)


def locked(user: Any, version: int) -> Preferences:
    rows = Preferences.objects.select_for_update().filter(user=user)
    found = rows.first() or Preferences(user=user, version=0)
    if found.version != version:
        raise StaleVersion(found)
    if found.pk is None:
        found.version = 1
    return found


# Each takes the row as it is, locked.


def save(request: HttpRequest, row: Preferences) -> HttpResponse:
    form = PreferencesForm(request.POST, instance=row)
    if not form.is_valid():
        return page(request, own(request.user), form=form)
    form.save()
    messages.success(request, gettext("Your preferences are saved."))
    return to_page()


def make(request: HttpRequest, row: Preferences) -> HttpResponse:
    """A new address, which ends the one before it. It is in this answer and nowhere else."""
    secret, row.calendar_key = new_secret()
    row.save()
    address = request.build_absolute_uri(reverse("calendar", args=[secret]))
    return page(request, row, address=address)


def revoke(request: HttpRequest, row: Preferences) -> HttpResponse:
    row.calendar_key = ""
    row.save()
    messages.success(request, gettext("The address is revoked: it leads nowhere from now on."))
    return to_page()


ACTS = {SAVE: save, MAKE: make, REVOKE: revoke}


def to_page() -> HttpResponse:
    return HttpResponseRedirect(reverse("admin-preferences"))


def page(
    request: HttpRequest,
    row: Preferences,
    *,
    form: PreferencesForm | None = None,
    address: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": gettext("Preferences"),
        "preferences": row,
        "version": row.version,
        "form": form or PreferencesForm(instance=row),
        "address": address,
        "is_told": may_be_told(request.user),
    }
    # At once: what comes after the transaction would read the row anew.
    response = TemplateResponse(
        request, "admin/preferences/preferences.html", context, status=status
    )
    return response.render()
