"""What everybody may know of who has agreements, in the narrowest form: for counting alone."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PublicSeat(models.Model):
    """A place's seat at a public agreement; written by the database itself (``agreements.seats``).

    A search orders thousands of places by their ties. Counted from parties and agreements that
    takes longer than all the rest of it; counted from these rows, which are one index, little.
    """

    pk = models.CompositePrimaryKey("place_id", "agreement_id")
    # No foreign keys: nobody needs to follow, merge or delete what keeps itself.
    place_id = models.BigIntegerField(editable=False)
    agreement_id = models.BigIntegerField(editable=False)

    class Meta:
        verbose_name = _("public seat")
        verbose_name_plural = _("public seats")
        default_permissions = ()
        indexes = [models.Index(fields=["agreement_id"])]

    def __str__(self) -> str:
        return f"{self.place_id} in {self.agreement_id}"
