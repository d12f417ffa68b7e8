"""Approvals and signatures, entered for each party in one place, and a summary of them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin.helpers import InlineAdminFormSet
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from agreements.admin.acts import ActViews, change_url
from agreements.admin.byparty_forms import ApprovalsInline, PartyInline, SignaturesInline
from agreements.models import Agreement, Approval, Party, Signature
from agreements.models.moving import MERGED
from common.admin import refusal, refuse_absurd_counts, refuse_nul
from common.admin_conflicts import tables_of
from common.versions import StaleVersion

NO_APPROVAL = _("no approval on record")
NO_SIGNATURE = _("no signature on record")
NO_ROWS = _("This form came without its rows. Look at the page as it is now, and enter it again.")
PARTY_GONE = _(
    "A party was taken off while you had this page open, so nothing is saved yet. "
    "What you typed for it: %(typed)s"
)
# Each party brings about twenty inputs, and a form has its bounds.
PARTIES_PER_PAGE = 20
KEY = re.compile(r"(?:approvals|signatures)-(\d{1,18})-(?:\d{1,9}|TOTAL_FORMS)")
CHOSEN_FOR_ALL = ("outcome", "manner", "version", "id", "party")


@dataclass(frozen=True)
class Seat:
    """A party, with what is on record for it and, in words, what is not."""

    party: Party
    approvals: list[Approval]
    signatures: list[Signature]

    @property
    def missing(self) -> list[Any]:
        found = (not self.approvals and NO_APPROVAL, not self.signatures and NO_SIGNATURE)
        return [said for said in found if said]


@dataclass(frozen=True)
class Summary:
    """For the agreement's own screen; ``url`` leads to where it is all entered."""

    seats: list[Seat]
    url: str
    may_write: bool


@dataclass(frozen=True)
class Block:
    """The approvals, or the signatures, of one party."""

    rows: InlineAdminFormSet
    heading: str

    @property
    def forms(self) -> list[Any]:
        return self.rows.formset.forms


@dataclass(frozen=True)
class Section:
    seat: Seat
    blocks: list[Block]


def summary(agreement: Agreement, user: Any) -> Summary:
    parties = agreement.parties.select_related("place")
    if "parties" in getattr(agreement, "_prefetched_objects_cache", {}):
        parties = agreement.parties.all()
    seats = seats_of(list(parties))
    return Summary(seats, by_party_url(agreement.pk), may_write(agreement, user))


def may_write(agreement: Agreement, user: Any) -> bool:
    may = user.has_perm("agreements.change_agreement") and not agreement.merged_into_id
    return bool(may and agreement.is_kept_by(user))


def seats_of(parties: Sequence[Party]) -> list[Seat]:
    approvals, signatures = (
        inline.rows_of(parties) for inline in (ApprovalsInline, SignaturesInline)
    )
    return [Seat(party, approvals[party.pk], signatures[party.pk]) for party in parties]


def by_party_url(pk: int) -> str:
    return reverse("admin:agreements_agreement_byparty", args=[pk])


