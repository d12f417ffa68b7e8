"""Run as a program of its own: a PDF comes in, one word goes out. Django is not needed here."""

import io
import logging
import resource
import sys

FINE, LOCKED, BROKEN = "fine", "locked", "broken"
MEMORY = 768 * 1024 * 1024
SECONDS = 5
ACTIVE = (
    "JavaScript", "Launch", "EmbeddedFile", "RichMedia", "Rendition", "XFA", "SubmitForm",
    "ImportData",
)  # fmt: skip
MOST_DEPTH = 50


def bound() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def active(value: object, depth: int = 0) -> str:
    """The first name in an object that does more than show. References are not followed."""
    if isinstance(value, dict):
        inner = [part for pair in dict.items(value) for part in pair]
    elif isinstance(value, list):
        inner = list(list.__iter__(value))
    else:
        text = str(value)[1:] if type(value).__name__ == "NameObject" else ""
        return next((name for name in ACTIVE if text in (name, f"{name}s")), "")
    if depth > MOST_DEPTH:
        return "JavaScript"
    return next((found for part in inner if (found := active(part, depth + 1))), "")


def look(data: bytes) -> str:
    from pypdf import PdfReader
    from pypdf.generic import IndirectObject

    logging.disable()
    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted:
        return LOCKED
    if not len(reader.pages):
        return BROKEN
    numbers = {(number, kind) for kind, row in reader.xref.items() for number in row}
    numbers |= {(number, 0) for number in reader.xref_objStm}
    for number, generation in sorted(numbers):
        try:
            found = active(reader.get_object(IndirectObject(number, generation, reader)))
        except MemoryError:
            raise
        except Exception:  # noqa: S112 - what is broken shows nothing and runs nothing
            continue
        if found:
            return found
    return FINE


if __name__ == "__main__":
    bound()
    try:
        answer = look(sys.stdin.buffer.read())
    except MemoryError:
        sys.exit(3)
    except Exception:
        answer = BROKEN
    sys.stdout.write(answer)
