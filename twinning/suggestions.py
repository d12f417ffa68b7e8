"""“Something wrong?”: what readers suggest goes to the staff, and nothing of it is published.

Every page leads here with its own path. The path is looked up as the reader may see it: one that
leads to nothing, or to what is internal, is answered alike, as a page without a record.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import Resolver404, get_script_prefix, resolve, reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, get_language_from_path, gettext, override
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from agreements.models import Agreement, Suggestion
from agreements.models.suggestions import digest_of
from cities.models import Official, Place
from twinning.suggestion_form import (
    HALF_A_SIGN,
    AboutForm,
    SuggestionForm,
    TicketRefused,
    as_link,
    check_pace,
    contact_days,
    new_ticket,
    read_ticket,
)
from twinning.throttles import Throttle, address_of

TRIES = Throttle("suggestion-tries", most=30, seconds=600)
FROM_ONE = Throttle("suggestions-of-one", most=10, seconds=3_600)
FROM_ALL = Throttle("suggestions-of-all", most=120, seconds=3_600)
# While too many wait to be read, come again in a day.
FULL_FOR = 24 * 3_600


class ComeAgain(Exception):
    """Not now, but in so many seconds; what is to be said of it."""

    def __init__(self, said: str, seconds: int) -> None:
        super().__init__(said)
        self.said, self.seconds = said, seconds


# --- Which record a page is about ---------------------------------------------------------


def agreement_of(user: Any, reference: str = "", **_more: Any) -> Agreement | None:
    visible = Agreement.objects.visible_to(user).with_parties()
    found = visible.filter(reference=reference.upper()).first()
    return found or visible.once_at(reference).first()


def place_of(user: Any, slug: str = "", **_more: Any) -> Place | None:
    return Place.objects.with_names().at(slug).first()


def official_of(user: Any, slug: str = "", **_more: Any) -> Official | None:
    return Official.objects.at(slug).first()


# By how the names of their addresses begin.
PAGES: Mapping[str, tuple[str, Callable[..., Any]]] = {
    "agreement-": ("agreement", agreement_of),
    "place-": ("place", place_of),
    "official-": ("official", official_of),
}


def record_at(path: str, user: Any) -> dict[str, Any]:
    """The record that the page shows, as a field of a suggestion; empty where it shows none."""
    prefix = get_script_prefix().rstrip("/")
    language = get_language_from_path(path.removeprefix(prefix)) or settings.LANGUAGE_CODE
    try:
        with override(language):
            match = resolve(path.removeprefix(prefix))
    except Resolver404:
        return {}
    for beginning, (field, find) in PAGES.items():
        if match.view_name.startswith(beginning):
            record = find(user, **match.kwargs)
            return {field: record} if record else {}
    return {}


# --- The pages ----------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_cache=True)
def suggest(request: HttpRequest) -> HttpResponse:
    return receive(request) if request.method == "POST" else ask(request)


def ask(request: HttpRequest) -> HttpResponse:
    about = AboutForm(request.GET)
    if not about.is_valid():
        return render(request, "suggest/refused.html", {"refused": about.errors}, status=400)
    path = about.cleaned_data["about"]
    form = SuggestionForm(initial={"about": path})
    try:
        refuse_if_full()
    except ComeAgain as later:
        return page(request, form, path, later=later)
    return page(request, form, path)


def receive(request: HttpRequest) -> HttpResponse:
    refuse_half_signs(request)
    form = SuggestionForm(request.POST)
    ticket = request.POST.get("ticket", "")
    form.full_clean()
    path = form.cleaned_data.get("about", "/")
    try:
        hold(TRIES, address_of(request))
        return kept(request, form, path, ticket)
    except ComeAgain as later:
        return page(request, form, path, ticket=ticket, later=later)
    except TicketRefused as refused:
        form.add_error(None, refused)
        return page(request, form, path, ticket=ticket)
    except ValidationError as refused:
        form.add_error(None, ValidationError(refused.messages))
        return page(request, form, path)


def refuse_half_signs(request: HttpRequest) -> None:
    """A text that no database takes, nor any page: no browser sends it."""
    sent = (text for name, values in request.POST.lists() for text in (name, *values))
    if any(map(HALF_A_SIGN.search, sent)):
        raise SuspiciousOperation("Half a sign in a form")


def kept(request: HttpRequest, form: SuggestionForm, path: str, ticket: str) -> HttpResponse:
    """The suggestion is in the queue, or an exception says why not."""
    number, at = read_ticket(ticket)
    if not form.is_valid():
        return page(request, form, path, ticket=ticket)
    check_pace(at)
    text = form.cleaned_data["text"]
    if used := Suggestion.objects.filter(ticket=number).first():
        # The button was pressed twice: the reader has been thanked, or is now.
        if used.digest == digest_of(path, text):
            return thanked(path)
        raise ValidationError(gettext("This form was sent already. This is a new one: send it."))
    refuse_if_full()
    suggestion = form.instance
    suggestion.path, suggestion.ticket, suggestion.language = path, number, get_language() or ""
    for field, record in record_at(path, request.user).items():
        setattr(suggestion, field, record)
    suggestion.digest = digest_of(path, text)
    suggestion.full_clean()
    hold(FROM_ONE, address_of(request))
    hold(FROM_ALL)
    save(suggestion)
    return thanked(path)


def save(suggestion: Suggestion) -> None:
    try:
        with transaction.atomic():
            suggestion.save()
    except IntegrityError:
        # The same came at the same moment, and is in the queue; or the record was just merged away.
        same = Q(ticket=suggestion.ticket) | Q(digest=suggestion.digest)
        if not Suggestion.objects.waiting().filter(same).exists():
            said = gettext("It could not be kept just now. Please send it again.")
            raise ValidationError(said) from None


def hold(throttle: Throttle, *who: str) -> None:
    if seconds := throttle.wait(*who):
        said = gettext(
            "Too many suggestions came within a short time. Leave this page open, and send it "
            "again in a while: what you wrote stays here."
        )
        raise ComeAgain(said, seconds)


def refuse_if_full() -> None:
    if Suggestion.objects.is_full():
        said = gettext(
            "So many suggestions wait to be read that no more can be taken just now. Thank you for "
            "yours: please come again in a few days."
        )
        raise ComeAgain(said, FULL_FOR)


def thanked(path: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('suggest-thanks')}?{urlencode({'about': path})}")


@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    about = AboutForm(request.GET)
    if not about.is_valid():
        return render(request, "suggest/refused.html", {"refused": about.errors}, status=400)
    context = {"back": as_link(about.cleaned_data["about"])}
    return render(request, "suggest/thanks.html", context)


def page(
    request: HttpRequest,
    form: SuggestionForm,
    path: str,
    *,
    ticket: str = "",
    later: ComeAgain | None = None,
) -> HttpResponse:
    """The form, with a new ticket unless its own still holds."""
    try:
        read_ticket(ticket)
    except TicketRefused:
        ticket = new_ticket()
    context = {
        "form": form,
        "later": later,
        "ticket": ticket,
        "path": path,
        "back": as_link(path),
        "contact_days": contact_days(),
        **record_at(path, request.user),
    }
    status = 429 if later else 400 if form.errors else 200
    response = render(request, "suggest/form.html", context, status=status)
    if later:
        response["Retry-After"] = str(later.seconds)
    return response
