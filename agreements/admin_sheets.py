"""Agreements, sectors and sources as tables."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Prefetch
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agreements.forms import AgreementForm, OpeningForm
from agreements.lifecycle import Status
from agreements.models import Agreement, Party, Sector, Source
from cities.admin_sheets import place_link, places_called
from cities.models import Place
from cities.offices import is_bound, kept_among, your_office
from cities.slugs import addresses
from common.sheet_records import BETWEEN, Column, Link, Problem, SheetOf

BY_MOVES = gettext_lazy(
    "A status changes only by a move, on the agreement’s own page. Write what was exported."
)
BY_PUBLISHING = gettext_lazy(
    "An agreement is published and unpublished on its own page. Write what was exported."
)
BY_PAGE = gettext_lazy(
    "The parties are changed on the agreement’s own page. Write what was exported."
)
HOW_IT_ENDED = gettext_lazy(
    "Enter an agreement that has ended on a page of its own, where it is asked how it ended."
)
NOT_YOURS = gettext_lazy("One party at least must be a place of yours.")
OPENING = {"status": "opening_status", "status_since": "opening_happened_on", "parties": "parties"}


def sectors_called(names: set[str]) -> dict[str, int]:
    return dict(Sector.objects.filter(slug__in=names).values_list("slug", "pk"))


def parties_of(agreement: Agreement) -> str:
    return BETWEEN.join(party.place.slug for party in agreement.parties.all())


class NewAgreementForm(OpeningForm):
    """With its parties, in their order."""

    parties = forms.CharField(required=False)

    def clean_parties(self) -> list[int]:
        names = [name for part in self.cleaned_data["parties"].split(";") if (name := part.strip())]
        known = places_called(set(names))
        if missing := [name for name in names if name not in known]:
            raise ValidationError(
                _("There is no record called %(names)s. Enter it first, or correct the name.")
                % {"names": ", ".join(f"“{name}”" for name in missing)}
            )
        places = list(dict.fromkeys(known[name] for name in names))
        if len(places) < 2:
            raise ValidationError(
                _("Name two parties or more by their addresses: qazvin; khujand.")
            )
        if is_bound(self.user) and not kept_among(self.user, places):
            raise ValidationError(f"{your_office(self.user)} {NOT_YOURS}")
        return places

    def _save_m2m(self) -> None:
        super()._save_m2m()
        places = Place.objects.in_bulk(self.cleaned_data["parties"])
        for position, key in enumerate(self.cleaned_data["parties"], start=1):
            Party.objects.create(agreement=self.instance, place=places[key], position=position)


class AgreementSheet(SheetOf):
    """Without the internal note, which is for the eyes of colleagues and in no file."""

    model = Agreement
    form = AgreementForm
    form_of_new = NewAgreementForm
    key = ("reference",)
    columns = (
        Column("reference"),
        Column("parties", why_not=BY_PAGE, tells=parties_of),
        Column("title"),
        Column("kind"),
        Column("local_term"),
        Column("local_term_language"),
        Column("status", why_not=BY_MOVES),
        Column("status_since", why_not=BY_MOVES),
        Column("starts_on"),
        Column("expires_on"),
        Column("notice_by"),
        Column("renewal"),
        Column("summary"),
        Link("sectors", several=True, find=sectors_called),
        Column("visibility", why_not=BY_PUBLISHING),
    )

    def joined(self, rows: models.QuerySet) -> models.QuerySet:
        parties = Prefetch("parties", Party.objects.select_related("place"))
        return rows.prefetch_related(parties, "sectors")

    def form_class(self, screen: ModelAdmin, request: HttpRequest, *, new: bool) -> Any:
        form = super().form_class(screen, request, new=new)
        if new:
            form.user = request.user
        return form

    def data_of_new(self, cells: dict[str, str]) -> tuple[dict[str, Any], list[Problem]]:
        data = {field: cells.get(column, "") for column, field in OPENING.items()}
        data["opening_status"] = data["opening_status"] or Status.PROPOSED.value
        problems = []
        if data["opening_status"] == Status.ENDED:
            problems.append(Problem("status", str(HOW_IT_ENDED)))
        if cells.get("visibility", "") not in ("", Agreement.Visibility.INTERNAL):
            problems.append(Problem("visibility", str(BY_PUBLISHING)))
        return data, problems


class SectorSheet(SheetOf):
    model = Sector
    columns = (Column("slug"), Column("name"), Column("description"))

    def alone(self, form: ModelForm) -> Iterator[tuple[str, str]]:
        yield "name", form.instance.name

    def saved(self, form: ModelForm) -> models.Model:
        if not form.instance.slug:
            possible = addresses(form.instance.name)
            taken = Sector.objects.values("slug")
            form.instance.slug = next(one for one in possible if not taken.filter(slug=one))
        return form.save()


class SourceSheet(SheetOf):
    model = Source
    key = ("key",)
    columns = (
        Column("key"),
        Column("publisher"),
        Column("title"),
        Column("url"),
        Column("published_on"),
        Column("accessed_on"),
        Column("language"),
        Column("kind"),
        place_link("speaks_for"),
    )

    def joined(self, rows: models.QuerySet) -> models.QuerySet:
        return rows.select_related("speaks_for")
