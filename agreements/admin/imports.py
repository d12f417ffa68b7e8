"""Lists of ties in the admin: upload, look through, confirm. Nothing is entered unseen."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from agreements import uploads
from agreements.admin.import_form import UploadForm
from agreements.admin.import_report import ORDER, SIGNS, Report, refused_rows
from agreements.imports import ImportRefused, Options, Plan, PlanChanged, RowsRefused
from agreements.models import Agreement, Citation, Listing, TieImport
from cities.offices import is_bound
from common.admin import StrictQueries, refuse_nul
from common.admin_widgets import is_key
from common.dates_display import display_partial_date
from common.sheets import SheetError, write_csv
from common.templatetags.numbers import number

NAME = "agreements_tieimport"
MOST_LISTED = 100
GONE = _("It was entered or thrown away in the meantime.")


@admin.register(TieImport)
class TieImportAdmin(StrictQueries):
    list_display = ("file_name", "source", "state", "uploaded_at", "uploaded_by", "what", "entered")
    list_filter = (("committed_at", admin.EmptyFieldListFilter),)
    list_select_related = ("source", "uploaded_by")
    search_fields = ("file_name", "source__publisher", "source__title")
    search_help_text = _("Name of the file, or publisher or title of the list.")
    list_per_page = 50
    show_full_result_count = False
    actions = None

    def get_urls(self):
        def view(route: str, made, name: str):
            return path(route, self.admin_site.admin_view(made), name=f"{NAME}_{name}")

        aside = (f"{NAME}_history", f"{NAME}_delete")
        return [
            view("<int:pk>/preview/", self.preview_view, "preview"),
            view("<int:pk>/enter/", require_POST(self.enter_view), "enter"),
            view("<int:pk>/discard/", require_POST(self.discard_view), "discard"),
            view("<int:pk>/report.json", self.report_view, "report"),
            view("<int:pk>/refused.csv", self.refused_view, "refused"),
            *(url for url in super().get_urls() if url.name not in aside),
        ]

    def get_queryset(self, request):
        seen = uploads.seen_by(request.user).order_by()
        return super().get_queryset(request).filter(pk__in=seen.values("pk"))

    def get_form(self, request, obj=None, change=False, **kwargs):
        return UploadForm

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    # The list

    @admin.display(description=_("state of the list"), ordering="listed_on")
    def state(self, run):
        return display_partial_date(run.listed_on)

    @admin.display(description=_("rows"))
    def what(self, run):
        return number(sum(run.counts.values())) if run.counts else "—"

    @admin.display(description=_("entered"), boolean=True, ordering="committed_at")
    def entered(self, run):
        return run.committed_at is not None

    # Bringing a file

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        refuse_nul(request)
        again = self.to_correct(request)
        if request.method != "POST":
            initial = UploadForm.initial_from(again) if again else None
            return self.show_form(request, UploadForm(user=request.user, initial=initial), again)
        uploads.sweep()
        form = UploadForm(request.POST, request.FILES, user=request.user)
        if form.is_valid() and (run := self.kept(form, again)):
            return HttpResponseRedirect(address("preview", run))
        return self.show_form(request, form, again)

    def to_correct(self, request: HttpRequest) -> TieImport | None:
        """The upload that this one is to take the place of."""
        key = request.GET.get("again", "")
        waiting = self.get_queryset(request).filter(committed_at=None).select_related("source")
        return waiting.filter(pk=key).first() if is_key(key) else None

    def kept(self, form: UploadForm, again: TieImport | None) -> TieImport | None:
        """The upload, put away; or None, with what is wrong said at the form."""
        file = form.cleaned_data["file"]
        try:
            return uploads.keep(
                file, file.name, form.options(), typed=form.typed(), instead_of=again
            )
        except SheetError as error:
            form.add_error("file", str(error))
        except ImportRefused as error:
            form.add_error(None, str(error))
        return None

    def show_form(
        self, request: HttpRequest, form: UploadForm, again: TieImport | None
    ) -> HttpResponse:
        context = self.context(request, _("Import ties"), form=form, again=again)
        context["media"] = self.media + form.media
        status = 400 if form.errors else 200
        return TemplateResponse(request, "admin/imports/upload.html", context, status=status)

    # Looking through it

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        refuse_nul(request)
        run = self.waiting(request, pk)
        return self.show_preview(request, run)

    def show_preview(
        self, request: HttpRequest, run: TieImport, said: Any = "", status: int = 200
    ) -> HttpResponse:
        plan = self.plan_of(request, run)
        if isinstance(plan, HttpResponse):
            return plan
        report = Report(plan, request.GET.get("result", ""), request.GET.get("p", ""))
        context = self.context(
            request, gettext("Preview: %s") % run.file_name, run=run, report=report, said=said
        )
        return TemplateResponse(request, "admin/imports/preview.html", context, status=status)

    def report_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        plan = self.plan_of(request, self.waiting(request, pk))
        if isinstance(plan, HttpResponse):
            return plan
        headers = {"Content-Disposition": 'attachment; filename="report.json"'}
        options = {"ensure_ascii": False, "indent": 2}
        return JsonResponse(plan.as_json(), json_dumps_params=options, headers=headers)

    def refused_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        plan = self.plan_of(request, self.waiting(request, pk))
        if isinstance(plan, HttpResponse):
            return plan
        header, rows = refused_rows(plan)
        return StreamingHttpResponse(
            write_csv(header, rows),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="refused.csv"'},
        )

    def plan_of(self, request: HttpRequest, run: TieImport) -> Plan | HttpResponse:
        """What would become of the file now; or, where that cannot be told, back to the form."""
        try:
            return uploads.planned(run, uploads.options_of(run, request.user))
        except (SheetError, ImportRefused) as error:
            messages.error(request, str(error))
        except FileNotFoundError:
            messages.error(request, gettext("The file is no longer there. Upload it once more."))
        return HttpResponseRedirect(again_address(run))

    # Entering it, or not

    def enter_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self.waiting(request, pk)
        options = uploads.options_of(run, request.user)
        digest, leave_out = request.POST.get("digest", ""), "leave_out" in request.POST
        try:
            done = uploads.entered(run, digest, options, leave_out=leave_out)
        except PlanChanged as error:
            return self.show_preview(request, run, said=str(error), status=409)
        except RowsRefused as error:
            return self.show_preview(request, run, said=str(error), status=400)
        except uploads.Gone:
            messages.warning(request, GONE)
            return HttpResponseRedirect(reverse(f"admin:{NAME}_changelist"))
        except (SheetError, ImportRefused, FileNotFoundError):
            # The preview says what it is.
            return HttpResponseRedirect(address("preview", run))
        self.log_addition(request, done, gettext("Ties entered."))
        messages.success(request, gettext("The ties are entered."))
        return HttpResponseRedirect(address("change", done))

    def discard_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        run = self.waiting(request, pk)
        if "throw_away" not in request.POST:
            return HttpResponseRedirect(address("preview", run))
        uploads.throw_away(run)
        messages.success(request, gettext("Thrown away; nothing was entered."))
        return HttpResponseRedirect(reverse(f"admin:{NAME}_changelist"))

    def waiting(self, request: HttpRequest, pk: int) -> TieImport:
        """One's own upload that is not entered yet; to others it is not there."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        found = self.get_queryset(request).filter(pk=pk, committed_at=None)
        if run := found.select_related("source").first():
            return run
        raise Http404

    # What was entered

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Read-only; what still waits to be confirmed is shown as its preview."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        run = self.get_object(request, object_id) if is_key(object_id) else None
        if run is None:
            raise Http404
        if run.committed_at is None:
            return HttpResponseRedirect(address("preview", run))
        counts = [(result, run.counts.get(result.value, 0)) for result in ORDER]
        context = self.context(
            request,
            gettext("Import: %s") % run.file_name,
            run=run,
            counts=[(result, SIGNS[result], rows) for result, rows in counts if rows],
            options=Options.from_run(run),
            listings=listings_of(run, request.user),
        )
        return TemplateResponse(request, "admin/imports/result.html", context)

    def context(self, request: HttpRequest, title: Any, **more: Any) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            **more,
        }


def listings_of(run: TieImport, user: Any) -> list[Listing]:
    """The first rows that were entered with this file, with the agreements that they speak of.

    To whoever is bound to an office, those of the agreements that they keep.
    """
    parties = Agreement.objects.with_parties()
    rows = Listing.objects.filter(run=run).order_by("row").select_related("citation")
    if is_bound(user):
        rows = rows.filter(citation__in=Citation.objects.order_by().kept_by(user))
    return list(rows.prefetch_related(Prefetch("citation__agreement", parties))[:MOST_LISTED])


def address(view: str, run: TieImport) -> str:
    return reverse(f"admin:{NAME}_{view}", args=[run.pk])


def again_address(run: TieImport) -> str:
    return reverse(f"admin:{NAME}_add") + f"?again={run.pk}"
