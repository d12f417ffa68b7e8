"""What readers say is wrong: a queue for the staff, of which nothing is ever published."""

import hashlib
import unicodedata
from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models import CheckConstraint, Prefetch, Q, UniqueConstraint
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agreements.models.agreement import Agreement
from agreements.querysets import seats_kept_by, sees_internal
from cities.models import Appointment, Official, Place
from cities.offices import is_bound
from common.versions import VersionedModel, VersionedQuerySet, alters_data

MAY_SEE, MAY_ANSWER = "agreements.view_suggestion", "agreements.answer_suggestion"
# Two texts that are so long and alike are one suggestion, whatever page they are sent from.
LONG = 80


class SuggestionQuerySet(VersionedQuerySet):
    def visible_to(self, user):
        """For the staff alone, and of an office what is about records that it keeps."""
        return self.kept_by(user) if sees_internal(user) else self.none()

    def kept_by(self, user):
        """What is about a page of no record is for those who are bound to no office."""
        if not is_bound(user):
            return self
        places = Place.objects.order_by().kept_by(user)
        offices = Appointment.objects.order_by().filter(place__in=places)
        return self.filter(
            Q(agreement__in=seats_kept_by(user).values("agreement"))
            | Q(place__in=places)
            | Q(official__in=offices.values("official"))
        )

    def waiting(self):
        return self.filter(state=Suggestion.State.NEW)

    def is_full(self) -> bool:
        """Whether so many wait that no more can be taken."""
        return self.waiting().count() >= settings.SUGGESTIONS_MOST_WAITING

    def with_records(self):
        """Join what each is about, as its name is made of, and who answered."""
        agreements = Agreement.objects.with_parties()
        rows = self.select_related("official", "answered_by")
        return rows.prefetch_related(
            Prefetch("agreement", agreements), Prefetch("place", Place.objects.with_names())
        )

    @alters_data
    def forget_readers(self) -> int:
        """Delete names and addresses of readers whose suggestion was answered long ago."""
        before = timezone.now() - timedelta(days=settings.SUGGESTION_CONTACT_DAYS)
        told = self.filter(answered_at__lt=before).exclude(name="", email="")
        return told.update(name="", email="")


