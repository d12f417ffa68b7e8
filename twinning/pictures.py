"""The addresses of the pictures that stand beside a link to a page of the register."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import override

from agreements.pictures import REGISTER, Picture, latin, of_agreement
from common.answers import from_anywhere, lasting, same_as_before
from twinning.scopes import Scope


def shown(request: HttpRequest, picture: Picture) -> HttpResponseBase:
    etag = f'"{picture.digest}"'
    # Whoever has it already is told so before it is drawn.
    answer = same_as_before(request, etag) or lasting(request, picture.png, "image/png", etag)
    return from_anywhere(answer)


def agreement(request: HttpRequest, scope: Scope) -> HttpResponseBase:
    return shown(request, of_agreement(scope.agreements.with_parties().with_steps().get()))


def place(request: HttpRequest, scope: Scope) -> HttpResponseBase:
    count = scope.agreements.in_force().count()
    with override("en"):
        picture = Picture(
            title=latin(scope.record.name),
            kind=str(scope.record.get_level_display()).capitalize(),
            tone="signed" if count else "ended",
            says=f"{count} agreement{'' if count == 1 else 's'} in force.",
            foot=REGISTER,
        )
    return shown(request, picture)


def register(request: HttpRequest, scope: Scope) -> HttpResponseBase:
    picture = Picture(
        title="Who is twinned with whom, how far it has got, and who says so.",
        kind="A public register",
        tone="signed",
        says="Every step has its day and its source.",
        foot=REGISTER,
    )
    return shown(request, picture)
