"""A plan as text for a terminal of 80 columns; the same for programs is ``Plan.as_json``."""

import textwrap
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agreements.imports.outcomes import Candidate, Outcome, Plan, Problem, Result

WIDTH = 79
EXAMPLES = 3
LONGEST_VALUE = 60


def report(plan: Plan, *, entered: bool = False, every_row: bool = False) -> str:
    """What was looked at, how many rows came to what, and each row that wants a look."""
    parts = [_headline(plan, entered), _counts(plan), _unread(plan), _new_places(plan)]
    refused = plan.refused
    parts.append(_rows(_title_of_refused(plan), refused))
    told = [o for o in plan.outcomes if o.wants_a_look and not o.left_out]
    parts.append(_rows(_("To look at (these do not keep the others from being entered)"), told))
    rest = [o for o in plan.outcomes if not o.wants_a_look]
    shown = rest if every_row else list(_examples(rest))
    title = _("All others") if every_row else _("Examples of the others (-v 2 shows every row)")
    parts.append(_rows(title, shown))
    return "\n\n".join(part for part in parts if part)


def _headline(plan: Plan, entered: bool) -> str:
    rows = sum(file.rows for file in plan.files)
    head = _("Entered.") if entered else _("Dry run: nothing was entered.")
    about = ngettext(
        "%(count)s row of %(files)s, for the list “%(source)s” as it stood in %(state)s.",
        "%(count)s rows of %(files)s, for the list “%(source)s” as it stood in %(state)s.",
        rows,
    ) % {
        "count": rows,
        "files": plan.file_name,
        "source": plan.options.source.key,
        "state": plan.options.listed_on,
    }
    return f"{head}\n{_wrapped(about)}"


def _counts(plan: Plan) -> str:
    return "\n".join(f"{count:>8}  {Result(result).label}" for result, count in plan.counts.items())


def _unread(plan: Plan) -> str:
    found = [f"{column} ({file.name})" for file in plan.files for column in file.unread]
    if not found:
        return ""
    return _wrapped(_("Columns that were not read: %(columns)s.") % {"columns": ", ".join(found)})


def _new_places(plan: Plan) -> str:
    names = sorted(place.name for place in plan.new_places.values())
    if not names:
        return ""
    some = ", ".join(names[:10]) + (" …" if len(names) > 10 else "")
    return _wrapped(
        ngettext("%(count)s new place: %(names)s.", "%(count)s new places: %(names)s.", len(names))
        % {"count": len(names), "names": some}
    )


def _title_of_refused(plan: Plan) -> str:
    if plan.options.leave_out_refused:
        return _("Left out")
    return _("To put right before anything can be entered")


def _rows(title: str, outcomes: Iterable[Outcome]) -> str:
    lines = [line for outcome in outcomes for line in _row(outcome)]
    return "\n".join([title, "-" * min(len(title), WIDTH), *lines]) if lines else ""


def _row(outcome: Outcome) -> Iterator[str]:
    where = _("%(file)s, row %(row)s: %(result)s") % {
        "file": outcome.file,
        "row": outcome.row,
        "result": outcome.result.label,
    }
    yield f"{where} ({outcome.agreement_reference})" if outcome.agreement_reference else where
    if not outcome.left_out:
        yield _wrapped(outcome.says, 2)
    for reason in outcome.reasons:
        yield from _reason(reason)
    for candidate in outcome.candidates:
        yield _wrapped(_candidate(candidate), 4, hang=2)


def _reason(problem: Problem) -> Iterator[str]:
    value = problem.value.replace("\n", " ")
    if len(value) > LONGEST_VALUE:
        value = value[:LONGEST_VALUE] + "…"
    yield _wrapped(f"{problem.column}: “{value}”" if value else f"{problem.column}:", 2)
    yield _wrapped(problem.message, 4)


def _candidate(candidate: Candidate) -> str:
    place = candidate.place
    if place is None:
        return f"? {candidate.reason}"
    country = f", {place.country_code}" if place.country_code else ""
    ids = "".join(f", {identifier}" for identifier in place.identifiers.all())
    return f"? {place.name}{country}{ids} ({place.slug}): {candidate.reason}"


def _examples(outcomes: list[Outcome]) -> Iterator[Outcome]:
    """The first few of each result."""
    seen: dict[Result, int] = {}
    for outcome in outcomes:
        seen[outcome.result] = seen.get(outcome.result, 0) + 1
        if seen[outcome.result] <= EXAMPLES:
            yield outcome


def _wrapped(text: Any, indent: int = 0, hang: int = 0) -> str:
    return textwrap.fill(
        str(text),
        WIDTH,
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent + hang),
        break_long_words=False,
        break_on_hyphens=False,
    )
