"""Pages on which an agreement is moved, published, unpublished and marked as verified."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _

from agreements import outlook
from agreements.admin.acts import ActViews
from agreements.admin.standing import cautions
from agreements.forms import MoveForm, VisibilityForm
from agreements.forms_of_acts import VerifyForm
from agreements.lifecycle import MOVES, Move
from agreements.models import Agreement

TRY = "_outlook"  # the button that shows what the public will read


class MoveViews(ActViews):
    def get_urls(self):
        wrap, name = self.admin_site.admin_view, "agreements_agreement"
        return [
            path("<int:pk>/move/<slug:move>/", wrap(self.move_view), name=f"{name}_move"),
            *(
                path(f"<int:pk>/{act}/", wrap(self.visibility_view), {"act": act}, f"{name}_{act}")
                for act in ("publish", "unpublish")
            ),
            path("<int:pk>/verify/", wrap(self.verify_view), name=f"{name}_verify"),
            *super().get_urls(),
        ]

    def move_view(self, request: HttpRequest, pk: int, move: str) -> HttpResponse:
        row = MOVES.get(move)
        if row is None:
            raise Http404
        agreement = self.agreement_for(request, pk, row.permission)
        form = MoveForm(request.POST or None, agreement=agreement, row=row, user=request.user)
        if request.method == "POST" and TRY not in request.POST:
            said = _("The agreement is on record as %s.") % row.done
            return self.made(request, form, said) or self.show_move(request, form, row)
        if agreement.status not in row.from_statuses:
            said = _("An agreement that is %(status)s cannot be %(done)s.")
            status = agreement.get_status_display()
            return self.back(request, pk, said % {"status": status, "done": row.done})
        tried = self.tried(request, form) if request.method == "POST" else None
        return self.show_move(request, form, row, tried)

    def tried(self, request: HttpRequest, form: MoveForm) -> outlook.Outlook | None:
        """What the public will read after just this move; None where it is refused."""
        found: list[outlook.Outlook] = []

        def act() -> None:
            found.append(outlook.after(form.agreement, lambda: form.make(by=request.user)))

        return found[0] if self.did(form, act) else None

    def show_move(
        self,
        request: HttpRequest,
        form: MoveForm,
        row: Move,
        tried: outlook.Outlook | None = None,
    ) -> HttpResponse:
        agreement = self.get_queryset(request).get(pk=form.agreement.pk)
        foreseen: dict[str, Any] = {"outlook": tried}
        if tried is None and agreement.is_public:
            said = outlook.said(agreement)
            foreseen = {"now": said, "announced": outlook.announced(row)}
        return self.show(
            request,
            form,
            row.label,
            cautions=cautions(agreement, row),
            asks_step=True,
            **foreseen,
        )

    def visibility_view(self, request: HttpRequest, pk: int, act: str) -> HttpResponse:
        agreement = self.agreement_for(request, pk, "agreements.publish_agreement")
        form = VisibilityForm(request.POST or None, agreement=agreement, act=act)
        title, said = {
            "publish": (_("Publish"), _("The agreement is public now.")),
            "unpublish": (_("Unpublish"), _("The agreement is internal now.")),
        }[act]
        if request.method == "POST" and (response := self.made(request, form, said)):
            return response

        def done(copy: Agreement) -> None:
            copy.publish(by=request.user) if act == "publish" else copy.unpublish(by=request.user)

        return self.show(request, form, title, outlook=self.foreseen(pk, done))

    def verify_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        agreement = self.agreement_for(request, pk, "agreements.change_agreement")
        form = VerifyForm(request.POST or None, agreement=agreement)
        said = _("The agreement is on record as verified.")
        if request.method == "POST" and (response := self.made(request, form, said)):
            return response
        return self.show(request, form, _("Mark as verified"))
