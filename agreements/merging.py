"""Merging agreements: two records of one instrument.

The one that goes is kept as a record, internal and aside, with its parties and its history, which
is only ever added to, and what was asked for of it, which is answered. All else goes to the one
that stays. What the two say otherwise is told in the internal note of that one.
"""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from agreements.models import (
    Agreement,
    Approval,
    Citation,
    Party,
    Relation,
    Reminder,
    Request,
    Signature,
    StatusChange,
    UndoneStep,
)
from cities.models import DistinctPair
from common.dates_display import display_partial_date
from common.merging import MergeRefused, Merging, Pointer, check_may, checked_reason, lock, pointers

MAY_MERGE = "agreements.merge_agreement"
MAY_PUBLISH = "agreements.publish_agreement"

# A request was made of that record where it stood; the other may stand elsewhere.
STAYS_WITH_ITS_RECORD = (StatusChange, Party, UndoneStep, Request)
GROUPS = {Agreement: (("local_term", "local_term_language"),)}
# Written by moves and by publishing, or by the merge itself.
NO_FACT = ("reference", "status", "status_since", "visibility", "internal_note")
# Nobody compared the one that stays with the sources of both.
NO_FACT_EITHER = ("merged_into", "merged_while_public", "verified_at", "verified_by")
LONGEST_NOTE = 4000
LONGEST_SAYS = 1500


def merge_agreements(kept: Agreement, other: Agreement, *, by: Any, reason: str) -> None:
    """Let ``other`` become ``kept``; both as the person looked at them.

    ``by`` is None for a command. Raises PermissionDenied, MergeRefused with words for people, or
    StaleVersion when somebody changed either of the two meanwhile.
    """
    check_may(by, MAY_MERGE)
    reason = checked_reason(reason)
    with transaction.atomic():
        now, going = lock(kept, other)
        for agreement in (now, going):
            agreement.check_may(by, MAY_MERGE)
        if now.is_public or going.is_public:
            # What moves to a public record is published, and a public one that goes is not.
            check_may(by, MAY_PUBLISH)
        if refused := agreements_are_two(now, going):
            raise MergeRefused(refused)
        with translation.override(settings.LANGUAGE_CODE):
            merge(now, going, reason)
            answer_requests(going, now, by)
    kept.refresh_from_db()
    other.refresh_from_db()


def agreements_are_two(kept: Agreement, other: Agreement) -> list[str]:
    """Why these cannot be one, in words; empty where nothing stands in the way."""
    for agreement in (kept, other):
        if agreement.merged_into_id:
            said = _("%(reference)s was merged into another record already.")
            return [said % {"reference": agreement.reference}]
    if places_of(kept) != places_of(other):
        return [_("They are not between the same places. If they are one, mend the parties first.")]
    return []


def places_of(agreement: Agreement) -> set[int]:
    return set(agreement.parties.values_list("place_id", flat=True))


def merge(kept: Agreement, other: Agreement, reason: str) -> None:
    why = _("Merged: %(other)s is %(kept)s") % {"other": other.reference, "kept": kept.reference}
    merging = Merging(why, groups=GROUPS)
    loosen(kept, other, merging)
    turn_reminders(kept, other)
    seats = {party.place_id: party for party in kept.parties.all()}
    for pointer in in_order(pointers(Agreement)):
        merging.turn(pointer, other, kept, adjust=lambda row: fit(row, seats))
    merging.take(kept, other, but=(*NO_FACT, *NO_FACT_EITHER))
    tell_names_then(seats, other, merging)
    if standing(kept) != standing(other):
        merging.aside.append(standing(other))
    kept.internal_note = note(kept, other, reason, merging.aside)
    merging.save(kept)
    other.merged_into, other.merged_while_public = kept, other.is_public
    other.visibility = Agreement.Visibility.INTERNAL
    merging.save(other)
    DistinctPair.objects.follow(other, kept)


def in_order(found: list[Pointer]) -> list[Pointer]:
    """Approvals move before the sources that speak of them, which speak of nothing elsewhere."""
    apart = (*STAYS_WITH_ITS_RECORD, Reminder)
    moving = [pointer for pointer in found if pointer.model not in apart]
    return sorted(moving, key=lambda pointer: pointer.model is Citation)


