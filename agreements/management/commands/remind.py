"""``manage.py remind``: each member of the staff is told by e-mail what is due, once."""

import argparse
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db.models import Count, Min
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agreements import digests, reminding, sayings
from agreements.models import Reminder

DUMMY = "django.core.mail.backends.dummy.EmailBackend"
LAST = timedelta(days=3650)


def a_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(_("write a day as in 2027-01-31")) from None


class Command(BaseCommand):
    help = (
        "Sends each member of the staff a digest of what is due among the agreements that they "
        "keep. Nothing is told twice, so it can run at any time, and two at once. Exit status: 0 "
        "all is well, 1 somebody could not be told; they are told by the next run."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", metavar="USERNAME", help="tell this person alone")
        parser.add_argument("--on", type=a_day, metavar="DAY", help="as of a day to come")
        parser.add_argument(
            "--dry-run", action="store_true", help="print the digests, send and note down nothing"
        )
        unclear = parser.add_mutually_exclusive_group()
        unclear.add_argument(
            "--again", action="store_true", help="send again what may not have arrived"
        )
        unclear.add_argument(
            "--arrived", action="store_true", help="take it that what may not have arrived did"
        )

    def handle(self, *, to: str | None, on: date | None, dry_run: bool, **given: Any) -> None:
        self.is_quiet = given["verbosity"] == 0
        self.check_settings(dry_run)
        on = self.day(on)
        people = self.people(to)
        self.see_to_what_is_unclear(to, given["again"], given["arrived"], dry_run)
        self.run_id, failed = uuid4(), 0
        for user in people:
            try:
                if dry_run:
                    self.show(user, on, given["again"])
                else:
                    self.tell(user, on)
            except Exception as error:  # whatever it is, the others are to be told
                failed += 1
                self.stderr.write(f"{named(user)}: {self.fault(error)}")
        if failed:
            said = ngettext(
                "%(number)d person could not be told.",
                "%(number)d people could not be told.",
                failed,
            )
            raise CommandError(said % {"number": failed})

    # Before anything is sent

    def check_settings(self, dry_run: bool) -> None:
        if not settings.SITE_URL:
            raise CommandError(
                _(
                    "SITE_URL is not set, and a digest has links. Set it to the address of the "
                    "register, such as https://register.example.org."
                )
            )
        if settings.EMAIL_BACKEND == DUMMY and not dry_run:
            raise CommandError(
                _("EMAIL_URL is not set: no mail would go out. Set it to the mail server.")
            )

    def day(self, on: date | None) -> date:
        today = timezone.localdate()
        if on and not today <= on <= today + LAST:
            raise CommandError(_("--on takes today or a day of the next ten years."))
        return on or today

    def people(self, to: str | None) -> list[Any]:
        if to is None:
            return [user for user in reminding.staff() if reminding.may_be_told(user)]
        # Half a character, which no database takes, is no part of a name.
        found = reminding.staff().filter(username=to).first() if to.isprintable() else None
        if found is None or not reminding.may_be_told(found):
            raise CommandError(
                _("%(name)s is no active member of the staff with a role.")
                % {"name": sayings.plain(to)}
            )
        return [found]

    def see_to_what_is_unclear(
        self, to: str | None, again: bool, arrived: bool, dry_run: bool
    ) -> None:
        """What a run that was killed had taken upon itself: told of, unless the operator says."""
        left = Reminder.objects.filter(reminding.unclear())
        if to is not None:
            left = left.filter(user__username=to)
        if arrived and not dry_run:
            left.update(sent_at=timezone.now())
        elif again and not dry_run:
            left.delete()
        rows = left.values_list("user__username").order_by("user__username")
        for name, things, since in rows.annotate(Count("pk"), Min("claimed_at")):
            said = ngettext(
                "%(name)s: a digest of %(number)d thing, from %(when)s, may not have arrived.",
                "%(name)s: a digest of %(number)d things, from %(when)s, may not have arrived.",
                things,
            )
            when = timezone.localtime(since).strftime("%Y-%m-%d %H:%M")
            how = _("--again sends it again, --arrived says that it came.")
            told = said % {"name": sayings.plain(name), "number": things, "when": when}
            self.stderr.write(f"{told} {how}")

    # Each person

    def why_not(self, user: Any) -> str:
        """Why this person gets no mail; empty where they get it."""
        if not digests.preferences_of(user).digest:
            return _("has switched the digest off.")
        if not user.email:
            return _("has no e-mail address.")
        try:
            validate_email(user.email)
        except ValidationError:
            return _("has an e-mail address that is none.")
        return ""

    def tell(self, user: Any, on: date) -> None:
        said = self.why_not(user)
        if not said and (things := digests.send(user, on, self.run_id)):
            said = ngettext("told of %(number)d thing.", "told of %(number)d things.", things)
            said %= {"number": things}
        if not self.is_quiet:
            self.stdout.write(f"{named(user)}: {said or _('nothing new.')}")

    def show(self, user: Any, on: date, again: bool) -> None:
        if said := self.why_not(user):
            self.stdout.write(f"{named(user)}: {said}")
            return
        things = reminding.due_for(user, on, again=again)
        if not things:
            self.stdout.write(f"{named(user)}: {_('nothing new.')}")
            return
        first = things[: reminding.MOST_TOLD]
        letter = digests.letter(user, first, len(things) - len(first), on)
        self.stdout.write(f"{named(user)}: {letter.subject}\n\n{letter.body}")

    def fault(self, error: Exception) -> str:
        if isinstance(error, digests.MayHaveArrived):
            return _("the mail server was lost while it took the mail, which may have arrived.")
        return _("not told: %(error)s") % {
            "error": sayings.plain(f"{type(error).__name__}: {error}")
        }


def named(user: Any) -> str:
    return sayings.plain(user.get_username())
