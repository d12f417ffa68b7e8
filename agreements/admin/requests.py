"""Pages on which one colleague asks another for a move or to publish, and is answered."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _

from agreements.admin.acts import SEE, ActViews
from agreements.forms_of_acts import AskForm, DeclineForm, TakeBackForm, why_not_asked
from agreements.lifecycle import MOVES
from agreements.models import Request
from agreements.models.requests import ACTS


class RequestViews(ActViews):
    def get_urls(self):
        wrap, name = self.admin_site.admin_view, "agreements_agreement"
        one = "<int:pk>/requests/<int:key>"
        return [
            path("<int:pk>/ask/<slug:act>/", wrap(self.ask_view), name=f"{name}_ask"),
            path(f"{one}/decline/", wrap(self.decline_view), name=f"{name}_decline"),
            path(f"{one}/take-back/", wrap(self.take_back_view), name=f"{name}_take_back"),
            *super().get_urls(),
        ]

    def ask_view(self, request: HttpRequest, pk: int, act: str) -> HttpResponse:
        if act not in ACTS:
            raise Http404
        agreement = self.agreement_for(request, pk, "agreements.add_request")
        form = AskForm(request.POST or None, agreement=agreement, act=act)
        said = _("The request is sent. Its answer will stand on this page.")
        if request.method == "POST":
            if response := self.made(request, form, said):
                return response
        elif why_not := why_not_asked(agreement, act):
            return self.back(request, pk, why_not)
        label = MOVES[act].label if act in MOVES else _("Publish")
        return self.show(request, form, _("Ask a registrar: %s") % label)

    def decline_view(self, request: HttpRequest, pk: int, key: int) -> HttpResponse:
        asked = self.request_for(request, pk, key)
        asked.agreement.check_may(request.user, asked.permission)
        form = DeclineForm(request.POST or None, asked=asked)
        said = _("The request is declined. Whoever asked will read why.")
        if request.method == "POST" and (response := self.made(request, form, said)):
            return response
        return self.show(request, form, _("Decline: %s") % asked.label, asked=asked)

    def take_back_view(self, request: HttpRequest, pk: int, key: int) -> HttpResponse:
        asked = self.request_for(request, pk, key)
        if asked.asked_by_id != request.user.pk:
            raise PermissionDenied
        form = TakeBackForm(request.POST or None, asked=asked)
        said = _("The request is taken back.")
        if request.method == "POST" and (response := self.made(request, form, said)):
            return response
        return self.show(request, form, _("Take back: %s") % asked.label, asked=asked)

    def request_for(self, request: HttpRequest, pk: int, key: int) -> Request:
        agreement = self.agreement_for(request, pk, SEE)
        found = Request.objects.filter(agreement=agreement, pk=key).select_related("asked_by")
        asked = found.first()
        if asked is None:
            raise Http404
        asked.agreement = agreement
        return asked
