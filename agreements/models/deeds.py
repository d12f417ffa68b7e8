"""What is decided, signed, promised and done under an agreement."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import CheckConstraint, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from agreements.models.agreement import Agreement
from agreements.models.parties import Party
from agreements.models.sectors import Sector
from agreements.querysets import OfAgreementQuerySet, sees_internal
from cities.models import Institution, Official, Place
from cities.offices import is_bound
from common.fields import PartialDateField
from common.versions import VersionedModel, VersionedQuerySet


def refuse_foreign_party(row) -> None:
    """The database refuses it too (``agreements.refusals``); here people are told at the form."""
    if row.party_id and row.agreement_id and row.party.agreement_id != row.agreement_id:
        raise ValidationError({"party": _("This party belongs to another agreement.")})


class Approval(VersionedModel):
    """A body's decision for one party before signing: a council's vote, a ministry's clearance."""

    class Outcome(models.TextChoices):
        PENDING = "pending", _("pending")
        APPROVED = "approved", _("approved")
        REJECTED = "rejected", _("rejected")
        RESCINDED = "rescinded", _("rescinded")

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="approvals")
    party = models.ForeignKey(
        Party,
        on_delete=models.CASCADE,
        related_name="approvals",
        verbose_name=_("for"),
        help_text=_("The party that the body decides for."),
    )
    body = models.CharField(
        _("body"),
        max_length=200,
        help_text=_("Who decided: “City council of Qazvin”, “Ministry of Foreign Affairs”."),
    )
    outcome = models.CharField(
        _("outcome"),
        max_length=10,
        choices=Outcome,
        default=Outcome.PENDING,
        help_text=_("A council’s vote is not a signature: the agreement’s status does not change."),
    )
    decided_on = PartialDateField(
        _("decided on"), null=True, blank=True, help_text=_("Empty while pending, or unknown.")
    )
    note = models.TextField(
        _("note"), max_length=2000, blank=True, help_text=_("Conditions, the count of votes …")
    )
    history = HistoricalRecords()

    objects = OfAgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        ordering = ["decided_on", "id"]

    def __str__(self) -> str:
        return f"{self.body}: {self.get_outcome_display()}"

    def clean(self):
        refuse_foreign_party(self)
        if self.decided_on and self.outcome == self.Outcome.PENDING:
            message = _("Say what was decided, or leave the day empty while it is pending.")
            raise ValidationError({"outcome": message})


class Signature(VersionedModel):
    """Who signed for a party, in which office, when and where."""

    class Manner(models.TextChoices):
        IN_PERSON = "in_person", _("in person")
        VIDEO = "video", _("by video")
        CORRESPONDENCE = "correspondence", _("by correspondence")
        UNKNOWN = "unknown", _("unknown")

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="signatures")
    party = models.ForeignKey(
        Party,
        on_delete=models.CASCADE,
        related_name="signatures",
        verbose_name=_("for"),
        help_text=_("The party that is bound by this signature."),
    )
    official = models.ForeignKey(
        Official,
        on_delete=models.PROTECT,
        related_name="signatures",
        null=True,
        blank=True,
        verbose_name=_("signed by"),
        help_text=_("Empty if no source names the person."),
    )
    office = models.CharField(
        _("in the office of"),
        max_length=200,
        blank=True,
        help_text=_("As the text or a source has it, such as “Governor of Qazvin province”."),
    )
    signed_on = PartialDateField(
        _("signed on"), null=True, blank=True, help_text=_("A year is enough. Empty if unknown.")
    )
    signed_in = models.ForeignKey(
        Place,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("signed in"),
        help_text=_("Where the signer was when signing."),
    )
    manner = models.CharField(
        _("manner"),
        max_length=15,
        choices=Manner,
        default=Manner.UNKNOWN,
        help_text=_("Whether the parties met for it."),
    )
    history = HistoricalRecords()

    objects = OfAgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        ordering = ["signed_on", "id"]

    def __str__(self) -> str:
        return f"{self.official or self.office or _('unnamed')} ({self.party})"

    def clean(self):
        refuse_foreign_party(self)


class InitiativeQuerySet(OfAgreementQuerySet):
    def overdue(self, on: date | None = None):
        """Promised for a day that is over by ``on`` (today), and neither delivered nor dropped."""
        open_ = self.exclude(state__in=Initiative.CLOSED)
        return open_.filter(due_on__over_before=on or timezone.localdate())


