"""How an agreement in a queue stands, in words.

Each takes the agreement, as ``agreements.queues.joined`` reads it, and the person who reads the
line; names and dates in it carry Unicode's isolates.
"""

from datetime import datetime, time
from typing import Any

from django.utils import timezone
from django.utils.text import Truncator
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agreements.sentences import isolated
from common.dates_display import display_partial_date
from common.templatetags.numbers import plain_number

LONGEST = 120


def ago(day: Any) -> str:
    """For how long it has been so, in one unit or two: 1 year, 6 months."""
    if not isinstance(day, datetime):
        day = timezone.make_aware(datetime.combine(day, time.min))
    return plain_number(timesince(day))


def short(text: str) -> str:
    """What somebody wrote, in one line and in its own direction."""
    return isolated(Truncator(" ".join(text.split())).chars(LONGEST))


def day_of(day: Any) -> str:
    return isolated(display_partial_date(day))


def called(person: Any) -> str:
    return isolated(person.get_full_name() or person.get_username()) if person else "—"


def asked(agreement: Any, user: Any) -> str:
    """The label of the act first, for that is what is to be done."""
    said = [
        _("%(act)s: asked by %(who)s on %(day)s")
        % {"act": one.label, "who": called(one.asked_by), "day": day_of(one.asked_at)}
        + (f" — {short(one.note)}" if one.note else "")
        for one in agreement.asked_now
    ]
    return "; ".join(said)


def declined(agreement: Any, user: Any) -> str:
    said = [
        _("%(act)s: declined by %(who)s on %(day)s: “%(answer)s”")
        % {
            "act": one.label,
            "who": called(one.answered_by),
            "day": day_of(one.answered_at),
            "answer": short(one.answer),
        }
        for one in agreement.declined_lately
    ]
    return "; ".join(said)


def renewal(agreement: Any) -> str:
    return agreement.get_renewal_display() or _("nothing is on record about its renewal")


def notice(agreement: Any, user: Any) -> str:
    day = day_of(agreement.notice_by)
    return _("Notice by %(day)s; %(renewal)s") % {"day": day, "renewal": renewal(agreement)}


def ending(agreement: Any, user: Any) -> str:
    day = day_of(agreement.expires_on)
    return _("Expires: %(day)s; %(renewal)s") % {"day": day, "renewal": renewal(agreement)}


def renewing(agreement: Any, user: Any) -> str:
    day = day_of(agreement.expires_on)
    return _("Its term is over: %(day)s; %(renewal)s") % {
        "day": day,
        "renewal": renewal(agreement),
    }


def expired(agreement: Any, user: Any) -> str:
    day = day_of(agreement.expires_on)
    return _("Its term was over: %(day)s; it is on record as signed") % {"day": day}


def stalled(agreement: Any, user: Any) -> str:
    step = agreement.step_on()
    return _("%(status)s, and no step for %(time)s") % {
        "status": agreement.get_status_display(),
        "time": ago(step.effective_from),
    }


def overdue(agreement: Any, user: Any) -> str:
    """The one that waits longest, and how many more."""
    late = sorted(agreement.overdue_now, key=lambda one: str(one.due_on))
    first, more = late[0], len(late) - 1
    day = day_of(first.due_on)
    said = _("“%(title)s”, due: %(day)s") % {"title": short(first.title), "day": day}
    if not more:
        return said
    others = ngettext("and %(more)s more", "and %(more)s more", more) % {"more": more}
    return f"{said} {others}"


def one_sided(agreement: Any, user: Any) -> str:
    side = agreement.claimed_by
    return _("Listed by %s alone") % isolated(side.shown_name) if side else ""


def entered(agreement: Any, user: Any) -> str:
    status = agreement.get_status_display()
    if timezone.localdate(agreement.created_at) == timezone.localdate():
        return _("%(status)s; entered today") % {"status": status}
    return _("%(status)s; entered %(time)s ago") % {
        "status": status,
        "time": ago(agreement.created_at),
    }


def unverified(agreement: Any, user: Any) -> str:
    if agreement.verified_at is None:
        return _("Never verified; entered %(time)s ago") % {"time": ago(agreement.created_at)}
    return _("Verified %(time)s ago by %(who)s") % {
        "time": ago(agreement.verified_at),
        "who": called(agreement.verified_by),
    }
