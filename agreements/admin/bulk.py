"""What offices do to many agreements at once. Each act goes through the model's own door."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Prefetch, prefetch_related_objects
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agreements.models import Agreement, Party, Sector
from agreements.models.moving import MERGED, PUBLISH
from common.admin_bulk import BulkAct
from common.dates_display import display_partial_date
from common.templatetags.numbers import number

CHANGE = "agreements.change_agreement"
INTERNAL, PUBLIC = Agreement.Visibility.INTERNAL, Agreement.Visibility.PUBLIC
# What is published with an agreement, in the order in which it is told.
SHOWN_WITH_IT = ("citations", "documents", "approvals", "signatures", "initiatives", "events")


class AgreementAct(BulkAct):
    joins: tuple[str, ...] = ()

    def join(self, records: list[Any]) -> None:
        parties = Prefetch("parties", Party.objects.select_related("place"))
        prefetch_related_objects(records, parties, *self.joins)

    def title_of(self, record: Agreement) -> str:
        parties = " – ".join(party.place.name for party in record.parties.all())
        return f"{record.reference} · {record.title or parties}"


class Publish(AgreementAct):
    name, permission = "publish", PUBLISH
    label = gettext_lazy("Publish what is chosen")
    explains = gettext_lazy(
        "Everybody will see them, with all that hangs on them. Internal notes stay internal."
    )
    joins = SHOWN_WITH_IT

    def why_not(self, record: Agreement, user: Any, form: Any) -> list[Any]:
        return [_("It is public already.")] if record.is_public else record.lacks_for_publishing()

    def becomes(self, record: Agreement, form: Any) -> tuple[Any, Any]:
        return INTERNAL.label, PUBLIC.label

    def gives(self, record: Agreement) -> str:
        """What becomes public with it."""
        told = []
        for name in SHOWN_WITH_IT:
            rows = getattr(record, name)
            if count := len(rows.all()):
                told.append(f"{rows.model._meta.verbose_name_plural}: {number(count)}")
        return _("With it: %s.") % ", ".join(told) if told else ""

    def do(self, records: Sequence[Agreement], user: Any, form: Any) -> None:
        for record in records:
            record.publish(by=user)

    def done(self, count: int) -> str:
        said = ngettext("%(count)s published", "%(count)s published", count)
        return said % {"count": number(count)}


class Unpublish(AgreementAct):
    name, permission = "unpublish", PUBLISH
    label = gettext_lazy("Unpublish what is chosen")
    explains = gettext_lazy("Nobody outside the staff will see them any more.")

    def why_not(self, record: Agreement, user: Any, form: Any) -> list[Any]:
        return [] if record.is_public else [_("It is internal already.")]

    def becomes(self, record: Agreement, form: Any) -> tuple[Any, Any]:
        return PUBLIC.label, INTERNAL.label

    def do(self, records: Sequence[Agreement], user: Any, form: Any) -> None:
        for record in records:
            record.unpublish(by=user)

    def done(self, count: int) -> str:
        said = ngettext("%(count)s unpublished", "%(count)s unpublished", count)
        return said % {"count": number(count)}


class Verify(AgreementAct):
    name, permission = "verify", CHANGE
    label = gettext_lazy("Mark what is chosen as verified")
    explains = gettext_lazy(
        "You put on record that you compared each of them with its sources just now."
    )
    joins = ("verified_by",)

    def why_not(self, record: Agreement, user: Any, form: Any) -> list[Any]:
        return [MERGED] if record.merged_into_id else []

    def becomes(self, record: Agreement, form: Any) -> tuple[Any, Any]:
        new = _("verified on %s") % display_partial_date(localdate())
        if record.verified_at is None:
            return _("never verified"), new
        return _("verified on %s") % display_partial_date(record.verified_at), new

    def do(self, records: Sequence[Agreement], user: Any, form: Any) -> None:
        for record in records:
            record.verify(by=user)

    def done(self, count: int) -> str:
        said = ngettext("%(count)s verified", "%(count)s verified", count)
        return said % {"count": number(count)}


class SectorForm(forms.Form):
    sector = forms.ModelChoiceField(
        Sector.objects.all(),
        label=gettext_lazy("Sector"),
        help_text=gettext_lazy("The field of cooperation that they name."),
    )


class SectorAct(AgreementAct):
    """``puts`` says whether the sector is assigned or taken off."""

    permission = CHANGE
    form = SectorForm
    joins = ("sectors",)
    puts = True

    def why_not(self, record: Agreement, user: Any, form: Any) -> list[Any]:
        if record.merged_into_id:
            return [MERGED]
        has = form.cleaned_data["sector"] in record.sectors.all()
        if has == self.puts:
            return [_("It has this sector already.") if has else _("It does not have this sector.")]
        return []

    def becomes(self, record: Agreement, form: Any) -> tuple[Any, Any]:
        sector, old = form.cleaned_data["sector"], list(record.sectors.all())
        new = [*old, sector] if self.puts else [one for one in old if one != sector]
        return named(old), named(new)

    def do(self, records: Sequence[Agreement], user: Any, form: Any) -> None:
        """The version is raised by a save, so that a form which is open on it notices."""
        for record in records:
            record.check_may(user, CHANGE)
            record.save(update_fields=["updated_at"])
            change = record.sectors.add if self.puts else record.sectors.remove
            change(form.cleaned_data["sector"])


class AssignSector(SectorAct):
    name = "assign_sector"
    label = gettext_lazy("Assign a sector to what is chosen")

    def done(self, count: int) -> str:
        said = ngettext("%(count)s given the sector", "%(count)s given the sector", count)
        return said % {"count": number(count)}


class TakeSectorOff(SectorAct):
    name = "take_sector_off"
    label = gettext_lazy("Take a sector off what is chosen")
    puts = False

    def done(self, count: int) -> str:
        said = ngettext(
            "%(count)s without the sector now", "%(count)s without the sector now", count
        )
        return said % {"count": number(count)}


def named(sectors: list[Sector]) -> str:
    return ", ".join(sorted(sector.name for sector in sectors)) or "—"


ACTS = (Publish(), Unpublish(), AssignSector(), TakeSectorOff(), Verify())
