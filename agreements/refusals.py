"""What the database refuses about agreements because it spans two rows."""

from common.triggers import Refusal

LATEST_STEP = (
    "SELECT 1 FROM agreements_statuschange step WHERE step.agreement_id = NEW.id"
    " AND step.to_status = NEW.status"
    " AND COALESCE(step.happened_on, '') = COALESCE(NEW.status_since, '')"
    " AND step.sequence = (SELECT MAX(other.sequence) FROM agreements_statuschange other"
    " WHERE other.agreement_id = NEW.id)"
)
STATUS_WITHOUT_STEP = (
    "(NEW.status <> OLD.status OR COALESCE(NEW.status_since, '') <> COALESCE(OLD.status_since, ''))"
    f" AND NOT EXISTS ({LATEST_STEP})"
)
STEP_FROM_ELSEWHERE = (
    "NEW.from_status <> '' AND NEW.from_status <>"
    " (SELECT status FROM agreements_agreement WHERE id = NEW.agreement_id)"
)
PUBLISHED = (
    "EXISTS (SELECT 1 FROM agreements_agreement"
    " WHERE id = OLD.agreement_id AND visibility = 'public')"
)
# What is on record as undone may go.
UNDONE = (
    "EXISTS (SELECT 1 FROM agreements_undonestep undone"
    " WHERE undone.agreement_id = OLD.agreement_id AND undone.sequence = OLD.sequence"
    " AND undone.to_status = OLD.to_status AND undone.recorded_at = OLD.recorded_at)"
)
FOREIGN_PARTY = (
    "NEW.party_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM agreements_party party"
    " WHERE party.id = NEW.party_id AND party.agreement_id = NEW.agreement_id)"
)
FOREIGN_SUBJECT = (
    "(NEW.step_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM agreements_statuschange subject"
    " WHERE subject.id = NEW.step_id AND subject.agreement_id = NEW.agreement_id))"
    " OR (NEW.approval_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM agreements_approval subject"
    " WHERE subject.id = NEW.approval_id AND subject.agreement_id = NEW.agreement_id))"
)
# The one change that a step may see: who acted was merged with another place, and is that one now.
STEP_FACTS = (
    *("id", "agreement_id", "sequence", "move", "from_status", "to_status", "effective_from"),
    *("end_reason", "note", "recorded_at"),
)
# With a value that stands for NULL: a condition that is NULL itself would refuse nothing.
STEP_FACTS_OR_NULL = {"happened_on": "''", "on_record_by": "''", "recorded_by_id": "0"}
STEP_REWRITTEN = " OR ".join(
    (
        *(f"NEW.{name} <> OLD.{name}" for name in STEP_FACTS),
        *(
            f"COALESCE(NEW.{name}, {null}) <> COALESCE(OLD.{name}, {null})"
            for name, null in STEP_FACTS_OR_NULL.items()
        ),
    )
)
PLACE_NOT_MERGED = (
    "NOT EXISTS (SELECT 1 FROM cities_placemerge merged"
    " WHERE merged.old_id = OLD.acted_by_id AND merged.place_id = NEW.acted_by_id)"
)
WRITING = ("INSERT", "UPDATE")

REFUSALS = (
    Refusal(
        "status_without_step",
        "agreements_agreement",
        "UPDATE",
        STATUS_WITHOUT_STEP,
        "A status changes only by a move, which writes its step in the history.",
    ),
    Refusal(
        "reference_changed",
        "agreements_agreement",
        "UPDATE",
        "NEW.reference <> OLD.reference",
        "A reference never changes.",
    ),
    Refusal(
        "step_from_elsewhere",
        "agreements_statuschange",
        "INSERT",
        STEP_FROM_ELSEWHERE,
        "A step begins at the status that the agreement has.",
    ),
    Refusal(
        "step_rewritten",
        "agreements_statuschange",
        "UPDATE",
        f"{STEP_REWRITTEN} OR {PLACE_NOT_MERGED}",
        "The history of an agreement is only ever added to.",
    ),
    Refusal(
        "step_deleted",
        "agreements_statuschange",
        "DELETE",
        f"{PUBLISHED} AND NOT {UNDONE}",
        "The history of a published agreement is never deleted.",
    ),
    *(
        Refusal(
            f"{table}_{event.lower()}_party",
            f"agreements_{table}",
            event,
            FOREIGN_PARTY,
            "The party belongs to another agreement.",
        )
        for table in ("approval", "signature")
        for event in WRITING
    ),
    *(
        Refusal(
            f"citation_{event.lower()}_subject",
            "agreements_citation",
            event,
            FOREIGN_SUBJECT,
            "The source supports a step or an approval of another agreement.",
        )
        for event in WRITING
    ),
)
