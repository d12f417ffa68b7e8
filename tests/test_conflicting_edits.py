"""Two hundred pairs of edits that conflict: none is lost, and whoever is refused sees both.

The edits are drawn by lot, with a seed. Both clerks open the same page. What one of them was told
is saved is in the record, or in the edit history before an edit that was made in its knowledge.
"""

import random
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from agreements.models import Agreement, Event, Sector, Source
from cities.models import Institution, Official, Place, PlaceIdentifier
from common.admin_changes import Teller, current_values, read, records_of, values_of
from common.admin_conflicts import unchanged
from common.dates import PartialDate
from common.versions import StaleVersion
from tests import factories
from tests.admin.conflict_tables import tables
from tests.admin.sheets import change_url, open_sheet, sheet
from tests.factories import AgreementFactory, OfficialFactory, PlaceFactory, staff
from tests.test_races import race, winners

RECORDS = {Place: 10, Official: 14, Institution: 16, Sector: 16, Source: 16, Event: 5, Agreement: 3}
ROWS = {
    "change and change": 15,
    "change and delete": 15,
    "delete and change": 15,
    "add and add": 15,
}
AT_ONCE = {"records": 20, "rows": 20}
IN_BULK = {"one after the other": 6, "at once": 6, "moves": 8}

FIELDS: dict[Any, tuple[str, ...]] = {
    Place: ("name", "about", "country_code"),
    Official: ("name", "about"),
    Institution: ("name", "kind", "about", "place"),
    Sector: ("name", "description"),
    Source: ("publisher", "title", "kind", "published_on", "accessed_on", "speaks_for"),
    Event: ("title", "kind", "happened_on", "place", "description", "participants"),
    Agreement: ("title", "kind", "local_term", "summary", "sectors", "internal_note"),
}
# A record, the rows of an inline of it, and the fields of those.
INLINES: tuple[tuple[Any, str, str, tuple[str, ...]], ...] = (
    (PlaceFactory, "PlaceNameFactory", "names", ("text", "kind", "used_from")),
    (OfficialFactory, "SpellingFactory", "spellings", ("text", "script")),
    (OfficialFactory, "AppointmentFactory", "appointments", ("title", "place", "began_on")),
    (AgreementFactory, "CitationFactory", "citations", ("says", "source")),
    (AgreementFactory, "InitiativeFactory", "initiatives", ("title", "state", "institutions")),
)
# The agreement's form is the largest by far, so it is drawn less often.
OFTEN = (2, 3, 3, 1, 1)
PARENT = {PlaceFactory: "place", OfficialFactory: "official", AgreementFactory: "agreement"}
WORDS = "river bridge school visit market garden museum station theatre council".split()


def test_there_are_two_hundred_pairs():
    kinds = (RECORDS, ROWS, AT_ONCE, IN_BULK)
    assert [sum(kind.values()) for kind in kinds] == [80, 60, 40, 20]


@pytest.fixture
def clerks(db) -> tuple[Client, Client]:
    """Two registrars, each at a browser of their own."""
    clients = Client(raise_request_exception=False), Client(raise_request_exception=False)
    for client, name in zip(clients, ("rustam", "karim"), strict=True):
        client.force_login(staff("registrar", username=name))
    return clients


class Lot:
    """What is typed, by lot."""

    def __init__(self, seed: str) -> None:
        self.random = random.Random(seed)  # noqa: S311
        self.number = 0

    def text(self) -> str:
        self.number += 1
        return f"{' '.join(self.random.sample(WORDS, 3))} {self.number}"

    def some(self, names: tuple[str, ...]) -> list[str]:
        return self.random.sample(names, self.random.randint(1, min(3, len(names))))

    def value(self, field: Any, now: Any) -> Any:
        """Another value of the column than it has now, in the shape of ``values_of``."""
        if field.many_to_many:
            keys = sorted(field.related_model.objects.values_list("pk", flat=True))
            others = [[], *([key] for key in keys), keys]
        elif field.is_relation:
            others = list(field.related_model.objects.values_list("pk", flat=True))
        elif field.choices:
            others = [value for value, _label in field.flatchoices]
        elif field.name == "country_code":
            others = ["TJ", "UZ", "KZ", "IR"]
        elif field.name == "script":
            others = ["Latn", "Cyrl", "Arab"]
        elif field.get_internal_type() == "CharField" and field.max_length == 10:
            others = [PartialDate.parse(str(year)) for year in range(1990, 2020)]
        else:
            others = [self.text()]
        return self.random.choice([other for other in others if other != now])

    def typed(self, row: Any, names: tuple[str, ...]) -> dict[str, Any]:
        now = current_values(row)
        return {name: self.value(row._meta.get_field(name), now[name]) for name in self.some(names)}


