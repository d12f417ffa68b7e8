"""Where an agreement stands, in plain sentences made of what is on record.

Each takes an agreement whose steps, citations, signatures and parties are joined, and gives text
without markup: names and dates in it carry Unicode's isolates, so that they keep their direction.
"""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agreements.lifecycle import BEFORE_SIGNING, EndReason, Status
from agreements.models import Agreement, StatusChange
from common.dates import PartialDate
from common.dates_display import display_partial_date
from common.templatetags.numbers import number

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOST_NAMED = 2

# For a day, for a month or year, and for a day that is not known.
HEADS: "dict[str, tuple[StrOrPromise, StrOrPromise, StrOrPromise]]" = {
    Status.PROPOSED: (
        gettext_lazy("Proposed on %(when)s"),
        gettext_lazy("Proposed in %(when)s"),
        gettext_lazy("Proposed"),
    ),
    Status.DRAFTED: (
        gettext_lazy("Drafted on %(when)s"),
        gettext_lazy("Drafted in %(when)s"),
        gettext_lazy("Drafted"),
    ),
    Status.SIGNED: (
        gettext_lazy("Signed on %(when)s"),
        gettext_lazy("Signed in %(when)s"),
        gettext_lazy("Signed"),
    ),
    Status.SUSPENDED: (
        gettext_lazy("Suspended on %(when)s"),
        gettext_lazy("Suspended in %(when)s"),
        gettext_lazy("Suspended"),
    ),
    Status.ENDED: (
        gettext_lazy("Ended on %(when)s"),
        gettext_lazy("Ended in %(when)s"),
        gettext_lazy("Ended"),
    ),
    Status.WITHDRAWN: (
        gettext_lazy("Withdrawn on %(when)s"),
        gettext_lazy("Withdrawn in %(when)s"),
        gettext_lazy("Withdrawn"),
    ),
    EndReason.TERMINATED: (
        gettext_lazy("Terminated on %(when)s"),
        gettext_lazy("Terminated in %(when)s"),
        gettext_lazy("Terminated"),
    ),
    "revive": (
        gettext_lazy("Proposed again on %(when)s"),
        gettext_lazy("Proposed again in %(when)s"),
        gettext_lazy("Proposed again"),
    ),
    "reinstate": (
        gettext_lazy("Reinstated on %(when)s"),
        gettext_lazy("Reinstated in %(when)s"),
        gettext_lazy("Reinstated"),
    ),
}
WHY_ENDED: "dict[str, StrOrPromise]" = {
    EndReason.EXPIRED: gettext_lazy("%(what)s, at the end of its term"),
    EndReason.REPLACED: gettext_lazy("%(what)s, replaced by another agreement"),
}
NOT_IN_FORCE: "dict[str, StrOrPromise]" = {
    Status.PROPOSED: gettext_lazy("it is not signed."),
    Status.DRAFTED: gettext_lazy("it is not signed."),
    Status.SUSPENDED: gettext_lazy("it is suspended."),
    Status.ENDED: gettext_lazy("it has ended."),
    Status.WITHDRAWN: gettext_lazy("it was given up before signing."),
}


@dataclass(frozen=True)
class InForce:
    """Whether it is in force today, and why, as the rest of a sentence."""

    yes: bool
    why: str


def isolated(text: object) -> str:
    """The text between FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE."""
    return f"\u2068{text}\u2069"


def standing(agreement: Agreement, on: date | None = None) -> str:
    """“Drafted. On record by 10 May 2025, says Asia-Plus; no signature is on record.”

    ``on`` is the day asked about, None today; a day before the first step has a sentence too.
    """
    step = agreement.step_on(on)
    if step is None:
        return _("Nothing of it was on record by that day.")
    sentence = _said_by(_alone(_head(step), step), step)
    if step.to_status in BEFORE_SIGNING and not _signed_by(agreement, on):
        sentence = _("%(what)s; no signature is on record") % {"what": sentence}
    return _("%(what)s.") % {"what": sentence}


