"""What the staff's screens share: versions, refusals in words, strict queries, edit history."""

import re
from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import BaseModelAdmin, InlineModelAdmin
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ORDER_VAR
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied, SuspiciousOperation, ValidationError
from django.db import IntegrityError, models
from django.forms import ModelMultipleChoiceField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.admin_conflicts import tables_of
from common.admin_deleting import SeenDeletes
from common.admin_forms import VersionedFormSet, VersionedModelForm
from common.admin_timeline import BulkTeller, Strand, Timeline, strands_of
from common.admin_widgets import KnownSelect, KnownSelectMultiple, is_key
from common.filters import TOO_LONG
from common.finding import Query
from common.versions import StaleVersion

admin.site.site_header = _("Twinning")
admin.site.site_title = _("Twinning")
admin.site.index_title = _("The register")
admin.site.empty_value_display = "—"

LONGEST_SEARCH = 200
TOTAL = "-TOTAL_FORMS"
ROW = re.compile(r"(.+)-(\d{1,9})-")
# A row of which a browser sends nothing at all, such as one of empty lists.
SPARE_ROWS = 20


class StrictQueries(SeenDeletes):
    """Only what a list declares can be asked of it; a text that no database takes, of none."""

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        return lookup in self.declared_lookups(request)

    def declared_lookups(self, request: HttpRequest) -> set[str]:
        declared: set[str] = set()
        for entry in self.get_list_filter(request):
            name = entry[0] if isinstance(entry, tuple) else entry
            if isinstance(name, str):
                endings = ("", "__exact", "__id__exact", "__isnull", "__in")
                declared |= {name + ending for ending in endings}
            else:
                declared.add(name.parameter_name)
        return declared

    def get_search_results(self, request, queryset, search_term):
        term = search_term.replace("\0", "")[:LONGEST_SEARCH]
        return super().get_search_results(request, queryset, term)

    def changelist_view(self, request, extra_context=None):
        refuse_nul(request)
        if not all(map(is_key, request.POST.getlist(ACTION_CHECKBOX_NAME))):
            raise SuspiciousOperation("No key of a row")
        try:
            return super().changelist_view(request, extra_context)
        except (IntegrityError, StaleVersion) as error:
            messages.error(request, refusal(error))
            return HttpResponseRedirect(request.get_full_path())

    def get_object(self, request, object_id, from_field=None):
        """On POST under a lock, so that who comes second sees what the first has saved."""
        if "\0" in object_id:
            return None
        found = super().get_object(request, object_id, from_field)
        if found is None or request.method != "POST":
            return found
        list(self.model._base_manager.select_for_update().filter(pk=found.pk).values_list("pk"))
        return super().get_object(request, object_id, from_field)

    def delete_view(self, request, object_id, extra_context=None):
        try:
            return super().delete_view(request, object_id, extra_context)
        except StaleVersion:
            return self.shown_again(request, object_id)
        except IntegrityError as error:
            messages.error(request, refusal(error))
            return HttpResponseRedirect(request.path)


def refuse_nul(request: HttpRequest) -> None:
    """PostgreSQL takes no NUL in a text, so nothing that has one can ever be found: a 400."""
    if any("\0" in text for pair in request.GET.lists() for text in (pair[0], *pair[1])):
        raise SuspiciousOperation("A NUL in the query")


def refuse_absurd_counts(request: HttpRequest) -> None:
    """A form that claims far more rows than it brings would be built row by row first: a 400."""
    rows: dict[str, set[str]] = {}
    for key in request.POST:
        if found := ROW.match(key):
            rows.setdefault(found[1], set()).add(found[2])
    for key in request.POST:
        prefix, ending = key[: -len(TOTAL)], key[-len(TOTAL) :]
        told = request.POST[key].strip()
        if ending == TOTAL and told.isdecimal():
            most = len(rows.get(prefix, ())) + SPARE_ROWS
            if len(told) > 9 or int(told) > most:
                raise SuspiciousOperation("More rows were told of than sent")


def search_fault(text: str, *, by_words: bool) -> str:
    """What is wrong with a text to search for, in words; ``by_words``: it needs one at least."""
    if len(text) > LONGEST_SEARCH:
        return TOO_LONG % {"most": LONGEST_SEARCH, "length": len(text)}
    fault = Query(text).fault()
    return fault.messages[0] if fault and (by_words or fault.code != "no_word") else ""


def refusal(error: Exception) -> str:
    if isinstance(error, StaleVersion):
        return gettext("Somebody changed this at the same moment. Open it again and look first.")
    # The triggers' messages are for people; what SQLite or PostgreSQL add to them is not.
    said = str(error).split("\n")[0]
    return gettext("The register refuses this: %s") % said


class KeysField(ModelMultipleChoiceField):
    """Django's own asks the database for whatever number it is given, which may be too large."""

    def clean(self, value):
        for key in value or ():
            if not is_key(str(key)):
                raise ValidationError(self.error_messages["invalid_pk_value"], params={"pk": key})
        return super().clean(value)


