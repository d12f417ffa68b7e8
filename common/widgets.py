"""How a partial date is typed in."""

from typing import Any

from django import forms


class PartialDateInput(forms.TextInput):
    """A text input for `2025`, `2025-05` or `2025-05-10`, left to right in every language."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        # The maxlength leaves room for blanks pasted along; a mistake is said, not cut off.
        usual = {
            "dir": "ltr",
            "size": "12",
            "maxlength": "40",
            "placeholder": "2025-05-10",
            "autocomplete": "off",
        }
        super().__init__({**usual, **(attrs or {})})


class AdminPartialDateInput(PartialDateInput):
    """The same, dressed as the admin's own text inputs."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"class": "vTextField", **(attrs or {})})
