"""“Where it stands”: the spine, what can be done now, why not all of it, and who asked for what."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agreements import spine
from agreements.admin.acts import SEE, act_url
from agreements.lifecycle import SPINE, Facts, Move, moves_from
from agreements.models import Agreement, Citation, Request, Source, StatusChange, UndoneStep
from agreements.models.moving import PUBLISH, UNDO
from agreements.models.requests import PUBLISH_ACT
from common.templatetags.numbers import number

CHANGE, ASK = "agreements.change_agreement", "agreements.add_request"
MOST_NAMED = 4


@dataclass(frozen=True)
class Stop:
    """A station of the spine, or a step beside it, with who says so."""

    label: str
    state: str
    step: StatusChange | None

    @property
    def sources(self) -> list[Source]:
        citations = self.step.citations.all() if self.step else ()
        return list(dict.fromkeys(citation.source for citation in citations))


@dataclass(frozen=True)
class Act:
    """What this person can do now. ``name`` is that of a move, ``publish`` or ``unpublish``."""

    name: str
    label: str
    url: str


@dataclass(frozen=True)
class Hindrance:
    """What this person cannot do now, why, and where to ask for it."""

    label: str
    reasons: list[str]
    ask_url: str = ""


@dataclass(frozen=True)
class Asked:
    """A request that waits, and what this person can do about it."""

    request: Request
    act: Act | None
    decline_url: str
    take_back_url: str


@dataclass
class Standing:
    spine: list[Stop]
    beside: list[Stop]
    history: list[StatusChange]
    acts: list[Act] = field(default_factory=list)
    hindrances: list[Hindrance] = field(default_factory=list)
    cautions: list[str] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    answer: Request | None = None
    undone: list[UndoneStep] = field(default_factory=list)
    can_verify: bool = False
    can_preview: bool = False
    can_undo: bool = False

    @property
    def latest(self) -> StatusChange | None:
        return self.history[-1] if self.history else None


def standing(agreement: Agreement, user: Any) -> Standing:
    cited = Prefetch("citations", Citation.objects.select_related("source"))
    steps = StatusChange.objects.select_related("acted_by", "recorded_by").prefetch_related(cited)
    prefetch_related_objects([agreement], Prefetch("steps", steps))
    found = Standing(*stops(agreement), history=list(agreement.steps.all()))
    if not (user.has_perm(SEE) and agreement.is_kept_by(user)):
        return found
    joins = ("acted_by", "recorded_by", "undone_by")
    found.undone = list(agreement.undone_steps.select_related(*joins))
    if agreement.merged_into_id:
        return found
    found.can_preview = True
    waiting = list(agreement.requests.waiting().select_related("asked_by"))
    if user.has_perm(CHANGE):
        found.can_verify = True
        found.can_undo = user.has_perm(UNDO) and not agreement.why_not_undone()
        asked = {request.act for request in waiting}
        found.acts, found.hindrances = sort_acts(agreement, user, asked)
        found.cautions = told(agreement, found.acts)
    found.asked = [of_request(request, found.acts, user) for request in waiting]
    found.answer = latest_answer(agreement, user)
    return found


# The spine, and what lies beside it


def stops(agreement: Agreement) -> tuple[list[Stop], list[Stop]]:
    """The three stations, and every other step on the way. Join steps first."""
    stations = [one for one in spine.stations(agreement) if one.status in SPINE]
    current = [] if agreement.status in SPINE else list(agreement.steps.all())[-1:]
    beside = [
        Stop(str(step.done), "current" if step in current else "done", step)
        for step in agreement.steps.all()
        if step.to_status not in SPINE or step.move in ("revive", "reinstate")
    ]
    return [Stop(one.label, one.state, one.step) for one in stations], beside


# What can be done


def sort_acts(
    agreement: Agreement, user: Any, asked: set[str]
) -> tuple[list[Act], list[Hindrance]]:
    """What this person can do now, and in words why not the rest. ``asked`` is what waits."""
    acts: list[Act] = []
    hindrances: list[Hindrance] = []
    for name, label, permission, lacking in possibilities(agreement):
        url = act_url("move", agreement.pk, name)
        if name in (PUBLISH_ACT, "unpublish"):
            url = act_url(name, agreement.pk)
        if not user.has_perm(permission):
            reasons = [_("only a registrar can."), *lacking]
            asks = not lacking and name not in asked and user.has_perm(ASK)
            asks = asks and name != "unpublish"
            ask_url = act_url("ask", agreement.pk, name) if asks else ""
            hindrances.append(Hindrance(label, reasons, ask_url))
        elif lacking:
            hindrances.append(Hindrance(label, lacking))
        else:
            acts.append(Act(name, label, url))
    return acts, hindrances


def possibilities(agreement: Agreement):
    """Name, label, permission, and what is still missing, of all that can come next."""
    # A day, a source and a reason are asked by the move's own form; only the rest can be lacking.
    facts = Facts(agreement.parties.count(), has_day=True, has_evidence=True, end_reason="asked")
    for move in moves_from(agreement.status):
        lacking = [str(text) for text in move.lacks(facts)]
        yield move.name, str(move.label), move.permission, lacking
    if agreement.is_public:
        yield "unpublish", _("Unpublish"), PUBLISH, []
    else:
        lacking = [str(text) for text in agreement.lacks_for_publishing()]
        yield PUBLISH_ACT, _("Publish"), PUBLISH, lacking


def told(agreement: Agreement, acts: list[Act]) -> list[str]:
    """The cautions of all that can be done, each with the name of what it is about."""
    possible = {act.name for act in acts}
    moves = [move for move in moves_from(agreement.status) if move.name in possible]
    return [f"{move.label}: {text}" for move in moves for text in cautions(agreement, move)]


def cautions(agreement: Agreement, move: Move) -> list[str]:
    """What does not hinder the move, but should be looked at first. Join parties."""
    if move.name != "sign":
        return []
    signed = set(agreement.signatures.order_by().values_list("party", flat=True))
    silent = [party for party in agreement.parties.all() if party.pk not in signed]
    found = [_("%s has no signature on record.") % party.place.name for party in silent]
    if more := len(found[MOST_NAMED:]):
        text = ngettext(
            "%(number)s other party has no signature on record.",
            "%(number)s other parties have no signature on record.",
            more,
        )
        found[MOST_NAMED:] = [text % {"number": number(more)}]
    return found


# Requests


def of_request(request: Request, acts: list[Act], user: Any) -> Asked:
    """Whoever may do it can also say no, even where it cannot be done any more."""
    key = (request.agreement_id, request.pk)
    return Asked(
        request,
        act=next((act for act in acts if act.name == request.act), None),
        decline_url=act_url("decline", *key) if user.has_perm(request.permission) else "",
        take_back_url=act_url("take_back", *key) if request.asked_by_id == user.pk else "",
    )


def latest_answer(agreement: Agreement, user: Any) -> Request | None:
    """What became of the last thing that this person asked for, if it was answered."""
    mine = agreement.requests.filter(asked_by=user).select_related("answered_by")
    last = mine.order_by("-asked_at", "-pk").first()
    answered = last and last.outcome in (Request.Outcome.DONE, Request.Outcome.DECLINED)
    return last if answered else None
