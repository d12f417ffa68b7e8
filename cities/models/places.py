"""Places that can be a party, and their names through time."""

import re
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from cities.countries import country_name
from cities.models.written import Written
from cities.querysets import PlaceNameQuerySet, PlaceQuerySet
from cities.slugs import free_slug, refuse_old_address
from cities.validators import validate_country_code, validate_language
from common.dates import PartialDate
from common.fields import PartialDateField, span_constraint
from common.folded import FoldedField
from common.versions import VersionedModel


class Place(VersionedModel):
    """A city, a region or a country: whatever can be a party to an agreement."""

    class Level(models.TextChoices):
        CITY = "city", _("city")
        REGION = "region", _("region")
        COUNTRY = "country", _("country")

    RANKS: ClassVar[dict[str, int]] = {Level.CITY: 1, Level.REGION: 2, Level.COUNTRY: 3}

    name = models.CharField(
        _("name"),
        max_length=200,
        help_text=_("The name in English by which lists show the place; all other names go below."),
    )
    name_language = models.CharField(
        _("language of the name"),
        max_length=3,
        default="en",
        validators=[validate_language],
        help_text=_("ISO 639 code; other than en only while no English name is known."),
    )
    slug = models.SlugField(
        _("address"),
        max_length=80,
        unique=True,
        blank=True,
        help_text=_("The last part of the page's address. Left empty, it is made from the name."),
    )
    level = models.CharField(
        _("level"),
        max_length=10,
        choices=Level,
        default=Level.CITY,
        help_text=_("A province, oblast or federal state is a region."),
    )
    # PROTECT: a country that is deleted by mistake must not take its cities along.
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="children",
        null=True,
        blank=True,
        verbose_name=_("lies in"),
        help_text=_("The region or country that the place lies in. A country lies in none."),
    )
    country_code = models.CharField(
        _("country code"),
        max_length=2,
        blank=True,
        validators=[validate_country_code],
        help_text=_("Two capitals of ISO 3166-1, such as TJ for Tajikistan."),
    )
    latitude = models.DecimalField(
        _("latitude"),
        max_digits=8,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
        help_text=_("Degrees north of the equator, from −90 to 90, such as 40.283."),
    )
    longitude = models.DecimalField(
        _("longitude"),
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
        help_text=_("Degrees east of Greenwich, from −180 to 180, such as 69.617."),
    )
    population = models.PositiveBigIntegerField(
        _("population"), null=True, blank=True, help_text=_("Inhabitants, as a whole number.")
    )
    population_year = models.PositiveSmallIntegerField(
        _("year of the population"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1500), MaxValueValidator(2200)],
        help_text=_("The year of the census or estimate: a number without its year says little."),
    )
    about = models.TextField(
        _("about the place"),
        max_length=4000,
        blank=True,
        help_text=_("A few plain sentences for a reader who has never heard of the place."),
    )
    about_source = models.URLField(
        _("source of these facts"),
        max_length=500,
        blank=True,
        help_text=_("The address of a page that says so."),
    )
    folded = FoldedField(source="name")
    history = HistoricalRecords()

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["name", "slug"]
        # Of the records of every model that has a sheet: one decision, so one permission.
        permissions = [("import_sheets", "Can import sheets of records")]
        constraints = [
            CheckConstraint(
                name="place_level_known",
                condition=Q(level__in=["city", "region", "country"]),
                violation_error_message=_("A place is a city, a region or a country."),
            ),
            CheckConstraint(
                name="country_lies_in_nothing",
                condition=~Q(level="country") | Q(parent__isnull=True),
                violation_error_message=_("A country does not lie in another place."),
            ),
            CheckConstraint(
                name="country_has_code",
                condition=~Q(level="country") | ~Q(country_code=""),
                violation_error_message=_("A country needs its country code."),
            ),
            UniqueConstraint(
                name="one_country_per_code",
                fields=["country_code"],
                condition=Q(level="country"),
                violation_error_message=_("The register has a country with this code already."),
            ),
            CheckConstraint(
                name="latitude_on_earth",
                condition=Q(latitude__isnull=True) | Q(latitude__gte=-90, latitude__lte=90),
                violation_error_message=_("A latitude lies between −90 and 90 degrees."),
            ),
            CheckConstraint(
                name="longitude_on_earth",
                condition=Q(longitude__isnull=True) | Q(longitude__gte=-180, longitude__lte=180),
                violation_error_message=_("A longitude lies between −180 and 180 degrees."),
            ),
            CheckConstraint(
                name="coordinates_in_pairs",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False),
                violation_error_message=_("Give latitude and longitude together, or neither."),
            ),
            CheckConstraint(
                name="population_with_year",
                condition=Q(population__isnull=True, population_year__isnull=True)
                | Q(population__isnull=False, population_year__isnull=False),
                violation_error_message=_("Give the population and its year together, or neither."),
            ),
            CheckConstraint(
                name="place_not_in_itself",
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                violation_error_message=_("A place does not lie in itself."),
            ),
        ]
        indexes = [models.Index(fields=["country_code", "name"])]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("place-detail", args=[self.slug])

    def save(self, *args, **kwargs):
        if not self.slug:
            self.slug = free_slug(Place, *self.slug_parts)
        return super().save(*args, **kwargs)

    def clean(self):
        """The database refuses these too (``cities.refusals``); here people are told."""
        if self.parent and self.RANKS[self.parent.level] <= self.RANKS.get(self.level, 0):
            raise ValidationError(
                {
                    "parent": _("%(parent)s is a %(level)s: a place lies in one of a higher level.")
                    % {"parent": self.parent, "level": self.parent.get_level_display()}
                }
            )
        lower = [
            level for level, rank in self.RANKS.items() if rank < self.RANKS.get(self.level, 0)
        ]
        if self.pk and self.children.exclude(level__in=lower).exists():
            raise ValidationError(
                {"level": _("Places that lie in this one are of the same level.")}
            )

    def validate_unique(self, exclude=None):
        super().validate_unique(exclude)
        refuse_old_address(self)

    @property
    def slug_parts(self) -> tuple[str, ...]:
        """What the address is made of: the name, then what tells it from its namesakes."""
        return self.name, self.country_code.lower(), self.level

    @property
    def shown_name(self) -> str:
        """The name in the reader's language where ``with_names()`` found one, else in English.

        A country without one is called as CLDR has that language call it.
        """
        return self.shown.text if self.shown else self.usual_name or self.name

    @property
    def usual_name(self) -> str:
        """What the reader's language calls a country, by CLDR; '' for all else."""
        language = get_language()
        if self.level != self.Level.COUNTRY or language in (None, self.name_language):
            return ""
        return country_name(self.country_code, language)

    @property
    def shown(self) -> "PlaceName | None":
        """The row behind ``shown_name``; None where that is ``name`` itself."""
        if get_language() == self.name_language:
            return None
        return next(iter(getattr(self, "spoken_names", ())), None)

    @property
    def wikidata(self) -> str:
        """The Wikidata id, or ''. Join ``identifiers`` before asking many rows."""
        return next((i.value for i in self.identifiers.all() if i.scheme == "wikidata"), "")


