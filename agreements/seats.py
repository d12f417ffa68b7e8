"""The seats at public agreements, kept by triggers: who writes parties or publishes, writes them.

The rule is that of ``visible_to`` for the public. A record that was merged into another is internal
(``merged_is_internal``), so it needs no word of its own here.
"""

from django.db import connections, transaction

from common.triggers import Upkeep

SEAT, PARTY, AGREEMENT = "agreements_publicseat", "agreements_party", "agreements_agreement"

ADD_ALL = (
    f"INSERT INTO {SEAT} (place_id, agreement_id)"
    f" SELECT party.place_id, party.agreement_id FROM {PARTY} party"
    f" JOIN {AGREEMENT} agreement ON agreement.id = party.agreement_id"
    " WHERE agreement.visibility = 'public'"
)
TAKE_PARTY = f"DELETE FROM {SEAT} WHERE place_id = OLD.place_id AND agreement_id = OLD.agreement_id"
ADD_PARTY = f"{ADD_ALL} AND party.id = NEW.id"
TAKE_AGREEMENT = f"DELETE FROM {SEAT} WHERE agreement_id = OLD.id"
ADD_AGREEMENT = f"{ADD_ALL} AND agreement.id = NEW.id"

UPKEEP = (
    Upkeep("seat_of_new_party", PARTY, "INSERT", (ADD_PARTY,)),
    Upkeep("seat_of_party", PARTY, "UPDATE OF place_id, agreement_id", (TAKE_PARTY, ADD_PARTY)),
    Upkeep("seat_of_lost_party", PARTY, "DELETE", (TAKE_PARTY,)),
    Upkeep("seats_of_new_agreement", AGREEMENT, "INSERT", (ADD_AGREEMENT,)),
    Upkeep(
        "seats_of_agreement",
        AGREEMENT,
        "UPDATE OF visibility",
        (TAKE_AGREEMENT, ADD_AGREEMENT),
        when="NEW.visibility <> OLD.visibility",
    ),
    Upkeep("seats_of_lost_agreement", AGREEMENT, "DELETE", (TAKE_AGREEMENT,)),
)


def are_there(using: str) -> bool:
    """A migrate may stop before the one that adds their table."""
    connection = connections[using]
    with connection.cursor() as cursor:
        return SEAT in connection.introspection.table_names(cursor)


def refill(using: str) -> None:
    """Write all seats anew, whatever was missed while the triggers were not there."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute(f"DELETE FROM {SEAT}")
        cursor.execute(ADD_ALL)
