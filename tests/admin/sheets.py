"""Reads a form off a page and gives it back as a browser would send it."""

from html.parser import HTMLParser
from typing import Any

from django.urls import reverse


class FormReader(HTMLParser):
    """The values of every input of the page's forms; of empty rows for scripts, none."""

    def __init__(self) -> None:
        super().__init__()
        self.data: dict[str, Any] = {}
        self.select: tuple[str, bool] | None = None
        self.area: str | None = None
        self.option = False

    def handle_starttag(self, tag: str, attrs: list) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "input" and name and given.get("type") not in ("submit", "file"):
            ticked = given.get("type") in ("checkbox", "radio")
            if not ticked or "checked" in given:
                self.data[name] = given.get("value") or ("on" if ticked else "")
        elif tag == "select":
            self.select = (name, "multiple" in given)
            self.data[name] = [] if "multiple" in given else None
        elif tag == "option" and self.select:
            self._choose(*self.select, given)
        elif tag == "textarea":
            self.area = name
            self.data[name] = ""

    def _choose(self, name: str, several: bool, option: dict) -> None:
        value = option.get("value") or ""
        if several and "selected" in option:
            self.data[name].append(value)
        elif not several and (self.data[name] is None or "selected" in option):
            self.data[name] = value

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.select = None
        elif tag == "textarea":
            self.area = None

    def handle_data(self, text: str) -> None:
        if self.area is not None:
            self.data[self.area] += text


def sheet(response) -> dict[str, Any]:
    """The form of the page that was answered, as it would be sent."""
    reader = FormReader()
    reader.feed(response.content.decode())
    unsent = ("csrfmiddlewaretoken", "_selected_action", "action")
    return {
        name: value.removeprefix("\n") if isinstance(value, str) else value
        for name, value in reader.data.items()
        if value is not None and "__prefix__" not in name and name not in unsent
    }


def change_url(record) -> str:
    meta = record._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[record.pk])


def add_url(model) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")


def list_url(model) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def open_sheet(client, record) -> dict[str, Any]:
    return sheet(client.get(change_url(record)))


def errors(response) -> str:
    """All that the refused form says, in one text."""
    forms = [response.context["adminform"].form]
    said = []
    for inline in response.context["inline_admin_formsets"]:
        forms += inline.formset.forms
        said += inline.formset.non_form_errors()
    said += [str(text) for form in forms for texts in form.errors.values() for text in texts]
    return "\n".join(said)
