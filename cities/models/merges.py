"""Records that were found to be one: the old address leads to the one that stayed."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cities.models.people import Official
from cities.models.places import Place


class Merge(models.Model):
    """A record that is no more, by its address and its number, and why it was another."""

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    old_id = models.BigIntegerField(unique=True)
    reason = models.CharField(
        _("reason"), max_length=500, help_text=_("How you know that the two are one.")
    )
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("merged by"),
    )
    merged_at = models.DateTimeField(_("merged at"), auto_now_add=True)

    class Meta:
        abstract = True
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.slug


class PlaceMerge(Merge):
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="merges")

    class Meta(Merge.Meta):
        verbose_name = _("merged place")
        verbose_name_plural = _("merged places")


class OfficialMerge(Merge):
    official = models.ForeignKey(Official, on_delete=models.CASCADE, related_name="merges")

    class Meta(Merge.Meta):
        verbose_name = _("merged official")
        verbose_name_plural = _("merged officials")
