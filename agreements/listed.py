"""What lists say of an agreement, and how much that is worth, in plain sentences.

Text without markup, as in ``agreements.sentences``; of agreements whose citations, listings,
steps and parties are joined.
"""

from django.utils.translation import gettext as _

from agreements.lifecycle import Status
from agreements.models import Agreement, Listing
from agreements.sentences import isolated
from common.dates import PartialDate
from common.dates_display import display_partial_date
from common.templatetags.numbers import number


def notes(agreement: Agreement) -> list[str]:
    """What a reader should know of an agreement that is on record on the word of lists."""
    found = []
    if claimant := agreement.claimed_by:
        found.append(
            _("Only %(party)s’s side lists this tie; it is that side’s claim.")
            % {"party": isolated(claimant.shown_name)}
        )
    if rests_on_lists(agreement):
        found.append(_("Signed on an unknown day, on the word of a list."))
    return found


def rests_on_lists(agreement: Agreement) -> bool:
    """Whether it counts as signed for no better reason than that a list has it, without a day."""
    step = agreement.step_on()
    citations = agreement.citations.all()
    return bool(
        step
        and step.to_status == Status.SIGNED
        and not step.happened_on
        and citations
        and all(hasattr(citation, "listing") for citation in citations)
    )


def says(listing: Listing) -> list[str]:
    """“Row 14 of the list as it stood in 2016.” “Only Khujand’s own side lists it.” …"""
    found = [_at(listing), _by(listing)]
    if listing.gone_since:
        found.append(_("No longer listed since %(when)s.") % {"when": _day(listing.gone_since)})
    elif listing.last_listed_on != listing.first_listed_on:
        found.append(
            _("Listed since %(first)s, and still in %(last)s.")
            % {"first": _day(listing.first_listed_on), "last": _day(listing.last_listed_on)}
        )
    return found


def _at(listing: Listing) -> str:
    state = listing.run.listed_on
    form = _("Row %(row)s of the list as it stood in %(when)s.")
    if state.precision == "day":
        form = _("Row %(row)s of the list as it stood on %(when)s.")
    return form % {"row": number(listing.row), "when": _day(state)}


def _by(listing: Listing) -> str:
    if listing.listed_by:
        party = isolated(listing.listed_by.shown_name)
        return _("Only %(party)s’s own side lists it.") % {"party": party}
    if listing.sides == Listing.Sides.BOTH:
        return _("Both sides list it.")
    return _("Who lists it is not known.")


def _day(day: PartialDate) -> str:
    return isolated(display_partial_date(day))
