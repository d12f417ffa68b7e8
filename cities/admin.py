"""The staff's screens for places, people and the offices of the staff themselves."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from cities.admin_sheets import InstitutionSheet, OfficialSheet, PlaceSheet, SharedSheetAdmin
from cities.models import (
    Appointment,
    Clerkship,
    Institution,
    Official,
    Place,
    PlaceIdentifier,
    PlaceName,
    Spelling,
)
from cities.offices import check_may_give, is_bound, kept_among, staff, why_not_taken
from common.admin import (
    LONGEST_SEARCH,
    RegisterAdmin,
    RegisterStacked,
    RegisterTabular,
    refuse_nul,
)
from common.admin_forms import VersionedModelForm
from common.admin_widgets import KnownSelect

WHERE_IT_LIES = ("level", "parent", "country_code")
PEOPLE_A_PAGE = 20
MOST_WORDS = 5


class NameInline(RegisterTabular):
    model = PlaceName
    fields = ("text", "language", "script", "kind", "used_from", "used_to")


class IdentifierInline(RegisterTabular):
    model = PlaceIdentifier
    fields = ("scheme", "value")


class InstitutionInline(RegisterStacked):
    model = Institution
    classes = ("collapse",)
    fields = (("name", "kind"), "website", "about")


class SpellingInline(RegisterTabular):
    model = Spelling
    fields = ("text", "language", "script")


class AppointmentInline(RegisterStacked):
    model = Appointment
    fields = ("title", ("place", "accredited_to"), ("began_on", "ended_on"))
    autocomplete_fields = ("place", "accredited_to")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("place", "accredited_to")


class SpokesmanInline(RegisterStacked):
    """The same rows, seen from the place."""

    model = Appointment
    fk_name = "place"
    classes = ("collapse",)
    verbose_name = _("official who speaks for the place")
    verbose_name_plural = _("officials who speak for the place")
    fields = (("official", "title"), "accredited_to", ("began_on", "ended_on"))
    autocomplete_fields = ("official", "accredited_to")

    def get_formset(self, request, obj=None, **kwargs):
        texts = {"official": _("The person; search under any spelling of the name.")}
        return super().get_formset(request, obj, help_texts=texts, **kwargs)

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("place", "official", "accredited_to")


class CountryFilter(admin.SimpleListFilter):
    title = _("country")
    parameter_name = "country"

    def lookups(self, request, model_admin):
        return [(place.country_code, place.name) for place in Place.objects.filter(level="country")]

    def queryset(self, request, queryset):
        return queryset.in_country(self.value()) if self.value() else queryset


@admin.register(Place)
class PlaceAdmin(SharedSheetAdmin):
    sheet = PlaceSheet()
    list_display = ("name", "level", "country_code", "parent", "population", "population_year")
    list_filter = ("level", CountryFilter)
    list_select_related = ("parent",)
    search_fields = ("name",)
    search_help_text = _("Any name of the place, of any time and in any script: Leninabad, خجند.")
    autocomplete_fields = ("parent",)
    inlines = (NameInline, IdentifierInline, InstitutionInline, SpokesmanInline)
    attached = (
        (PlaceName, "place"),
        (PlaceIdentifier, "place"),
        (Institution, "place"),
        (Appointment, "place"),
    )
    fieldsets = (
        (None, {"fields": ("name", ("level", "parent"), "country_code")}),
        (
            _("Facts"),
            {
                "fields": (
                    ("latitude", "longitude"),
                    ("population", "population_year"),
                    "about",
                    "about_source",
                )
            },
        ),
        (_("Address of the page"), {"classes": ("collapse",), "fields": ("slug",)}),
    )

    def get_readonly_fields(self, request, obj=None):
        """Where a place lies says who keeps its agreements: nobody moves it into their office."""
        return WHERE_IT_LIES if obj and is_bound(request.user) else self.readonly_fields

    def get_search_results(self, request, queryset, search_term):
        """For a seat, the places that whoever gives it keeps."""
        seat = request.GET.get("model_name") == Clerkship._meta.model_name
        if seat and request.path == reverse("admin:autocomplete"):
            queryset = queryset.kept_by(request.user)
        return super().get_search_results(request, queryset, search_term)


@admin.register(Official)
class OfficialAdmin(SharedSheetAdmin):
    sheet = OfficialSheet()
    list_display = ("name", "offices")
    search_fields = ("name",)
    search_help_text = _("Any spelling of the name, in any script.")
    inlines = (SpellingInline, AppointmentInline)
    attached = ((Spelling, "official"), (Appointment, "official"))
    fieldsets = (
        (None, {"fields": ("name", "about")}),
        (_("Address of the page"), {"classes": ("collapse",), "fields": ("slug",)}),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).with_offices()

    @admin.display(description=_("offices"))
    def offices(self, official):
        return "; ".join(str(office) for office in official.appointments.all())


@admin.register(Institution)
class InstitutionAdmin(SharedSheetAdmin):
    sheet = InstitutionSheet()
    list_display = ("name", "kind", "place")
    list_filter = ("kind",)
    list_select_related = ("place",)
    search_fields = ("name", "place__name")
    autocomplete_fields = ("place",)
    fieldsets = ((None, {"fields": ("name", "kind", "place", "website", "about")}),)


# The offices of the staff


def called(person: Any) -> str:
    """Full name and name of the account; no address of theirs."""
    name, account = person.get_full_name(), person.get_username()
    return f"{name} ({account})" if name else account


class StaffSelect(KnownSelect):
    """Asks ``people``: who gives seats has no say about accounts, and sees no more of them."""

    url_name = "%s:cities_clerkship_people"


class ClerkshipForm(VersionedModelForm):
    """``by`` is whoever gives the seat; set by the admin."""

    by: Any = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        try:
            check_may_give(self.by, cleaned.get("user"), cleaned.get("place"))
        except ValidationError as error:
            self.add_error(None, error)
        return cleaned


class SeatCountryFilter(CountryFilter):
    def queryset(self, request, queryset):
        return queryset.filter(place__country_code=self.value()) if self.value() else queryset


@admin.register(Clerkship)
class ClerkshipAdmin(RegisterAdmin):
    form = ClerkshipForm
    list_display = ("person", "place", "country", "active")
    list_filter = (SeatCountryFilter, "user__groups", "user__is_active")
    list_select_related = ("user", "place")
    search_fields = ("user__username", "user__first_name", "user__last_name", "place__name")
    search_help_text = _("Name or account of the person, or the place.")
    autocomplete_fields = ("place",)
    fieldsets = ((None, {"fields": ("user", "place")}),)
    # One by one: each is asked after whether it is somebody's last.
    actions = None

    def get_urls(self):
        people = self.admin_site.admin_view(require_safe(self.people_view))
        return [path("people/", people, name="cities_clerkship_people"), *super().get_urls()]

    def get_queryset(self, request):
        found = super().get_queryset(request)
        if not is_bound(request.user):
            return found
        return found.filter(place__in=Place.objects.order_by().kept_by(request.user))

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and is_in_reach(request.user, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and is_in_reach(request.user, obj)

    def get_readonly_fields(self, request, obj=None):
        """A seat handed on would be the last one of whoever had it: take it, and give another."""
        return ("user",) if obj else ()

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.by = request.user
        return form

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name != "user":
            return super().formfield_for_foreignkey(db_field, request, **kwargs)
        kwargs |= {"queryset": staff(), "widget": StaffSelect(db_field, self.admin_site)}
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        field.label_from_instance = called
        return field

    def get_deleted_objects(self, objs, request):
        """A last seat is refused in words; called in the transaction that deletes."""
        to_delete, counts, lacking, protected = super().get_deleted_objects(objs, request)
        protected += [said for seat in objs for said in why_not_taken(request.user, seat)]
        return to_delete, counts, lacking, protected

    def people_view(self, request: HttpRequest) -> HttpResponse:
        """Those who can be given a seat, as the inputs with a search ask for them."""
        refuse_nul(request)
        if not self.has_add_permission(request):
            raise PermissionDenied
        found = staff().order_by("username")
        for word in request.GET.get("term", "")[:LONGEST_SEARCH].split()[:MOST_WORDS]:
            names = Q(first_name__icontains=word) | Q(last_name__icontains=word)
            found = found.filter(names | Q(username__icontains=word))
        page = Paginator(found, PEOPLE_A_PAGE).get_page(request.GET.get("page"))
        people = [{"id": str(person.pk), "text": called(person)} for person in page]
        return JsonResponse({"results": people, "pagination": {"more": page.has_next()}})

    @admin.display(description=_("person"), ordering="user__username")
    def person(self, seat):
        return called(seat.user)

    @admin.display(description=_("country"), ordering="place__country_code")
    def country(self, seat):
        return seat.place.country_code

    @admin.display(description=_("active"), boolean=True, ordering="user__is_active")
    def active(self, seat):
        return seat.user.is_active


def is_in_reach(by: Any, seat: Clerkship | None) -> bool:
    """Whether the seat is in an office whose places this person keeps."""
    return seat is None or bool(kept_among(by, [seat.place_id]))
