"""What each role of the staff may do. ``manage.py make_roles`` writes it to the database."""

from django.contrib.auth.models import Group, Permission

ATTACHED = (
    "agreements.party",
    "agreements.approval",
    "agreements.signature",
    "agreements.initiative",
    "agreements.document",
    "agreements.citation",
    "agreements.relation",
    "agreements.sectorname",
    "cities.placename",
    "cities.placeidentifier",
    "cities.spelling",
    "cities.appointment",
)
RECORDS = (
    "agreements.agreement",
    "agreements.sector",
    "agreements.source",
    "agreements.event",
    "cities.place",
    "cities.institution",
    "cities.official",
)
READ_ONLY = (
    "agreements.statuschange",
    "agreements.tieimport",
    "agreements.listing",
    "cities.placemerge",
    "cities.officialmerge",
    "cities.distinctpair",
    "cities.clerkship",
    "agreements.undonestep",
    "agreements.request",
    "agreements.suggestion",
)


def permissions(actions: tuple[str, ...], models: tuple[str, ...]) -> set[str]:
    return {
        f"{app}.{action}_{model}"
        for app, model in (label.split(".") for label in models)
        for action in actions
    }


VIEW = permissions(("view",), (*RECORDS, *ATTACHED, *READ_ONLY))
# Records are withdrawn or ended, never deleted; a row that hangs on one can be taken off again.
KEEP = permissions(("add", "change"), RECORDS) | permissions(("add", "change", "delete"), ATTACHED)
BEFORE_SIGNING = {f"agreements.{move}_agreement" for move in ("draft", "withdraw", "revive")}
FROM_SIGNING_ON = {
    f"agreements.{act}_agreement"
    for act in ("sign", "suspend", "reinstate", "end", "publish", "undo")
}
# Whoever enters a list says that its ties were signed.
IMPORT = {"agreements.add_tieimport", "cities.import_sheets"}
# To merge two records, or to say that they are two.
MERGE = {
    "cities.add_placemerge",
    "cities.add_officialmerge",
    "cities.add_distinctpair",
    "agreements.merge_agreement",
}
# Who belongs to which office.
OFFICES = permissions(("add", "change", "delete"), ("cities.clerkship",))
ASK = {"agreements.add_request"}
# What readers say is wrong.
ANSWER = {"agreements.answer_suggestion"}

EDIT = VIEW | KEEP | BEFORE_SIGNING | ASK | ANSWER

ROLES = {
    "editor": EDIT,
    "registrar": EDIT | FROM_SIGNING_ON | IMPORT | MERGE | OFFICES,
    "auditor": VIEW,
}


def make_roles() -> None:
    """Make the groups, and give each just what its role may do; safe to run again."""
    for name, wanted in ROLES.items():
        group, _ = Group.objects.get_or_create(name=name)
        found = {
            f"{permission.content_type.app_label}.{permission.codename}": permission
            for permission in Permission.objects.select_related("content_type")
        }
        group.permissions.set(found[label] for label in wanted)