def loosen(kept: Agreement, other: Agreement, merging: Merging) -> None:
    """Take off what says nothing of one record: that it renews itself, or a source twice."""
    pair = (kept.pk, other.pk)
    for relation in Relation.objects.filter(from_agreement__in=pair, to_agreement__in=pair):
        merging.aside.append(
            _("%(one)s %(relation)s %(other)s")
            % {
                "one": relation.from_agreement.reference,
                "relation": relation.get_kind_display(),
                "other": relation.to_agreement.reference,
            }
        )
        drop(relation, merging)
    own = {"step": None, "approval": None, "listing": None}
    said = set(Citation.objects.filter(agreement=kept, **own).values_list(*SAYS))
    for citation in Citation.objects.filter(agreement=other, **own):
        if tuple(getattr(citation, name) for name in SAYS) in said:
            drop(citation, merging)


SAYS = ("source_id", "event_id", "says")


def turn_reminders(kept: Agreement, other: Agreement) -> None:
    """What a person was told of either is not told again of the one that stays."""
    told = ("user_id", "what", "row", "due")
    known = set(Reminder.objects.filter(agreement=kept).values_list(*told))
    for reminder in Reminder.objects.filter(agreement=other):
        if tuple(getattr(reminder, name) for name in told) in known:
            reminder.delete()
        else:
            reminder.agreement = kept
            reminder.save(update_fields=["agreement"])


def answer_requests(other: Agreement, kept: Agreement, by: Any) -> None:
    """Nothing is moved nor published any more that stands aside: whoever asked for it is told."""
    said = _("This record was merged into %(reference)s. Ask again there, if it is still wanted.")
    Request.objects.waiting().filter(agreement=other).update(
        answered_at=timezone.now(),
        answered_by=by,
        outcome=Request.Outcome.DECLINED,
        answer=said % {"reference": kept.reference},
    )


def drop(row: Any, merging: Merging) -> None:
    row._change_reason = merging.change_reason
    row.delete()


def fit(row: Any, seats: dict[int, Party]) -> None:
    """Approvals and signatures are for the kept one's party; its steps are not the other's."""
    if isinstance(row, (Approval, Signature)):
        row.party = seats[row.party.place_id]
    elif isinstance(row, Citation) and row.step:
        row.says = said_of_step(row, row.step)
        row.step = None


def said_of_step(citation: Citation, step: StatusChange) -> str:
    """What it says, and of which step it says so: that stays in the history of its own record.

    Without the record's reference, which may never have been public.
    """
    day = step.happened_on or step.on_record_by
    of = _("Of this step: %(step)s, %(day)s.") % {
        "step": step.done,
        "day": display_partial_date(day, _("date unknown")),
    }
    says = f"{citation.says} {of}".strip()
    return says if len(says) <= LONGEST_SAYS else citation.says


def standing(agreement: Agreement) -> str:
    day = display_partial_date(agreement.status_since, _("date unknown"))
    return f"{agreement.get_status_display()}, {day}"


def tell_names_then(seats: dict[int, Party], other: Agreement, merging: Merging) -> None:
    """The name that the text gives a party is taken over with it, or told."""
    for party in other.parties.all():
        twin = seats[party.place_id]
        if merging.take(twin, party, about=party, but=("agreement", "position")):
            merging.save(twin)


def note(kept: Agreement, other: Agreement, reason: str, aside: list[str]) -> str:
    """The kept one's internal note: its own, then of the merge. The other record stays whole."""
    head = _("%(reference)s was merged into this record: %(reason)s") % {
        "reference": other.reference,
        "reason": reason,
    }
    said = [head]
    if aside:
        said.append(_("It said otherwise: %(facts)s") % {"facts": "; ".join(aside)})
    if other.internal_note:
        said.append(_("Its note: %(note)s") % {"note": other.internal_note})
    left = LONGEST_NOTE - len(kept.internal_note) - 2
    told = Truncator("\n".join(said)).chars(max(left, 0)) if left > 0 else ""
    return f"{kept.internal_note}\n\n{told}".strip()
