"""A cell with a country: a code, or the name of a country on record; nothing is guessed."""

import difflib
import unicodedata
from collections import defaultdict
from typing import Any

from django.utils.translation import gettext_lazy as _

from agreements.imports.wording import said
from cities.countries import CODES
from cities.models import Place, PlaceName

# Codes and names of countries that are no more, or go by another name: what to write now.
OF_TODAY = _("Write the country in which the place lies today, as its code: such as %(codes)s.")
NO_MORE = {
    **dict.fromkeys(("ussr", "soviet union", "su", "udssr", "ссср"), "RU, UA, TJ"),
    **dict.fromkeys(("yugoslavia", "yu", "serbia and montenegro", "cs"), "RS, HR, BA"),
    **dict.fromkeys(("czechoslovakia", "čssr", "czecho-slovakia"), "CZ, SK"),
    **dict.fromkeys(("west germany", "east germany", "gdr", "ddr", "dd", "frg", "brd"), "DE"),
    **dict.fromkeys(("burma", "bu"), "MM"),
    **dict.fromkeys(("zaire", "zaïre", "zr"), "CD"),
    **dict.fromkeys(("persia",), "IR"),
    **dict.fromkeys(("siam",), "TH"),
    **dict.fromkeys(("ceylon",), "LK"),
    **dict.fromkeys(("rhodesia", "southern rhodesia"), "ZW"),
    **dict.fromkeys(("upper volta",), "BF"),
    **dict.fromkeys(("dahomey",), "BJ"),
    **dict.fromkeys(("kampuchea",), "KH"),
    **dict.fromkeys(("swaziland",), "SZ"),
    **dict.fromkeys(("east timor", "tp"), "TL"),
    **dict.fromkeys(("south vietnam", "north vietnam"), "VN"),
    **dict.fromkeys(("british honduras",), "BZ"),
    **dict.fromkeys(("netherlands antilles", "an"), "CW, SX, BQ"),
    **dict.fromkeys(("uk",), "GB"),
}


class NoCountry(ValueError):
    """The cell names no country; ``message`` says what to write instead."""

    def __init__(self, message: Any) -> None:
        super().__init__(message)
        self.message = message


def same(text: str) -> str:
    """Names are compared composed and without regard to case, and in no other way forgiving."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text.strip()).casefold())


class Countries:
    """The countries on record by every name that is in use, in any language."""

    def __init__(self) -> None:
        self.by_name: dict[str, set[str]] = defaultdict(set)
        self.former: dict[str, str] = {}
        self.shown: dict[str, str] = {}
        countries = Place.objects.filter(level=Place.Level.COUNTRY)
        for code, name in countries.values_list("country_code", "name"):
            self.shown[code] = name
            self.by_name[same(name)].add(code)
        names = PlaceName.objects.filter(place__level=Place.Level.COUNTRY)
        for text, kind, code in names.values_list("text", "kind", "place__country_code"):
            if kind == PlaceName.Kind.FORMER:
                self.former[same(text)] = code
            else:
                self.by_name[same(text)].add(code)
        self.read_before: dict[str, str] = {}

    def code(self, text: str) -> str:
        """The code for a cell; '' for an empty one. Raises NoCountry."""
        if text not in self.read_before:
            self.read_before[text] = self._code(text)
        return self.read_before[text]

    def _code(self, text: str) -> str:
        if not text.strip() or text.strip().upper() in CODES:
            return text.strip().upper()
        found = self.by_name.get(same(text), set())
        if len(found) == 1:
            return next(iter(found))
        if found:
            raise NoCountry(
                said(
                    _("Several countries are called that. Write the code: %(codes)s."),
                    codes=", ".join(sorted(found)),
                )
            )
        raise NoCountry(self._why(same(text)))

    def _why(self, text: str) -> Any:
        if text in NO_MORE:
            return said(OF_TODAY, codes=NO_MORE[text])
        if text in self.former:
            return said(
                _("This is a former name. Write the code of the country of today, %(code)s."),
                code=self.former[text],
            )
        if near := self._near(text):
            return said(
                _("No country on record is called that. If %(name)s is meant, write %(code)s."),
                name=near[0],
                code=near[1],
            )
        return _(
            "No country on record is called that. Write its two-letter code, such as TJ, or its "
            "name as the register has it."
        )

    def _near(self, text: str) -> tuple[str, str] | None:
        words = text.replace("_", " ").removeprefix("the ").strip()
        close = difflib.get_close_matches(words, self.by_name, n=1, cutoff=0.8)
        if not close:
            return None
        code = sorted(self.by_name[close[0]])[0]
        return self.shown[code], code
