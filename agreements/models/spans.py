"""What lists count agreements by, one row for each time that an agreement stood at one status."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from agreements.span_sets import SpanQuerySet
from common import among as _among  # noqa: F401  a lookup
from common.fields import PartialDateField

FOREVER = date(9999, 12, 31)


class Span(models.Model):
    """From ``from_day`` until the day before ``until_day`` the agreement stood at ``status``.

    Written by the database itself (``agreements.spans``), from steps, parties, sources and texts.
    On any day an agreement has one span or, if it was not on record yet, none. What is known today
    and not of a day (kind, decade, evidence, countries, sectors, name) stands in each of them, so
    that whatever is chosen is counted in one index, without a join.
    """

    pk = models.CompositePrimaryKey("agreement_id", "sequence")
    # No foreign key: nobody needs to follow, merge or delete what keeps itself.
    agreement_id = models.BigIntegerField(editable=False)
    sequence = models.PositiveSmallIntegerField(editable=False)
    reference = models.CharField(max_length=12, editable=False)
    visibility = models.CharField(max_length=10, editable=False)
    kind = models.CharField(max_length=20, editable=False)
    status = models.CharField(max_length=12, editable=False)
    # The day of the step as it is known, or an empty text: an index turns it round both ways.
    happened_on = models.CharField(max_length=10, editable=False)
    from_day = models.DateField(editable=False)
    until_day = models.DateField(editable=False)
    starts_on = PartialDateField(null=True, editable=False)
    expires_on = PartialDateField(null=True, editable=False)
    # In which it was signed, such as 1990; “unknown”; empty if it never was.
    decade = models.CharField(max_length=7, editable=False)
    evidence = models.CharField(max_length=12, editable=False)
    # Codes and keys with a blank at both ends of each: " IR TJ ", " 3 17 ".
    countries = models.CharField(max_length=1000, editable=False)
    sectors = models.TextField(editable=False)
    # By which a list sorts: the folded title, or those of the parties.
    name = models.CharField(max_length=200, editable=False)

    objects = SpanQuerySet.as_manager()

    class Meta:
        verbose_name = _("span")
        verbose_name_plural = _("spans")
        default_permissions = ()
        indexes: ClassVar[list] = [
            # Each is all that one count of a list reads, in the order in which it groups.
            models.Index(
                name="span_by_choices",
                fields=[
                    *("visibility", "status", "kind", "decade", "evidence"),
                    *("until_day", "from_day", "starts_on", "expires_on"),
                    *("countries", "sectors"),
                ],
            ),
            models.Index(
                name="span_by_countries",
                fields=[
                    *("visibility", "countries", "until_day", "from_day", "starts_on"),
                    *("expires_on", "status", "kind", "decade", "evidence", "sectors"),
                ],
            ),
            models.Index(
                name="span_by_sectors",
                fields=[
                    *("visibility", "sectors", "until_day", "from_day", "starts_on"),
                    *("expires_on", "status", "kind", "decade", "evidence", "countries"),
                ],
            ),
            models.Index(name="span_of_seen", fields=["visibility", "agreement_id"]),
            models.Index(
                name="span_newest_first",
                fields=["visibility", "-happened_on", "reference", "until_day", "from_day"],
            ),
            models.Index(
                name="span_by_name",
                fields=["visibility", "name", "reference", "until_day", "from_day"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference}: {self.status} {self.from_day} – {self.until_day}"
