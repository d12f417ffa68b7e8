"""What the words of the register mean, for readers: one text for every page that explains them."""

from django.utils.translation import gettext_lazy as _

from agreements.lifecycle import Status
from agreements.models import Evidence

STATUS_MEANS = {
    Status.PROPOSED: _("Somebody in office has spoken for it. No text is known."),
    Status.DRAFTED: _("A text has been prepared. Nobody is bound by it yet."),
    Status.SIGNED: _("The parties have signed, or are on record as bound."),
    Status.SUSPENDED: _("It was signed, and is set aside for now."),
    Status.ENDED: _("It was signed, and binds nobody any more."),
    Status.WITHDRAWN: _("It was given up before it was signed."),
}

EVIDENCE_MEANS = {
    Evidence.NONE: _("No source is on record. Take it as an unproven claim."),
    Evidence.PRESS: _("Others report it. No record of a party itself is at hand."),
    Evidence.ONE_PARTY: _("One party’s own record says so. The others’ word is not at hand."),
    Evidence.EVERY_PARTY: _("Every party’s own record says so."),
    Evidence.TEXT: _("The text itself is on file and can be read here."),
}
