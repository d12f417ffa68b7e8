"""Every catalogue is complete, and what the site reads is what the translators wrote."""

import contextlib
import gettext
import re
import shutil
from string import Formatter

import polib
import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

CATALOGUES = sorted(
    path for room in settings.LOCALE_PATHS for path in room.glob("*/LC_MESSAGES/*.po")
)
ROOMS = ("agreements", "cities", "common", "twinning", "templates")
PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]|%[sd]")

each_catalogue = pytest.mark.parametrize(
    "path", CATALOGUES, ids=["-".join(path.with_suffix("").parts[-4:]) for path in CATALOGUES]
)


def texts_of(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def placeholders(text: str) -> set[str]:
    fields = {name for _, name, _, _ in Formatter().parse(text) if name} if "{" in text else set()
    return fields | set(PLACEHOLDER.findall(text))


@each_catalogue
def test_no_message_is_left_untranslated(path):
    catalogue = polib.pofile(path)

    assert len(catalogue) > 20
    assert [entry.msgid for entry in catalogue if not entry.translated() or entry.fuzzy] == []


@each_catalogue
def test_a_translation_keeps_the_placeholders_of_its_message(path):
    for entry in polib.pofile(path):
        for text in texts_of(entry):
            allowed = placeholders(entry.msgid) | placeholders(entry.msgid_plural or "")
            assert placeholders(text) <= allowed, entry.msgid
        assert placeholders(texts_of(entry)[-1]) == placeholders(
            entry.msgid_plural or entry.msgid
        ), entry.msgid


@each_catalogue
def test_the_compiled_catalogue_says_what_the_written_one_says(path):
    with path.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)

    for entry in polib.pofile(path):
        if entry.msgctxt:
            assert compiled.pgettext(entry.msgctxt, entry.msgid) == texts_of(entry)[0]
        else:
            assert compiled.gettext(entry.msgid) == texts_of(entry)[0]


@pytest.fixture(scope="module")
def messages(tmp_path_factory):
    """Every message that code and templates hold today, as the tools of gettext find them."""
    if not shutil.which("xgettext"):
        pytest.skip("no gettext: install it to see whether a message is in no catalogue yet")
    # In a copy, for makemessages writes beside what it reads.
    copy = tmp_path_factory.mktemp("site")
    for room in ROOMS:
        shutil.copytree(settings.BASE_DIR / room, copy / room)
    (copy / "locale").mkdir()
    with override_settings(LOCALE_PATHS=[str(copy / "locale")]), contextlib.chdir(copy):
        call_command("makemessages", locale=["xx"], verbosity=0)
    return polib.pofile(copy / "locale" / "xx" / "LC_MESSAGES" / "django.po")


@pytest.mark.parametrize("code", [code for code, _name in settings.LANGUAGES if code != "en"])
def test_no_message_of_the_site_is_missing_from_a_catalogue(messages, code):
    catalogue = polib.pofile(settings.LOCALE_PATHS[0] / code / "LC_MESSAGES" / "django.po")
    known = {(entry.msgctxt, entry.msgid) for entry in catalogue if not entry.obsolete}
    assert len(messages) > 500
    assert {(entry.msgctxt, entry.msgid) for entry in messages} - known == set()
