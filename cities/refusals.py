"""What the database refuses about places because it spans two rows."""

from common.triggers import Refusal

RANK = "CASE {} WHEN 'country' THEN 3 WHEN 'region' THEN 2 ELSE 1 END"
NEW_RANK = RANK.format("NEW.level")

# A parent ranks strictly higher, so no chain of parents can ever come back to where it began.
UNDER_ITS_LIKE = (
    "NEW.parent_id IS NOT NULL AND EXISTS (SELECT 1 FROM cities_place above"
    f" WHERE above.id = NEW.parent_id AND {RANK.format('above.level')} <= {NEW_RANK})"
)
OVER_ITS_LIKE = (
    "NEW.level <> OLD.level AND EXISTS (SELECT 1 FROM cities_place below"
    f" WHERE below.parent_id = NEW.id AND {RANK.format('below.level')} >= {NEW_RANK})"
)
MESSAGE = (
    "A place lies in a place of a higher level:"
    " a city in a region or country, a region in a country."
)


def old_address(record: str, event: str) -> Refusal:
    """An address from before a merge leads on, and is given to no other record."""
    changed = "NEW.slug <> OLD.slug AND " if event == "UPDATE" else ""
    return Refusal(
        f"{record}_{event.lower()}_old_address",
        f"cities_{record}",
        event,
        f"{changed}EXISTS (SELECT 1 FROM cities_{record}merge merged WHERE merged.slug = NEW.slug)",
        "This address belonged to a record that was merged with another, and leads there.",
    )


REFUSALS = (
    Refusal("place_insert_under_its_like", "cities_place", "INSERT", UNDER_ITS_LIKE, MESSAGE),
    Refusal("place_update_under_its_like", "cities_place", "UPDATE", UNDER_ITS_LIKE, MESSAGE),
    Refusal("place_update_over_its_like", "cities_place", "UPDATE", OVER_ITS_LIKE, MESSAGE),
    *(
        old_address(record, event)
        for record in ("place", "official")
        for event in ("INSERT", "UPDATE")
    ),
)
