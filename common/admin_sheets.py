"""Export and import of records on the staff's lists. The rules are in ``common.sheet_plans``."""

import tempfile
from contextlib import suppress
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.db import IntegrityError, models, transaction
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import sheet_uploads
from common.admin import RegisterAdmin, refusal, refuse_nul
from common.sheet_plans import PlanChanged, Reading, enter, plan
from common.sheet_records import SheetOf
from common.sheets import LIMITS, Limits, SheetError, open_sheet, write_csv, write_xlsx
from common.versions import StaleVersion

OWN = Limits(unseen_signs=True)
AT_ONCE = 500
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IN_MEMORY = 2_000_000


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "An export of this list, edited: CSV or XLSX. First you are shown what would change; "
            "nothing is written before you confirm."
        ),
    )

    def clean_file(self):
        upload = self.cleaned_data["file"]
        if upload.size > LIMITS.bytes:
            megabytes = LIMITS.bytes // 1_000_000
            raise ValidationError(
                _("The file is larger than %(size)s MB. Split it.") % {"size": megabytes}
            )
        return upload


class SheetAdmin(RegisterAdmin):
    """A list that can be taken away as a table, edited in a spreadsheet, and brought back."""

    sheet: ClassVar[SheetOf]
    import_permission: ClassVar[str]

    def get_urls(self):
        wrap, name = self.admin_site.admin_view, f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            path("export.csv", wrap(self.export_csv), name=f"{name}_export_csv"),
            path("export.xlsx", wrap(self.export_xlsx), name=f"{name}_export_xlsx"),
            path("import/", wrap(self.import_view), name=f"{name}_import"),
            path("import/<slug:token>/", wrap(self.preview_view), name=f"{name}_import_preview"),
            *super().get_urls(),
        ]

    def address(self, what: str, *args: str) -> str:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_{what}"
        return reverse(name, args=args)

    def has_import_permission(self, request: HttpRequest) -> bool:
        return (
            request.user.has_perm(self.import_permission)
            and self.has_add_permission(request)
            and self.has_change_permission(request)
        )

    def changelist_view(self, request, extra_context=None):
        offered = {
            "export": {"CSV": self.address("export_csv"), "XLSX": self.address("export_xlsx")},
            "import": self.address("import") if self.has_import_permission(request) else "",
        }
        return super().changelist_view(request, {**(extra_context or {}), "sheets": offered})

    # Export

    def exported(self, request: HttpRequest) -> models.QuerySet:
        """All that the list shows under its filters and search, of every page."""
        refuse_nul(request)
        if not self.has_view_permission(request):
            raise PermissionDenied
        listed = self.get_changelist_instance(request).queryset
        rows = self.model._default_manager.filter(pk__in=listed.values("pk"))
        return self.sheet.joined(rows).order_by(*self.opts.ordering)

    def file_name(self, ending: str) -> str:
        return f"{self.opts.model_name}-{timezone.localdate().isoformat()}.{ending}"

    def export_csv(self, request: HttpRequest) -> HttpResponseBase:
        try:
            rows = self.exported(request).iterator(AT_ONCE)
        except IncorrectLookupParameters:
            return self.back_to_list()
        content = write_csv(self.sheet.header, self.sheet.rows(rows))
        response = StreamingHttpResponse(content, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{self.file_name("csv")}"'
        return response

    def export_xlsx(self, request: HttpRequest) -> HttpResponseBase:
        # FileResponse closes it.
        file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115
        try:
            rows = self.exported(request).iterator(AT_ONCE)
            write_xlsx(self.sheet.header, self.sheet.rows(rows), file)
        except IncorrectLookupParameters:
            return self.back_to_list()
        except SheetError as error:
            messages.error(request, str(error))
            return self.back_to_list()
        file.seek(0)
        name = self.file_name("xlsx")
        return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)

    def back_to_list(self) -> HttpResponse:
        return HttpResponseRedirect(self.address("changelist"))

    # Import

    def import_view(self, request: HttpRequest) -> HttpResponse:
        self.refuse_import(request)
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            upload = form.cleaned_data["file"]
            try:
                self.reading(request, upload.file, upload.name)
            except SheetError as error:
                form.add_error("file", str(error))
            else:
                token = sheet_uploads.keep(request, upload, self.opts.label)
                return HttpResponseRedirect(self.address("import_preview", token))
        return self.page(request, "import", form=form, columns=self.sheet.columns)

    def preview_view(self, request: HttpRequest, token: str) -> HttpResponse:
        self.refuse_import(request)
        kept = sheet_uploads.kept(request, token, self.opts.label)
        if kept is None:
            messages.warning(request, _("This file is no longer at hand. Choose it again."))
            return HttpResponseRedirect(self.address("import"))
        if request.method == "POST" and "discard" in request.POST:
            sheet_uploads.discard(request, token)
            messages.info(request, _("Nothing was changed."))
            return self.back_to_list()
        with default_storage.open(kept["path"]) as file:
            if request.method == "POST":
                return self.entered(request, token, file, kept["name"])
            return self.previewed(request, file, kept["name"])

    def refuse_import(self, request: HttpRequest) -> None:
        refuse_nul(request)
        if not self.has_import_permission(request):
            raise PermissionDenied

    def reading(self, request: HttpRequest, file: Any, name: str) -> Reading:
        return Reading(self.sheet, open_sheet(file, name, limits=OWN), self, request)

    def previewed(self, request: HttpRequest, file: Any, name: str, **more: Any) -> HttpResponse:
        found, fault = None, ""
        try:
            found = plan(self.reading(request, file, name))
        except SheetError as error:
            fault = str(error)
        return self.page(request, "preview", plan=found, fault=fault, file_name=name, **more)

    def entered(self, request: HttpRequest, token: str, file: Any, name: str) -> HttpResponse:
        """All rows or none; when the register has changed meanwhile, the plan is shown anew."""
        try:
            with transaction.atomic():
                reading = self.reading(request, file, name)
                counts = enter(reading, request.POST.get("digest", "")).counts
        except (PlanChanged, StaleVersion, SheetError):
            said = _(
                "The register has changed since this was shown to you, so nothing was "
                "written. Look at it again."
            )
            return self.previewed(request, file, name, said=said, status=409)
        except IntegrityError as error:
            return self.previewed(request, file, name, said=refusal(error), status=409)
        with suppress(OSError):
            sheet_uploads.discard(request, token)
        said = _("Entered from %(file)s: %(changed)s changed, %(new)s new.")
        messages.success(request, said % {**counts, "file": name})
        return self.back_to_list()

    def page(self, request: HttpRequest, which: str, status: int = 200, **more: Any):
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Import: %s") % self.opts.verbose_name_plural,
            "list_url": self.address("changelist"),
            "import_url": self.address("import"),
            **more,
        }
        return TemplateResponse(request, f"admin/sheets/{which}.html", context, status=status)
