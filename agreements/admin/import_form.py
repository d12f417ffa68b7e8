"""What is asked of whoever brings a list of ties."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextInputWidget, AdminURLFieldWidget
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _

from agreements.imports import MappingFile, Options, read_mapping, source_on_record
from agreements.imports.columns import KNOWN, Mapping, plain
from agreements.models import Agreement, Party, Source, TieImport
from agreements.uploads import aside, limits
from cities.models import Place
from common.admin_widgets import KnownSelect
from common.fields import PartialDateFormField
from common.sheets import SheetError, open_sheet
from common.widgets import AdminPartialDateInput

MOST_BYTES_OF_A_MAPPING = 100_000
OF_A_NEW_LIST = ("publisher", "title", "url", "published_on")
LONGER = _("A list of more than %(rows)d rows is read with manage.py import_ties.")
SAID_TWICE = _("The mapping file says this already: “%(said)s”. Leave one of the two out.")


def of_source(name: str, help_text: Any = None) -> dict[str, Any]:
    """Label and help of a field of a new list, as the source's own form has them."""
    field = Source._meta.get_field(name)
    return {
        "label": capfirst(field.verbose_name),
        "help_text": help_text or field.help_text,
        "required": False,
    }


def partial_date(**options: Any) -> PartialDateFormField:
    return PartialDateFormField(required=False, widget=AdminPartialDateInput(), **options)


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        max_length=200,
        help_text=_(
            "A spreadsheet (XLSX) or CSV with one tie a row. Headings in the first row say what is "
            "what: a_name, a_country, b_name, b_country, start, end; better than names are ids, "
            "a_wikidata or a_geonames. “Partner”, “since” and the like are understood too."
        ),
    )
    mapping_file = forms.FileField(
        label=_("Mapping of columns"),
        required=False,
        help_text=_(
            "Only for headings that are not understood: a small TOML file with lines such as "
            'b_name = "Partnerstadt" under [columns].'
        ),
    )
    source = forms.ModelChoiceField(
        Source.objects.none(),
        label=_("List"),
        required=False,
        empty_label=_("a new list, described below"),
        help_text=_(
            "The list that the file is a copy of: its ties are entered on its word. Choose the "
            "same list again for a newer copy, and you are told what was added and what vanished."
        ),
    )
    publisher = forms.CharField(
        max_length=150,
        widget=AdminTextInputWidget(),
        **of_source("publisher", _("Of a new list: who made it, such as a city’s office.")),
    )
    title = forms.CharField(
        max_length=300,
        widget=AdminTextInputWidget(),
        **of_source("title", _("Of a new list: what it calls itself, word for word.")),
    )
    url = forms.URLField(
        max_length=700, assume_scheme="https", widget=AdminURLFieldWidget(), **of_source("url")
    )
    published_on = PartialDateFormField(widget=AdminPartialDateInput(), **of_source("published_on"))
    listed_on = partial_date(
        label=_("State of the list"),
        help_text=_(
            "The day, month or year of the copy: 2025, 2025-05 or 2025-05-10. A tie without a day "
            "of its own is on record by then."
        ),
    )
    side_a = forms.ModelChoiceField(
        Place.objects.all(),
        label=_("Every row is a tie of"),
        required=False,
        help_text=_(
            "For a list of one place’s partners, such as an office keeps: that place. The file "
            "then needs columns for the partners alone. Else leave it empty."
        ),
    )
    own_list = forms.BooleanField(
        label=_("It is that place’s own list"),
        required=False,
        help_text=_(
            "Its office made it: the list then speaks for that place, and each tie is kept as "
            "that side’s claim until another source has it."
        ),
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=Agreement.Kind.choices,
        initial=Agreement.Kind.SISTER_CITY,
        help_text=_("Of every tie, unless a column “kind” says otherwise of its row."),
    )
    part = forms.BooleanField(
        label=_("Only a part of the list"),
        required=False,
        help_text=_("What is missing in it is then not taken to have vanished from the list."),
    )
    make_places = forms.BooleanField(
        label=_("Make new places"),
        required=False,
        help_text=_(
            "A place that is not on record is made of its name and country, unless one of that "
            "name is there. Else such a row is left for you to decide."
        ),
    )
    publish = forms.BooleanField(
        label=_("Publish at once"),
        required=False,
        help_text=_("Else the ties stay internal until somebody publishes them."),
    )

    FIELDSETS = (
        (_("The file"), ("file", "mapping_file")),
        (_("The list that it is a copy of"), ("source", *OF_A_NEW_LIST, "listed_on")),
        (_("How to read it"), ("side_a", "own_list", "kind", "part")),
        (_("What to do with it"), ("make_places", "publish")),
    )

    def __init__(self, *args: Any, user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["file"].help_text = format_lazy(
            "{} {}", self.fields["file"].help_text, LONGER % {"rows": settings.IMPORT_MAX_ROWS}
        )
        lists = Source.objects.visible_to(user) if user else Source.objects.none()
        self.fields["source"].queryset = lists.filter(kind=Source.Kind.REGISTER)
        self.fields["side_a"].widget = KnownSelect(Party._meta.get_field("place"), admin.site)
        self.fields["side_a"].widget.choices = self.fields["side_a"].choices
        for name, permission in (
            ("publish", "agreements.publish_agreement"),
            ("make_places", "cities.add_place"),
        ):
            if user is not None and not user.has_perm(permission):
                del self.fields[name]

    def fieldsets(self) -> Iterator[tuple[Any, list[forms.BoundField]]]:
        for title, names in self.FIELDSETS:
            yield title, [self[name] for name in names if name in self.fields]

    @classmethod
    def initial_from(cls, run: TieImport) -> dict[str, Any]:
        """For a corrected file: all as it was asked for the first time."""
        return {**aside(run).get("typed", {}), "source": run.source_id, "listed_on": run.listed_on}

    def typed(self) -> dict[str, Any]:
        """What can be offered again; a new list is one to choose by then."""
        names = ("own_list", "kind", "part", "make_places", "publish")
        place = self.cleaned_data.get("side_a")
        told = {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}
        return told | {"side_a": place.pk if place else None}

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        most = settings.IMPORT_MAX_BYTES
        if file.size > most:
            raise ValidationError(
                _(
                    "The file is larger than %(size)s. Split it, or have it read with manage.py "
                    "import_ties."
                )
                % {"size": filesizeformat(most)}
            )
        return file

    def clean_mapping_file(self) -> MappingFile:
        file = self.cleaned_data.get("mapping_file")
        if not file:
            return MappingFile()
        if file.size > MOST_BYTES_OF_A_MAPPING:
            raise ValidationError(_("This is no mapping: it is far too large."))
        try:
            return read_mapping(file.read(), file.name)
        except SheetError as error:
            raise ValidationError(str(error)) from None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "mapping_file" in cleaned:
            self._clean_state(cleaned, cleaned["mapping_file"])
            self._clean_list(cleaned, cleaned["mapping_file"])
            self._clean_side(cleaned, cleaned["mapping_file"])
        return cleaned

    def _clean_state(self, cleaned: dict[str, Any], said: MappingFile) -> None:
        typed = cleaned.get("listed_on")
        if typed and said.listed_on and typed != said.listed_on:
            self.add_error("listed_on", SAID_TWICE % {"said": said.listed_on})
        cleaned["listed_on"] = typed or said.listed_on
        if not cleaned["listed_on"] and "listed_on" not in self.errors:
            self.add_error("listed_on", _("Say of when this copy of the list is."))
        if said.kind:
            cleaned["kind"] = said.kind

    def _clean_list(self, cleaned: dict[str, Any], said: MappingFile) -> None:
        new = {name: cleaned[name] for name in OF_A_NEW_LIST if cleaned.get(name)}
        if said.source:
            if cleaned.get("source") or new:
                self.add_error("source", SAID_TWICE % {"said": said.source.get("key", "")})
                return
            try:
                cleaned["source"] = source_on_record(said.source, "[source]")
            except SheetError as error:
                self.add_error("mapping_file", str(error))
        elif cleaned.get("source") and new:
            self.add_error("source", _("Choose a list, or describe a new one, not both."))
        elif not cleaned.get("source") and not set(new) & set(self.errors):
            self._describe(cleaned, new)

    def _describe(self, cleaned: dict[str, Any], new: dict[str, Any]) -> None:
        lacking = [name for name in ("publisher", "title") if not new.get(name)]
        for name in lacking:
            if name not in self.errors:
                self.add_error(name, _("Choose a list above, or say this of the new one."))
        if not lacking:
            cleaned["source"] = Source(kind=Source.Kind.REGISTER, **new)

    def _clean_side(self, cleaned: dict[str, Any], said: MappingFile) -> None:
        place = cleaned.get("side_a")
        if place and any(name.startswith("a_") for name in said.mapping.constants):
            self.add_error("side_a", SAID_TWICE % {"said": "[constants]"})
        if not cleaned.get("own_list"):
            return
        if not place:
            self.add_error("own_list", _("Say which place: “Every row is a tie of”."))
        elif (source := cleaned.get("source")) and source.pk is None:
            source.speaks_for = place
        elif source and source.speaks_for_id != place.pk:
            self.add_error(
                "own_list", _("On record this list speaks for another place, or for none.")
            )

    def options(self) -> Options:
        given = self.cleaned_data
        return Options(
            source=given["source"],
            listed_on=given["listed_on"],
            kind=given["kind"],
            make_places=given.get("make_places", False),
            publish=given.get("publish", False),
            # The preview asks before it leaves anything out.
            leave_out_refused=True,
            whole_list=not given["part"],
            mapping=self.mapping(),
            by=self.user,
        )

    def mapping(self) -> Mapping:
        """As the file says, and the same first side in every row where one was chosen."""
        said = self.cleaned_data["mapping_file"].mapping
        place = self.cleaned_data.get("side_a")
        if not place:
            return said
        known = {f"a_{row.scheme}": row.value for row in place.identifiers.order_by("-scheme")[:1]}
        known = known or {"a_name": place.name, "a_country": place.country_code}
        if self.cleaned_data.get("own_list") and not self.says_who_lists(said):
            known["listed_by"] = "a_only"
        return Mapping(said.columns, {**said.constants, **known})

    def says_who_lists(self, said: Mapping) -> bool:
        """Whether the file itself says of each row who lists it. Raises SheetError."""
        file = self.cleaned_data["file"]
        sheet = open_sheet(file.file, file.name, limits=limits())
        return "listed_by" in {
            *said.columns,
            *said.constants,
            *(KNOWN.get(plain(heading)) for heading in sheet.header),
        }
