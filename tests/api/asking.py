"""A reader of the API, as short to write as a sentence."""

import json

from django.test import Client

ROOT = "/api/v1/"


class Asking:
    def __init__(self, client: Client) -> None:
        self.client = client

    def as_(self, user) -> "Asking":
        client = Client()
        client.force_login(user)
        return Asking(client)

    def get(self, address: str = "", **headers):
        """The answer for an address beneath the root, such as `places/?q=khujand`."""
        return self.client.get(ROOT + address, headers=headers)

    def read(self, address: str = ""):
        """The JSON of an answer that must be 200, streamed or not."""
        response = self.get(address)
        assert response.status_code == 200, response.getvalue()
        return json.loads(response.getvalue())

    def refused(self, address: str) -> dict[str, list[str]]:
        """The words of an answer that must be 400, by parameter."""
        response = self.get(address)
        assert response.status_code == 400, response.getvalue()
        return response.json()

    def rows(self, address: str) -> list[dict]:
        return self.read(address)["results"]

    def names(self, query: str = "") -> set[str]:
        """The titles of the agreements that a query finds."""
        return {row["title"] for row in self.rows(f"agreements/?{query}")}

    def slugs(self, address: str) -> list[str]:
        return [row["slug"] for row in self.rows(address)]

    def walk(self, address: str) -> list[list[dict]]:
        """Every page from this address on, by the links to the next."""
        pages, url = [], ROOT + address
        while url:
            answer = self.client.get(url).json()
            pages.append(answer["results"])
            url = answer["next"]
        return pages
