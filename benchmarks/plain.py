"""The stock admin over the same models, as one writes it in an afternoon; and its addresses.

``ROOT_URLCONF`` of the measurements.
"""

from typing import ClassVar

from django.conf import settings
from django.contrib import admin
from django.template.backends.django import DjangoTemplates
from django.urls import path

from agreements.models import (
    Agreement,
    Citation,
    Document,
    Initiative,
    Party,
    Relation,
    Sector,
    Source,
)
from cities.models import Place
from twinning.urls import urlpatterns as ours

# Templates of its own, for by their names those of the desk would be found.
OPTIONS = {"context_processors": settings.TEMPLATES[0]["OPTIONS"]["context_processors"]}
STOCK = DjangoTemplates({"NAME": "stock", "DIRS": [], "APP_DIRS": True, "OPTIONS": OPTIONS})


def stock(name: str) -> str:
    """A template as an object, which Django takes in the place of a name."""
    return STOCK.get_template(f"admin/{name}.html")  # type: ignore[return-value]


site = admin.AdminSite(name="plain")
site.index_template = stock("index")


class PartyInline(admin.TabularInline):
    model = Party
    autocomplete_fields = ("place",)


class CitationInline(admin.TabularInline):
    """Without raw ids, each row would offer every step of every agreement."""

    model = Citation
    autocomplete_fields = ("source",)
    raw_id_fields = ("step", "approval", "event")


class InitiativeInline(admin.TabularInline):
    model = Initiative
    raw_id_fields = ("institutions",)


class DocumentInline(admin.TabularInline):
    model = Document


class RelationInline(admin.TabularInline):
    model = Relation
    fk_name = "from_agreement"
    raw_id_fields = ("to_agreement",)


@admin.register(Agreement, site=site)
class PlainAgreementAdmin(admin.ModelAdmin):
    list_display = ("reference", "called", "kind", "status", "status_since", "visibility")
    list_filter = ("status", "visibility", "kind", "sectors")
    search_fields = (
        *("reference", "title", "parties__name_then"),
        *("parties__place__name", "parties__place__names__text"),
    )
    list_per_page = 50
    change_list_template = stock("change_list")
    change_form_template = stock("change_form")
    autocomplete_fields = ("sectors",)
    inlines: ClassVar[list] = [
        PartyInline,
        CitationInline,
        InitiativeInline,
        DocumentInline,
        RelationInline,
    ]

    def called(self, agreement):
        return agreement.title or " – ".join(str(p.place) for p in agreement.parties.all())


@admin.register(Place, site=site)
class PlainPlaceAdmin(admin.ModelAdmin):
    search_fields = ("name", "names__text")


@admin.register(Source, site=site)
class PlainSourceAdmin(admin.ModelAdmin):
    search_fields = ("publisher", "title", "url", "key")


@admin.register(Sector, site=site)
class PlainSectorAdmin(admin.ModelAdmin):
    search_fields = ("name",)


urlpatterns = [path("plain/", site.urls), *ours]