def _signed_by(agreement: Agreement, on: date | None) -> bool:
    """Whether a signature is on record that may have been given by that day."""
    days = [signature.signed_on for signature in agreement.signatures.all()]
    return any(on is None or day is None or day.begun_by(on) for day in days)


def told(step: StatusChange) -> str:
    """One step by itself: “Signed on 10 May 2025, says Asia-Plus.”"""
    return _("%(what)s.") % {"what": _said_by(_alone(_head(step), step), step)}


def _head(step: StatusChange) -> str:
    own_words = HEADS.get(step.end_reason) or HEADS.get(step.move)
    on_a_day, in_a_span, no_day = own_words or HEADS[step.to_status]
    if step.happened_on:
        form = on_a_day if step.happened_on.precision == "day" else in_a_span
        what = form % {"when": _day(step.happened_on)}
    elif step.on_record_by:
        what = _("%(what)s. On record by %(when)s") % {
            "what": no_day,
            "when": _day(step.on_record_by),
        }
    else:
        what = _("%(what)s, on a day that is not known") % {"what": no_day}
    return WHY_ENDED.get(step.end_reason, "%(what)s") % {"what": what}


def _alone(what: str, step: StatusChange) -> str:
    if step.acted_by is None:
        return what
    return _("%(what)s, by %(party)s alone") % {
        "what": what,
        "party": isolated(step.acted_by.shown_name),
    }


def _said_by(what: str, step: StatusChange) -> str:
    publishers = list(dict.fromkeys(citation.source.publisher for citation in step.citations.all()))
    if not publishers:
        return _("%(what)s; no source is given for this step") % {"what": what}
    form = ngettext("%(what)s, says %(who)s", "%(what)s, say %(who)s", len(publishers))
    return form % {"what": what, "who": _listed(publishers)}


def _listed(publishers: list[str]) -> str:
    names = [isolated(name) for name in publishers]
    if len(names) == 1:
        return names[0]
    if len(names) == MOST_NAMED:
        return _("%(first)s and %(second)s") % {"first": names[0], "second": names[1]}
    others = len(names) - 1
    return ngettext("%(first)s and %(number)s other", "%(first)s and %(number)s others", others) % {
        "first": names[0],
        "number": number(others),
    }


def _day(day: PartialDate | None) -> str:
    return isolated(display_partial_date(day))


def in_force(agreement: Agreement, on: date | None = None) -> InForce:
    """Whether it is in force on that day and why: the reasons of ``Agreement.is_in_force``."""
    if agreement.is_in_force(on):
        if agreement.expires_on:
            why = _("signed, and its term runs until the end of %(when)s.")
            if agreement.expires_on.precision == "day":
                why = _("signed, and its term runs until %(when)s.")
            return InForce(True, why % {"when": _day(agreement.expires_on)})
        return InForce(True, _("signed, and no end of its term is on record."))
    return InForce(False, _why_not(agreement, on))


def _why_not(agreement: Agreement, on: date | None) -> str:
    status = agreement.status_as_of(on)
    if status is None:
        return _("it was not on record by that day.")
    if status != Status.SIGNED:
        return str(NOT_IN_FORCE[status])
    if agreement.is_expired(on):
        return _("its term ended on %(when)s, and neither an end nor a renewal is on record.") % {
            "when": _day(agreement.expires_on)
        }
    return _("it begins on %(when)s.") % {"when": _day(agreement.starts_on)}


def warnings(agreement: Agreement, on: date | None = None) -> list[str]:
    """What a reader should know about how fresh the record is."""
    found = []
    if agreement.is_stalled(on):
        found.append(
            _("Stalled: no step is on record for more than %(days)s days.")
            % {"days": number(settings.STALLED_AFTER_DAYS)}
        )
    if agreement.is_dormant(on):
        found.append(
            _("Dormant: in force, but no event is on record for more than %(days)s days.")
            % {"days": number(settings.DORMANT_AFTER_DAYS)}
        )
    return found
