"""Reads the tables of a page that shows theirs beside mine."""

from html.parser import HTMLParser


class TableReader(HTMLParser):
    """Every row of every table as the texts of its cells, without what is hidden from the eye."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self.rows: list[list[str]] | None = None
        self.cell: list[str] | None = None
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list) -> None:
        given = dict(attrs)
        if tag == "table" and (given.get("id") or "").startswith("conflict-"):
            self.rows = self.tables.setdefault(given["id"], [])
        elif tag == "tr" and self.rows is not None:
            self.rows.append([])
        elif tag in ("td", "th") and self.rows:
            self.cell = []
        elif tag in ("span", "legend") and (self.hidden or self.is_hidden(given)):
            self.hidden += 1

    @staticmethod
    def is_hidden(given: dict) -> bool:
        return given.get("aria-hidden") == "true" or given.get("class") == "visually-hidden"

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self.rows = None
        elif tag in ("td", "th") and self.cell is not None and self.rows:
            self.rows[-1].append(" ".join("".join(self.cell).split()))
            self.cell = None
        elif tag in ("span", "legend") and self.hidden:
            self.hidden -= 1

    def handle_data(self, text: str) -> None:
        if self.cell is not None and not self.hidden:
            self.cell.append(text)


def tables(response) -> dict[str, dict[str, list[str]]]:
    """By the table's id (``record``, ``names-0``): the cells of each field, by its label."""
    reader = TableReader()
    reader.feed(response.content.decode())
    return {
        name.removeprefix("conflict-"): {cells[0]: cells[1:] for cells in rows[1:]}
        for name, rows in reader.tables.items()
    }
