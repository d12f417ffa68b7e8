"""Export and import of records on the staff's lists. The rules are in ``common.sheet_plans``."""

import tempfile
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin.options import IS_POPUP_VAR, TO_FIELD_VAR, IncorrectLookupParameters
from django.contrib.admin.views.main import ALL_VAR, ERROR_FLAG, ORDER_VAR, PAGE_VAR, SEARCH_VAR
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.db import IntegrityError, OperationalError, models, transaction
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from common import sheet_uploads
from common.admin import RegisterAdmin, refusal, refuse_nul, search_fault
from common.sheet_plans import PlanChanged, Reading, enter, plan
from common.sheet_records import SheetOf
from common.sheets import Limits, SheetError, open_sheet, write_csv, write_xlsx

AT_ONCE = 500
# What the address of a list says of how it is shown, and not of which records.
NO_FILTERS = frozenset({ALL_VAR, ERROR_FLAG, ORDER_VAR, PAGE_VAR, IS_POPUP_VAR, TO_FIELD_VAR})
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
IN_MEMORY = 2_000_000


def limits() -> Limits:
    """Nobody waits for minutes before a browser; what was recorded comes back to the letter."""
    return Limits(rows=settings.IMPORT_MAX_ROWS, bytes=settings.IMPORT_MAX_BYTES, unseen_signs=True)


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
        if upload.size > settings.IMPORT_MAX_BYTES:
            megabytes = settings.IMPORT_MAX_BYTES // 2**20
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
            path("export.csv", wrap(require_safe(self.export_csv)), name=f"{name}_export_csv"),
            path("export.xlsx", wrap(require_safe(self.export_xlsx)), name=f"{name}_export_xlsx"),
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
        asked = [pair for pair in request.GET.lists() if pair[0] not in NO_FILTERS]
        which = f"?{urlencode(asked, doseq=True)}" if asked else ""
        offered = {
            "csv": self.address("export_csv") + which,
            "xlsx": self.address("export_xlsx") + which,
            "import": self.address("import") if self.has_import_permission(request) else "",
        }
        return super().changelist_view(request, {**(extra_context or {}), "sheets": offered})

    # Export

    def get_actions(self, request):
        """Whoever sees the list may take away what is chosen in it."""
        found: Any = super().get_actions(request)
        if IS_POPUP_VAR not in request.GET and self.has_view_permission(request):
            for ending, takes in (("csv", self.as_csv), ("xlsx", self.as_xlsx)):
                name, label = f"export_{ending}", _("Export what is chosen as %s") % ending.upper()
                found[name] = (partial(export_chosen, takes=takes), name, label)
        return found

    def exported(self, request: HttpRequest) -> models.QuerySet:
        """All that the list shows under its filters and search, of every page."""
        refuse_nul(request)
        if not self.has_view_permission(request):
            raise PermissionDenied
        listed = self.get_changelist_instance(request).queryset
        words = request.GET.get(SEARCH_VAR, "").strip()
        if words and search_fault(words, by_words=hasattr(listed, "search")):
            raise IncorrectLookupParameters
        return self.to_export(listed)

    def to_export(self, listed: models.QuerySet) -> models.QuerySet:
        rows = self.model._default_manager.filter(pk__in=listed.values("pk"))
        return self.sheet.joined(rows).order_by(*self.opts.ordering)

    def file_name(self, ending: str) -> str:
        return f"{self.opts.model_name}-{timezone.localdate().isoformat()}.{ending}"

    def export_csv(self, request: HttpRequest) -> HttpResponseBase:
        try:
            return self.as_csv(request, self.exported(request))
        except IncorrectLookupParameters:
            return self.back_to_list()

    def as_csv(self, request: HttpRequest, records: models.QuerySet) -> HttpResponseBase:
        content = write_csv(self.sheet.header, self.sheet.rows(records.iterator(AT_ONCE)))
        response = StreamingHttpResponse(content, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{self.file_name("csv")}"'
        return response

    def export_xlsx(self, request: HttpRequest) -> HttpResponseBase:
        try:
            return self.as_xlsx(request, self.exported(request))
        except IncorrectLookupParameters:
            return self.back_to_list()

    def as_xlsx(self, request: HttpRequest, records: models.QuerySet) -> HttpResponseBase:
        # FileResponse closes it.
        file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115
        try:
            rows = self.sheet.rows(records.iterator(AT_ONCE))
            write_xlsx(self.sheet.header, rows, file)
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
        status = 400 if form.errors else 200
        return self.page(request, "import", status, form=form, columns=self.sheet.help())

    def preview_view(self, request: HttpRequest, token: str) -> HttpResponse:
        self.refuse_import(request)
        kept = sheet_uploads.kept(request, token, self.opts.label)
        if kept is None:
            return self.no_longer_at_hand(request)
        if request.method == "POST" and "discard" in request.POST:
            sheet_uploads.discard(request, token)
            messages.info(request, _("Nothing was changed."))
            return self.back_to_list()
        try:
            file = default_storage.open(kept["path"])
        except FileNotFoundError:
            return self.no_longer_at_hand(request)
        with file:
            if request.method != "POST":
                return self.previewed(request, file, kept["name"])
            try:
                counts = self.entered(request, kept, file)
            except sheet_uploads.Gone:
                return self.no_longer_at_hand(request)
            except (PlanChanged, SheetError, IntegrityError, OperationalError) as error:
                said = not_written(error)
                return self.previewed(request, file, kept["name"], status=409, said=said)
        sheet_uploads.discard(request, token)
        said = _("Entered from %(file)s: %(changed)s changed, %(new)s new.")
        messages.success(request, said % {**counts, "file": kept["name"]})
        return self.back_to_list()

    def no_longer_at_hand(self, request: HttpRequest) -> HttpResponse:
        messages.warning(request, _("This file is no longer at hand. Choose it again."))
        return HttpResponseRedirect(self.address("import"))

    def refuse_import(self, request: HttpRequest) -> None:
        refuse_nul(request)
        if not self.has_import_permission(request):
            raise PermissionDenied

    def reading(self, request: HttpRequest, file: Any, name: str) -> Reading:
        return Reading(self.sheet, open_sheet(file, name, limits=limits()), self, request)

    def previewed(
        self, request: HttpRequest, file: Any, name: str, status: int = 200, said: str = ""
    ) -> HttpResponse:
        found, fault = None, ""
        try:
            found = plan(self.reading(request, file, name))
        except SheetError as error:
            fault, status = str(error), max(status, 400)
        more = {"plan": found, "fault": fault, "file_name": name, "said": said}
        return self.page(request, "preview", status, **more)

    def entered(self, request: HttpRequest, kept: dict[str, str], file: Any) -> dict[str, int]:
        """All rows or none, once; one table after the other, so that no two wait crosswise."""
        with transaction.atomic():
            types = ContentType.objects.select_for_update(no_key=True)
            list(types.filter(app_label=self.opts.app_label, model=self.opts.model_name))
            if not default_storage.exists(kept["path"]):
                raise sheet_uploads.Gone
            reading = self.reading(request, file, kept["name"])
            counts = enter(reading, request.POST.get("digest", "")).counts
            # Before the others' turn: whoever confirmed the same file twice finds it gone.
            default_storage.delete(kept["path"])
        return counts

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


def export_chosen(
    screen: SheetAdmin, request: HttpRequest, queryset: models.QuerySet, *, takes: Any
) -> HttpResponseBase:
    return takes(request, screen.to_export(queryset))


def not_written(error: Exception) -> str:
    """Why a table that was confirmed was not written after all."""
    if isinstance(error, OperationalError):
        return _("Nothing was written: others were writing at the same time. Try again.")
    nothing = _("Nothing was written, for it would not be what was shown to you. Look again.")
    why = refusal(error) if isinstance(error, IntegrityError) else str(error)
    return f"{nothing} {why}".strip()
