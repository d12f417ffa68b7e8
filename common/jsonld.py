"""Data about a page for machines (JSON-LD, in the words of schema.org), inside of the page.

A script element of this type is data: no browser runs it, and `script-src` does not ask after it.
"""

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe

CONTEXT = "https://schema.org"
# A text that holds "</script>" or "<!--" must not end the element, nor an "&" be read as another.
ESCAPES = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&\u2028\u2029"}


def script(data: dict[str, Any]) -> SafeString:
    """The element; properties that say nothing are left out."""
    text = json.dumps({"@context": CONTEXT, **said(data)}, ensure_ascii=False)
    text = text.encode("utf-8", "replace").decode().translate(ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308


def said(data: Any) -> Any:
    if isinstance(data, dict):
        return {name: said(value) for name, value in data.items() if value not in (None, "", [])}
    return [said(one) for one in data] if isinstance(data, list) else data


def breadcrumbs(steps: list[tuple[str, str]]) -> dict[str, Any]:
    """``steps`` are names and whole addresses, from the top down to the page itself."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": name, "item": address}
            for number, (name, address) in enumerate(steps, start=1)
        ],
    }
