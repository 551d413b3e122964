"""A client that behaves like a browser, and looks at every page it fetches with a critical eye."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

TOKEN = re.compile(r'name="csrf_token"[^>]*?value="([^"]+)"|value="([^"]+)"[^>]*?name="csrf_token"')
# Traces of a template that printed what it meant to work with.
ARTEFACTS = (
    "{{",
    "{%",
    "&amp;lt;",
    "&amp;amp;",
    "&lt;strong",
    "&lt;p&gt;",
    " object at 0x",
    "Undefined",
    "lazy_gettext",
)
WITHOUT_LABEL = frozenset({"hidden", "submit", "button", "image"})


class Page(HTMLParser):
    """What stands on a page: enough to see whether it is whole."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.headings = 0
        self.title = self.language = ""
        self.ids: list[str] = []
        self.targets: list[tuple[str, str]] = []
        self.inline: list[str] = []
        self.open_posts = 0
        self._inside, self._token = "", True
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.headings += tag == "h1"
        self._inside = tag if tag == "title" else self._inside
        self.language = found.get("lang", "") if tag == "html" else self.language
        self.ids += [found["id"]] if "id" in found else []
        self.targets += [
            (name, word)
            for name in ("for", "aria-describedby", "aria-labelledby")
            for word in found.get(name, "").split()
        ]
        self.inline += [f"{tag} {name}" for name in found if name == "style" or name.startswith("on")]
        if tag == "form":
            self._token = found.get("method", "get").lower() != "post"
        self._token = self._token or (tag == "input" and found.get("name") == "csrf_token")

    def handle_endtag(self, tag: str) -> None:
        self._inside = "" if tag == self._inside else self._inside
        if tag == "form" and not self._token:
            self.open_posts += 1

    def handle_data(self, data: str) -> None:
        if self._inside == "title":
            self.title += data.strip()


def faults(source: str) -> Iterator[str]:
    """What is wrong with a page; nothing when it is whole."""
    page = Page(source)
    if page.headings != 1:
        yield f"{page.headings} main headings"
    if not page.title:
        yield "no title"
    if not page.language:
        yield "no language"
    yield from (f"the id {name!r} stands twice" for name in sorted({i for i in page.ids if page.ids.count(i) > 1}))
    yield from (f"{name} points to {word!r}, which is not there" for name, word in page.targets if word not in page.ids)
    yield from (f"inline: {what}" for what in page.inline)
    yield from ["a form without a csrf token"] * page.open_posts
    yield from (f"a trace of the template: {trace!r}" for trace in ARTEFACTS if trace in source)


class Browser(FlaskClient):
    """A test client that keeps the csrf token of the page it looked at last. `database` is the test's own session."""

    database: Session | None = None
    token = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"  # every page it sends is one of ours

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request; the answer is no fault of the server's, and a whole page where it is a page."""
        if self.database is not None:
            self.database.rollback()  # what the test has read must not hold SQLite's write lock
        answer = super().open(*args, **kwargs)
        if self.database is not None:
            self.database.expire_all()  # what the test reads next is what the request left behind
        assert answer.status_code < 500, f"{answer.request.path}: {answer.status_code} {answer.text[:2000]}"
        if answer.mimetype == "text/html" and not 300 <= answer.status_code < 400:
            found = list(faults(answer.text))
            assert not found, f"{answer.request.path}: {'; '.join(found)}"
            if token := TOKEN.search(answer.text):
                self.token = token[1] or token[2]
        return answer

    def submit(
        self, url: str, data: Mapping[str, Any] | None = None, *, at: str | None = None, **kwargs: Any
    ) -> TestResponse:
        """Fetch the page the form stands on (`at`, else the address it is sent to) and send the form.

        Without `at`, an address that answers no GET is sent the token of the last page.
        """
        page = self.get(at or url)
        assert page.status_code == 200 or at is None, f"{at} answered {page.status_code}"
        assert self.token, f"no form was seen before {url}"
        return self.post(url, data={"csrf_token": self.token, **(data or {})}, **kwargs)
