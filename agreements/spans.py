"""The rows that lists count by, kept by triggers: who writes what they rest on, writes them.

The one home of how an agreement's evidence and decade are told for sets of rows; their twins for
one row are ``evidence`` and ``decade`` in ``agreements.models.standing``, and a test holds each
pair equal. All that a span rests on is in ``upkeep``.
"""

from django.db import connections, transaction

from common.triggers import Upkeep

SPAN, AGREEMENT, PARTY = "agreements_span", "agreements_agreement", "agreements_party"
STEP, CITATION, SOURCE = "agreements_statuschange", "agreements_citation", "agreements_source"
DOCUMENT, SECTORS, PLACE = "agreements_document", "agreements_agreement_sectors", "cities_place"
HERE = f"{SPAN}.agreement_id"

# Texts of several rows as one: the select gives one column ``said`` in its order.
JOINED = {
    "sqlite": "(SELECT group_concat(said, '{between}') FROM ({select}))",
    "postgresql": "(SELECT string_agg(said, '{between}') FROM ({select}) AS several)",
}
# Another's transaction may be writing what this one rests on; what follows sees what it wrote.
LOCK = {
    "sqlite": (),
    "postgresql": (f"PERFORM 1 FROM {SPAN} WHERE agreement_id IN ({{keys}}) FOR UPDATE",),
}


def joined(vendor: str, select: str, between: str = " ") -> str:
    return JOINED[vendor].format(select=select, between=between)


def decade(at: str) -> str:
    """Of the first step at which it was signed; one that began as ended was, nobody knows when."""
    known = "once.to_status = 'signed' AND once.happened_on IS NOT NULL"
    return (
        f"COALESCE((SELECT CASE WHEN {known} THEN substr(once.happened_on, 1, 3) || '0'"
        f" ELSE 'unknown' END FROM {STEP} once WHERE once.agreement_id = {at}"
        " AND once.to_status IN ('signed', 'suspended', 'ended')"
        " ORDER BY once.sequence LIMIT 1), '')"
    )


def evidence(at: str) -> str:
    """One of ``Evidence``, from the text on file down to nothing."""
    citations = f"SELECT 1 FROM {CITATION} citation WHERE citation.agreement_id = {at}"
    speaking = (
        f"SELECT 1 FROM {CITATION} citation JOIN {SOURCE} source ON source.id = citation.source_id"
        f" WHERE citation.agreement_id = {at} AND source.speaks_for_id = seat.place_id"
    )
    seats = f"SELECT 1 FROM {PARTY} seat WHERE seat.agreement_id = {at} AND"
    own_record, silent = f"{seats} EXISTS ({speaking})", f"{seats} NOT EXISTS ({speaking})"
    texts = f"SELECT 1 FROM {DOCUMENT} document WHERE document.agreement_id = {at}"
    return (
        f"CASE WHEN EXISTS ({texts} AND document.file <> '') THEN 'text'"
        f" WHEN EXISTS ({own_record}) AND NOT EXISTS ({silent}) THEN 'every_party'"
        f" WHEN EXISTS ({own_record}) THEN 'one_party'"
        f" WHEN EXISTS ({citations}) THEN 'press' ELSE 'none' END"
    )


def of_places(at: str, column: str, more: str = "") -> str:
    return (
        f"SELECT {more} place.{column} AS said FROM {PARTY} seat"
        f" JOIN {PLACE} place ON place.id = seat.place_id WHERE seat.agreement_id = {at}"
    )


def countries(at: str, vendor: str) -> str:
    """The codes of the parties' countries, each once."""
    codes = f"{of_places(at, 'country_code', 'DISTINCT')} AND place.country_code <> '' ORDER BY 1"
    return f"COALESCE(' ' || {joined(vendor, codes)} || ' ', '')"


def sectors(at: str, vendor: str) -> str:
    keys = (
        f"SELECT CAST(link.sector_id AS text) AS said FROM {SECTORS} link"
        f" WHERE link.agreement_id = {at} ORDER BY link.sector_id"
    )
    return f"COALESCE(' ' || {joined(vendor, keys)} || ' ', '')"


def name(at: str, vendor: str) -> str:
    names = joined(vendor, f"{of_places(at, 'folded')} ORDER BY seat.position, seat.id", "")
    title = f"SELECT titled.folded FROM {AGREEMENT} titled WHERE titled.id = {at}"
    return f"substr(COALESCE(NULLIF(({title} AND titled.title <> ''), ''), {names}, ''), 1, 200)"


