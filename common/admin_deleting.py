"""Only what was shown is deleted: a record that changed since is shown again first."""

import hashlib
from collections.abc import Iterable
from copy import copy
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import NestedObjects, unquote
from django.core.exceptions import ValidationError
from django.db import models, router, transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from common.admin_changes import record_at, values_of
from common.admin_conflicts import Collision, tables_of
from common.admin_forms import VersionField
from common.versions import StaleVersion

SHOWN, VERSION = "shown", "version"


def digest_of(rows: Iterable[models.Model]) -> str:
    """Of the rows and all that would go with them, with their versions."""
    rows = list(rows)
    if not rows:
        return ""
    collector = NestedObjects(using=router.db_for_write(type(rows[0])))
    collector.collect(rows)
    entries = [
        f"{model._meta.label}:{row.pk}:{getattr(row, 'version', '')}"
        for model, found in collector.data.items()
        for row in found
    ]
    return hashlib.sha256("\n".join(sorted(entries)).encode()).hexdigest()


class SeenDeletes(admin.ModelAdmin):
    """The pages that ask before deleting carry a digest of what they show."""

    def render_delete_form(self, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
        record = context["object"]
        context |= {SHOWN: digest_of([record]), VERSION: getattr(record, "version", "")}
        return super().render_delete_form(request, context)

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        """Called in a transaction, and on POST with the record's row locked (``get_object``)."""
        self.refuse_unseen(request, [obj])
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        with transaction.atomic():
            keys = list(queryset.order_by().values_list("pk", flat=True))
            rows = self.model._base_manager.select_for_update().filter(pk__in=keys)
            self.refuse_unseen(request, rows.order_by("pk"))
            super().delete_queryset(request, queryset)

    def response_action(self, request: HttpRequest, queryset: models.QuerySet, *args: Any) -> Any:
        response = super().response_action(request, queryset, *args)
        context = getattr(response, "context_data", None) or {}
        if "deletable_objects" in context:
            context[SHOWN] = digest_of(context["queryset"])
        return response

    def refuse_unseen(self, request: HttpRequest, rows: Iterable[models.Model]) -> None:
        rows = list(rows)
        if rows and request.POST.get(SHOWN) != digest_of(rows):
            raise StaleVersion(rows[0])

    def shown_again(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The page that asks, as it is now, with what changed since it was last shown."""
        asking = copy(request)
        asking.method, asking.POST = "GET", QueryDict()
        record = self.get_object(asking, unquote(object_id))
        said = _("It has changed since you were asked, so nothing is deleted yet. Look again.")
        found = {"said": said, "conflicts": changes_seen(record, request)}
        response = super().delete_view(asking, object_id, found)
        response.status_code = 409
        return response


def changes_seen(record: Any, request: HttpRequest) -> list[Any]:
    """What changed in the record itself since the version that the page says it showed."""
    try:
        since = VersionField().clean(request.POST.get(VERSION))
    except ValidationError:
        return []
    before = record_at(record, since) if record and since and hasattr(record, "version") else None
    if before is None or since == record.version:
        return []
    return tables_of([Collision(record, since, values_of(before), {})], request.user)