def sent(typed: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """As a browser would send it."""
    return {
        prefix + name: [str(key) for key in value] if isinstance(value, list) else str(value)
        for name, value in typed.items()
    }


def assert_both_are_shown(response, part: str, row: Any, mine: dict, theirs: dict) -> None:
    """Each field that both changed has a line with the words of both."""
    lines, teller = tables(response)[part], Teller()
    for name in mine.keys() & theirs.keys():
        field = row._meta.get_field(name)
        label = str(field.verbose_name)
        _was, now, yours, _choice = lines[label[0].upper() + label[1:]]
        assert set(teller.text(field, theirs[name]).split()) <= set(now.split())
        assert set(teller.text(field, mine[name]).split()) <= set(yours.split())


def choose(lot: Lot, prefix: str, mine: dict, theirs: dict) -> tuple[dict[str, str], dict]:
    """Whose value is to stand, by lot: as it is sent, and what must come of it."""
    both = sorted(name for name in mine.keys() & theirs.keys() if mine[name] != theirs[name])
    chosen = {name: lot.random.choice(["mine", "theirs"]) for name in both}
    won = {name: theirs[name] for name, whose in chosen.items() if whose == "theirs"}
    return {f"{prefix}choice-{name}": whose for name, whose in chosen.items()}, theirs | mine | won


def history_of(row: Any) -> list[dict[str, Any]]:
    """The values of every record of the edit history, the oldest first."""
    return [values_of(record) for record in read(records_of(type(row)).filter(id=row.pk))]


def assert_in_history(row: Any, values: dict[str, Any]) -> None:
    entries = history_of(row)
    assert any(all(entry[name] == values[name] for name in values) for entry in entries)


def values(row: Any, names: Any) -> dict[str, Any]:
    now = current_values(type(row)._base_manager.get(pk=row.pk))
    return {name: now[name] for name in names}


def make(model: Any) -> Any:
    return getattr(factories, f"{model.__name__}Factory")()


@pytest.fixture
def others(db) -> None:
    """Something to choose among."""
    for model in (Place, Official, Sector, Source, Institution):
        for _ in range(3):
            make(model)


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)
def test_of_two_who_edit_a_record_one_is_saved_and_one_sees_both(clerks, others, model):
    lot, done = Lot(model.__name__), 0
    karim, rustam = clerks
    for _ in range(RECORDS[model]):
        record = make(model)
        opened, form = current_values(record), open_sheet(karim, record)
        theirs, mine = lot.typed(record, FIELDS[model]), lot.typed(record, FIELDS[model])
        assert rustam.post(change_url(record), form | sent(theirs)).status_code == 302
        assert values(record, theirs) == theirs

        refused = karim.post(change_url(record), form | sent(mine))
        assert refused.status_code == 409
        saved = {name: opened[name] for name in FIELDS[model]} | theirs
        assert values(record, FIELDS[model]) == saved
        assert_both_are_shown(refused, "record", record, mine, theirs)

        choices, due = choose(lot, "", mine, theirs)
        assert karim.post(change_url(record), sheet(refused) | choices).status_code == 302
        assert values(record, FIELDS[model]) == saved | due
        assert_in_history(record, theirs)
        done += 1
    assert done == RECORDS[model]


class Pair:
    """A record with one row of an inline, and its form as both clerks opened it."""

    def __init__(self, lot: Lot, client: Client) -> None:
        parent, row, self.inline, self.fields = lot.random.choices(INLINES, weights=OFTEN)[0]
        self.record = parent()
        self.of = {PARENT[parent]: self.record}
        self.row = getattr(factories, row)(**self.of)
        self.form = open_sheet(client, self.record)
        self.prefix = f"{self.inline}-0-"
        self.url = change_url(self.record)

    def rows(self) -> Any:
        return type(self.row)._base_manager.filter(**self.of)


