"""A made-up register with work to do: what ``benchmarks.world`` lays, and what hangs on it.

The same at every run, but for the days: they count from today, for the queues of a first screen do.
"""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from agreements.models import (
    Agreement,
    Citation,
    Document,
    Initiative,
    Listing,
    Party,
    Request,
    Sector,
    Source,
    StatusChange,
    TieImport,
)
from benchmarks import world
from benchmarks.world import SEED, Rows

SOURCES = 2_000
SECTORS = 20
COLLEAGUES = 5
RECENT = 5_000  # edits by colleagues of the last fortnight
LONE, CITED = 0.1, 0.75
STATUSES = ("signed", "proposed", "drafted", "withdrawn", "suspended", "ended")
WEIGHTS = (80, 5, 5, 4, 1, 5)


def day(lots: random.Random, least: int, most: int) -> str:
    """So many days from today, as a partial date."""
    return (timezone.localdate() + timedelta(days=lots.randint(least, most))).isoformat()


def moment(lots: random.Random, years: int) -> datetime:
    return timezone.now() - timedelta(days=lots.randint(0, years * 365), minutes=1)


def agreement_rows(number: int, places: int, lots: random.Random) -> Iterator[tuple]:
    """Those of the world, at every status, and with terms, days of notice and verifications."""
    columns = [field.attname for field in Agreement._meta.concrete_fields]
    for row in world.agreement_rows(number, places, lots):
        found = dict(zip(columns, row, strict=True))
        found["status"] = lots.choices(STATUSES, WEIGHTS)[0]
        found["visibility"] = "public" if lots.random() < 0.95 else "internal"
        found["created_at"] = moment(lots, 4)
        if lots.random() < 0.2:
            found["expires_on"] = day(lots, -60, 3_650)
            found["renewal"] = lots.choice(["", "automatic", "agreed", "none"])
        if lots.random() < 0.5 and found["expires_on"]:
            ends = date.fromisoformat(found["expires_on"])
            found["notice_by"] = (ends - timedelta(days=lots.randint(30, 180))).isoformat()
        if lots.random() < 0.5:
            found["verified_at"], found["verified_by_id"] = moment(lots, 3), 1
        yield tuple(found[column] for column in columns)


def step_rows(rows: Rows) -> Iterator[tuple]:
    told = Agreement.objects.order_by("pk").values_list("pk", "status", "status_since")
    for key, status, since in told.iterator():
        yield rows.tuple_of(
            id=key,
            agreement_id=key,
            sequence=1,
            to_status=status,
            happened_on=str(since),
            effective_from=since.first_day.isoformat(),
            end_reason="unknown" if status == "ended" else "",
            recorded_at=world.NOW,
        )


def people() -> None:
    User.objects.bulk_create(
        User(username=f"colleague-{at}", is_staff=True) for at in range(1, COLLEAGUES + 1)
    )


def lay_evidence(number: int, places: int, lots: random.Random) -> None:
    """Sources, what each says, and the rows of one list behind some of it."""
    Source.objects.bulk_create(
        Source(key=f"source-{at}", publisher="Asia-Plus", title=f"Headline {at}", kind="press")
        for at in range(1, SOURCES + 1)
    )
    a_list = Source.objects.first()
    run = TieImport.objects.create(source=a_list, listed_on="2022", file_name="ties.csv")
    cited, lone = Rows(Citation), Rows(Listing)
    citations, listings = [], []
    seats = dict(Party.objects.filter(position=1).values_list("agreement", "place"))
    for key in range(1, number + 1):
        if (drawn := lots.random()) >= CITED:
            continue
        of_list = drawn < LONE
        source = a_list.pk if of_list else lots.randint(2, SOURCES)
        citations.append(cited.tuple_of(id=key, agreement_id=key, source_id=source, says=""))
        if of_list:
            listed: dict[str, Any] = {"sides": "one", "listed_by_id": seats[key], "stated": "{}"}
            listed |= {"key": str(key), "first_listed_on": "2022", "last_listed_on": "2022"}
            listings.append(
                lone.tuple_of(id=key, citation_id=key, run_id=run.pk, row=key, **listed)
            )
    cited.fill(iter(citations))
    lone.fill(iter(listings))


def lay_deeds(number: int, lots: random.Random) -> None:
    """Texts, promises, requests and sectors."""
    texts, promised, asked = Rows(Document), Rows(Initiative), Rows(Request)
    link = Rows(Agreement.sectors.through)
    Sector.objects.bulk_create(
        Sector(name=f"Sector {at}", slug=f"sector-{at}") for at in range(1, SECTORS + 1)
    )
    some = range(1, number + 1)
    texts.fill(
        texts.tuple_of(
            id=key, agreement_id=key, title="Agreement", language="en", file=f"documents/{key}.pdf"
        )
        for key in some[::20]
    )
    promised.fill(
        promised.tuple_of(
            id=key, agreement_id=key, title=f"Bus line {key}", due_on=day(lots, -900, 900)
        )
        for key in some[::10]
    )
    asked.fill(
        asked.tuple_of(
            id=key, agreement_id=key, act=lots.choice(["sign", "publish"]), asked_by_id=2
        )
        for key in some[:: max(number // 200, 1)]
    )
    link.fill(
        link.tuple_of(id=key, agreement_id=key, sector_id=lots.randint(1, SECTORS)) for key in some
    )


def lay_edits(number: int, lots: random.Random) -> None:
    """One entry for each agreement when it was recorded, and many of the last days."""
    model = Agreement.history.model
    own = [field.attname for field in Agreement._meta.concrete_fields]
    rows = Rows(model)
    found = list(Agreement.objects.order_by("pk").values(*own))
    written = []
    for key, row in enumerate(found + lots.sample(found, min(RECENT, number)), start=1):
        first = key <= number
        at = world.NOW if first else timezone.now() - timedelta(minutes=lots.randint(1, 20_000))
        values = {name: as_stored(value) for name, value in row.items()}
        values |= {"history_id": key, "history_date": at, "history_type": "+" if first else "~"}
        values["history_user_id"] = None if first else lots.randint(1, COLLEAGUES)
        if not first:
            values |= {"version": 2, "summary": "Somebody wrote a summary."}
        written.append(rows.tuple_of(**values))
    rows.fill(iter(written))


def as_stored(value: Any) -> Any:
    """A partial date is a text in its column."""
    return str(value) if type(value).__name__ == "PartialDate" else value


def lay(agreements: int) -> dict[str, int]:
    """Fill an empty database."""
    lots = random.Random(SEED)
    people()
    names = world.lay_places(min(agreements, world.MOST_PLACES), lots)
    Rows(Agreement).fill(agreement_rows(agreements, len(names), lots))
    Rows(Party).fill(world.party_rows(agreements, names, lots))
    steps = Rows(StatusChange)
    steps.fill(list(step_rows(steps)))
    lay_evidence(agreements, len(names), lots)
    lay_deeds(agreements, lots)
    lay_edits(agreements, lots)
    return {
        "agreements": agreements,
        "places": len(names),
        "citations": Citation.objects.count(),
        "edits": Agreement.history.count(),
    }
