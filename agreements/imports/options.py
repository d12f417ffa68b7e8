"""How a list is to be read and entered."""

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agreements.imports.columns import Mapping
from agreements.imports.outcomes import ImportRefused
from agreements.imports.wording import said
from agreements.lifecycle import Status, opening_permission
from agreements.models import Agreement, Source, TieImport
from cities.offices import is_bound
from common.dates import PartialDate


@dataclass(frozen=True)
class Options:
    """``source`` may be new and not yet saved: it is saved when the list is entered."""

    source: Source
    listed_on: PartialDate
    kind: str = Agreement.Kind.SISTER_CITY
    make_places: bool = False
    publish: bool = False
    leave_out_refused: bool = False
    whole_list: bool = True
    mapping: Mapping = field(default_factory=Mapping)
    by: Any = None

    def as_json(self) -> dict[str, Any]:
        """All that ``from_run`` needs beside the run's own columns."""
        return {
            "kind": str(self.kind),
            "make_places": self.make_places,
            "publish": self.publish,
            "leave_out_refused": self.leave_out_refused,
            "whole_list": self.whole_list,
            "mapping": self.mapping.as_json(),
        }

    @classmethod
    def from_run(cls, run: TieImport, by: Any = None) -> "Options":
        """The options under which somebody had a file looked through."""
        kept = dict(run.options)
        mapping = Mapping(**kept.pop("mapping", {}))
        return cls(source=run.source, listed_on=run.listed_on, mapping=mapping, by=by, **kept)

    def check(self) -> None:
        """Raise PermissionDenied, or ImportRefused with words for people."""
        for permission in self.permissions():
            if self.by is not None and not self.by.has_perm(permission):
                raise PermissionDenied
        if is_bound(self.by) and not self._sees_source():
            raise PermissionDenied
        if self.source.kind != Source.Kind.REGISTER:
            raise ImportRefused(
                said(
                    _("“%(source)s” is no list. Choose a source of the kind “register or list”."),
                    source=self.source,
                )
            )
        if self.kind not in Agreement.Kind.values:
            raise ImportRefused(
                said(
                    _("There is no kind “%(kind)s”; there are %(kinds)s."),
                    kind=self.kind,
                    kinds=", ".join(Agreement.Kind.values),
                )
            )
        if not self.listed_on.begun_by(timezone.localdate()):
            raise ImportRefused(
                said(_("A list cannot be of a day to come (%(state)s)."), state=self.listed_on)
            )
        self._check_the_state()

    def _sees_source(self) -> bool:
        here = Source.objects.filter(pk=self.source.pk)
        return self.source.pk is None or here.visible_to(self.by).exists()

    def permissions(self) -> list[str]:
        """What a person needs: it is they who say that the ties were signed."""
        needed = ["agreements.add_tieimport"]
        needed += [opening_permission(Status.SIGNED), opening_permission(Status.ENDED)]
        if self.source.pk is None:
            needed.append("agreements.add_source")
        if self.publish:
            needed.append("agreements.publish_agreement")
        if self.make_places:
            needed.append("cities.add_place")
        return needed

    def _check_the_state(self) -> None:
        entered = TieImport.objects.filter(source_id=self.source.pk, committed_at__isnull=False)
        states = [run.listed_on for run in entered] if self.source.pk else []
        latest = max(states, key=lambda state: state.last_day, default=None)
        if latest and self.listed_on.over_before(latest):
            raise ImportRefused(
                said(
                    _(
                        "This list was entered as it stood in %(latest)s; an older state of it, "
                        "of %(given)s, would undo that. Enter older states first, or enter this "
                        "one as a list of its own."
                    ),
                    latest=latest,
                    given=self.listed_on,
                )
            )