def change_and_change(lot: Lot, pair: Pair, karim: Client, rustam: Client) -> None:
    theirs, mine = lot.typed(pair.row, pair.fields), lot.typed(pair.row, pair.fields)
    assert rustam.post(pair.url, pair.form | sent(theirs, pair.prefix)).status_code == 302
    refused = karim.post(pair.url, pair.form | sent(mine, pair.prefix))
    assert refused.status_code == 409
    assert values(pair.row, theirs) == theirs
    assert_both_are_shown(refused, pair.prefix[:-1], pair.row, mine, theirs)
    choices, due = choose(lot, pair.prefix, mine, theirs)
    assert karim.post(pair.url, sheet(refused) | choices).status_code == 302
    assert values(pair.row, due) == due
    assert_in_history(pair.row, theirs)


def change_and_delete(lot: Lot, pair: Pair, karim: Client, rustam: Client) -> None:
    mine = lot.typed(pair.row, pair.fields)
    assert rustam.post(pair.url, pair.form | {f"{pair.prefix}DELETE": "on"}).status_code == 302
    refused = karim.post(pair.url, pair.form | sent(mine, pair.prefix))
    assert (refused.status_code, pair.rows().count()) == (409, 0)
    assert len(tables(refused)[pair.prefix[:-1]]) == len(mine)
    whose = lot.random.choice(["mine", "theirs"])
    again = sheet(refused) | {f"{pair.prefix}choice": whose}
    assert karim.post(pair.url, again).status_code == 302
    left = list(pair.rows())
    assert len(left) == (whose == "mine")
    assert all(values(row, mine) == mine for row in left)


def delete_and_change(lot: Lot, pair: Pair, karim: Client, rustam: Client) -> None:
    theirs = lot.typed(pair.row, pair.fields)
    assert rustam.post(pair.url, pair.form | sent(theirs, pair.prefix)).status_code == 302
    refused = karim.post(pair.url, pair.form | {f"{pair.prefix}DELETE": "on"})
    assert (refused.status_code, values(pair.row, theirs)) == (409, theirs)
    assert len(tables(refused)[pair.prefix[:-1]]) == len(theirs)
    whose = lot.random.choice(["mine", "theirs"])
    again = sheet(refused) | {f"{pair.prefix}choice": whose}
    assert karim.post(pair.url, again).status_code == 302
    assert pair.rows().count() == (whose == "theirs")
    assert_in_history(pair.row, theirs)


def add_and_add(lot: Lot, pair: Pair, karim: Client, rustam: Client) -> None:
    """Two new rows are both kept; of two identifiers that are one, the second is refused."""
    place = PlaceFactory()
    form, url = open_sheet(karim, place), change_url(place)
    key = f"Q{lot.random.randrange(10**9)}"
    added = {"identifiers-TOTAL_FORMS": "1", "identifiers-0-scheme": "wikidata"}
    added |= {"names-TOTAL_FORMS": "1", "names-0-language": "en", "names-0-script": "Latn"}
    added |= {"names-0-kind": "alternative", "identifiers-0-value": key}
    theirs, mine = lot.text(), lot.text()
    assert rustam.post(url, form | added | {"names-0-text": theirs}).status_code == 302
    refused = karim.post(url, form | added | {"names-0-text": mine})
    assert refused.status_code == 200
    assert refused.context["errors"]
    assert sheet(refused)["names-0-text"] == mine
    assert [name.text for name in place.names.all()] == [theirs]
    again = sheet(refused) | {"identifiers-0-value": f"{key}0"}
    assert karim.post(url, again).status_code == 302
    assert {name.text for name in place.names.all()} == {theirs, mine}
    assert PlaceIdentifier.objects.filter(place=place).count() == 2


@pytest.mark.parametrize("kind", ROWS)
def test_of_two_who_edit_a_row_one_is_saved_and_one_sees_both(clerks, others, kind):
    lot, done = Lot(kind), 0
    meet = globals()[kind.replace(" ", "_")]
    for _ in range(ROWS[kind]):
        meet(lot, Pair(lot, clerks[0]), *clerks)
        done += 1
    assert done == ROWS[kind]


# --- At once -----------------------------------------------------------------------------------


