"""A made-up world: places with names in three scripts, and agreements between them, by a seed."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime

from django.db import connection, models

from agreements import references
from agreements.models import Agreement, Party
from cities.models import Place, PlaceName
from common.dates import PartialDate
from common.folded import folded_fields

SEED = 20250510
MOST_PLACES = 50_000

SYLLABLES = [
    syllable.split()
    for line in """
    ba ба با|be бе به|bo бо بو|bur бур بور|da да دا|de де ده
    dor дор دور|du ду دو|far фар فر|fo фо فو|ga га گا|gen ген گن
    gor гор گور|ha ха ها|har хар هر|hu ху هو|is ис ایس|ja джа جا
    ka ка کا|kar кар کر|ke ке که|kin кин کین|ko ко کو|kra кра کرا
    la ла لا|lan лан لن|le ле له|lin лин لین|lo ло لو|lu лу لو
    ma ма ما|man ман من|mar мар مر|me ме مه|mi ми می|mo мо مو
    na на نا|ne не نه|ni ни نی|no но نو|or ор اور|pa па پا
    pe пе په|pol пол پل|ra ра را|re ре ره|ri ри ری|ro ро رو
    sa са سا|se се سه|shi ши شی|sta ста ستا|ta та تا|te те ته
    ter тер تر|ti ти تی|to то تو|tor тор تور|va ва وا|ve ве وه
    vil виль ویل|vo во وو|wa ва وا|wi ви وی|ya я یا|yar яр یار
    za за زا|zhe же ژه|zo зо زو|abad абад آباد
    """.splitlines()
    for syllable in line.split("|")
    if syllable.strip()
]
FIRST = [("New", "Нью", "نیو"), ("San", "Сан", "سان"), ("Upper", "Верхний", "بالا")]
LANGUAGES = (("ru", "Cyrl"), ("fa", "Arab"))
COUNTRIES = ("TJ", "IR", "DE", "FR", "JP", "US", "BR", "CN", "IN", "RU")
NOW = datetime(2025, 5, 10, tzinfo=UTC)


class Rows:
    """Rows of one table as the database takes them, by its own defaults; ids count from 1."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model = model
        self.fields = model._meta.concrete_fields
        self.default = {
            field.attname: field.get_db_prep_save(field.get_default(), connection)
            for field in self.fields
        }
        self.folded = list(folded_fields(model))

    def tuple_of(self, **values) -> tuple:
        row = {**self.default, **values}
        for field in self.folded:
            row[field.attname] = field.folded(row[field.source])
        return tuple(row[field.attname] for field in self.fields)

    def fill(self, rows: Iterator[tuple]) -> None:
        table = self.model._meta.db_table
        columns = ", ".join(f'"{field.column}"' for field in self.fields)
        connection.ensure_connection()
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
            else:
                marks = ", ".join("?" * len(self.fields))
                sql = f"INSERT INTO {table} ({columns}) VALUES ({marks})"
                connection.connection.executemany(sql, rows)


def name(lots: random.Random) -> tuple[str, str, str]:
    """One name in Latin, Cyrillic and Arabic letters; one of ten has a first word."""
    parts = lots.choices(SYLLABLES, k=lots.choice((2, 3, 3, 3, 4)))
    latin, cyrillic, arabic = ("".join(part[script] for part in parts) for script in range(3))
    said = (latin.capitalize(), cyrillic.capitalize(), arabic)
    if lots.random() < 0.1:
        first = lots.choice(FIRST)
        return tuple(f"{one} {other}" for one, other in zip(first, said, strict=True))  # type: ignore[return-value]
    return said


def khujand_at(places: int) -> int:
    """Which place is Khujand: one of few ties, as most are."""
    return places * 9 // 10


def qazvin_at(places: int) -> int:
    return khujand_at(places) // 2


def planted(agreements: int, places: int) -> dict[int, tuple[int, int]]:
    """The ties of Khujand, which are the same few in a register of any size."""
    others = (qazvin_at(places), 1, 2, 3, 4)
    return {
        (at + 1) * agreements // 7: (khujand_at(places), other) for at, other in enumerate(others)
    }


def name_rows(rows: Rows, names: list[tuple[str, str, str]], lots: random.Random):
    number = 0
    for place, (_latin, *others) in enumerate(names, start=1):
        texts = [
            (text, *language, "official") for text, language in zip(others, LANGUAGES, strict=True)
        ]
        if lots.random() < 0.3:
            former = name(lots)
            texts += [(former[0], "en", "Latn", "former"), (former[1], "ru", "Cyrl", "former")]
        if place == khujand_at(len(names)):
            texts += [("Leninabad", "en", "Latn", "former"), ("Ленинабад", "ru", "Cyrl", "former")]
        for text, language, script, kind in texts:
            number += 1
            yield rows.tuple_of(
                id=number, place_id=place, text=text, language=language, script=script, kind=kind
            )


def lay_places(number: int, lots: random.Random) -> list[str]:
    names = [name(lots) for _ in range(number)]
    names[khujand_at(number) - 1] = ("Khujand", "Худжанд", "خجند")
    names[qazvin_at(number) - 1] = ("Qazvin", "Казвин", "قزوین")
    rows = Rows(Place)
    rows.fill(
        rows.tuple_of(
            id=at,
            name=said[0],
            slug=f"{at}-{said[0].lower().replace(' ', '-')}",
            country_code=lots.choice(COUNTRIES),
        )
        for at, said in enumerate(names, start=1)
    )
    written = Rows(PlaceName)
    written.fill(name_rows(written, names, lots))
    return [said[0] for said in names]


def agreement_rows(number: int, places: int, lots: random.Random):
    rows, known = Rows(Agreement), planted(number, places)
    drawn: set[str] = set()
    while len(drawn) < number:
        drawn.add("TW-" + "".join(lots.choices(references.ALPHABET, k=references.LENGTH)))
    for at, reference in enumerate(sorted(drawn, key=lambda code: code[::-1]), start=1):
        since = PartialDate.parse(str(lots.randint(1950, 2025)))
        yield rows.tuple_of(
            id=at,
            reference=reference,
            kind="sister_city",
            title="Charter of Friendship and Cooperation" if lots.random() < 0.02 else "",
            status="signed",
            status_since=str(since),
            visibility="public" if lots.random() < 0.97 or at in known else "internal",
            created_at=NOW,
            updated_at=NOW,
        )


def pair(places: int, lots: random.Random) -> tuple[int, int]:
    """Few places have many ties, and most have few."""
    while True:
        one, other = (1 + int(places * lots.random() ** 2.5) for _ in range(2))
        if one != other and khujand_at(places) not in (one, other):
            return one, other


def party_rows(number: int, names: list[str], lots: random.Random):
    rows, known = Rows(Party), planted(number, len(names))
    for agreement in range(1, number + 1):
        places = known.get(agreement) or pair(len(names), lots)
        for position, place in enumerate(places, start=1):
            then = name(lots)[0] if lots.random() < 0.02 else ""
            yield rows.tuple_of(
                id=2 * agreement + position - 2,
                agreement_id=agreement,
                place_id=place,
                position=position,
                name_then=then,
            )


def lay(agreements: int) -> dict[str, int]:
    """Fill an empty database. Steps and sources are left out: a search looks at none."""
    lots = random.Random(SEED)
    names = lay_places(min(agreements, MOST_PLACES), lots)
    Rows(Agreement).fill(agreement_rows(agreements, len(names), lots))
    Rows(Party).fill(party_rows(agreements, names, lots))
    return {"agreements": agreements, "places": len(names), "names": PlaceName.objects.count()}
