"""The duplicates desk: pairs that may be one, each side by side, to be merged or told apart."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agreements.desk import (
    KINDS,
    OF_MODEL,
    Kind,
    Side,
    apart_for,
    kinds_for,
    pairs_for,
    sides_of,
)
from agreements.models import Agreement
from cities.duplicates import Pair
from cities.models import DistinctPair
from common.admin import StrictQueries, refusal, refuse_nul
from common.admin_forms import VersionField
from common.admin_widgets import is_key
from common.merging import LONGEST_REASON
from common.versions import StaleVersion

PAIRS_A_PAGE = 20
MAY_TELL_APART = "cities.add_distinctpair"
CHANGED = gettext_lazy(
    "Somebody changed one of the two while you had this open. Look at both again, as they are now."
)


def reason_field(label: Any, help_text: Any) -> forms.CharField:
    widget = AdminTextareaWidget(attrs={"rows": 2})
    return forms.CharField(
        label=label, help_text=help_text, max_length=LONGEST_REASON, widget=widget
    )


class MergeForm(forms.Form):
    """Which of the two stays, and how the person knows; over the versions that they looked at."""

    kept = forms.TypedChoiceField(
        label=gettext_lazy("Which one stays"),
        coerce=int,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Its name, address and facts go first; the other’s move to it."),
    )
    reason = reason_field(
        gettext_lazy("How you know that they are one"),
        gettext_lazy("For colleagues: the source, or what you compared."),
    )
    low_version = VersionField()
    high_version = VersionField()

    def __init__(self, *args: Any, sides: tuple[Side, Side], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sides = sides
        self.fields["kept"].choices = [(side.record.pk, side.name) for side in sides]
        for name, side in zip(("low", "high"), sides, strict=True):
            self.fields[f"{name}_version"].initial = side.record.version

    def merge(self, kind: Kind, by: Any) -> Side:
        """Do it, and give the one that stayed; raises what the merge raises."""
        given = self.cleaned_data
        low, high = self.sides
        # Without a version no state was looked at: 0 is that of no row.
        low.record.version = given["low_version"] or 0
        high.record.version = given["high_version"] or 0
        kept, other = (low, high) if given["kept"] == low.record.pk else (high, low)
        kind.merge(kept.record, other.record, by=by, reason=given["reason"])
        return kept


class ApartForm(forms.Form):
    reason = reason_field(
        gettext_lazy("How you know that they are two"),
        gettext_lazy("For colleagues. The pair does not come back to this desk."),
    )


@admin.register(DistinctPair)
class DuplicatesDesk(StrictQueries):
    fields = ("reason",)

    def get_urls(self):
        wrap = self.admin_site.admin_view
        address = "<slug:kind>/<int:low>/<int:high>/"
        pair = path(address, wrap(self.pair_view), name="cities_distinctpair_pair")
        return [pair, *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> Any:
        seen = apart_for(request.user).order_by().values("pk")
        return super().get_queryset(request).filter(pk__in=seen)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Two are told apart on the page that shows both."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The desk: a tab for each kind of record, and one of the pairs that were told apart."""
        refuse_nul(request)
        if not self.has_view_permission(request):
            raise PermissionDenied
        kinds = kinds_for(request.user)
        tab = request.GET.get("kind", next(iter(kinds)))
        if tab not in (*kinds, "apart"):
            raise Http404
        found: Any = apart_for(request.user)
        if tab != "apart":
            found = pairs_for(request.user, kinds[tab].find())
        page = Paginator(found, PAIRS_A_PAGE).get_page(request.GET.get("p"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Probable duplicates"),
            "opts": self.opts,
            "tab": tab,
            "tabs": [*((kind.name, kind.label) for kind in kinds.values()), APART],
            "page": page,
            "shown": apart_shown(page) if tab == "apart" else pairs_shown(KINDS[tab], page),
        }
        return TemplateResponse(request, "admin/duplicates/desk.html", context)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """A pair that was told apart is looked at where both are shown."""
        pair = self.get_object(request, object_id)
        if pair is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, pair):
            raise PermissionDenied
        return HttpResponseRedirect(pair_url(OF_MODEL[pair.kind], pair))

    def pair_view(self, request: HttpRequest, kind: str, low: int, high: int) -> HttpResponse:
        refuse_nul(request)
        if not self.has_view_permission(request):
            raise PermissionDenied
        of_kind = kinds_for(request.user).get(kind)
        if of_kind is None or not low < high or not is_key(str(high)):
            raise Http404
        sides = both(of_kind, low, high)
        if sides and not all(is_for(side.record, request.user) for side in sides):
            raise Http404
        if sides is None:
            return self.gone(request, of_kind)
        act = request.POST.get("act") if request.method == "POST" else None
        if act == "apart":
            return self.tell_apart(request, of_kind, sides)
        if act == "merge":
            return self.merge(request, of_kind, sides)
        return self.show(request, of_kind, sides)

    def merge(self, request: HttpRequest, kind: Kind, sides: tuple[Side, Side]) -> HttpResponse:
        if not request.user.has_perms(kind.may):
            raise PermissionDenied
        form = MergeForm(request.POST, sides=sides, prefix="merge")
        if not form.is_valid():
            return self.show(request, kind, sides, merge=form)
        try:
            kept = form.merge(kind, by=request.user)
        except StaleVersion:
            return self.conflict(request, kind, sides, form)
        except ValidationError as error:
            form.add_error(None, error.messages)
            return self.show(request, kind, sides, merge=form)
        except IntegrityError as error:
            form.add_error(None, refusal(error))
            return self.show(request, kind, sides, merge=form)
        self.log_change(request, kept.record, _("Merged with another record."))
        said = _("The two are one now: {}. The old address leads there.")
        messages.success(request, format_html(said, change_link(kept)))
        return HttpResponseRedirect(desk_url(kind))

    def conflict(self, request: HttpRequest, kind: Kind, sides, form: MergeForm) -> HttpResponse:
        """Both as they are now, and what was typed."""
        low, high = (side.record.pk for side in sides)
        now = both(kind, low, high)
        if now is None:
            return self.gone(request, kind)
        again = MergeForm(form.data.copy(), sides=now, prefix="merge")
        for name, side in zip(("low", "high"), now, strict=True):
            again.data[again.add_prefix(f"{name}_version")] = str(side.record.version)
        again.is_valid()
        again.add_error(None, CHANGED)
        return self.show(request, kind, now, merge=again, status=409)

    def tell_apart(self, request: HttpRequest, kind: Kind, sides) -> HttpResponse:
        if not request.user.has_perm(MAY_TELL_APART):
            raise PermissionDenied
        form = ApartForm(request.POST, prefix="apart")
        if not form.is_valid():
            return self.show(request, kind, sides, apart=form)
        records = (side.record for side in sides)
        reason = form.cleaned_data["reason"]
        pair = DistinctPair.objects.tell_apart(*records, by=request.user, reason=reason)
        self.log_addition(request, pair, _("Told apart."))
        messages.success(request, _("They are two, and on record as such."))
        return HttpResponseRedirect(desk_url(kind))

    def gone(self, request: HttpRequest, kind: Kind) -> HttpResponse:
        said = _("One of the two is no longer there: somebody merged or deleted it.")
        messages.warning(request, said)
        return HttpResponseRedirect(desk_url(kind))

    def show(
        self,
        request: HttpRequest,
        kind: Kind,
        sides: tuple[Side, Side],
        *,
        merge: MergeForm | None = None,
        apart: ApartForm | None = None,
        status: int = 200,
    ) -> HttpResponse:
        low, high = sides
        context = {
            **self.admin_site.each_context(request),
            "title": f"{low.name} – {high.name}",
            "opts": self.opts,
            "kind": kind,
            "desk_url": desk_url(kind),
            "sides": sides,
            "links": [change_link(side) for side in sides],
            "rows": [(label, *(side.facts[label] for side in sides)) for label in low.facts],
            "pair": pair_of(kind, low.record.pk, high.record.pk),
            "told_apart": told_apart(kind, low.record.pk, high.record.pk),
            "refused": kind.are_two(low.record, high.record),
            "warnings": warnings(sides),
            "merge": merge or MergeForm(sides=sides, prefix="merge"),
            "apart": apart or ApartForm(prefix="apart"),
            "may_merge": request.user.has_perms(kind.may),
            "may_tell_apart": request.user.has_perm(MAY_TELL_APART),
        }
        return TemplateResponse(request, "admin/duplicates/pair.html", context, status=status)