class ByPartyViews(ActViews):
    def get_urls(self):
        view = self.admin_site.admin_view(self.by_party_view)
        name = "agreements_agreement_byparty"
        return [path("<int:pk>/by-party/", view, name=name), *super().get_urls()]

    def by_party_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A save that meets another at the last moment is tried again, and the form sees it."""
        refuse_nul(request)
        refuse_absurd_counts(request)
        said = ""
        for _time in range(2):
            try:
                with transaction.atomic():
                    return self.by_party(request, pk)
            except (StaleVersion, IntegrityError) as error:
                said = refusal(error)
        return self.refused(request, said)

    def by_party(self, request: HttpRequest, pk: int) -> HttpResponse:
        writing = request.method == "POST"
        if writing:
            list(Agreement._base_manager.select_for_update().filter(pk=pk).values_list("pk"))
        agreement = self.get_queryset(request).filter(pk=pk).first()
        if agreement is None:
            raise Http404
        if not self.has_view_permission(request, agreement):
            raise PermissionDenied
        writes = self.has_change_permission(request, agreement)
        if writing and not writes:
            if agreement.merged_into_id:
                return self.refused(request, str(MERGED))
            raise PermissionDenied
        form = PageOfParties(self, request, agreement, writes)
        if writing and form.is_valid():
            return self.by_party_saved(request, form)
        return self.by_party_shown(request, form)

    def by_party_saved(self, request: HttpRequest, form: "PageOfParties") -> HttpResponse:
        if rows := form.save():
            said = ngettext("%(count)d row was saved.", "%(count)d rows were saved.", rows)
            self.log_change(request, form.agreement, gettext("Approvals and signatures"))
            messages.success(request, said % {"count": rows})
        else:
            messages.info(request, gettext("Nothing was changed."))
        stays = "_continue" in request.POST
        back = request.get_full_path() if stays else change_url(form.agreement.pk)
        return HttpResponseRedirect(back)

    def by_party_shown(self, request: HttpRequest, form: "PageOfParties") -> HttpResponse:
        agreement = form.agreement
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": agreement,
            "title": f"{gettext('Approvals and signatures')}: {self.called(agreement)}",
            "form": form,
            "conflicts": tables_of(form.collisions(), request.user),
            "media": self.media + form.media(),
            "change_url": change_url(agreement.pk),
        }
        template = "admin/agreements/agreement/by_party.html"
        return TemplateResponse(request, template, context, status=form.status)


class PageOfParties:
    """The forms of all rows of up to ``PARTIES_PER_PAGE`` parties, saved together or not at all.

    ``writes`` says whether this person may enter anything; else the rows are shown as they are.
    """

    def __init__(self, screen: Any, request: HttpRequest, agreement: Agreement, writes: bool):
        self.request, self.agreement, self.writes = request, agreement, writes
        self.inlines = [
            kind(Party, screen.admin_site) for kind in (ApprovalsInline, SignaturesInline)
        ]
        for inline in self.inlines:
            inline.writes = writes
        self.errors: list[str] = []
        self.status = 200
        parties = Paginator(list(agreement.parties.all()), PARTIES_PER_PAGE)
        self.page: Page = parties.get_page(request.GET.get("p"))
        self.sections = [self.section(seat) for seat in seats_of(list(self.page.object_list))]

    def section(self, seat: Seat) -> Section:
        rows = (seat.approvals, seat.signatures)
        blocks = [
            self.block(inline, seat, of) for inline, of in zip(self.inlines, rows, strict=True)
        ]
        return Section(seat, blocks)

    def block(self, inline: PartyInline, seat: Seat, rows: list[Any]) -> Block:
        request, party = self.request, seat.party
        prefix = f"{inline.opts.model_name}s-{party.pk}"
        formset = inline.get_formset(request, party)(
            data=self.sent(prefix), instance=party, prefix=prefix, rows=rows
        )
        shown = InlineAdminFormSet(
            inline,
            formset,
            inline.get_fieldsets(request, party),
            readonly_fields=list(inline.get_readonly_fields(request, party)),
            has_add_permission=inline.has_add_permission(request, party),
            has_change_permission=inline.has_change_permission(request, party),
            has_delete_permission=inline.has_delete_permission(request, party),
        )
        return Block(shown, str(inline.heading) % {"party": party.place.name})

    def sent(self, prefix: str) -> Any:
        """None for a party that was not there yet when the page was opened."""
        posted = self.request.POST
        return posted if any(key.startswith(f"{prefix}-") for key in posted) else None

    def formsets(self) -> Iterator[Any]:
        for section in self.sections:
            yield from (block.rows.formset for block in section.blocks)

    def bound(self) -> list[Any]:
        return [formset for formset in self.formsets() if formset.is_bound]

    def forms(self) -> Iterator[Any]:
        for formset in self.formsets():
            yield from formset.forms

    def collisions(self) -> list[Any]:
        return [getattr(form, "collision", None) for form in self.forms()]

    def is_valid(self) -> bool:
        bound = self.bound()
        if not bound:
            self.refuse(str(NO_ROWS), 400)
        if typed := list(self.typed_elsewhere()):
            self.refuse(PARTY_GONE % {"typed": "; ".join(typed)}, 409)
        faulty = [formset for formset in bound if not formset.is_valid()]
        if any(getattr(form, "conflict", False) for form in self.forms()):
            self.status = 409
        return not (faulty or self.errors)

    def refuse(self, said: str, status: int) -> None:
        self.errors.append(said)
        self.status = status

    def typed_elsewhere(self) -> Iterable[str]:
        """What was sent for a party that is none of this page, or no more."""
        here = {str(section.seat.party.pk) for section in self.sections}
        for key, value in self.request.POST.items():
            found = KEY.match(key)
            name = key.rsplit("-", 1)[-1]
            elsewhere = found and found[1] not in here and name not in CHOSEN_FOR_ALL
            if elsewhere and value.strip() and not name.endswith("_FORMS"):
                yield value.strip()

    def save(self) -> int:
        """How many rows were entered, changed or deleted."""
        rows = 0
        for formset in self.bound():
            formset.save()
            changed = len(formset.new_objects) + len(formset.changed_objects)
            rows += changed + len(formset.deleted_objects)
        return rows

    @property
    def is_refused(self) -> bool:
        return bool(self.errors) or any(
            formset.is_bound and not formset.is_valid() for formset in self.formsets()
        )

    def media(self) -> Any:
        found = self.inlines[0].media + self.inlines[1].media
        for formset in self.formsets():
            found += formset.media
        return found
