"""Acts on many records of a list: first shown row by row, then done to just what was shown.

An act says of each row why not, or what would become of it. The page that asks carries the version
of every row that it shows; on confirmation the rows are locked, those that somebody changed
meanwhile are left alone and shown again, and the rest is done in one transaction.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import SuspiciousOperation, ValidationError
from django.db import IntegrityError, OperationalError, models, transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.admin_changes import Change
from common.admin_conflicts import unchanged
from common.admin_sheets import SheetAdmin, not_written
from common.templatetags.numbers import number
from common.versions import StaleVersion

MOST = 500
# Of so many refused rows the message that follows tells the reasons; the page tells all.
MOST_REASONS = 5
LONGEST_MESSAGE = 1_500
SEEN = re.compile(r"\d{1,18}:\d{1,9}(,\d{1,18}:\d{1,9})*")
LOOK, DO = "look", "do"
SHOW_AGAIN = gettext_lazy("It could not be done when you were asked. Choose it again.")


@dataclass
class Row:
    """One record of the page that asks: what becomes of it, or why nothing does.

    ``changes`` are what others changed since it was last shown; ``gives`` what else the act means
    for it, in words.
    """

    record: Any
    name: str
    url: str = ""
    old: str = ""
    new: str = ""
    gives: str = ""
    why_not: list[Any] = field(default_factory=list)
    changes: list[Change] | None = None


class BulkAct:
    """Something to be done to many records. Each declares itself; ``permission`` is needed for it.

    ``form`` asks what is to be known beforehand, such as which sector.
    """

    name: ClassVar[str]
    label: ClassVar[Any]
    permission: ClassVar[str]
    explains: ClassVar[Any] = ""
    form: ClassVar[type[forms.Form] | None] = None

    def join(self, records: list[Any]) -> None:
        """Read what ``why_not`` and ``becomes`` draw on, for all of them at once."""

    def title_of(self, record: Any) -> str:
        return str(record)

    def why_not(self, record: Any, user: Any, form: Any) -> list[Any]:
        """In words why it is not to be done to this one; empty where it can be."""
        return []

    def becomes(self, record: Any, form: Any) -> tuple[Any, Any]:
        """From what to what."""
        raise NotImplementedError

    def gives(self, record: Any) -> str:
        return ""

    def do(self, records: Sequence[Any], user: Any, form: Any) -> None:
        """To locked records of the versions that were shown, in a transaction."""
        raise NotImplementedError

    def done(self, count: int) -> str:
        """What is said when it is done to so many: “12 published”."""
        raise NotImplementedError


class BulkAdmin(SheetAdmin):
    """A list with acts on what is chosen in it."""

    bulk: ClassVar[tuple[BulkAct, ...]] = ()

    def get_actions(self, request):
        found: Any = super().get_actions(request)
        if IS_POPUP_VAR in request.GET:
            return found
        for act in self.bulk:
            if request.user.has_perm(act.permission):
                found[act.name] = (partial(type(self).bulk_view, act=act), act.name, act.label)
        return found

    def bulk_view(
        self, request: HttpRequest, queryset: models.QuerySet, *, act: BulkAct
    ) -> HttpResponseBase | None:
        """The page that asks, or what became of it; None leads back to the list."""
        step = request.POST.get("step", "")
        form = act.form(request.POST if step else None) if act.form else None
        if step not in (LOOK, DO):
            records = list(queryset[: MOST + 1])
            return self.bulk_page(request, act, form, records)
        seen, left = (parsed(request.POST.get(name, "")) for name in ("seen", "left"))
        if step == DO and (form is None or form.is_valid()):
            return self.bulk_done(request, act, form, seen, left)
        records = list(self.get_queryset(request).filter(pk__in=seen | left))
        return self.bulk_page(request, act, form, records)

    def bulk_page(
        self,
        request: HttpRequest,
        act: BulkAct,
        form: forms.Form | None,
        records: list[Any],
        changed: dict[int, list[Change]] | None = None,
    ) -> HttpResponseBase | None:
        if len(records) > MOST:
            said = _("At most %(most)s can be done at a time. Choose fewer, or filter the list.")
            messages.error(request, said % {"most": number(MOST)})
            return None
        if not records:
            messages.warning(request, _("None of them is there any more."))
            return None
        asks = form is not None and not (form.is_bound and form.is_valid())
        rows = self.bulk_rows(request, act, form, records, asks=asks)
        for row in rows:
            row.changes = (changed or {}).get(row.record.pk)
        fit = [row for row in rows if not row.why_not]
        refused = [row for row in rows if row.why_not]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": act.label,
            "act": act,
            "form": form,
            "asks": asks,
            "step": LOOK if asks else DO,
            "rows": fit,
            "refused": refused,
            "changed": changed,
            "seen": as_text(fit),
            "left": as_text(refused),
            "first": rows[0].record.pk,
            "back_url": request.get_full_path(),
        }
        status = 409 if changed else 400 if form is not None and form.errors else 200
        return TemplateResponse(request, "admin/bulk/confirm.html", context, status=status)

    def bulk_rows(
        self,
        request: HttpRequest,
        act: BulkAct,
        form: Any,
        records: list[Any],
        *,
        asks: bool = False,
    ) -> list[Row]:
        """While something is still asked for, nothing is known of any row but its name."""
        act.join(records)
        view = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        rows = []
        for record in records:
            row = Row(record, act.title_of(record), reverse(view, args=[record.pk]))
            if not asks:
                row.why_not = act.why_not(record, request.user, form)
                row.old, row.new = ("", "") if row.why_not else act.becomes(record, form)
                row.gives = "" if row.why_not else act.gives(record)
            rows.append(row)
        return rows

    def bulk_done(
        self,
        request: HttpRequest,
        act: BulkAct,
        form: Any,
        seen: dict[int, int],
        left: dict[int, int],
    ) -> HttpResponseBase | None:
        try:
            with transaction.atomic():
                done, refused, changed = self.do_locked(request, act, form, seen)
        except (ValidationError, IntegrityError, StaleVersion, OperationalError) as error:
            messages.error(request, not_written(error))
            return None
        others = list(self.get_queryset(request).filter(pk__in=left))
        for row in self.bulk_rows(request, act, form, others):
            row.why_not = row.why_not or [SHOW_AGAIN]
            refused.append(row)
        again = list(self.get_queryset(request).filter(pk__in=changed))
        # What a colleague, or the same person a moment ago, has done already is not asked again.
        for row in self.bulk_rows(request, act, form, again):
            if row.why_not:
                refused.append(row)
                again.remove(row.record)
        gone = len(changed.keys() - {row.record.pk for row in refused} - {row.pk for row in again})
        tell(request, act, done, refused, gone)
        if not again:
            return None
        return self.bulk_page(request, act, form, again, changed)

    def do_locked(
        self, request: HttpRequest, act: BulkAct, form: Any, seen: dict[int, int]
    ) -> tuple[int, list[Row], dict[int, list[Change]]]:
        """How many were done, the rows that no longer can be, and what others changed."""
        records, changed = unchanged(self.model, seen)
        here = self.get_queryset(request).order_by().filter(pk__in=[row.pk for row in records])
        mine = set(here.values_list("pk", flat=True))
        records = [record for record in records if record.pk in mine]
        rows = self.bulk_rows(request, act, form, records)
        fit = [row.record for row in rows if not row.why_not]
        act.do(fit, request.user, form)
        if fit:
            user: Any = request.user
            LogEntry.objects.log_actions(user.pk, fit, CHANGE, str(act.label))
        return len(fit), [row for row in rows if row.why_not], changed


def parsed(text: str) -> dict[int, int]:
    """Versions by key; what no page of ours has sent is a 400."""
    if not text:
        return {}
    if not text.isascii() or not SEEN.fullmatch(text):
        raise SuspiciousOperation("No versions of rows")
    pairs = [pair.split(":") for pair in text.split(",")]
    if len(pairs) > MOST:
        raise SuspiciousOperation("More rows than were shown")
    return {int(key): int(version) for key, version in pairs}


def as_text(rows: Iterable[Row]) -> str:
    return ",".join(f"{row.record.pk}:{row.record.version}" for row in rows)


def tell(request: HttpRequest, act: BulkAct, done: int, refused: list[Row], gone: int) -> None:
    """“12 published, 3 refused: TW-…: nothing says so …”"""
    said = act.done(done)
    if gone:
        text = ngettext("%(count)s is there no more", "%(count)s are there no more", gone)
        said += ", " + text % {"count": number(gone)}
    if refused:
        text = ngettext("%(count)s refused", "%(count)s refused", len(refused))
        said += ", " + text % {"count": number(len(refused))} + ": "
        told = (f"{row.name}: {' '.join(map(str, row.why_not))}" for row in refused[:MOST_REASONS])
        said += " ".join(told) + (" …" if len(refused) > MOST_REASONS else "")
    level = messages.SUCCESS if done and not refused else messages.WARNING
    messages.add_message(request, level, Truncator(said).chars(LONGEST_MESSAGE))
