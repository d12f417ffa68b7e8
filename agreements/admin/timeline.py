"""The agreement's history: the lifecycle's own, who asked for what, and every edit, in one line."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.contrib.admin import ModelAdmin
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agreements.admin.acts import change_url
from agreements.lifecycle import MOVES
from agreements.models import (
    Agreement,
    Approval,
    Citation,
    Event,
    Listing,
    Party,
    Relation,
    Request,
    Signature,
    Source,
    StatusChange,
    TieImport,
    UndoneStep,
)
from agreements.models.requests import PUBLISH_ACT
from cities.models import Official, Place
from common.admin_changes import Change
from common.admin_timeline import BulkTeller, Edits, Line, Strand, Told, said, strands_of
from common.dates_display import display_partial_date

HISTORY = "steps-heading"
STEPS, REQUESTS = _("steps"), _("requests")
# Told by the steps, or by the sentence about what they belong to.
TOLD_OTHERWISE = ("status", "status_since", "verified_by", "merged_while_public")
JOINS = {
    Party: ("place",),
    Citation: ("source",),
    Agreement: ("parties__place",),
}


def signature_title(record: Any, teller: BulkTeller) -> str:
    named = record.official_id and teller.name(Official, record.official_id)
    party = teller.name(Party, record.party_id)
    return f"{named or record.office or gettext('unnamed')} ({party})"


def relation_title(record: Any, teller: BulkTeller) -> str:
    ends = (record.from_agreement_id, record.to_agreement_id)
    newer, older = (teller.name(Agreement, key) for key in ends)
    return f"{newer} {record.get_kind_display()} {older}"


def listing_title(record: Any, teller: BulkTeller) -> str:
    return f"{teller.name(TieImport, record.run_id)}, {record.row}"


TITLES: dict[Any, Callable[[Any, Any], str]] = {
    Party: lambda record, teller: teller.name(Place, record.place_id),
    Citation: lambda record, teller: teller.name(Source, record.source_id),
    Approval: lambda record, _teller: record.body,
    Signature: signature_title,
    Relation: relation_title,
    Listing: listing_title,
}


class AgreementTeller(BulkTeller):
    def __init__(self, user: Any) -> None:
        super().__init__(user, TITLES, JOINS)

    def names_of_deleted(self, model: Any, keys: set[Any]) -> dict[Any, str]:
        """Of all steps, only one that was undone is no more."""
        if model is StatusChange:
            return {key: gettext("a step that was undone") for key in keys}
        return super().names_of_deleted(model, keys)


# The record itself


class RecordEdits(Edits):
    def facts(self, record: Any, teller: BulkTeller) -> Iterator[tuple[str, str]]:
        """Without the status: that is the first step's."""
        record.status, record.status_since = "", None
        return super().facts(record, teller)

    def changed(
        self, record: Any, changes: dict[str, Change], title: str, url: str
    ) -> Iterator[Line]:
        """What was done to it as such, such as publishing; then the fields."""
        for name in TOLD_OTHERWISE:
            changes.pop(name, None)
        merged = changes.pop("merged_into", None)
        shown = changes.pop("visibility", None)
        verified = changes.pop("verified_at", None)
        if merged and record.merged_into_id:
            became = gettext("Merged: this record is %(other)s now.")
            yield Line(said(became, other=merged.new), change_url(record.merged_into_id))
        elif shown and record.visibility == Agreement.Visibility.PUBLIC:
            yield Line(gettext("Published: everybody can see it."))
        if shown and record.visibility != Agreement.Visibility.PUBLIC:
            yield Line(gettext("No longer published: only the staff can see it."))
        if verified and record.verified_at:
            yield Line(gettext("Verified: compared with its sources."))
        yield from super().changed(record, changes, title, url)


