"""Where a list and the register disagree about a tie, and which agreement a tie can be."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from agreements.imports.register import Instrument
from agreements.imports.ties import Tie, overlap
from agreements.imports.wording import said
from agreements.lifecycle import BEFORE_SIGNING, Status
from common.dates import PartialDate


def can_be(tie: Tie, instrument: Instrument) -> bool:
    """Not where one was over before the other began: then they are two."""
    if tie.start and instrument.over and instrument.over.over_before(tie.start):
        return False
    return not (tie.end and instrument.signed_on and tie.end.over_before(instrument.signed_on))


def is_the_one(tie: Tie, instrument: Instrument) -> bool:
    """They began at the same time, as far as both are known."""
    days = (instrument.signed_on, instrument.starts_on)
    return bool(tie.start and any(day and overlap(day, tie.start) for day in days))


def contradiction(tie: Tie, instrument: Instrument, listed_on: PartialDate) -> Any:
    """What the register has otherwise than the list, in words; '' where they agree."""
    if instrument.status in BEFORE_SIGNING or instrument.status == Status.WITHDRAWN:
        return said(
            _("The list has it as a tie; in the register it is %(status)s, and was never signed."),
            status=Status(instrument.status).label,
        )
    return (
        _about_the_beginning(tie, instrument, listed_on)
        or _about_the_end(tie, instrument, listed_on)
        or ""
    )


def _about_the_beginning(tie: Tie, instrument: Instrument, listed_on: PartialDate) -> Any:
    signed = instrument.signed_on
    if not signed:
        return None
    if tie.start and not is_the_one(tie, instrument):
        return said(
            _("The list has it begun %(start)s; in the register it was signed %(signed)s."),
            start=tie.start,
            signed=signed,
        )
    if not tie.start and not signed.begun_by(listed_on):
        return said(
            _("The list had it before it was signed, %(signed)s, as the register has it."),
            signed=signed,
        )
    return None


def _about_the_end(tie: Tie, instrument: Instrument, listed_on: PartialDate) -> Any:
    if instrument.status != Status.ENDED:
        if not tie.end:
            return None
        return said(_("The list has it ended %(end)s; in the register it stands."), end=tie.end)
    ended = instrument.ended_on
    if tie.end:
        if not ended or overlap(ended, tie.end):
            return None
        return said(
            _("The list has it ended %(end)s; in the register it ended %(ended)s."),
            end=tie.end,
            ended=ended,
        )
    if ended and ended.over_before(listed_on):
        return said(_("The list has it still; in the register it ended %(ended)s."), ended=ended)
    if not ended and instrument.ended_by and instrument.ended_by < listed_on.first_day:
        return _("The list has it still; in the register it has ended.")
    return None
