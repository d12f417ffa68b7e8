"""What all pages have in common on which something is done to one agreement. Only POST writes."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from agreements import outlook
from agreements.forms import ActForm
from agreements.models import Agreement
from common.admin import refusal
from common.versions import StaleVersion

SEE = "agreements.view_agreement"


class ActViews(ModelAdmin):
    def agreement_for(self, request: HttpRequest, pk: int, permission: str) -> Agreement:
        """For whoever has the permission and keeps it; everybody else gets a 403, or a 404."""
        agreement = self.get_queryset(request).filter(pk=pk).first()
        if agreement is None:
            raise Http404
        if not request.user.has_perm(SEE):
            raise PermissionDenied
        agreement.check_may(request.user, permission)
        return agreement

    def did(self, form: ActForm, act: Callable[[], Any]) -> bool:
        """Whether it was done; if not, nothing was, and the form says why."""
        if not form.is_valid():
            return False
        try:
            with transaction.atomic():
                act()
            return True
        except StaleVersion:
            form.add_conflict()
        except ValidationError as error:
            form.add_refusal(error)
        except IntegrityError as error:
            form.add_error(None, refusal(error))
        return False

    def made(self, request: HttpRequest, form: ActForm, said: str) -> HttpResponse | None:
        """Do what the form asks for and go back, or None, with the refusal in the form."""

        def make() -> None:
            form.make(by=request.user)
            self.log_change(request, form.agreement, said)

        if not self.did(form, make):
            return None
        messages.success(request, said)
        return HttpResponseRedirect(change_url(form.agreement.pk))

    def foreseen(self, pk: int, act: Callable[[Agreement], Any]) -> outlook.Outlook | None:
        """What the public will read after the act; None where the act is refused."""
        agreement = Agreement.objects.get(pk=pk)
        try:
            return outlook.after(agreement, lambda: act(agreement))
        except (ValidationError, IntegrityError, StaleVersion):
            return None

    def show(self, request: HttpRequest, form: ActForm, title: Any, **more: Any) -> HttpResponse:
        # Anew, with its parties: what was tried on the form's own has left its marks.
        agreement = self.get_queryset(request).get(pk=form.agreement.pk)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": agreement,
            "title": f"{title}: {self.called(agreement)}",
            "act": title,
            "form": form,
            "media": self.media + form.media,
            "change_url": change_url(agreement.pk),
            "foresees": "outlook" in more,
            **more,
        }
        template = "admin/agreements/agreement/act.html"
        status = 409 if form.conflict else 200
        return TemplateResponse(request, template, context, status=status)

    def back(self, request: HttpRequest, pk: int, why_not: Any) -> HttpResponse:
        messages.warning(request, why_not)
        return HttpResponseRedirect(change_url(pk))


def change_url(pk: int) -> str:
    return reverse("admin:agreements_agreement_change", args=[pk])


def act_url(act: str, *args: Any) -> str:
    return reverse(f"admin:agreements_agreement_{act}", args=args)
