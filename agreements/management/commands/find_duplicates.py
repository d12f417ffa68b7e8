import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db.models import Model

from agreements.desk import KINDS, Kind, Side, sides_of
from cities.duplicates import Pair

# So many pairs at once are shown with their names.
CHUNK = 200


class Command(BaseCommand):
    help = (
        "Lists records that may be one, with the reasons, the likeliest first. Nothing is merged: "
        "that is done at the duplicates desk of the admin, by somebody who looked."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "kinds",
            nargs="*",
            choices=[*KINDS, []],
            metavar="kind",
            help=f"of what: {', '.join(KINDS)}; all of them if none is named",
        )
        parser.add_argument("--json", action="store_true", help="one JSON object a pair and line")

    def handle(self, *args: Any, **options: Any) -> None:
        for name in options["kinds"] or KINDS:
            kind = KINDS[name]
            pairs = kind.find()
            if not options["json"]:
                self.stdout.write(f"{kind.label}: {len(pairs)}")
            for start in range(0, len(pairs), CHUNK):
                self.tell(kind, pairs[start : start + CHUNK], as_json=options["json"])

    def tell(self, kind: Kind, pairs: list[Pair], *, as_json: bool) -> None:
        sides = sides_of(kind, ((pair.low, pair.high) for pair in pairs))
        for pair in pairs:
            both = [sides[pair.low], sides[pair.high]]
            if as_json:
                told = json.dumps(as_data(kind, pair, both), ensure_ascii=False)
            else:
                told = in_words(pair, both)
            self.stdout.write(told)


def key_of(record: Model) -> str:
    return getattr(record, "slug", "") or getattr(record, "reference", "")


def as_data(kind: Kind, pair: Pair, sides: list[Side]) -> dict[str, Any]:
    return {
        "kind": kind.name,
        "records": [
            {"id": side.record.pk, "key": key_of(side.record), "name": str(side.record)}
            for side in sides
        ],
        "strength": pair.strength.value,
        "score": pair.score,
        "reasons": [str(reason) for reason in pair.speaking_for],
        "against": [str(reason) for reason in pair.speaking_against],
    }


def in_words(pair: Pair, sides: list[Side]) -> str:
    one, other = (side.name for side in sides)
    said = [*pair.speaking_for, *(f"but: {reason}" for reason in pair.speaking_against)]
    reasons = " ".join(str(reason) for reason in said)
    return f"  {one} – {other}: {pair.strength.label}. {reasons}"
