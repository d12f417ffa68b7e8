"""DOCX and ODT: that they are what they say, and bring along nothing that runs or loads."""

import re
from typing import Any
from xml.parsers import expat
from zipfile import ZipFile

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agreements.documents.kinds import DOCX, ODT, Kind, Refused
from agreements.documents.packages import BROKEN, LOCKED, OBJECT, TOO_BIG, chunks, opened

MOST_ELEMENTS = 1_500_000  # a book of a thousand pages has less
MOST_DEPTH = 500
LONGEST_SILENCE = 8  # chunks in which no element begins
MOST_COMMANDS = 1_000_000  # signs in the commands of all fields of a part

HOSTILE = gettext_lazy(
    "The document declares entities of its own, as no program does. Save it anew."
)
MACROS = gettext_lazy("The document holds macros. Save it as %s, without them.")
LOADS = gettext_lazy("The document loads something from elsewhere (%s). Put it into the document.")
NOT_THIS = gettext_lazy("The name says %(named)s, but the content is %(found)s.")
COMMAND = gettext_lazy("The document holds a field that starts another program (DDE).")
MAIN = "wordprocessingml.document.main+xml"
LINK = "/relationships/hyperlink"
ELSEWHERE = re.compile(r"\s*(?:(?!data:image/)[a-z][a-z0-9+.-]*:|//|\.\./|\\\\)", re.IGNORECASE)
SCRIPT = re.compile(r"\s*(?:javascript|vbscript|macro|vnd\.sun\.star\.\w+):", re.IGNORECASE)
DDE = re.compile(r"\bDDE(AUTO)?\b")
TELLING = frozenset(
    "Relationship Override Default instrText encryption-data object-ole event-listener "
    "script".split()
)
XML = (".xml", ".rels", ".rdf", ".svg")
# By folder or by ending: where Word and LibreOffice keep what runs and what is embedded.
RUNS = re.compile(
    r"(^|/)(vba\w*\.bin|vbadata\.xml|basic/|scripts/|activex/|customui/)", re.IGNORECASE
)
EMBEDDED = re.compile(r"(^|/)(embeddings|objects)/|\.(ole|oleobject\d*)$|afchunk", re.IGNORECASE)


def look(data: bytes, kind: Kind) -> None:
    try:
        with opened(data) as package:
            looks = looked_through(package, kind)
            {DOCX: refuse_other_than_docx, ODT: refuse_other_than_odt}[kind](package, looks)
    except Refused:
        raise
    except Exception as error:  # a damaged zip raises whatever its bytes lead to
        raise Refused(BROKEN) from error


def looked_through(package: ZipFile, kind: Kind) -> "Look":
    found = Look()
    for part in package.infolist():
        if RUNS.search(part.filename):
            raise Refused(MACROS % kind.name)
        if EMBEDDED.search(part.filename):
            raise Refused(OBJECT % part.filename[-60:])
        # LibreOffice has parts without content.
        is_xml = part.filename.lower().endswith(XML) and part.file_size > 0
        found.begin(part.filename, is_xml)
        silent = 0
        for chunk in chunks(package, part, kind):
            before = found.elements
            if is_xml:
                found.parser.Parse(chunk)
                silent = silent + 1 if found.elements == before else 0
            if silent > LONGEST_SILENCE:
                raise Refused(TOO_BIG)
        if is_xml:
            found.parser.Parse(b"", True)
            found.refuse_commands()
    return found


def refuse_other_than_docx(package: ZipFile, found: "Look") -> None:
    kinds = " ".join(found.content_types)
    if "macroEnabled" in kinds or "vbaProject" in kinds:
        raise Refused(MACROS % DOCX.name)
    names = package.namelist()
    if "[Content_Types].xml" not in names or "word/document.xml" not in names or MAIN not in kinds:
        raise Refused(NOT_THIS % {"named": DOCX.name, "found": _("another kind of document")})


def refuse_other_than_odt(package: ZipFile, found: "Look") -> None:
    first = min(package.infolist(), key=lambda part: part.header_offset)
    plain = first.filename == "mimetype" and not first.compress_type and not first.extra
    if not plain or package.read(first) != ODT.mime.encode():
        raise Refused(NOT_THIS % {"named": ODT.name, "found": _("another kind of document")})
    if "content.xml" not in package.namelist():
        raise Refused(BROKEN)


class Look:
    """What the XML of all parts says of macros, of things loaded, and of what the whole is."""

    parser: Any

    def __init__(self) -> None:
        self.elements = 0
        self.content_types: list[str] = []

    def begin(self, name: str, is_xml: bool) -> None:
        self.name = name
        self.depth = 0
        self.commands: list[str] = []
        self.room = MOST_COMMANDS
        if is_xml:
            self.parser = expat.ParserCreate(namespace_separator=" ")
            self.parser.StartDoctypeDeclHandler = self.declared
            self.parser.StartElementHandler = self.start
            self.parser.EndElementHandler = self.end

    def declared(self, *about: Any) -> None:
        raise Refused(HOSTILE)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        self.depth += 1
        if self.elements > MOST_ELEMENTS or self.depth > MOST_DEPTH:
            raise Refused(TOO_BIG)
        local = tag.rpartition(" ")[2]
        if local in TELLING:
            self.told(tag, local, attributes)
        for name, value in attributes.items():
            if name.endswith(" href"):
                self.reference(local, value)
            elif name.endswith(" instr"):
                self.command(f" {value} ")

    def told(self, tag: str, local: str, attributes: dict[str, str]) -> None:
        if local == "Relationship":
            self.relationship(attributes)
        elif local == "instrText":
            # Texts are asked for here alone: a call for each would take long.
            self.parser.CharacterDataHandler = self.command
        elif local == "encryption-data":
            raise Refused(LOCKED)
        elif local == "object-ole":
            raise Refused(OBJECT % self.name)
        elif local in ("event-listener", "script") and "opendocument" in tag:
            raise Refused(MACROS % ODT.name)
        elif local in ("Override", "Default") and self.name == "[Content_Types].xml":
            self.content_types.append(attributes.get("ContentType", ""))

    def end(self, tag: str) -> None:
        self.depth -= 1
        if tag.endswith("instrText"):
            self.parser.CharacterDataHandler = None

    def command(self, text: str) -> None:
        """A field's command may be cut into pieces."""
        self.commands.append(text)
        self.room -= len(text)
        if self.room < 0:
            raise Refused(TOO_BIG)

    def refuse_commands(self) -> None:
        if DDE.search("".join(self.commands)):
            raise Refused(COMMAND)

    def relationship(self, given: dict[str, str]) -> None:
        kind, target = given.get("Type", ""), given.get("Target", "")
        if SCRIPT.match(target):
            raise Refused(MACROS % DOCX.name)
        if given.get("TargetMode", "").lower() == "external" and not kind.endswith(LINK):
            raise Refused(LOADS % target[:100])
        if kind.endswith(("/oleObject", "/package", "/aFChunk", "/control", "/vbaProject")):
            raise Refused(OBJECT % target[:100])

    def reference(self, local: str, value: str) -> None:
        """Of OpenDocument: a link may lead elsewhere, a picture may not come from there."""
        if SCRIPT.match(value):
            raise Refused(MACROS % ODT.name)
        if local not in ("a", "template") and ELSEWHERE.match(value):
            raise Refused(LOADS % value[:100])