class MergedHere(Strand):
    """Other records that were merged into this one: the first entry of each that says so."""

    key, at, by = "history_id", "history_date", "history_user_id"

    def __init__(self, agreement: Agreement) -> None:
        super().__init__("record", _("the record"))
        self.agreement = agreement

    def entries(self) -> QuerySet:
        history = Agreement.history.model.objects
        before = history.filter(
            id=OuterRef("id"), merged_into=self.agreement.pk, history_id__lt=OuterRef("history_id")
        )
        return history.filter(~Exists(before), merged_into=self.agreement.pk)

    def tell(self, keys: list[int], teller: BulkTeller) -> dict[int, Told]:
        told = {}
        for record in Agreement.history.model.objects.filter(pk__in=keys):
            became = gettext("%(other)s was merged into this record.")
            line = Line(said(became, other=record.reference), change_url(record.id))
            told[record.history_id] = Told([line])
        return told


# The lifecycle's own


def day_of(step: Any) -> str:
    """When it happened, which is not when it was recorded."""
    if step.on_record_by:
        day = display_partial_date(step.on_record_by)
        return gettext("It happened on an unknown day and was on record by %(day)s.") % {"day": day}
    if step.happened_on is None:
        return gettext("It happened on an unknown day.")
    day = display_partial_date(step.happened_on)
    return gettext("It happened: %(day)s.") % {"day": day}


def about(step: Any) -> list[tuple[str, str]]:
    facts = []
    if step.end_reason:
        facts.append((gettext("Why it ended"), step.get_end_reason_display()))
    if step.acted_by:
        facts.append((gettext("Acted alone"), str(step.acted_by)))
    if step.note:
        facts.append((gettext("Note"), step.note))
    return facts


def name_of(step: Any) -> str:
    return str(MOVES[step.move].done if step.move else step.get_to_status_display())


class Rows(Strand):
    """Rows that say of themselves when they came to be."""

    def __init__(self, kind: str, label: Any, rows: QuerySet, **columns: str) -> None:
        super().__init__(kind, label)
        self.rows = rows
        self.at, self.by = columns["at"], columns["by"]

    def entries(self) -> QuerySet:
        return self.rows

    def tell(self, keys: list[int], teller: BulkTeller) -> dict[int, Told]:
        return {row.pk: Told([self.line(row)]) for row in self.rows.filter(pk__in=keys)}

    def line(self, row: Any) -> Line:
        raise NotImplementedError


class Steps(Rows):
    def line(self, row: Any) -> Line:
        text = said(gettext("Step recorded: %(step)s. %(day)s"), step=name_of(row), day=day_of(row))
        return Line(text, f"{change_url(row.agreement_id)}#{HISTORY}", about(row))


class StepsUndoneSince(Rows):
    def line(self, row: Any) -> Line:
        text = gettext("Step recorded: %(step)s. %(day)s It was undone later.")
        return Line(said(text, step=name_of(row), day=day_of(row)), facts=about(row))


class Undoings(Rows):
    def line(self, row: Any) -> Line:
        text = gettext("Step undone: %(step)s. It was recorded by %(who)s on %(when)s.")
        what = {"step": name_of(row), "who": name_for(row.recorded_by)}
        why = [(gettext("What was wrong"), row.reason)]
        return Line(said(text, **what, when=display_partial_date(row.recorded_at)), facts=why)


class Asked(Rows):
    def line(self, row: Any) -> Line:
        asked = said(gettext("Asked for: %(what)s."), what=what_of(row))
        return Line(asked, facts=[(gettext("Note"), row.note)] if row.note else ())


class Answered(Rows):
    def line(self, row: Any) -> Line:
        text = gettext("Request answered: %(what)s, asked for by %(who)s: %(outcome)s.")
        outcome = row.get_outcome_display()
        answered = said(text, what=what_of(row), who=name_for(row.asked_by), outcome=outcome)
        return Line(answered, facts=[(gettext("Answer"), row.answer)] if row.answer else ())


def name_for(user: Any) -> str:
    return (user.get_full_name() or user.get_username()) if user else gettext("a command")


def what_of(request: Request) -> str:
    return str(request.label) if request.act == PUBLISH_ACT or request.act in MOVES else request.act


