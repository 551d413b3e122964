"""A client that behaves like a browser, and looks at every page it fetches with a critical eye."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from html import unescape
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


# What Jinja writes holds no bare < or > in a value, so a tag ends where it seems to.
TAG = re.compile(r"<(/?)([a-zA-Z][\w-]*)([^<>]*)>")
VALUE = re.compile(r"""([^\s"'>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
TITLE = re.compile(r"<title[^>]*>([^<]*)</title>")
NEITHER = re.compile(r"<!--.*?-->|<!doctype[^>]*>", re.DOTALL | re.IGNORECASE)
NOWHERE = {"", "#", "tel:", "sms:", "mailto:"}
POINTING = ("for", "aria-describedby", "aria-labelledby")


class Page:
    """What stands on a page: enough to see whether it is whole. Thousands are looked at: patterns read the tags."""

    def __init__(self, source: str) -> None:
        source = NEITHER.sub("", source)
        title, tags = TITLE.search(source), TAG.findall(source)
        self.title = title[1].strip() if title else ""
        self.language = ""
        self.strays = source.count("<") - len(tags)
        self.ids: Counter[str] = Counter()
        self.targets: list[tuple[str, str]] = []
        self.inline: list[str] = []
        self.headings = self.open_posts = self.dead_links = 0
        self._token = True
        for closing, tag, values in tags:
            if closing:
                self.open_posts += tag == "form" and not self._token
            else:
                self._opened(tag.lower(), values)

    def _opened(self, tag: str, values: str) -> None:
        found = {name.lower(): unescape(one or two or three) for name, one, two, three in VALUE.findall(values)}
        self.headings += tag == "h1"
        self.dead_links += tag == "a" and found.get("href") in NOWHERE
        if tag == "html":
            self.language = found.get("lang", "")
        if "id" in found:
            self.ids[found["id"]] += 1
        self.targets += [(name, word) for name in POINTING if name in found for word in found[name].split()]
        self.inline += [f"{tag} {name}" for name in found if name == "style" or name.startswith("on")]
        if tag == "form":
            self._token = found.get("method", "get").lower() != "post"
        self._token = self._token or (tag == "input" and found.get("name") == "csrf_token")


def faults(source: str) -> Iterator[str]:
    """What is wrong with a page; nothing when it is whole."""
    page = Page(source)
    if page.headings != 1:
        yield f"{page.headings} main headings"
    if not page.title:
        yield "no title"
    if not page.language:
        yield "no language"
    if page.strays:
        yield f"{page.strays} times a < that begins no tag"
    yield from (f"the id {name!r} stands twice" for name, times in page.ids.items() if times > 1)
    yield from (f"{name} points to {word!r}, which is not there" for name, word in page.targets if word not in page.ids)
    yield from (f"inline: {what}" for what in page.inline)
    yield from ["a link that leads nowhere"] * page.dead_links
    yield from ["a form without a csrf token"] * page.open_posts
    yield from (f"a trace of the template: {trace!r}" for trace in ARTEFACTS if trace in source)


def alike(answer: TestResponse) -> str:
    """A page without what differs on every page: the tokens of its forms."""
    return TOKEN.sub("", answer.text)


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

        Without `at`, an address that answers no GET is sent the token of the last page. What a link carries behind the
        # is filled in, as the script does.
        """
        url, _hash, carried = url.partition("#")
        data = {"link": carried, **(data or {})} if carried else data
        page = self.get(at or url)
        assert page.status_code == 200 or at is None, f"{at} answered {page.status_code}"
        assert self.token, f"no form was seen before {url}"
        return self.post(url, data={"csrf_token": self.token, **(data or {})}, **kwargs)
