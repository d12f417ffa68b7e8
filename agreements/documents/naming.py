"""What a file is called: only its ending counts, and a second one may not say more."""

import unicodedata

from django.utils.translation import gettext as _

from agreements.documents.kinds import BY_ENDING, KINDS, Kind, Refused

LONGEST = 200
# What a web server or a desktop would run or open as a page. A name like “www.khujand.com.pdf” is
# no such case, so endings that are domains as well are left out.
RUN = frozenset(
    "php php3 php4 php5 php7 php8 phtml phar pht phps asp aspx ashx jsp jspx cgi exe scr pif bat "
    "cmd msi ps1 vbs vbe js jse mjs wsf wsh hta jar class dll swf lnk reg htm html xhtml shtml mht "
    "mhtml svg svgz xml xsl xslt docm dotm dotx doc xls xlsm ppt pptm htaccess".split()
)


def kind_by_name(name: str) -> Kind:
    """Refused where the name promises none of our kinds, or two things at once."""
    hidden = next((sign for sign in name if unicodedata.category(sign) in ("Cc", "Cs")), "")
    hidden = hidden or next((sign for sign in "\u202a\u202b\u202d\u202e" if sign in name), "")
    if hidden:
        raise Refused(
            _("The name of the file holds a sign that cannot be seen (U+%04X). Rename it.")
            % ord(hidden)
        )
    if len(name) > LONGEST:
        raise Refused(_("The name of the file is longer than %d signs. Rename it.") % LONGEST)
    if "/" in name or "\\" in name:
        raise Refused(_("The name of the file is a path. Rename it."))
    _stem, *endings = name.lower().split(".")
    endings = [ending.strip() for ending in endings]
    kind = BY_ENDING.get(endings[-1]) if endings else None
    if kind is None:
        taken = ", ".join(kind.name for kind in KINDS)
        raise Refused(_("A name with this ending is not allowed. Allowed are: %s.") % taken)
    for ending in endings[:-1]:
        if ending in RUN:
            raise Refused(
                _("The name has two endings, .%(one)s and .%(other)s. Rename it.")
                % {"one": ending, "other": endings[-1]}
            )
    return kind
