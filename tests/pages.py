"""How tests find and send the pages of a form: by the question asked there, with the page's own version."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

from werkzeug.test import TestResponse

from intake.forms import reader
from tests.browsing import Browser

VERSION = re.compile(r'name="_version"[^>]*value="([^"]*)"')


def place(question: str) -> str:
    """The address of the intake page that asks a question."""
    for number, section in enumerate(reader.latest("intake").sections, 1):
        for page_number, page in enumerate(section.pages, 1):
            if any(asked.id == question for asked in page.questions):
                return f"/form/{number}/{page_number}"
    raise KeyError(question)


def version(page: TestResponse) -> str:
    """The versions a page was read at."""
    found = VERSION.search(page.text)
    assert found, f"{page.request.path} carries no version"
    return html.unescape(found[1])


def save(
    browser: Browser, url: str, fields: Mapping[str, Any], *, at: str = "", action: str = "", autosave: bool = False
) -> TestResponse:
    """Open a page and send it with these fields; `at` is the version of a page that was opened earlier."""
    page = browser.get(url)
    at = at or version(page)
    data = {"csrf_token": browser.token, "_version": at, **({"_action": action} if action else {}), **fields}
    return browser.post(url, data=data, headers={"X-Autosave": "1"} if autosave else {})


def answer(browser: Browser, question: str, value: Any, **more: Any) -> TestResponse:
    """Open the page that asks a question and send it with that answer alone."""
    return save(browser, place(question), {question: value}, **more)


def born(year: int = 1993, month: int = 4, day: int = 27, name: str = "birth_date") -> dict[str, str]:
    """The three boxes of a date."""
    return {f"{name}.year": str(year), f"{name}.month": str(month), f"{name}.day": str(day)}
