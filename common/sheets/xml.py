"""Big parts of a workbook, read as they are unpacked: flat memory, and no declarations.

defusedxml parses in pure Python, ten times as slowly; the one thing that it would do here, to
refuse a DOCTYPE and with it every entity, is the first handler below.
"""

from collections.abc import Iterator
from typing import IO, Any
from xml.parsers import expat

CHUNK = 1 << 16


class Declared(Exception):
    """There is a DOCTYPE."""


class Reader:
    """Override ``start`` and ``end``; what they append to ``ready`` is handed out."""

    def __init__(self) -> None:
        self.ready: list[Any] = []
        self.text: list[str] | None = None
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self.declared
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self.characters

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        raise NotImplementedError

    def end(self, tag: str) -> None:
        raise NotImplementedError

    def declared(self, *about: Any) -> None:
        raise Declared

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self.start(tag.rpartition(":")[2], attributes)

    def _end(self, tag: str) -> None:
        self.end(tag.rpartition(":")[2])

    def characters(self, text: str) -> None:
        if self.text is not None:
            self.text.append(text)

    def taken(self) -> str:
        text = "".join(self.text or ())
        self.text = None
        return text

    def read(self, stream: IO[bytes]) -> Iterator[Any]:
        while chunk := stream.read(CHUNK):
            self.parser.Parse(chunk)
            yield from self.ready
            self.ready.clear()
        self.parser.Parse(b"", True)
        yield from self.ready
        self.ready.clear()
