"""Atom feeds of the steps of agreements: what became of them, the latest that was told first.

An entry's time is that at which everybody could first read of it (``agreements.told``); the day on
which it happened stands in its words.
"""

import re
from datetime import UTC, datetime, time
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from agreements import sentences
from agreements.models import Agreement, Citation, StatusChange
from agreements.sayings import lightened
from agreements.told import newest_told, newest_told_of_all
from cities.models import Place
from common.answers import lasting
from twinning.scopes import ANYBODY, Scope, site_name

MOST_ENTRIES = 50
# Of a feed without entries: one that changed with every look would always seem new.
NOTHING_YET = datetime(1970, 1, 1, tzinfo=UTC)
# The year in which the register's ids of entries begin (RFC 4151).
IDS_SINCE = "2025"
# What a name of the database may hold, and no XML can.
NOT_OF_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def written(text: object) -> str:
    return lightened(NOT_OF_XML.sub("", str(text)))


def steps_of(scope: Scope) -> QuerySet[StatusChange]:
    """The latest steps of its agreements; annotated and joined, in a fixed number of queries."""
    steps = StatusChange.objects.visible_to(ANYBODY)
    if scope.kind == "register":
        latest = newest_told_of_all(steps, MOST_ENTRIES)
    else:
        latest = newest_told(steps.filter(agreement__in=scope.agreements.order_by()))
    return latest.prefetch_related(
        Prefetch("agreement", Agreement.objects.with_parties()),
        Prefetch("acted_by", Place.objects.with_names()),
        Prefetch("citations", Citation.objects.select_related("source")),
    )[:MOST_ENTRIES]


def host_of(request: HttpRequest) -> str:
    """The register's own name on the net, the same whichever of its addresses is asked."""
    return urlsplit(settings.SITE_URL or f"//{request.get_host()}").hostname or ""


class Stepwise(Atom1Feed):
    def latest_post_date(self) -> datetime:
        return super().latest_post_date() if self.items else NOTHING_YET


class Steps(Feed):
    feed_type = Stepwise

    def __init__(self, host: str) -> None:
        self.ids = f"tag:{host},{IDS_SINCE}:{get_language()}"

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Scope:
        return kwargs["scope"]

    def items(self, scope: Scope) -> QuerySet[StatusChange]:
        return steps_of(scope)

    # The feed

    def title(self, scope: Scope) -> str:
        if scope.kind == "register":
            return _("Twinning: agreements between places, step by step")
        return _("Twinning: %(name)s, step by step") % {"name": written(scope.name)}

    def subtitle(self, scope: Scope) -> str:
        return _("What was proposed, drafted, signed, suspended, ended or withdrawn.")

    def link(self, scope: Scope) -> str:
        return scope.page

    def feed_guid(self, scope: Scope) -> str:
        return "/".join(filter(None, (self.ids, scope.kind, scope.key)))

    def author_name(self) -> str:
        return site_name()

    # Its entries

    def item_title(self, step: Any) -> str:
        return _("%(name)s: %(done)s") % {
            "name": written(step.agreement.name),
            "done": step.done,
        }

    def item_description(self, step: Any) -> str:
        return escape(written(sentences.told(step)))

    def item_link(self, step: Any) -> str:
        return step.agreement.get_absolute_url()

    def item_guid(self, step: Any) -> str:
        """The same for a step that was taken back and recorded again with another day."""
        return f"{self.ids}/{step.agreement.reference}/{step.sequence}-{step.to_status}"

    def item_updateddate(self, step: Any) -> datetime:
        return step.told_at or datetime.combine(step.effective_from, time.min, UTC)

    def item_categories(self, step: Any) -> list[str]:
        return [step.to_status, step.agreement.kind]


def feed(request: HttpRequest, scope: Scope) -> HttpResponseBase:
    made = Steps(host_of(request)).get_feed(scope, request)
    return lasting(request, made.writeString("utf-8"), Stepwise.content_type)
