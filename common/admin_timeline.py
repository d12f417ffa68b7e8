"""What became of a record and of all that hangs on it, in words: one timeline, the latest first.

A timeline is spun of strands, such as the edit history of one model. Of all strands together one
query asks who did something when; only what one page shows is then read and told. So a page costs
the same however long the history is.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ObjectDoesNotExist
from django.core.paginator import Paginator
from django.db.models import F, IntegerField, Max, Model, OuterRef, Q, QuerySet, Subquery, Value
from django.utils.functional import cached_property
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext

from common.admin_changes import (
    LONGEST_VALUE,
    NOT_TOLD,
    Change,
    Teller,
    read,
    records_of,
    values_of,
)
from common.admin_timeline_form import TimelineForm
from common.word_diffs import Part, marked

PER_PAGE = 50
# What one save writes bears times that differ by less than this.
AT_ONCE = timedelta(seconds=3)
# A longer text is shown beneath its sentence, with what is new and gone marked in it.
LONGEST_IN_A_SENTENCE = 80
LONGEST_SHOWN = 5_000
NOTHING = "—"
MARK = ("t_strand", "t_key", "t_at", "t_by")


def said(sentence: str, **what: Any) -> SafeString:
    """The sentence with each of its blanks filled, by whatever script it is in."""
    isolated = {name: format_html("<bdi>{}</bdi>", value) for name, value in what.items()}
    return mark_safe(conditional_escape(sentence) % isolated)  # noqa: S308


@dataclass(frozen=True)
class Line:
    """One thing done: a sentence, and what stands beneath it. ``url`` leads to the row."""

    text: SafeString | str
    url: str = ""
    facts: Sequence[tuple[str, str]] = ()
    parts: Sequence[Part] = ()


@dataclass
class Told:
    """What there is to tell of one entry of a strand; perhaps nothing."""

    lines: list[Line] = field(default_factory=list)
    reason: str = ""


@dataclass
class Group:
    """What one person did at one time. ``by`` is a name, for people."""

    by: str
    at: datetime
    until: datetime
    user: int | None
    lines: list[Line] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)

    def says(self, reason: str) -> bool:
        """Whether a line tells it already; the edit history keeps the beginning of a long one."""
        return any(fact.startswith(reason) for line in self.lines for _label, fact in line.facts)


class BulkTeller(Teller):
    """Asks for the names of all rows of a model at once, also of those that were deleted.

    ``titles`` says how records of a model are called, where that is not the row's own ``str``, and
    ``joins`` what a row needs for it.
    """

    def __init__(
        self,
        user: Any = None,
        titles: Mapping[Any, Callable[[Any, Any], str]] | None = None,
        joins: Mapping[Any, tuple[str, ...]] | None = None,
    ) -> None:
        super().__init__(user, LONGEST_SHOWN)
        self.titles, self.joins = titles or {}, joins or {}
        self.hidden: set[tuple[Any, Any]] = set()

    def learn(self, model: Any, keys: set[Any]) -> None:
        keys = {key for key in keys if (model, key) not in self.names}
        if not keys:
            return
        rows = model._base_manager.prefetch_related(*self.joins.get(model, ())).in_bulk(keys)
        self.hidden |= {(model, key) for key in keys - self.visible(model, keys)}
        gone = self.names_of_deleted(model, keys - rows.keys())
        for key in keys:
            name = str(rows[key]) if key in rows else gone[key]
            hidden = (model, key) in self.hidden
            self.names[model, key] = gettext("not shown to you") if hidden else name

    def names_of_deleted(self, model: Any, keys: set[Any]) -> dict[Any, str]:
        names = {key: gettext("deleted (%s)") % key for key in keys}
        if keys and hasattr(model, "history"):
            last = model.history.model.objects.filter(id__in=keys).order_by().values("id")
            last = last.annotate(last=Max("history_id")).values("last")
            records = read(records_of(model).filter(pk__in=last))
            # A row that points at itself, or round in a ring, is not asked for twice.
            self.names.update({(model, key): name for key, name in names.items()})
            for record, title in zip(records, self.titles_of(records), strict=True):
                mark = gettext("%s (deleted)")
                # A row that is called by another, which is gone too, is so marked already.
                marked_so = title.endswith(mark.replace("%s", ""))
                names[record.id] = title if marked_so else mark % title
        return names

    def titles_of(self, records: Sequence[Any]) -> list[str]:
        """How the rows were called then, in the order of the records, which are of one model."""
        if not records:
            return []
        model = records[0].instance_type
        self.learn_names(records)
        if model in self.titles:
            return [self.cut(self.titles[model](record, self)) for record in records]
        rows = [record.instance for record in records]
        self.join(model, rows)
        return [self.called(row) for row in rows]

    def join(self, model: Any, rows: Sequence[Any]) -> None:
        """Hand each row what it points at, which is asked for once for all of them."""
        for link in (f for f in model._meta.fields if f.is_relation):
            keys = {getattr(row, link.attname) for row in rows} - {None}
            found = link.related_model._base_manager.in_bulk(keys) if keys else {}
            for row in rows:
                if target := found.get(getattr(row, link.attname)):
                    setattr(row, link.name, target)

    def called(self, row: Model) -> str:
        try:
            return self.cut(str(row))
        except (ObjectDoesNotExist, AttributeError):
            return f"#{row.pk}"

    @staticmethod
    def cut(text: str) -> str:
        return Truncator(text).chars(LONGEST_VALUE)

    def is_hidden(self, record: Any, but: str) -> bool:
        """Whether the row leads to what is not to be seen, beside the record it hangs on."""
        links = (f for f in record.instance_type._meta.fields if f.is_relation and f.name != but)
        return any((f.related_model, getattr(record, f.attname)) in self.hidden for f in links)


class Strand:
    """Entries of one kind. ``key``, ``at`` and ``by`` name columns of the rows of ``entries()``."""

    key, at, by = "pk", "", ""

    def __init__(self, kind: str, label: Any) -> None:
        self.kind, self.label = kind, label

    def entries(self) -> QuerySet:
        raise NotImplementedError

    def tell(self, keys: list[int], teller: BulkTeller) -> dict[int, Told]:
        raise NotImplementedError

    def marks(self, number: int) -> QuerySet:
        """What all strands have in common: which one, the key, when and by whom."""
        rows = self.entries().order_by()
        return rows.annotate(
            t_strand=Value(number, output_field=IntegerField()),
            t_key=F(self.key),
            t_at=F(self.at),
            t_by=F(self.by),
        )


class Edits(Strand):
    """The edit history of rows of a model.

    ``which`` chooses its records; ``owner`` is the foreign key to the record that they hang on,
    empty for the record itself; ``link`` gives the address of a row that is still there.
    """

    key, at, by = "history_id", "history_date", "history_user_id"

    def __init__(
        self,
        model: Any,
        which: Q,
        kind: str = "record",
        label: Any = "",
        owner: str = "",
        link: Callable[[Any], str] | None = None,
    ) -> None:
        super().__init__(kind, label or model._meta.verbose_name_plural)
        self.model, self.which, self.owner, self.link = model, which, owner, link

    def entries(self) -> QuerySet:
        return self.model.history.model.objects.filter(self.which)

    def tell(self, keys: list[int], teller: BulkTeller) -> dict[int, Told]:
        before = self.before(keys)
        wanted = {*keys, *filter(None, before.values())}
        records = {r.history_id: r for r in read(records_of(self.model).filter(pk__in=wanted))}
        here = [records[key] for key in keys if key in records]
        teller.learn_names(records.values())
        titles = dict(zip([r.history_id for r in here], teller.titles_of(here), strict=True))
        urls = self.urls(here)
        return {
            key: self.told(records[key], records.get(before[key]), title, urls.get(key, ""), teller)
            for key, title in titles.items()
        }

    def before(self, keys: list[int]) -> dict[int, int | None]:
        """The record before each of these, of the same row."""
        history = self.model.history.model.objects.order_by()
        earlier = history.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id"))
        last = earlier.values("id").annotate(last=Max("history_id")).values("last")
        found = history.filter(pk__in=keys).annotate(before=Subquery(last))
        return dict(found.values_list("history_id", "before"))

    def urls(self, records: Sequence[Any]) -> dict[int, str]:
        if self.link is None:
            return {}
        here = self.model._base_manager.filter(pk__in={record.id for record in records})
        there = set(here.values_list("pk", flat=True))
        return {r.history_id: self.link(r) for r in records if r.id in there}

    def told(self, record: Any, before: Any, title: str, url: str, teller: BulkTeller) -> Told:
        if self.owner and teller.is_hidden(record, self.owner):
            return Told()
        reason = record.history_change_reason or ""
        return Told(list(self.lines(record, before, title, url, teller)), reason)

    def lines(
        self, record: Any, before: Any, title: str, url: str, teller: BulkTeller
    ) -> Iterator[Line]:
        if record.history_type != "~":
            facts = list(self.facts(record, teller))
            yield Line(self.came_or_went(record, title), url, facts)
        elif before is not None:
            changes = {change.field: change for change in teller.between([before, record])}
            yield from self.changed(record, changes, title, url)

    def came_or_went(self, record: Any, title: str) -> SafeString:
        if not self.owner:
            return said(gettext("The record was entered."))
        kind = record.instance_type._meta.verbose_name
        if record.history_type == "+":
            return said(gettext("The %(kind)s “%(title)s” was entered."), kind=kind, title=title)
        return said(gettext("The %(kind)s “%(title)s” was deleted."), kind=kind, title=title)

    def facts(self, record: Any, teller: BulkTeller) -> Iterator[tuple[str, str]]:
        for name, value in values_of(record).items():
            if name in NOT_TOLD or name == self.owner or value in (None, "", [], False, {}):
                continue
            column = record.instance_type._meta.get_field(name)
            label = capfirst(str(column.verbose_name))
            yield label, Truncator(teller.text(column, value)).chars(LONGEST_VALUE)

    def changed(
        self, record: Any, changes: dict[str, Change], title: str, url: str
    ) -> Iterator[Line]:
        """In the order of the columns. A row that came from another record says so first."""
        kind = record.instance_type._meta.verbose_name
        if self.owner and (moved := changes.pop(self.owner, None)):
            came = gettext("The %(kind)s “%(title)s” came here from “%(old)s”.")
            yield Line(said(came, kind=kind, title=title, old=moved.old), url)
        for name in values_of(record):
            if change := changes.get(name):
                yield self.line(change, kind, title, url)

    def line(self, change: Change, kind: Any, title: str, url: str) -> Line:
        what = said("%(label)s", label=change.label)
        if self.owner:
            of = gettext("%(label)s of the %(kind)s “%(title)s”")
            what = said(of, label=change.label, kind=kind, title=title)
        if max(len(change.old), len(change.new)) > LONGEST_IN_A_SENTENCE:
            parts = marked("" if change.old == NOTHING else change.old, change.new)
            return Line(said(gettext("%(what)s was rewritten:"), what=what), url, parts=parts)
        if change.old == NOTHING:
            became = gettext("%(what)s: %(new)s was entered.")
        elif change.new == NOTHING:
            became = gettext("%(what)s: %(old)s was taken out.")
        else:
            became = gettext("%(what)s: %(old)s became %(new)s.")
        return Line(said(became, what=what, old=change.old, new=change.new), url)


def strands_of(
    record: Model, attached: Iterable[tuple[type[Model], str]], url: str
) -> list[Strand]:
    """The record's own edits, and those of the rows in its inlines at ``url``.

    ``attached`` are pairs of a model and the name of its foreign key to the record.
    """
    strands: list[Strand] = [Edits(type(record), Q(id=record.pk), label=gettext("the record"))]
    for model, name in attached:
        strands.append(edits_of_rows(record, model, name, url))
    return strands


def edits_of_rows(record: Model, model: Any, name: str, url: str) -> Edits:
    accessor = model._meta.get_field(name).remote_field.get_accessor_name()
    link = f"{url}#{accessor}-group"
    which = Q(**{f"{name}_id": record.pk})
    return Edits(model, which, model._meta.model_name, owner=name, link=lambda row: link)


class Timeline:
    """One page of what the strands have to tell, as far as the filters in ``data`` let it."""

    def __init__(self, strands: Sequence[Strand], teller: BulkTeller, data: Any) -> None:
        self.strands, self.teller = list(strands), teller
        self.form = TimelineForm(data, kinds=self.kinds(), people=self.people)
        self.is_valid = self.form.is_valid()
        self.page = Paginator(self.marks(), PER_PAGE).get_page(data.get("p"))

    @property
    def status(self) -> int:
        return 200 if self.is_valid else 400

    def kinds(self) -> dict[str, str]:
        return {strand.kind: capfirst(str(strand.label)) for strand in reversed(self.strands)}

    @cached_property
    def people(self) -> dict[int | None, str]:
        """All who have a hand in it, by their accounts' keys; None stands for commands."""
        by = [strand.marks(0).values_list("t_by").distinct() for strand in self.strands]
        keys = {key for (key,) in by[0].union(*by[1:])}
        users = get_user_model()._default_manager.in_bulk(keys - {None})
        names = {key: user.get_full_name() or user.get_username() for key, user in users.items()}
        if None in keys:
            names[None] = gettext("a command")
        return names

    def marks(self) -> Any:
        if not self.is_valid:
            return []
        which = self.form.which()
        wanted = self.form.cleaned_data["kind"]
        chosen = [
            strand.marks(number).filter(which).values_list(*MARK)
            for number, strand in enumerate(self.strands)
            if wanted in ("", strand.kind)
        ]
        return chosen[0].union(*chosen[1:], all=True).order_by("-t_at", "t_strand", "-t_key")

    @cached_property
    def groups(self) -> list[Group]:
        """Those of this page, in which there is something to tell."""
        marks = list(self.page.object_list)
        told = self.told(marks)
        groups: list[Group] = []
        for strand, key, at, by in marks:
            entry = told.get((strand, key), Told())
            last = groups[-1] if groups else None
            if last is None or last.user != by or last.until - at > AT_ONCE:
                groups.append(last := Group(self.people.get(by, ""), at, at, by))
            last.until = at
            # As it was done: within one save, the first comes first.
            last.lines[:0] = entry.lines
            if entry.reason and entry.reason not in last.reasons:
                last.reasons.append(entry.reason)
        for group in groups:
            group.reasons = [reason for reason in group.reasons if not group.says(reason)]
        return [group for group in groups if group.lines or group.reasons]

    def told(self, marks: Iterable[tuple]) -> dict[tuple[int, int], Told]:
        keys: dict[int, list[int]] = {}
        for strand, key, _at, _by in marks:
            keys.setdefault(strand, []).append(key)
        return {
            (number, key): told
            for number, found in keys.items()
            for key, told in self.strands[number].tell(found, self.teller).items()
        }