class Initiative(VersionedModel):
    """Something promised or proposed under an agreement, with a state of its own."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        AGREED = "agreed", _("agreed")
        UNDER_WAY = "under_way", _("under way")
        DELIVERED = "delivered", _("delivered")
        DROPPED = "dropped", _("dropped")

    CLOSED = (State.DELIVERED, State.DROPPED)

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="initiatives")
    title = models.CharField(
        _("title"), max_length=200, help_text=_("What is to be done, in a few words.")
    )
    sector = models.ForeignKey(
        Sector,
        on_delete=models.PROTECT,
        related_name="initiatives",
        null=True,
        blank=True,
        verbose_name=_("sector"),
        help_text=_("The field that it belongs to."),
    )
    description = models.TextField(
        _("description"), max_length=2000, blank=True, help_text=_("What was said or promised.")
    )
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=State,
        default=State.PROPOSED,
        help_text=_("How far it has got; delivered only when a source says so."),
    )
    due_on = PartialDateField(
        _("due"), null=True, blank=True, help_text=_("When it was promised for. A year is enough.")
    )
    delivered_on = PartialDateField(
        _("delivered on"),
        null=True,
        blank=True,
        help_text=_("Only once it is delivered: the day, month or year, if a source says so."),
    )
    institutions = models.ManyToManyField(
        Institution,
        blank=True,
        related_name="initiatives",
        verbose_name=_("institutions"),
        help_text=_("Who is to carry it out."),
    )
    history = HistoricalRecords(m2m_fields=[institutions])

    objects = InitiativeQuerySet.as_manager()

    class Meta:
        verbose_name = _("initiative")
        verbose_name_plural = _("initiatives")
        ordering = ["sector__name", "id"]
        constraints = [
            CheckConstraint(
                name="delivered_only_then",
                condition=Q(delivered_on__isnull=True) | Q(state="delivered"),
                violation_error_message=_("Only what is delivered has a day of delivery."),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def is_overdue(self, on: date | None = None) -> bool:
        due = self.due_on is not None and self.due_on.over_before(on or timezone.localdate())
        return due and self.state not in self.CLOSED


class EventQuerySet(VersionedQuerySet):
    def visible_to(self, user):
        """Events of at least one agreement that the reader may see."""
        if sees_internal(user) and not is_bound(user):
            return self
        here = Agreement.objects.filter(events=models.OuterRef("pk"))
        return self.filter(models.Exists(here.visible_to(user)))

    def kept_by(self, user):
        """Events of no agreement but such as this person keeps."""
        if not is_bound(user):
            return self
        link = Event.agreements.through.objects
        foreign = link.exclude(agreement__in=Agreement.objects.order_by().kept_by(user))
        return self.exclude(pk__in=foreign.values("event"))


class Event(VersionedModel):
    """A meeting, visit, ceremony or exchange that took place, and who took part."""

    class Kind(models.TextChoices):
        MEETING = "meeting", _("meeting")
        VISIT = "visit", _("visit")
        CEREMONY = "ceremony", _("ceremony")
        EXCHANGE = "exchange", _("exchange")
        CONFERENCE = "conference", _("conference")
        OTHER = "other", _("other")

    title = models.CharField(
        _("title"), max_length=200, help_text=_("Who did what: “Governor meets ambassador”.")
    )
    kind = models.CharField(
        _("kind"), max_length=12, choices=Kind, help_text=_("What it was first of all.")
    )
    happened_on = PartialDateField(
        _("date"), null=True, blank=True, help_text=_("A year or a month is enough.")
    )
    place = models.ForeignKey(
        Place,
        on_delete=models.PROTECT,
        related_name="events",
        null=True,
        blank=True,
        verbose_name=_("place"),
        help_text=_("Where it took place."),
    )
    description = models.TextField(
        _("description"), max_length=2000, blank=True, help_text=_("What happened, and no more.")
    )
    agreements = models.ManyToManyField(
        Agreement,
        related_name="events",
        verbose_name=_("agreements"),
        help_text=_("The event is shown to all as soon as one of these agreements is published."),
    )
    participants = models.ManyToManyField(
        Official,
        blank=True,
        related_name="events",
        verbose_name=_("participants"),
        help_text=_("Officials who took part."),
    )
    history = HistoricalRecords(m2m_fields=[agreements, participants])

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-happened_on", "id"]

    def __str__(self) -> str:
        return self.title