class Suggestion(VersionedModel):
    """A reader says what is wrong on a page, and how they know.

    It is about a record, or about a page that shows none. It has no edit history: that would keep
    the name and address of the reader, which are deleted in time.
    """

    class State(models.TextChoices):
        NEW = "new", _("new")
        TAKEN_UP = "taken_up", _("taken up")
        DECLINED = "declined", _("declined")

    agreement = models.ForeignKey(
        Agreement,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="suggestions",
        verbose_name=_("agreement"),
        help_text=_("The agreement whose page it was; the office of a party keeps it."),
    )
    place = models.ForeignKey(
        Place,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="suggestions",
        verbose_name=_("place"),
        help_text=_("The place whose page it was; the office of that place keeps it."),
    )
    official = models.ForeignKey(
        Official,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="suggestions",
        verbose_name=_("official"),
        help_text=_("The official whose page it was; an office that they speak for keeps it."),
    )
    path = models.CharField(
        _("page"), max_length=300, help_text=_("The page that the reader was on, by its path.")
    )
    language = models.CharField(
        _("language"), max_length=10, help_text=_("In which the reader read the page.")
    )
    text = models.TextField(
        _("what is wrong"),
        max_length=2000,
        help_text=_("What the page says, and what it should say instead."),
    )
    source = models.TextField(
        _("source"),
        max_length=500,
        help_text=_("A link to where it is published, or in words: “I work at the city hall”."),
    )
    name = models.CharField(
        _("name of the reader"),
        max_length=100,
        blank=True,
        help_text=_("If the staff may know it."),
    )
    email = models.EmailField(
        _("e-mail address of the reader"),
        blank=True,
        help_text=_("If the staff may ask you about it."),
    )
    received_at = models.DateTimeField(
        _("received at"), default=timezone.now, editable=False, db_index=True
    )
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=State,
        default=State.NEW,
        help_text=_("Taken up: somebody mends the record. Declined: it stays as it is."),
    )
    answer = models.TextField(
        _("note"),
        max_length=1000,
        blank=True,
        help_text=_("For colleagues: what was done about it, or why nothing was."),
    )
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
        help_text=_("Who took it up or declined it, the last time that somebody did."),
    )
    answered_at = models.DateTimeField(
        _("answered at"), null=True, blank=True, help_text=_("When that was.")
    )
    # The form that it came with, which is taken once; whichever process of the server takes it.
    ticket = models.CharField(max_length=40, unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        ordering: ClassVar[list] = ["-received_at", "-pk"]
        default_permissions = ("view", "delete")
        permissions: ClassVar[list] = [("answer_suggestion", "Can answer suggestions of readers")]
        constraints: ClassVar[list] = [
            CheckConstraint(
                name="suggestion_about_one",
                condition=Q(agreement__isnull=True, place__isnull=True)
                | Q(agreement__isnull=True, official__isnull=True)
                | Q(place__isnull=True, official__isnull=True),
                violation_error_message=_("A suggestion is about one record, or about none."),
            ),
            CheckConstraint(
                name="suggestion_of_a_page",
                condition=Q(path__startswith="/"),
                violation_error_message=_("A page is given by its path, such as /places/."),
            ),
            CheckConstraint(
                name="suggestion_says_what_and_why",
                condition=~Q(text="") & ~Q(source=""),
                violation_error_message=_("Say what is wrong, and how you know."),
            ),
            CheckConstraint(
                name="suggestion_state_known",
                condition=Q(state__in=["new", "taken_up", "declined"]),
                violation_error_message=_("There is no such state of a suggestion."),
            ),
            CheckConstraint(
                name="suggestion_answered_once_taken_up_or_declined",
                condition=Q(state="new", answered_at__isnull=True, answered_by=None, answer="")
                | (~Q(state="new") & Q(answered_at__isnull=False)),
                violation_error_message=_("What is answered has a day, and what waits has none."),
            ),
            CheckConstraint(
                name="suggestion_declined_with_a_reason",
                condition=~Q(state="declined", answer=""),
                violation_error_message=_("Say why it is declined."),
            ),
            UniqueConstraint(
                name="suggestion_waits_once",
                fields=["digest"],
                condition=Q(state="new"),
                violation_error_message=_("The same is waiting to be read already. Thank you."),
            ),
        ]
        indexes: ClassVar[list] = [models.Index(fields=["state", "received_at"])]

    def __str__(self) -> str:
        """Nothing of the reader's: the admin's log keeps this for good."""
        return f"#{self.pk} {self.path}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding:
            self.digest = digest_of(self.path, self.text)
        super().save(*args, **kwargs)

    @property
    def about(self) -> Agreement | Place | Official | None:
        return self.agreement or self.place or self.official

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.NEW

    def may_be_answered_by(self, user: Any) -> bool:
        """``user`` is None for a command."""
        if user is None:
            return True
        seen = Suggestion.objects.visible_to(user).filter(pk=self.pk)
        return user.has_perm(MAY_ANSWER) and seen.exists()

    def take_up(self, *, by: Any, note: str = "") -> None:
        """Somebody sees to it; raises PermissionDenied, ValidationError or StaleVersion."""
        self._answer(self.State.TAKEN_UP, by, note)

    def decline(self, *, by: Any, note: str) -> None:
        """Nothing is done about it, and why; raises as ``take_up`` does."""
        if not note.strip():
            raise ValidationError({"note": _("Say why it is declined.")})
        self._answer(self.State.DECLINED, by, note)

    def _answer(self, state: str, by: Any, note: str) -> None:
        """An answer can be mended by another; of whom and when the latest is kept."""
        if not self.may_be_answered_by(by):
            raise PermissionDenied
        self.state, self.answer, self.answered_by = state, note.strip(), by
        self.answered_at = timezone.now()
        self.full_clean(exclude=["ticket", "digest", "email"])
        self.save()
        Suggestion.objects.forget_readers()


def digest_of(path: str, text: str) -> str:
    """The same for what says the same: of a short text on the same page, of a long one on any."""
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    where = "" if len(plain) >= LONG else path
    return hashlib.sha256(f"{where}\n{plain}".encode()).hexdigest()