def add_all(vendor: str) -> str:
    at = "agreement.id"
    until = (
        f"SELECT MIN(later.effective_from) FROM {STEP} later"
        " WHERE later.agreement_id = step.agreement_id AND later.sequence > step.sequence"
    )
    told = {
        "agreement_id": at,
        "sequence": "step.sequence",
        "status": "step.to_status",
        "happened_on": "COALESCE(step.happened_on, '')",
        "from_day": "step.effective_from",
        "until_day": f"COALESCE(({until}), '9999-12-31')",
        **{column: f"agreement.{column}" for column in ("reference", *OWN)},
        "decade": decade(at),
        **derived(at, vendor),
        "sectors": sectors(at, vendor),
    }
    return (
        f"INSERT INTO {SPAN} ({', '.join(told)}) SELECT {', '.join(told.values())}"
        f" FROM {AGREEMENT} agreement JOIN {STEP} step ON step.agreement_id = agreement.id"
        " WHERE 1 = 1"
    )


OWN = ("visibility", "kind", "starts_on", "expires_on")  # what the agreement itself says


def derived(at: str, vendor: str) -> dict[str, str]:
    """What rests on parties, and on more."""
    return {
        "evidence": evidence(at),
        "countries": countries(at, vendor),
        "name": name(at, vendor),
    }


def lock(keys: str, vendor: str) -> tuple[str, ...]:
    return tuple(line.format(keys=keys) for line in LOCK[vendor])


def anew(keys: str, vendor: str) -> tuple[str, ...]:
    """Write all spans of these agreements again."""
    return (
        *lock(keys, vendor),
        f"DELETE FROM {SPAN} WHERE agreement_id IN ({keys})",
        f"{add_all(vendor)} AND agreement.id IN ({keys})",
    )


def told(keys: str, vendor: str, columns: dict[str, str]) -> tuple[str, ...]:
    """Write these columns of their spans again."""
    changes = ", ".join(f"{column} = {sql}" for column, sql in columns.items())
    return *lock(keys, vendor), f"UPDATE {SPAN} SET {changes} WHERE agreement_id IN ({keys})"


def hanging(table: str, of: str, vendor: str, columns: dict[str, str]) -> tuple[Upkeep, ...]:
    """Rows that hang on an agreement come, go, change, or are hung on another."""
    keys = {
        "INSERT": "NEW.agreement_id",
        f"UPDATE OF agreement_id, {of}": "OLD.agreement_id, NEW.agreement_id",
        "DELETE": "OLD.agreement_id",
    }
    name = f"spans_of_{table.removeprefix('agreements_')}"
    return tuple(
        Upkeep(f"{name}_{event.split()[0].lower()}", table, event, told(key, vendor, columns))
        for event, key in keys.items()
    )


def upkeep(vendor: str) -> tuple[Upkeep, ...]:
    """Every write that changes a span."""
    evident = {"evidence": evidence(HERE)}
    seated = f"SELECT seat.agreement_id FROM {PARTY} seat WHERE seat.place_id = NEW.id"
    cited = f"SELECT cite.agreement_id FROM {CITATION} cite WHERE cite.source_id = NEW.id"
    of_party = derived(HERE, vendor)
    of_place = {column: of_party[column] for column in ("countries", "name")}
    own = {column: f"NEW.{column}" for column in OWN}
    return (
        Upkeep("spans_of_new_step", STEP, "INSERT", anew("NEW.agreement_id", vendor)),
        Upkeep("spans_of_lost_step", STEP, "DELETE", anew("OLD.agreement_id", vendor)),
        Upkeep(
            "spans_of_agreement",
            AGREEMENT,
            f"UPDATE OF {', '.join(OWN)}, title, folded",
            told("NEW.id", vendor, {**own, "name": of_party["name"]}),
            when=changed((*OWN, "title", "folded")),
        ),
        Upkeep(
            "spans_of_lost_agreement",
            AGREEMENT,
            "DELETE",
            (f"DELETE FROM {SPAN} WHERE agreement_id = OLD.id",),
        ),
        *hanging(PARTY, "place_id, position", vendor, of_party),
        *hanging(CITATION, "source_id", vendor, evident),
        *hanging(DOCUMENT, "file", vendor, evident),
        *hanging(SECTORS, "sector_id", vendor, {"sectors": sectors(HERE, vendor)}),
        Upkeep(
            "spans_of_source",
            SOURCE,
            "UPDATE OF speaks_for_id",
            told(cited, vendor, evident),
            when="COALESCE(NEW.speaks_for_id, 0) <> COALESCE(OLD.speaks_for_id, 0)",
        ),
        Upkeep(
            "spans_of_place",
            PLACE,
            "UPDATE OF country_code, folded",
            told(seated, vendor, of_place),
            when=changed(("country_code", "folded")),
        ),
    )


def changed(columns: tuple[str, ...]) -> str:
    """SQL that is true where one of these columns of texts was given another value."""
    return " OR ".join(f"COALESCE(NEW.{name}, '') <> COALESCE(OLD.{name}, '')" for name in columns)


def are_there(using: str) -> bool:
    """A migrate may stop before the one that adds their table."""
    connection = connections[using]
    with connection.cursor() as cursor:
        return SPAN in connection.introspection.table_names(cursor)


def refill(using: str) -> None:
    """Write all spans anew, whatever was missed while the triggers were not there."""
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {SPAN}")
        cursor.execute(add_all(connection.vendor))
