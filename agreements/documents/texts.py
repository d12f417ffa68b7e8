"""Plain text: readable by people, and nothing but text to any program."""

import re

from django.utils.translation import gettext as _

from agreements.documents.kinds import BOMS, MARKUP, Refused

CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f]")
CODE = re.compile(r"<\?php|<\?=|<script[\s>/]|<%@|<%=|<jsp:", re.IGNORECASE)


def look(data: bytes) -> None:
    bom = next((bom for bom in BOMS if data.startswith(bom)), b"")
    try:
        text = data[len(bom) :].decode(BOMS.get(bom, "utf-8"))
    except UnicodeDecodeError:
        raise Refused(
            _("The text is in an encoding that is not known. Save it anew as UTF-8.")
        ) from None
    if not text.strip():
        raise Refused(_("The text is empty."))
    if found := CONTROL.search(text):
        sign = "NUL" if found.group() == "\0" else f"U+{ord(found.group()):04X}"
        raise Refused(
            _("The text holds a sign that is no text (%(sign)s) in line %(line)d.")
            % {"sign": sign, "line": text.count("\n", 0, found.start()) + 1}
        )
    if CODE.search(text):
        raise Refused(_("The name says TXT, but the content is %s.") % MARKUP)
