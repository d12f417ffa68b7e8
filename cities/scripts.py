"""In which script a text is written, by its first letter."""

from unicodedata import name

# What Unicode calls a script, and its ISO 15924 code.
CODES = {
    "LATIN": "Latn",
    "CYRILLIC": "Cyrl",
    "ARABIC": "Arab",
    "HEBREW": "Hebr",
    "GREEK": "Grek",
    "ARMENIAN": "Armn",
    "GEORGIAN": "Geor",
    "CJK": "Hani",
    "HIRAGANA": "Hira",
    "KATAKANA": "Kana",
    "HANGUL": "Hang",
    "DEVANAGARI": "Deva",
    "BENGALI": "Beng",
    "TAMIL": "Taml",
    "THAI": "Thai",
    "ETHIOPIC": "Ethi",
    "MONGOLIAN": "Mong",
    "TIBETAN": "Tibt",
    "SYRIAC": "Syrc",
}
UNKNOWN = "Zyyy"


def script_of(text: str) -> str:
    """The ISO 15924 code; ``Zyyy`` where no letter tells."""
    letters = (sign for sign in text if sign.isalpha())
    first = next(letters, "")
    return CODES.get(name(first, "").split(" ")[0], UNKNOWN) if first else UNKNOWN
