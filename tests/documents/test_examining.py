"""What a file is, is told by what is in it; and what is more than that is refused in words."""

import io
import sys
import time
from contextlib import suppress

import pytest

from agreements.documents import KINDS, Refused, examine, pdfs, scanning
from tests.documents.bad_uploads import BAD, LARGE, STRANGE, Bad
from tests.documents.making import GOOD, docx, jpeg, pdf, relation, relations

MOST = 20 * 2**20
A_WORKERS_PATIENCE = 30  # seconds that the server gives to a request


def look(content: bytes, name: str, scanner: str = ""):
    return examine(io.BytesIO(content), name, most_bytes=MOST, scanner=scanner)


def refusal(content: bytes, name: str, scanner: str = "") -> str:
    with pytest.raises(Refused) as refused:
        look(content, name, scanner)
    return str(refused.value.message)


@pytest.mark.parametrize("name", GOOD)
def test_a_good_file_is_taken_as_what_it_is(name):
    kind = look(GOOD[name](), name).kind
    assert name.lower().rpartition(".")[2] in kind.endings
    assert kind in KINDS


@pytest.mark.parametrize("bad", [*BAD, *STRANGE, LARGE], ids=lambda bad: bad.what)
def test_a_bad_file_is_refused_with_what_is_wrong(bad: Bad):
    assert bad.says in refusal(bad.build(), bad.name)


def test_no_two_bad_files_are_one():
    assert len({bad.what for bad in BAD}) == len(BAD) >= 100


ODD = {
    "text in UTF-16": ("a.txt", lambda: "Договор".encode("utf-16")),
    "text with angles": ("a.txt", lambda: b"\xef\xbb\xbf1 < 2 and 3 > 2, <somebody@example.org>"),
    "text of the letters of a program": ("a.txt", lambda: b"MZ and other letters"),
    "JPEG in steps": ("a.jpg", lambda: jpeg((400, 300), progressive=True)),
    "JPEG with padding": ("a.jpg", lambda: jpeg(comment=b"by hand") + bytes(64)),
    "picture within": ("a.docx", lambda: docx({"word/_rels/a.xml.rels": WITHIN})),
    "dots and signs in the name": ("agreement v1.2 (1).pdf", lambda: pdf() + b"\r\n"),
}
WITHIN = relations(relation("image", "b.png"))


@pytest.mark.parametrize("what", ODD)
def test_what_only_looks_odd_is_taken(what):
    name, build = ODD[what]
    assert look(build(), name)


# --- What it costs ------------------------------------------------------------------------


def names_without_end() -> bytes:
    return pdf().replace(b"\nxref", b"\n%" + b"/JavaScrip" * 1_900_000 + b"\nxref", 1)


def objects_without_end() -> bytes:
    """Streams of objects within streams of objects."""
    one = b">>\nstream\n/ObjStm /Filter /FlateDecode "
    return pdf().replace(b"\nxref", b"\n" + one * 450_000 + b"\nxref", 1)


def scans_without_end() -> bytes:
    whole = jpeg()
    at = whole.find(b"\xff\xda")
    return whole[:at] + whole[at:-2] * 24_000 + whole[-2:]


COSTLY = {
    "names": ("a.pdf", names_without_end),
    "objects": ("a.pdf", objects_without_end),
    "numbers": (
        "a.pdf",
        lambda: pdf().replace(b"\nxref", b"\n" + b"[" * 19_000_000 + b"\nxref", 1),
    ),
    "scans": ("a.jpg", scans_without_end),
    "marks": ("a.jpg", lambda: jpeg()[:-2] + b"\xff\0" * 9_000_000 + b"\xff\xd9"),
    "elements": ("a.docx", lambda: docx({"word/a.xml": "<x>" + "<a b='c'/>" * 400_000 + "</x>"})),
    "letters": ("a.txt", lambda: b"a" * 20_000_000),
}


@pytest.mark.parametrize("what", COSTLY)
def test_a_file_made_to_keep_us_busy_does_not(what):
    name, build = COSTLY[what]
    content, began = build(), time.perf_counter()
    with suppress(Refused):
        look(content, name)
    assert time.perf_counter() - began < A_WORKERS_PATIENCE


# --- A scanner ----------------------------------------------------------------------------

PYTHON = sys.executable


def test_a_scanner_that_finds_nothing_lets_it_pass():
    assert look(b"Article 1", "a.txt", f"{PYTHON} -c 'import sys; open(sys.argv[1])'")


def test_what_a_scanner_finds_is_said_without_our_paths():
    command = f"""{PYTHON} -c 'import sys; print(sys.argv[1] + ": Worm FOUND"); sys.exit(1)'"""
    said = refusal(b"Article 1", "a.txt", command)
    assert said == "The virus scanner refuses the file: Worm FOUND"


@pytest.mark.parametrize("command", ["/nowhere/clamdscan --fdpass", "'unclosed"])
def test_without_the_scanner_nothing_is_taken(command):
    assert "Tell the administrator: DOCUMENT_SCANNER" in refusal(b"Article 1", "a.txt", command)


def test_a_scanner_that_hangs_is_stopped(monkeypatch):
    monkeypatch.setattr(scanning, "SECONDS", 0.2)
    began = time.perf_counter()
    assert "did not finish" in refusal(b"Article 1", "a.txt", "sh -c 'sleep 60'")
    assert time.perf_counter() - began < 10


def test_a_pdf_that_takes_too_long_to_open_is_judged_by_its_bytes(monkeypatch):
    monkeypatch.setattr(pdfs, "SECONDS", 0.001)
    assert look(pdf(), "a.pdf")