def own_story(agreement: Agreement) -> list[Strand]:
    steps = StatusChange.objects.filter(agreement=agreement).select_related("acted_by")
    undone = UndoneStep.objects.filter(agreement=agreement)
    undone = undone.select_related("acted_by", "recorded_by")
    requests = Request.objects.filter(agreement=agreement).select_related("asked_by")
    answered = requests.filter(answered_at__isnull=False)
    return [
        Steps("steps", STEPS, steps, at="recorded_at", by="recorded_by_id"),
        StepsUndoneSince("steps", STEPS, undone, at="recorded_at", by="recorded_by_id"),
        Undoings("steps", STEPS, undone, at="undone_at", by="undone_by_id"),
        Asked("requests", REQUESTS, requests, at="asked_at", by="asked_by_id"),
        Answered("requests", REQUESTS, answered, at="answered_at", by="answered_by_id"),
    ]


# Events come and go; they are records of their own


class Events(Edits):
    """What became of an event while it was one of the agreement, and how it came and went."""

    def __init__(self, agreement: Agreement) -> None:
        super().__init__(Event, Q(), "event", owner="agreements", link=event_url)
        self.agreement = agreement

    def entries(self) -> QuerySet:
        history = Event.history.model.objects
        linked = Event.history.model.agreements.model.objects.filter(agreement=self.agreement.pk)
        earlier = history.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id"))
        last = earlier.order_by("-history_id").values("history_id")[:1]
        ever = history.filter(id__in=linked.values("event")).annotate(last=Subquery(last))
        now = linked.filter(history=OuterRef("history_id"))
        then = linked.filter(history=OuterRef("last"))
        return ever.filter(Exists(now) | Exists(then))

    def told(self, record: Any, before: Any, title: str, url: str, teller: BulkTeller) -> Told:
        reason = record.history_change_reason or ""
        return Told(list(self.lines(record, before, title, url, teller)), reason)

    def lines(
        self, record: Any, before: Any, title: str, url: str, teller: BulkTeller
    ) -> Iterator[Line]:
        """Of its other agreements nothing is told here."""
        here, key = before is not None, self.agreement.pk
        then = here and key in before.several["agreements"]
        now = record.history_type != "-" and key in record.several["agreements"]
        if record.history_type == "-":
            yield Line(self.came_or_went(record, title))
        elif now and not then:
            yield Line(said(gettext("The event “%(title)s” was linked."), title=title), url)
        elif then and not now:
            off = gettext("The event “%(title)s” was taken off this agreement.")
            yield Line(said(off, title=title), url)
        if now and then:
            changes = {change.field: change for change in teller.between([before, record])}
            changes.pop("agreements", None)
            yield from self.changed(record, changes, title, url)


def event_url(record: Any) -> str:
    return reverse("admin:agreements_event_change", args=[record.id])


# All of it


def strands(agreement: Agreement, attached: Iterable[tuple[Any, str]]) -> Sequence[Strand]:
    url = change_url(agreement.pk)
    _record, *rows = strands_of(agreement, attached, url)
    own = RecordEdits(Agreement, Q(id=agreement.pk), label=_("the record"))
    cited = Citation.history.model.objects.filter(agreement_id=agreement.pk).order_by()
    listed = Q(citation_id__in=cited.values("id"))
    incoming = Q(to_agreement_id=agreement.pk) & ~Q(from_agreement_id=agreement.pk)
    return [
        *own_story(agreement),
        own,
        MergedHere(agreement),
        *rows,
        Edits(Listing, listed, "citation", owner="citation"),
        Edits(Relation, incoming, "relation", owner="to_agreement", link=newer_url),
        Events(agreement),
    ]


def newer_url(record: Any) -> str:
    return change_url(record.from_agreement_id)


class TimelineViews(ModelAdmin):
    def strands(self, request: Any, record: Agreement) -> Sequence[Strand]:
        found = strands(record, self.attached)
        by_party = reverse("admin:agreements_agreement_byparty", args=[record.pk])
        for strand in found:
            if isinstance(strand, Edits) and strand.model in (Approval, Signature):
                strand.link = lambda row: f"{by_party}#party-{row.party_id}"
        return found

    def teller(self, request: Any) -> BulkTeller:
        return AgreementTeller(self.reader(request))
