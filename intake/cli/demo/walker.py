"""A person at a browser without script: opens pages, fills in what they show, presses the button."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

NAME = re.compile(r'\sname="([^"]+)"')
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
VERSION = re.compile(r'name="_version"[^>]*value="([^"]+)"')
PLACE = re.compile(r'name="_at"[^>]*value="([^"]+)"')
ERROR = re.compile(r'<p class="error"[^>]*id="([^"]*)"(?![^>]*hidden)[^>]*>([^<]+)<')
Fields = Mapping[str, str | Sequence[str]]


class StuckError(Exception):
    """A page did not lead on; the message names it and what it complained about."""

    def __init__(self, where: str, what: object) -> None:
        super().__init__(f"{where}: {what}")


@dataclass
class Walker:
    """A visitor with cookies of their own and the page they are on."""

    client: FlaskClient
    path: str = "/"
    page: str = ""

    @classmethod
    def of(cls, app: Flask) -> Walker:
        """A new visitor."""
        client = app.test_client()
        client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"  # as a browser says of the pages it is on
        return cls(client)

    def open(self, path: str) -> str:
        """Go to a page."""
        return self._arrive(self.client.get(path))

    def submit(self, path: str, fields: Fields, *, action: str = "") -> str:
        """Send the form of the page they are on, with its token, place and version."""
        data: dict[str, str | list[str]] = {
            name: value if isinstance(value, str) else list(value) for name, value in fields.items()
        }
        if token := TOKEN.search(self.page):
            data["csrf_token"] = token[1]
        if place := PLACE.search(self.page):
            data["_at"] = place[1]
        if version := VERSION.search(self.page):
            data["_version"] = html.unescape(version[1])
        if action:
            data["_action"] = action
        return self._arrive(self.client.post(path, data=data))

    def fetch(self, path: str) -> bytes:
        """The bytes of a document."""
        answer = self.client.get(path)
        if answer.status_code != 200:  # noqa: PLR2004 - found
            raise StuckError(path, answer.status)
        return answer.get_data()

    @property
    def roots(self) -> frozenset[str]:
        """The ids of the questions the page asks."""
        return frozenset(name.partition(".")[0] for name in NAME.findall(self.page))

    @property
    def place(self) -> str:
        """Where a patient is in her form, which has one address: "page 2.3". Its last page has nothing to send."""
        found = PLACE.search(self.page)
        return found[1] if found else "done"

    def _arrive(self, answer: TestResponse) -> str:
        self.path = answer.request.path
        for _hop in range(5):
            if answer.status_code not in {301, 302, 303}:
                break
            answer = self.client.get(answer.location)
            self.path = answer.request.path
        self.page = answer.get_data(as_text=True)
        if answer.status_code >= 400:  # noqa: PLR2004 - refused
            said = "; ".join(f"{name}: {html.unescape(text).strip()}" for name, text in ERROR.findall(self.page))
            raise StuckError(self.path, f"{answer.status}: {said}")
        return self.page