APART = ("apart", gettext_lazy("Told apart"))


def both(kind: Kind, low: int, high: int) -> tuple[Side, Side] | None:
    sides = kind.sides([low, high])
    return (sides[low], sides[high]) if len(sides) == 2 else None


def pair_of(kind: Kind, low: int, high: int) -> Pair | None:
    """The pair with its reasons, if it is a probable one."""
    return next((pair for pair in kind.find() if (pair.low, pair.high) == (low, high)), None)


def told_apart(kind: Kind, low: int, high: int) -> DistinctPair | None:
    rows = DistinctPair.objects.select_related("told_by")
    return rows.filter(kind=kind.model._meta.label_lower, low=low, high=high).first()


def is_for(record: Any, user: Any) -> bool:
    """Whether the record is this person's; what is no agreement is everybody's."""
    return not isinstance(record, Agreement) or record.is_kept_by(user)


def pairs_shown(kind: Kind, pairs: Any) -> list[dict[str, Any]]:
    """The pairs of a page with both sides; one that went this moment is passed over."""
    sides = sides_of(kind, ((pair.low, pair.high) for pair in pairs))
    return [
        {"pair": pair, "sides": [sides[pair.low], sides[pair.high]], "url": pair_url(kind, pair)}
        for pair in pairs
        if pair.low in sides and pair.high in sides
    ]


def apart_shown(pairs: Any) -> list[dict[str, Any]]:
    """As ``pairs_shown``, of pairs of any kind."""
    found = []
    for kind in KINDS.values():
        own = [pair for pair in pairs if pair.kind == kind.model._meta.label_lower]
        found += pairs_shown(kind, own)
    return found


def warnings(sides: tuple[Side, Side]) -> list[str]:
    """What merging two agreements would do to what the public sees."""
    records = [side.record for side in sides if isinstance(side.record, Agreement)]
    public = [agreement.reference for agreement in records if agreement.is_public]
    if len(public) == 1:
        said = _(
            "%(reference)s is public and the other is not. If it stays, all that moves to it will "
            "be seen by everybody; if it goes, nobody outside the staff will see either."
        )
        return [said % {"reference": public[0]}]
    return []


def pair_url(kind: Kind, pair: Any) -> str:
    return reverse("admin:cities_distinctpair_pair", args=[kind.name, pair.low, pair.high])


def desk_url(kind: Kind) -> str:
    return f"{reverse('admin:cities_distinctpair_changelist')}?kind={kind.name}"


def change_link(side: Side) -> str:
    meta = side.record._meta
    url = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[side.record.pk])
    return format_html('<a href="{}"><bdi>{}</bdi></a>', url, side.name)
