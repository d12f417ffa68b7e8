"""Loading of records written by hand: all or nothing, and what is wrong is said where it stands."""

import pytest
from django.core.management import CommandError, call_command

from agreements.models import Agreement
from cities.models import Place
from tests.factories import khujand, qazvin
from tests.rows import all_rows
from twinning.story import StoryError, load

pytestmark = pytest.mark.django_db

PLACE = """[[place]]
slug = "x"
name = "X"
level = "city"
"""
AGREEMENT = """[[agreement]]
reference = "TW-000000"
kind = "other"
parties = [{ place = "qazvin" }, { place = "khujand" }]
"""
DRAFTED = AGREEMENT + 'steps = [{ to = "drafted", happened_on = "2025" }]\n'


@pytest.fixture(autouse=True)
def on_record():
    qazvin(), khujand()


@pytest.fixture
def folder(tmp_path):
    """A story of one sound file, to which a test adds another."""
    (tmp_path / "sound.toml").write_text(PLACE.replace("x", "sound"), encoding="utf-8")
    return tmp_path


def write(folder, text: str) -> None:
    (folder / "written.toml").write_text(text, encoding="utf-8")


def complaint(folder) -> str:
    """What the loader says; nothing at all was written."""
    before = all_rows()
    with pytest.raises(StoryError) as refusal:
        load(folder)
    assert all_rows() == before
    return str(refusal.value)


SPOILT = {
    "a place in a city": PLACE + 'parent = "khujand"',
    "a place in nowhere": PLACE + 'parent = "atlantis"',
    "a field of its own": PLACE + 'mood = "calm"',
    "half a coordinate pair": PLACE + "latitude = 40.0",
    "a latitude in words": PLACE + 'latitude = "north"\nlongitude = 1',
    "an id that another place has": PLACE + 'wikidata = "Q373808"',
    "a name that is no table": PLACE + 'names = ["X"]',
    "a place without an address": '[[place]]\nname = "X"',
    "a day that is none": '[[source]]\nkey = "x"\npublisher = "P"\ntitle = "T"\nkind = "press"\n'
    'published_on = "2025-02-30"',
    "an event of no agreement on record": '[[event]]\ntitle = "x"\nkind = "visit"\n'
    'agreements = ["TW-999999"]',
    "a source that is not on record": DRAFTED + 'citations = [{ source = "hearsay" }]',
    "a sector that is not on record": DRAFTED + 'sectors = ["alchemy"]',
    "a signature of a stranger": DRAFTED + 'signatures = [{ party = "iran" }]',
    "a status that is none": AGREEMENT + 'steps = [{ to = "ratified" }]',
    "a move out of place": AGREEMENT
    + 'steps = [{ to = "drafted" }, { move = "end", happened_on = "2025" }]',
    "a move that is none": AGREEMENT + 'steps = [{ to = "drafted" }, { move = "ratify" }]',
    "an agreement that was signed on no evidence": AGREEMENT + 'steps = [{ to = "signed" }]',
    "an agreement without a step": AGREEMENT,
    "an agreement without a reference": DRAFTED.replace('reference = "TW-000000"\n', ""),
    "an agreement of one party": DRAFTED.replace(', { place = "khujand" }', ""),
    "a relation to nothing": DRAFTED + 'relations = [{ kind = "renews", to = "TW-999999" }]',
    "a relation of no reference": '[[agreement]]\nrelations = [{ kind = "renews", to = "x" }]',
    "a table that is none": '[[treaty]]\nslug = "x"',
    "a table that is no list": '[place]\nslug = "x"',
    "a value where a table belongs": 'place = "x"',
}


@pytest.mark.parametrize("case", SPOILT)
def test_what_is_wrong_is_named_by_file_and_table_and_nothing_is_written(case, folder):
    write(folder, SPOILT[case])
    table = SPOILT[case].strip("[").split("]")[0].split(" ")[0]
    assert complaint(folder).startswith(f"written.toml, {table}")


@pytest.mark.parametrize("text", [b"[[place]\nslug = ", b"\xff\xfe\x00"])
def test_a_file_that_cannot_be_read_is_named(text, folder):
    (folder / "written.toml").write_bytes(text)
    assert complaint(folder).startswith("written.toml: ")


def test_what_is_wrong_is_named_with_its_entry_in_words(folder):
    write(folder, SPOILT["a place in nowhere"])
    assert complaint(folder) == "written.toml, place x: no place has the address “atlantis”"


def test_places_need_not_stand_in_the_order_in_which_they_lie(folder):
    inner = PLACE + 'parent = "y"\n\n'
    outer = PLACE.replace("x", "y").replace("city", "region").replace("X", "Y")
    write(folder, inner + outer)
    assert load(folder)["place"] == 3
    assert Place.objects.get(slug="x").parent.slug == "y"


def test_an_agreement_is_published_unless_it_is_said_to_be_internal(folder):
    secret = DRAFTED.replace("TW-000000", "TW-000001") + "internal = true\n"
    write(folder, DRAFTED + secret)
    load(folder)
    assert Agreement.objects.get(reference="TW-000000").is_public
    assert not Agreement.objects.get(reference="TW-000001").is_public


def test_what_is_on_record_is_left_alone(folder):
    write(folder, DRAFTED)
    load(folder)
    before = all_rows()
    write(folder, DRAFTED + 'summary = "Another."')
    assert not any(load(folder).values())
    assert all_rows() == before


def test_the_command_says_what_it_loaded_and_then_that_nothing_is_new(folder, capsys):
    call_command("load_fixtures", folder)
    assert capsys.readouterr().out == "Loaded 1 places.\n"
    call_command("load_fixtures", folder)
    assert capsys.readouterr().out == "The story is on record already.\n"


def test_the_command_says_what_is_wrong(folder):
    write(folder, SPOILT["a table that is none"])
    with pytest.raises(CommandError, match="treaty"):
        call_command("load_fixtures", folder)


def test_a_folder_that_is_not_there_is_said(tmp_path):
    with pytest.raises(CommandError, match="no folder"):
        call_command("load_fixtures", tmp_path / "nowhere")
