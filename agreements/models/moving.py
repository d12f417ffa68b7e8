"""What changes where an agreement stands, and who can see it: moves, undoing, publishing."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agreements.lifecycle import MOVES, ONCE_SIGNED, Facts, Status
from agreements.models.history import MoveRefused, StatusChange
from agreements.models.requests import PUBLISH_ACT, Request
from agreements.models.standing import Standing
from agreements.models.undone import UndoneStep
from cities.models import Place
from common.dates import PartialDate
from common.versions import StaleVersion

MERGED = _("This record was merged into another, which is the one to go on with.")
PUBLISH = "agreements.publish_agreement"
UNDO = "agreements.undo_agreement"


@dataclass
class Opening:
    """How a record begins. ``by`` is the person who records it; None stands for a command."""

    status: str = Status.PROPOSED
    happened_on: PartialDate | None = None
    on_record_by: PartialDate | None = None
    end_reason: str = ""
    acted_by: Place | None = None
    note: str = ""
    by: Any = None
    citations: list = field(default_factory=list)


class Moving(Standing):
    """Mixed into Agreement."""

    # Columns of Agreement, named here for the reader and for types.
    if TYPE_CHECKING:
        pk: Any
        version: int
        visibility: str
        status_since: PartialDate | None
        signatures: Any
        verified_by: Any
        _history_user: Any
        _change_reason: str
        get_status_display: Any
        refresh_from_db: Any
        save: Any

    def _write_step(self, *, move: str, from_status: str, to_status: str, step: Opening):
        from agreements.models.evidence import Citation

        change = StatusChange(
            agreement=self,
            sequence=self.steps.count() + 1,
            move=move,
            from_status=from_status,
            to_status=to_status,
            happened_on=step.happened_on,
            on_record_by=step.on_record_by,
            end_reason=step.end_reason,
            acted_by=step.acted_by,
            note=step.note,
            recorded_by=step.by,
        )
        change.save()
        for source, says in step.citations:
            Citation.objects.create(agreement=self, step=change, source=source, says=says)
        return change

    def move(
        self,
        name: str,
        *,
        by,
        happened_on: PartialDate | None = None,
        on_record_by: PartialDate | None = None,
        end_reason: str = "",
        acted_by: Place | None = None,
        note: str = "",
        citations=(),
    ) -> StatusChange:
        """Make one move of the lifecycle: the status and its step together, or neither.

        ``by`` is the person who records it (None: a command); ``citations`` are pairs of a Source
        and what it says. Raises PermissionDenied, MoveRefused with words for people, or
        StaleVersion when somebody changed the agreement since this copy of it was read.
        """
        row = MOVES[name]
        self.check_may(by, row.permission)
        step = Opening(
            row.to_status,
            happened_on,
            on_record_by,
            end_reason,
            acted_by,
            note,
            by,
            list(citations),
        )
        with transaction.atomic():
            current = self._locked()
            current._check_may_move(row, step)
            change = current._write_step(
                move=name, from_status=current.status, to_status=row.to_status, step=step
            )
            current.status, current.status_since = row.to_status, step.happened_on
            if by is not None:
                current._history_user = by
            current.save()
            Request.objects.close(current, name, by=by)
        self.refresh_from_db()
        return change

    def check_may(self, by, permission: str) -> None:
        """Raise PermissionDenied unless ``by`` may do this to this agreement; None may all."""
        if by is not None and not (by.has_perm(permission) and self.is_kept_by(by)):
            raise PermissionDenied

    def _locked(self):
        """The agreement as it is now, locked. Raises StaleVersion where it is another by now."""
        rows = type(self)._default_manager.select_for_update()  # type: ignore[attr-defined]
        current = rows.filter(pk=self.pk).first()
        if current is None or current.version != self.version:
            raise StaleVersion(self)  # type: ignore[arg-type]
        return current

    def _check_may_move(self, row, step: Opening) -> None:
        if self.merged_into_id:
            raise MoveRefused(MERGED)
        if self.status not in row.from_statuses:
            raise MoveRefused(
                _("An agreement that is %(status)s cannot be %(done)s.")
                % {"status": self.get_status_display(), "done": row.done}
            )
        if step.acted_by and not self.parties.filter(place=step.acted_by).exists():
            raise MoveRefused({"acted_by": _("Only a party can act alone.")})
        if lacking := row.lacks(self.facts(step)):
            raise MoveRefused(lacking)

    def facts(self, step: Opening) -> Facts:
        return Facts(
            parties=self.parties.count(),
            has_day=bool(step.happened_on or step.on_record_by),
            has_evidence=bool(step.citations)
            or self.signatures.exists()
            or self.documents.exists(),
            end_reason=step.end_reason,
        )

    # Undoing

    def why_not_undone(self) -> list:
        """Why the latest step cannot be undone, in words; empty where it can."""
        if self.merged_into_id:
            return [MERGED]
        if self.steps.count() < 2:
            return [_("The first step is where the record begins: there is nothing to go back to.")]
        return []

    def undo(self, *, by, reason: str) -> UndoneStep:
        """Take the latest step out of the history: it was recorded by mistake.

        The agreement stands again where it stood before. The step stays on record for the staff,
        with who undid it, when and why; its sources stay with the agreement. Raises
        PermissionDenied, MoveRefused with words for people, or StaleVersion.
        """
        self.check_may(by, UNDO)
        if not reason.strip():
            raise MoveRefused({"reason": _("Say what was wrong with the step.")})
        with transaction.atomic():
            current = self._locked()
            if lacking := current.why_not_undone():
                raise MoveRefused(lacking)
            *_earlier, before, step = current.steps.all()
            undone = UndoneStep.of(step, by=by, reason=reason.strip())
            for citation in step.citations.all():
                citation.step = None
                citation.save()
            # The trigger lets go of a step that is on record as undone, and of no other.
            StatusChange.objects.filter(pk=step.pk)._raw_delete(using=step._state.db)
            current.status, current.status_since = before.to_status, before.happened_on
            if by is not None:
                current._history_user = by
            current._change_reason = undone.reason[:100]
            current.save()
        self.refresh_from_db()
        return undone

    # Publishing

    def publish(self, *, by) -> None:
        """Show it, and all that hangs on it, to everybody.

        Raises PermissionDenied, or MoveRefused when the record is not fit to be shown.
        """
        self.check_may(by, PUBLISH)
        if lacking := self.lacks_for_publishing():
            raise MoveRefused(lacking)
        self._set_visibility("public", by=by)

    def unpublish(self, *, by) -> None:
        self.check_may(by, PUBLISH)
        self._set_visibility("internal", by=by)

    def lacks_for_publishing(self) -> list:
        """What a public record of this status must have and this one has not, in words."""
        lacking = [MERGED] if self.merged_into_id else []
        if self.parties.count() < 2:
            lacking.append(_("An agreement needs two parties or more."))
        evidence = self.citations.exists() or self.signatures.exists() or self.documents.exists()
        if self.status in ONCE_SIGNED and not evidence:
            lacking.append(_("Nothing on record says that it was signed: add a source."))
        return lacking

    def _set_visibility(self, visibility: str, *, by) -> None:
        with transaction.atomic():
            self.visibility = visibility
            self.save(update_fields=["visibility", "updated_at"])
            if visibility == "public":
                Request.objects.close(self, PUBLISH_ACT, by=by)

    # Verifying

    def verify(self, *, by) -> None:
        """Put on record that somebody compared it with its sources just now."""
        self.check_may(by, "agreements.change_agreement")
        if self.merged_into_id:
            raise MoveRefused(MERGED)
        self.verified_at, self.verified_by = timezone.now(), by
        self.save(update_fields=["verified_at", "verified_by", "updated_at"])
