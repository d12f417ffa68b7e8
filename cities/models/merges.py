"""Records that were found to be one, or to be two however alike they look."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from cities.models.people import Official
from cities.models.places import Place


class Merge(models.Model):
    """A record that is no more, by its address and its number, and why it was another.

    The old address leads to the record that stayed.
    """

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
    # What the record that is no more said otherwise than the one that stayed, in words.
    aside: models.JSONField = models.JSONField(default=list, blank=True, editable=False)

    class Meta:
        abstract = True
        default_permissions = ("add", "view")

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


class DistinctPairQuerySet(models.QuerySet):
    def told_apart(self, model: type[models.Model]) -> set[tuple[int, int]]:
        """The pairs of rows of the model that somebody found to be two, lower numbers first."""
        rows = self.filter(kind=model._meta.label_lower)
        return set(rows.values_list("low", "high"))

    def tell_apart(self, one: models.Model, other: models.Model, *, by: Any, reason: str):
        """Put on record that these are two; safe to do again."""
        low, high = sorted((one.pk, other.pk))
        told = {"reason": reason, "told_by": by}
        key = {"kind": one._meta.label_lower, "low": low, "high": high}
        return self.get_or_create(**key, defaults=told)[0]

    def follow(self, other: models.Model, kept: models.Model) -> None:
        """The other is the kept one now: whatever was told apart from it is apart from that."""
        kind = kept._meta.label_lower
        pair: Any
        for pair in self.filter(Q(low=other.pk) | Q(high=other.pk), kind=kind):
            third = pair.high if pair.low == other.pk else pair.low
            low, high = sorted((third, kept.pk))
            if third == kept.pk or self.filter(kind=kind, low=low, high=high).exists():
                pair.delete()
            else:
                self.filter(pk=pair.pk).update(low=low, high=high)


class DistinctPair(models.Model):
    """Two records that look alike and are two, as somebody found who looked: Munster, Münster."""

    # The model's label and the two numbers: agreements are told apart here too.
    kind = models.CharField(max_length=40, editable=False)
    low = models.BigIntegerField(editable=False)
    high = models.BigIntegerField(editable=False)
    reason = models.CharField(
        _("reason"), max_length=500, help_text=_("How you know that they are two.")
    )
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("told apart by"),
    )
    told_at = models.DateTimeField(_("told apart at"), auto_now_add=True)

    objects = DistinctPairQuerySet.as_manager()

    class Meta:
        verbose_name = _("pair that was told apart")
        # The desk's entry among the lists of the admin.
        verbose_name_plural = _("probable duplicates")
        ordering: ClassVar[list] = ["-told_at", "-pk"]
        default_permissions = ("add", "view")
        constraints: ClassVar[list] = [
            UniqueConstraint(name="told_apart_once", fields=["kind", "low", "high"]),
            CheckConstraint(name="told_apart_are_two", condition=Q(low__lt=F("high"))),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.low} ≠ {self.high}"
