"""The sections of the agreement's form, for the bar that leads to them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.helpers import AdminForm, InlineAdminFormSet
from django.utils.text import capfirst


@dataclass(frozen=True)
class Section:
    """``anchor`` is the id of its heading or group; ``count`` is that of its rows, if any."""

    anchor: str
    label: Any
    count: int | None = None
    is_wrong: bool = False


def sections(form: AdminForm, inlines: Iterable[InlineAdminFormSet]) -> Iterator[Section]:
    for number, fieldset in enumerate(form):
        if fieldset.name:
            wrong = any(line.errors() for line in fieldset)
            yield Section(f"fieldset-0-{number}-heading", fieldset.name, is_wrong=wrong)
    for inline in inlines:
        formset = inline.formset
        label = capfirst(str(inline.opts.verbose_name_plural))
        count = formset.initial_form_count()
        yield Section(f"{formset.prefix}-group", label, count, is_wrong=has_faults(formset))


def has_faults(formset: Any) -> bool:
    return any(formset.errors) or bool(formset.non_form_errors())


def open_where_wrong(inlines: list[InlineAdminFormSet]) -> list[InlineAdminFormSet]:
    """Django opens a section for the faults of its rows; here also for those of all together."""
    for inline in inlines:
        if has_faults(inline.formset):
            inline.classes = inline.classes.replace("collapse", "")
    return inlines
