"""The page on which a registrar undoes a step that was recorded by mistake."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _

from agreements.admin.moves import MoveViews
from agreements.forms_of_acts import UndoForm
from agreements.models.moving import UNDO


class UndoViews(MoveViews):
    def get_urls(self):
        page = self.admin_site.admin_view(self.undo_view)
        return [
            path("<int:pk>/undo/", page, name="agreements_agreement_undo"),
            *super().get_urls(),
        ]

    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        agreement = self.agreement_for(request, pk, UNDO)
        form = UndoForm(request.POST or None, agreement=agreement)
        if request.method == "POST":
            said = _("The step is undone. It stays on record for the staff, as a mistake.")
            if response := self.made(request, form, said):
                return response
            agreement.refresh_from_db()
        elif why_not := agreement.why_not_undone():
            return self.back(request, pk, " ".join(map(str, why_not)))
        return self.show(
            request,
            form,
            _("Undo a step"),
            steps=list(agreement.steps.select_related("acted_by", "recorded_by"))[-2:],
            outlook=self.foreseen(pk, lambda copy: copy.undo(by=request.user, reason="…")),
        )
