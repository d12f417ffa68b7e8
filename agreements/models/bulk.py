"""Agreements by the thousand: what ``record``, ``publish`` and ``save`` do for one, for many.

Everything is checked as it is there, the database's own refusals stand, and every row gets the
history that it would have had; only the queries are few. Call these inside a transaction.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from simple_history.utils import get_history_manager_for_model

from agreements import references
from agreements.models.agreement import Agreement
from agreements.models.evidence import Citation
from agreements.models.history import MoveRefused, StatusChange
from agreements.models.issued import IssuedReference
from agreements.models.moving import PUBLISH, Opening
from agreements.models.parties import Party
from agreements.models.requests import PUBLISH_ACT, Request
from cities.models import Place
from cities.offices import is_bound
from common.bulk import BATCH, create_with_history
from common.versions import StaleVersion

# The database sees to what hangs on what.
HUNG_ON = ("agreement", "acted_by", "recorded_by")
TRIES = 5


@dataclass
class Draft:
    """An agreement to be recorded; ``agreement`` and ``citations`` are set once it is."""

    opening: Opening
    parties: Sequence[Place]
    fields: dict[str, Any] = field(default_factory=dict)
    agreement: Agreement = field(init=False)
    citations: list[Citation] = field(init=False, default_factory=list)


def record_many(drafts: Sequence[Draft]) -> None:
    """What ``Agreement.record`` makes of each."""
    with transaction.atomic():
        codes = issue_many(len(drafts))
        for draft, code in zip(drafts, codes, strict=True):
            draft.agreement = _opened(draft, code)
        _create([draft.agreement for draft in drafts], drafts)
        steps = [_first_step(draft) for draft in drafts]
        create_with_history(steps)
        parties = [
            (draft, Party(agreement=draft.agreement, place=place, position=position))
            for draft in drafts
            for position, place in enumerate(draft.parties, start=1)
        ]
        _create([party for _draft, party in parties], [draft for draft, _party in parties])
        _check_kept(drafts)
        for draft, step in zip(drafts, steps, strict=True):
            draft.citations = [
                Citation(agreement=draft.agreement, step=step, source=source, says=says)
                for source, says in draft.opening.citations
            ]
        cited = [(draft, citation) for draft in drafts for citation in draft.citations]
        _create([citation for _draft, citation in cited], [draft for draft, _citation in cited])


def _check_kept(drafts: Sequence[Draft]) -> None:
    """Nobody records what another office keeps. As a rule one person records all of them."""
    for by in {draft.opening.by for draft in drafts} - {None}:
        keys = {draft.agreement.pk for draft in drafts if draft.opening.by == by}
        if is_bound(by) and Agreement.objects.filter(pk__in=keys).kept_by(by).count() < len(keys):
            raise PermissionDenied


def issue_many(count: int) -> list[str]:
    """That many new references, entered in the book."""
    for _try in range(TRIES):
        codes: set[str] = set()
        while len(codes) < count:
            drawn = {references.draw() for _ in range(count - len(codes))} - codes
            codes |= drawn - _issued(drawn)
        entries = [IssuedReference(code=code) for code in codes]
        try:
            with transaction.atomic():
                IssuedReference.objects.bulk_create(entries, batch_size=BATCH)
        except IntegrityError:  # somebody else was given one of them meanwhile
            continue
        return list(codes)
    raise IntegrityError("No free references were drawn.")


def _issued(codes: set[str]) -> set[str]:
    return set(IssuedReference.objects.filter(code__in=codes).values_list("code", flat=True))


def publish_many(agreements: Sequence[Agreement], *, by: Any) -> None:
    """What ``Agreement.publish`` does to each."""
    check_may(agreements, PUBLISH, by=by)
    for agreement, lacking in _lacking(agreements):
        raise MoveRefused([f"{agreement.reference}: {' '.join(map(str, lacking))}"])
    for agreement in agreements:
        agreement.visibility = Agreement.Visibility.PUBLIC
    save_many(agreements, ["visibility", "updated_at"], by=by)
    keys = [agreement.pk for agreement in agreements]
    for start in range(0, len(keys), BATCH):
        asked = Request.objects.waiting().filter(act=PUBLISH_ACT)
        asked = asked.filter(agreement__in=keys[start : start + BATCH])
        asked.update(answered_at=timezone.now(), answered_by=by, outcome=Request.Outcome.DONE)


def check_may(agreements: Sequence[Agreement], permission: str, *, by: Any) -> None:
    """What ``Agreement.check_may`` says of each, in one question."""
    if by is None:
        return
    keys = {agreement.pk for agreement in agreements}
    kept = Agreement.objects.order_by().filter(pk__in=keys).kept_by(by)
    if not by.has_perm(permission) or (is_bound(by) and kept.count() < len(keys)):
        raise PermissionDenied


def _lacking(agreements: Sequence[Agreement]):
    """Those not fit to be shown. One by one only where few questions to all do not settle it."""
    keys = [agreement.pk for agreement in agreements]
    seats = Counter(Party.objects.filter(agreement__in=keys).values_list("agreement", flat=True))
    cited = set(Citation.objects.filter(agreement__in=keys).values_list("agreement", flat=True))
    for agreement in agreements:
        if seats[agreement.pk] >= 2 and agreement.pk in cited:
            continue
        if lacking := agreement.lacks_for_publishing():
            yield agreement, lacking


def save_many(rows: Sequence[Any], fields: list[str], *, by: Any = None) -> None:
    """What ``save(update_fields=…)`` does to each, the comparison of versions included."""
    if not rows:
        return
    model = type(rows[0])
    versions = {row.pk: row.version for row in rows}
    keys = list(versions)
    current: dict[int, int] = {}
    for start in range(0, len(keys), BATCH):
        part = model._default_manager.select_for_update().filter(pk__in=keys[start : start + BATCH])
        current.update(part.order_by("pk").values_list("pk", "version"))
    for row in rows:
        if current.get(row.pk) != versions[row.pk]:
            raise StaleVersion(row)
    rows = _save_with_several(model, rows, fields, by=by)
    for row in rows:
        row.version += 1
        for name in fields:
            row._meta.get_field(name).pre_save(row, False)
    if not rows:
        return
    _write(model, rows, [*fields, "version"])
    _stamp(rows, by)
    history = get_history_manager_for_model(model)
    history.bulk_history_create(rows, batch_size=BATCH, update=True, default_change_reason=None)


def _save_with_several(
    model: type[Any], rows: Sequence[Any], fields: list[str], *, by: Any
) -> list[Any]:
    """Save one by one what has rows in a many-to-many field, and return the others.

    The history that is written in bulk knows nothing of such fields, and would tell of them as
    taken away.
    """
    keys = [row.pk for row in rows]
    having: set[int] = set()
    for name in (several.name for several in model.history.model._history_m2m_fields):
        link = getattr(model, name)
        for start in range(0, len(keys), BATCH):
            key = link.field.m2m_field_name()
            found = link.through._default_manager.filter(
                **{f"{key}__in": keys[start : start + BATCH]}
            )
            having.update(found.values_list(key, flat=True))
    for row in rows:
        if row.pk in having:
            _stamp([row], by)
            row.save(update_fields=fields)
    return [row for row in rows if row.pk not in having]


def _write(model: type[models.Model], rows: Sequence[Any], fields: list[str]) -> None:
    """In one UPDATE for all that get the same values; the plain query set raises no version."""
    alike: dict[tuple, list[Any]] = {}
    columns = [field.attname for field in model._meta.concrete_fields if field.name in fields]
    fields = [field.name for field in model._meta.concrete_fields if field.name in fields]
    try:
        for row in rows:
            values = tuple(getattr(row, column) for column in columns)
            alike.setdefault(values, []).append(row.pk)
    except TypeError:  # a value that cannot be compared so, such as JSON
        alike = {}
    if not alike or len(alike) > len(rows) // 10 + 1:
        models.QuerySet(model).bulk_update(rows, fields, batch_size=BATCH)
        return
    for values, keys in alike.items():
        changes = dict(zip(fields, values, strict=True))
        for start in range(0, len(keys), BATCH):
            models.QuerySet(model).filter(pk__in=keys[start : start + BATCH]).update(**changes)


def _opened(draft: Draft, code: str) -> Agreement:
    agreement = Agreement(**draft.fields, reference=code)
    agreement._check_may_open(draft.opening)
    agreement.status, agreement.status_since = draft.opening.status, draft.opening.happened_on
    return agreement


def _first_step(draft: Draft) -> StatusChange:
    opening = draft.opening
    step = StatusChange(
        agreement=draft.agreement,
        sequence=1,
        to_status=opening.status,
        happened_on=opening.happened_on,
        on_record_by=opening.on_record_by,
        end_reason=opening.end_reason,
        acted_by=opening.acted_by,
        note=opening.note,
        recorded_by=opening.by,
    )
    step.effective_from = step.counted_from()
    try:
        step.clean_fields(exclude=HUNG_ON)
        step.clean()
    except ValidationError as error:
        raise MoveRefused(error) from error
    return step


def _create(rows: Sequence[Any], drafts: Iterable[Draft]) -> None:
    for row, draft in zip(rows, drafts, strict=True):
        _stamp([row], draft.opening.by)
    create_with_history(rows)


def _stamp(rows: Iterable[Any], by: Any) -> None:
    """Who did it, for the history; a command leaves that to whoever is asking."""
    if by is not None:
        for row in rows:
            row._history_user = by
