"""The first screen: today's work of the person who looks, and what colleagues did lately."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from agreements.admin.suggestions import Suggestions, suggestions_for
from agreements.models import (
    Agreement,
    Approval,
    Citation,
    Document,
    Initiative,
    Party,
    Relation,
    Signature,
)
from agreements.querysets import sees_internal
from agreements.queues import Queue, joined, kept, queues_for
from cities.offices import is_bound
from common.admin_changes import NOT_TOLD, read, records_of, values_of, who

LINES = 5
CHANGES = 8
# What colleagues did before is no news.
LATELY = timedelta(days=14)
# One save writes several entries of the history; they are told as one.
AT_ONCE = timedelta(minutes=10)
READ_AT_MOST = 40
ATTACHED: tuple[tuple[type[Any], str], ...] = (
    *((row, "agreement_id") for row in (Party, Citation, Approval, Signature)),
    *((row, "agreement_id") for row in (Initiative, Document)),
    (Relation, "from_agreement_id"),
)
MERGED_OR_MADE = frozenset({"reference", "merged_while_public"})


@dataclass(frozen=True)
class Line:
    agreement: Agreement
    url: str
    says: str


@dataclass(frozen=True)
class Section:
    """One queue as this person sees it; ``lines`` are its first few."""

    queue: Queue
    total: int
    advice: str
    url: str
    lines: list[Line]


@dataclass
class Edits:
    """What one colleague did to one agreement at one time."""

    key: int
    who: str
    at: datetime
    records: list[Any] = field(default_factory=list)
    agreement: Agreement | None = None
    title: str = ""
    url: str = ""
    what: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Desk:
    suggestions: Suggestions | None
    sections: list[Section]
    empty: list[Any]
    changes: list[Edits]


def desk_for(user: Any) -> Desk | None:
    """None for who sees nothing internal. The queries are as many, however much there is to do."""
    if not sees_internal(user):
        return None
    queues = queues_for(user)
    found = {queue.name: queue.first(user, LINES) for queue in queues}
    edits = edits_of_colleagues(user)
    keys = {key for _total, keys in found.values() for key in keys}
    agreements = joined(keys | {edit.key for edit in edits}, user)
    sections = [
        section(queue, *found[queue.name], agreements, user)
        for queue in queues
        if found[queue.name][0]
    ]
    empty = [queue.label for queue in queues if not found[queue.name][0]]
    suggestions = suggestions_for(user, LINES)
    if suggestions and not suggestions.total:
        empty.insert(0, suggestions.label)
    return Desk(suggestions, sections, empty, [told(edit, agreements) for edit in edits])


def section(queue: Queue, total: int, keys: list[int], agreements: dict, user: Any) -> Section:
    # One that was deleted this moment is passed over.
    rows = [agreements[key] for key in keys if key in agreements]
    return Section(
        queue=queue,
        total=total,
        advice=queue.advice_for(user),
        url=f"{reverse('admin:agreements_agreement_changelist')}?queue={queue.name}",
        lines=[Line(row, change_url(row.pk, queue.anchor), queue.line(row, user)) for row in rows],
    )


def change_url(key: int, anchor: str = "") -> str:
    url = reverse("admin:agreements_agreement_change", args=[key])
    return f"{url}#{anchor}" if anchor else url


# What colleagues did


def edits_of_colleagues(user: Any) -> list[Edits]:
    """The latest, of agreements that this person keeps; what commands did is nobody's edit."""
    found: list[tuple[int, Any]] = []
    for model, key in ((Agreement, "id"), *ATTACHED):
        rows = records_of(model).filter(
            history_date__gte=timezone.now() - LATELY, history_user__isnull=False
        )
        rows = own_office(rows.exclude(history_user=user.pk), key, user)
        latest = rows.order_by("-history_date", "-history_id")[:READ_AT_MOST]
        found += [(getattr(record, key), record) for record in latest]
    found.sort(key=lambda pair: pair[1].history_date, reverse=True)
    edits = list(grouped(found))[:CHANGES]
    tell_fields(edits)
    return edits


def own_office(records: QuerySet, key: str, user: Any) -> QuerySet:
    if not is_bound(user):
        return records
    return records.filter(**{f"{key}__in": kept(user).order_by().values("pk")})


def grouped(found: Iterable[tuple[int, Any]]) -> Iterator[Edits]:
    """By agreement and person, in the order of the latest of each."""
    open_: dict[tuple[int, Any], Edits] = {}
    for key, record in found:
        group = open_.get((key, record.history_user_id))
        if group is None or group.at - record.history_date > AT_ONCE:
            group = Edits(key, who(record), record.history_date)
            open_[key, record.history_user_id] = group
            yield group
        group.records.append(record)


def tell_fields(edits: list[Edits]) -> None:
    """Put into words what each of them changed."""
    own = [record for edit in edits for record in edit.records if is_own(record)]
    before = earlier([record.history_id for record in own])
    changed = {record.history_id: record for record in read_again(own)}
    for edit in edits:
        said: dict[str, None] = {}
        for record in edit.records:
            if is_own(record):
                now = changed[record.history_id]
                said |= dict.fromkeys(of_record(now, before.get(record.history_id)))
            else:
                said[of_row(record)] = None
        edit.what = list(said)


def is_own(record: Any) -> bool:
    return record.instance_type is Agreement


def read_again(records: list[Any]) -> list[Any]:
    """The records with the sectors that each had."""
    return read(records_of(Agreement).filter(history_id__in=[one.history_id for one in records]))


def earlier(keys: list[int]) -> dict[int, Any]:
    """The record before each of these, by its key."""
    history: Any = Agreement.history.model.objects.order_by()
    own = history.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id"))
    last = own.order_by("-history_id").values("history_id")[:1]
    rows = history.filter(history_id__in=keys).annotate(before=Subquery(last))
    pairs = dict(rows.values_list("history_id", "before"))
    found = read(
        records_of(Agreement).filter(history_id__in=[key for key in pairs.values() if key])
    )
    by_key = {record.history_id: record for record in found}
    return {key: by_key[before] for key, before in pairs.items() if before in by_key}


def of_record(record: Any, before: Any) -> Iterator[str]:
    """A status and a visibility by their new values, other fields by their names."""
    if record.history_type == "+":
        yield _("entered")
    elif record.history_type == "-":
        yield _("deleted")
    elif before is not None:
        old, new = values_of(before), values_of(record)
        names = [name for name in new if name not in NOT_TOLD | MERGED_OR_MADE]
        for name in names:
            if old.get(name) == new[name]:
                continue
            column = Agreement._meta.get_field(name)
            if name in ("status", "visibility"):
                yield _("now %s") % dict(column.flatchoices)[new[name]]
            elif name not in ("status_since", "verified_by"):
                yield capfirst(str(getattr(column, "verbose_name", name)))


def of_row(record: Any) -> str:
    names = {"name": record.instance_type._meta.verbose_name}
    return {
        "+": _("%(name)s added"),
        "~": _("%(name)s changed"),
        "-": _("%(name)s taken off"),
    }[record.history_type] % names


def told(edit: Edits, agreements: dict[int, Agreement]) -> Edits:
    """With the agreement, or with the name that it had if it is no more."""
    edit.agreement = agreements.get(edit.key)
    if edit.agreement:
        edit.url = reverse("admin:agreements_agreement_history", args=[edit.key])
    else:
        own = [record for record in edit.records if is_own(record)]
        edit.title = (own[0].title or own[0].reference) if own else _("deleted")
    return edit
