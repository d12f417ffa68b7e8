"""The book of references: which were given out, be their agreements still there or not."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from agreements import references


class IssuedReference(models.Model):
    """Every reference ever given out, kept when its agreement is deleted: none is used twice."""

    code = models.CharField(primary_key=True, max_length=12)
    issued_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.code

    @classmethod
    def issue(cls, wanted: str = "") -> str:
        """Enter ``wanted``, or a new one drawn by lot, in the book; refuse one that is in it."""
        code = wanted or references.draw()
        entry, is_new = cls.objects.get_or_create(code=code)
        if is_new:
            return entry.code
        if wanted:
            raise ValidationError(
                _("The reference %(code)s was given out before."), params={"code": code}
            )
        return cls.issue()
