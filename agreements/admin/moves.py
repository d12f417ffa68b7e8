"""Pages on which an agreement is moved, published and unpublished. Only POST writes."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from agreements.forms import ActForm, MoveForm, VisibilityForm
from agreements.lifecycle import MOVES
from agreements.models import Agreement
from common.admin import refusal
from common.versions import StaleVersion


class MoveViews(ModelAdmin):
    def get_urls(self):
        wrap, name = self.admin_site.admin_view, "agreements_agreement"
        return [
            path("<int:pk>/move/<slug:move>/", wrap(self.move_view), name=f"{name}_move"),
            *(
                path(f"<int:pk>/{act}/", wrap(self.visibility_view), {"act": act}, f"{name}_{act}")
                for act in ("publish", "unpublish")
            ),
            *super().get_urls(),
        ]

    def move_view(self, request: HttpRequest, pk: int, move: str) -> HttpResponse:
        row = MOVES.get(move)
        if row is None:
            raise Http404
        agreement = self.agreement_for(request, pk, row.permission)
        form = MoveForm(request.POST or None, agreement=agreement, row=row)
        if request.method == "POST":
            said = _("The agreement is on record as %s.") % row.done
            return self.made(request, form, said) or self.show(request, form, row.label)
        if agreement.status not in row.from_statuses:
            said = _("An agreement that is %(status)s cannot be %(done)s.")
            status = agreement.get_status_display()
            messages.warning(request, said % {"status": status, "done": row.done})
            return HttpResponseRedirect(change_url(pk))
        return self.show(request, form, row.label)

    def visibility_view(self, request: HttpRequest, pk: int, act: str) -> HttpResponse:
        agreement = self.agreement_for(request, pk, "agreements.publish_agreement")
        form = VisibilityForm(request.POST or None, agreement=agreement, act=act)
        title, said = {
            "publish": (_("Publish"), _("The agreement is public now.")),
            "unpublish": (_("Unpublish"), _("The agreement is internal now.")),
        }[act]
        if request.method == "POST" and (response := self.made(request, form, said)):
            return response
        return self.show(request, form, title)

    def agreement_for(self, request: HttpRequest, pk: int, permission: str) -> Agreement:
        agreement = self.get_queryset(request).filter(pk=pk).first()
        if agreement is None:
            raise Http404
        if not (self.has_view_permission(request) and request.user.has_perm(permission)):
            raise PermissionDenied
        return agreement

    def made(self, request: HttpRequest, form: ActForm, said: str) -> HttpResponse | None:
        """Do what the form asks for and go back, or None, with the refusal in the form."""
        if not form.is_valid():
            return None
        try:
            with transaction.atomic():
                form.make(by=request.user)
                self.log_change(request, form.agreement, said)
        except StaleVersion:
            form.add_conflict()
            return None
        except ValidationError as error:
            form.add_refusal(error)
            return None
        except IntegrityError as error:
            form.add_error(None, refusal(error))
            return None
        messages.success(request, said)
        return HttpResponseRedirect(change_url(form.agreement.pk))

    def show(self, request: HttpRequest, form: ActForm, title: Any) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": form.agreement,
            "title": f"{title}: {self.called(form.agreement)}",
            "act": title,
            "form": form,
            "media": self.media + form.media,
            "change_url": change_url(form.agreement.pk),
        }
        template = "admin/agreements/agreement/act.html"
        status = 409 if form.conflict else 200
        return TemplateResponse(request, template, context, status=status)


def change_url(pk: int) -> str:
    return reverse("admin:agreements_agreement_change", args=[pk])
