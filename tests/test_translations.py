"""Every catalogue is complete, and what the site reads is what the translators wrote."""

import gettext
import re
from string import Formatter

import polib
import pytest
from django.conf import settings

CATALOGUES = sorted(
    path for room in settings.LOCALE_PATHS for path in room.glob("*/LC_MESSAGES/*.po")
)
PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]|%[sd]")

pytestmark = pytest.mark.parametrize(
    "path", CATALOGUES, ids=["-".join(path.with_suffix("").parts[-4:]) for path in CATALOGUES]
)


def texts_of(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def placeholders(text: str) -> set[str]:
    fields = {name for _, name, _, _ in Formatter().parse(text) if name} if "{" in text else set()
    return fields | set(PLACEHOLDER.findall(text))


def test_no_message_is_left_untranslated(path):
    catalogue = polib.pofile(path)

    assert len(catalogue) > 50
    assert [entry.msgid for entry in catalogue if not entry.translated() or entry.fuzzy] == []


def test_a_translation_keeps_the_placeholders_of_its_message(path):
    for entry in polib.pofile(path):
        for text in texts_of(entry):
            allowed = placeholders(entry.msgid) | placeholders(entry.msgid_plural or "")
            assert placeholders(text) <= allowed, entry.msgid
        assert placeholders(texts_of(entry)[-1]) == placeholders(
            entry.msgid_plural or entry.msgid
        ), entry.msgid


def test_the_compiled_catalogue_says_what_the_written_one_says(path):
    with path.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)

    for entry in polib.pofile(path):
        if entry.msgctxt:
            assert compiled.pgettext(entry.msgctxt, entry.msgid) == texts_of(entry)[0]
        else:
            assert compiled.gettext(entry.msgid) == texts_of(entry)[0]