def send(client: Client, address: str, form: dict, refused: list) -> None:
    """Saved and led on, or told; any other answer fails the test."""
    response = client.post(address, form)
    if response.status_code == 409:
        refused.append(response)
        raise StaleVersion(Official())
    assert response.status_code == 302, response.status_code


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", AT_ONCE)
def test_of_two_who_save_at_once_one_is_saved_and_one_sees_both(clerks, kind):
    official = OfficialFactory(name="Mohammad Nozari")
    row = factories.SpellingFactory(official=official, text="first") if kind == "rows" else official
    part, field, label = {
        "rows": ("spellings-0", "text", "Spelling"),
        "records": ("record", "about", "About"),
    }[kind]
    prefix = "" if part == "record" else f"{part}-"
    empty, refused = open_sheet(clerks[0], official), []

    def save(version, who, number):
        form = {f"{prefix}version": version, prefix + field: f"round{number} clerk{who}"}
        send(clerks[who], change_url(official), empty | form, refused)

    def version(_number):
        return type(row)._base_manager.get(pk=row.pk).version

    won = winners(race(version, save, pairs=AT_ONCE[kind]))
    kept = [entry[field] for entry in history_of(row)][1:]
    assert kept == [f"round{number} clerk{who}" for number, who in enumerate(won)]
    assert len(refused) == AT_ONCE[kind]
    for number, (who, page) in enumerate(zip(won, refused, strict=True)):
        _was, theirs, mine, _choice = tables(page)[part][label]
        assert {f"round{number}", f"clerk{who}"} <= set(theirs.split())
        assert {f"round{number}", f"clerk{1 - who}"} <= set(mine.split())


# --- In bulk, and by moves ---------------------------------------------------------------------


def write_all(versions: dict[int, int], about: str) -> dict[int, list]:
    """As an action on a list does: what is as it was seen is written, the rest is told."""
    with transaction.atomic():
        rows, stale = unchanged(Place, versions)
        for row in rows:
            row.about = about
            row.save()
    return stale


@pytest.mark.django_db
def test_a_bulk_write_passes_over_what_a_colleague_changed_and_says_so():
    lot, done = Lot("bulk"), 0
    for _ in range(IN_BULK["one after the other"]):
        places = PlaceFactory.create_batch(5)
        seen = {place.pk: place.version for place in places}
        changed = lot.random.sample(places, 2)
        for place in changed:
            place.about = lot.text()
            place.save()
        deleted = PlaceFactory()
        seen[deleted.pk] = deleted.version
        gone = deleted.pk
        deleted.delete()
        stale = write_all(seen, "In bulk.")
        assert stale.keys() == {gone, *(place.pk for place in changed)}
        for place in changed:
            (change,) = stale[place.pk]
            assert (change.field, change.old, change.new) == ("about", "—", place.about)
            assert Place.objects.get(pk=place.pk).about == place.about
        assert stale[gone][0].field == ""
        assert Place.objects.filter(pk__in=seen, about="In bulk.").count() == 3
        done += 1
    assert done == IN_BULK["one after the other"]


@pytest.mark.django_db(transaction=True)
def test_of_two_bulk_writes_at_once_each_row_keeps_one_and_tells_the_other():
    places = PlaceFactory.create_batch(4)

    def read_versions(_number):
        return dict(Place.objects.values_list("pk", "version"))

    def write(versions, who, number):
        if stale := write_all(versions, f"{number} by {who}"):
            assert all(change.field == "about" for (change,) in stale.values())
            raise StaleVersion(places[0])

    won = winners(race(read_versions, write, pairs=IN_BULK["at once"]))
    for place in places:
        kept = [entry["about"] for entry in history_of(place)][1:]
        assert kept == [f"{number} by {who}" for number, who in enumerate(won)]


@pytest.mark.django_db
def test_of_two_moves_one_is_made_and_the_other_keeps_what_was_typed(clerks):
    lot, done = Lot("moves"), 0
    karim, rustam = clerks
    for _ in range(IN_BULK["moves"]):
        tie = AgreementFactory(status="proposed")
        addresses, forms = [], []
        for move in lot.random.sample(["draft", "withdraw", "sign"], 2):
            addresses.append(reverse("admin:agreements_agreement_move", args=[tie.pk, move]))
            source = str(factories.SourceFactory().pk)
            typed = {"happened_on": "2025-05", "note": lot.text(), "source": source}
            forms.append(sheet(karim.get(addresses[-1])) | typed)
        assert rustam.post(addresses[0], forms[0]).status_code == 302
        stands = Agreement.objects.get(pk=tie.pk)
        refused = karim.post(addresses[1], forms[1])
        assert refused.status_code == 409
        assert sheet(refused)["note"] == forms[1]["note"]
        assert tables(refused)["record"]["Status"][1].startswith(stands.get_status_display())
        assert [step.note for step in tie.steps.all()][1:] == [forms[0]["note"]]
        done += 1
    assert done == IN_BULK["moves"]