class PlaceIdentifier(VersionedModel):
    """The place's id in somebody else's register; records are matched by these, never by name."""

    class Scheme(models.TextChoices):
        WIKIDATA = "wikidata", "Wikidata"
        GEONAMES = "geonames", "GeoNames"

    FORMS: ClassVar[dict[str, str]] = {
        Scheme.WIKIDATA: r"Q[1-9][0-9]*",
        Scheme.GEONAMES: r"[1-9][0-9]*",
    }

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="identifiers")
    scheme = models.CharField(
        _("register"), max_length=20, choices=Scheme, help_text=_("Whose id it is.")
    )
    value = models.CharField(
        _("id"),
        max_length=40,
        help_text=_("Such as Q373808 at Wikidata, or 1514879 at GeoNames."),
    )
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("id elsewhere")
        verbose_name_plural = _("ids elsewhere")
        ordering = ["scheme", "value"]
        constraints = [
            UniqueConstraint(
                name="one_place_per_identifier",
                fields=["scheme", "value"],
                violation_error_message=_("Another place has this id already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_scheme_display()} {self.value}"

    def clean(self):
        if not re.fullmatch(self.FORMS.get(self.scheme, ".*"), self.value):
            raise ValidationError(
                {"value": _("A Wikidata id is Q and digits, a GeoNames id is digits.")}
            )

    @property
    def url(self) -> str:
        if self.scheme == self.Scheme.WIKIDATA:
            return f"https://www.wikidata.org/wiki/{self.value}"
        return f"https://www.geonames.org/{self.value}"


class PlaceName(Written):
    """One name of a place in one language and script, with the span of its use."""

    class Kind(models.TextChoices):
        OFFICIAL = "official", pgettext_lazy("a name", "official")
        ALTERNATIVE = "alternative", _("alternative")
        FORMER = "former", _("former")

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="names")
    text = models.CharField(
        _("name"), max_length=200, help_text=_("As written in that language and script.")
    )
    kind = models.CharField(
        _("kind"),
        max_length=12,
        choices=Kind,
        default=Kind.OFFICIAL,
        help_text=_("Official: today's own name. Former: used once, no more."),
    )
    used_from = PartialDateField(
        _("used from"), null=True, blank=True, help_text=_("A year is enough. Empty if unknown.")
    )
    used_to = PartialDateField(
        _("used to"), null=True, blank=True, help_text=_("Empty while it is in use, or unknown.")
    )
    folded = FoldedField(source="text")
    history = HistoricalRecords()

    objects = PlaceNameQuerySet.as_manager()

    class Meta:
        verbose_name = _("name")
        verbose_name_plural = _("names")
        ordering = ["kind", "language", "text"]
        constraints = [
            span_constraint(
                "used_from",
                "used_to",
                name="name_used_forwards",
                message=_("A name cannot end before it begins."),
            ),
            UniqueConstraint(
                name="name_recorded_once",
                fields=["place", "text", "language", "kind"],
                violation_error_message=_("This name is on record already."),
            ),
        ]
        indexes = [models.Index(fields=["folded"])]

    def __str__(self) -> str:
        return self.text

    def is_former_one_of(self, day: PartialDate) -> bool:
        """Whether it was in use then and is no more; False where its years are not known."""
        begun = self.used_from is None or self.used_from.begun_by(day)
        return bool(
            self.kind == self.Kind.FORMER
            and self.used_to
            and begun
            and not self.used_to.over_before(day)
        )