class StrictKeys(BaseModelAdmin):
    def formfield_for_manytomany(self, db_field, request, **kwargs):
        kwargs["form_class"] = KeysField
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = KnownSelectMultiple(db_field, self.admin_site)
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class Dressed(StrictKeys):
    """Inputs as the register likes them."""

    exclude = ("version",)
    empty_value_display = "—"
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = KnownSelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(db_field, models.TextField) and field:
            field.widget.attrs["rows"] = 4
        if isinstance(getattr(field, "widget", None), RelatedFieldWidgetWrapper):
            # To look at the other record and to add one is enough beside an input.
            field.widget.can_change_related = field.widget.can_delete_related = False
        return field

    def get_fieldsets(self, request, obj=None):
        """As declared, with the hidden version where there is something to change."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not self.has_change_permission(request, obj):
            return fieldsets
        (name, options), *others = fieldsets
        fields = [*options["fields"], "version"]
        return [(name, {**options, "fields": fields}), *others]


class RegisterAdmin(Dressed, StrictQueries):
    """Of every main record. Its ``search`` is the queryset's own where it has one."""

    form = VersionedModelForm
    list_per_page = 50
    show_full_result_count = False
    # Models whose edits are told with those of the record, and their foreign keys to it.
    attached: ClassVar[tuple[tuple[type[models.Model], str], ...]] = ()

    def get_search_results(self, request, queryset, search_term):
        """As the public searches. The best comes first, unless a column was chosen to sort by."""
        if not search_term.strip():
            return queryset, False
        if fault := search_fault(search_term, by_words=hasattr(queryset, "search")):
            if not request.path.endswith("/autocomplete/"):
                messages.error(request, fault)
            return queryset.none(), False
        if not hasattr(queryset, "search"):
            return super().get_search_results(request, queryset, search_term)
        found = queryset.search(search_term)
        chosen = queryset.query.order_by if ORDER_VAR in request.GET else ()
        return found.order_by(*chosen) if chosen else found, False

    def save_model(self, request, obj, form, change):
        """An untouched record is not saved: it would collide with colleagues for nothing."""
        if not change or form.typed():
            super().save_model(request, obj, form, change)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """A save that meets another at the last moment is tried again, and the form sees it."""
        refuse_nul(request)
        refuse_absurd_counts(request)
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (StaleVersion, IntegrityError):
            for upload in request.FILES.values():
                upload.seek(0)
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (StaleVersion, IntegrityError) as error:
            return self.refused(request, refusal(error))

    def refused(self, request: HttpRequest, said: str) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "title": _("Not saved"), "said": said}
        return TemplateResponse(request, "admin/refused.html", context, status=409)

    def get_changeform_initial_data(self, request):
        """From the query, so what is no key is passed over."""
        initial = super().get_changeform_initial_data(request)
        for field in (*self.opts.fields, *self.opts.many_to_many):
            if field.is_relation and field.name in initial:
                given = initial[field.name]
                keys = given if isinstance(given, list) else [given]
                if not all(map(is_key, keys)):
                    del initial[field.name]
        return initial

    def render_change_form(self, request, context, *args, **kwargs):
        forms = [context["adminform"].form]
        for inline in context["inline_admin_formsets"]:
            forms += inline.formset.forms
        collisions = [getattr(form, "collision", None) for form in forms]
        context["conflicts"] = tables_of(collisions, request.user)
        response = super().render_change_form(request, context, *args, **kwargs)
        if any(getattr(form, "conflict", False) for form in forms):
            response.status_code = 409
        return response

    def reader(self, request: HttpRequest) -> Any:
        """Whoever the edits are told to, where they may not see all that those name; else None."""
        return None

    def history_view(self, request, object_id, extra_context=None):
        """Who changed what and when, of the record and of what hangs on it."""
        refuse_nul(request)
        record = self.get_object(request, unquote(object_id))
        if record is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, record):
            raise PermissionDenied
        strands = self.strands(request, record)
        timeline = Timeline(strands, self.teller(request), request.GET)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Edits: %s") % record,
            "object": record,
            "opts": self.opts,
            "timeline": timeline,
            **(extra_context or {}),
        }
        template = "admin/edit_history.html"
        return TemplateResponse(request, template, context, status=timeline.status)

    def strands(self, request: HttpRequest, record: models.Model) -> Sequence[Strand]:
        """What the history is spun of: the record's edits, and those of what hangs on it."""
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return strands_of(record, self.attached, reverse(name, args=[record.pk]))

    def teller(self, request: HttpRequest) -> BulkTeller:
        return BulkTeller(self.reader(request))


class RegisterInline(Dressed, InlineModelAdmin):
    """Rows that hang on a record."""

    form = VersionedModelForm
    formset = VersionedFormSet
    extra = 0
    view_on_site = False


class RegisterStacked(RegisterInline):
    template = "admin/edit_inline/stacked.html"


class RegisterTabular(RegisterInline):
    template = "admin/edit_inline/tabular.html"


admin.site.unregister([User, Group])


class SuperusersOnly(StrictKeys):
    """Accounts and groups: a permission given by mistake opens no way to give oneself more."""

    def has_module_permission(self, request):
        return request.user.is_superuser

    def has_view_permission(self, request, obj=None):
        return request.user.is_superuser

    def has_add_permission(self, request):
        return request.user.is_superuser

    def has_change_permission(self, request, obj=None):
        return request.user.is_superuser

    def has_delete_permission(self, request, obj=None):
        return request.user.is_superuser


class Accounts(SuperusersOnly, StrictQueries):
    pass


@admin.register(User)
class AccountAdmin(Accounts, UserAdmin):
    """Who may do what is said by roles alone; ``make_roles`` keeps those."""

    list_display = ("username", "first_name", "last_name", "is_active", "is_superuser")
    list_filter = ("is_staff", "is_superuser", "is_active", "groups")
    filter_horizontal = ()
    autocomplete_fields = ("groups",)
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name", "email")}),
        (_("Permissions"), {"fields": ("is_active", "is_staff", "groups", "is_superuser")}),
        (_("Seen"), {"fields": ("last_login", "date_joined")}),
    )


@admin.register(Group)
class RoleAdmin(Accounts, GroupAdmin):
    filter_horizontal = ()
