"""How tests find and send the pages of a form: by the question asked there, with the page's own version.

Every page of a patient has the address PATH; where she is stands in the hidden field of the page's form.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

from werkzeug.test import TestResponse

from intake.forms import reader
from tests.browsing import Browser

PATH = "/f"
VERSION = re.compile(r'name="_version"[^>]*value="([^"]*)"')
READ = re.compile(r'name="_read"[^>]*value="([^"]*)"')
PLACE = re.compile(r'name="_at"[^>]*value="([^"]*)"')


def place(question: str) -> str:
    """The page of the intake that asks a question: "page 2.3"."""
    for number, section in enumerate(reader.latest("intake").sections, 1):
        for page_number, page in enumerate(section.pages, 1):
            if any(asked.id == question for asked in page.questions):
                return f"page {number}.{page_number}"
    raise KeyError(question)


def version(page: TestResponse) -> str:
    """The versions a page was read at."""
    found = VERSION.search(page.text)
    assert found, f"{where(page)} carries no version"
    return html.unescape(found[1])


def as_read(page: TestResponse) -> dict[str, str]:
    """What a page says of itself: the versions it was read at, and what it showed of earlier forms."""
    found = {name: pattern.search(page.text) for name, pattern in (("_version", VERSION), ("_read", READ))}
    return {name: html.unescape(one[1]) for name, one in found.items() if one}


def where(page: TestResponse) -> str:
    """The place a page stands at; the last page of all has no form."""
    found = PLACE.search(page.text)
    return found[1] if found else "done"


def arrive(browser: Browser, answer: TestResponse | None = None) -> str:
    """Where somebody is, after an answer that leads on."""
    if answer is not None:
        assert (answer.status_code, answer.location) == (303, PATH), f"{answer.status_code} {answer.text[:500]}"
    return where(browser.get(PATH))


def send(browser: Browser, at: str, fields: Mapping[str, Any], **more: Any) -> TestResponse:
    """Send the form of a place, with the token of the page that was seen last."""
    if not browser.token:
        browser.get(PATH)
    return browser.post(PATH, data={"csrf_token": browser.token, "_at": at, **fields}, **more)


def visit(browser: Browser, at: str) -> TestResponse:
    """Go to a place by a button of the list of parts, and look at it."""
    send(browser, "tasks", {"_go": at})
    return browser.get(PATH)


def save(
    browser: Browser, there: str, fields: Mapping[str, Any], *, at: str = "", action: str = "", autosave: bool = False
) -> TestResponse:
    """Open a patient's page, or a draft by its address, and send it with these fields.

    `at` is the version of a page that was opened earlier.
    """
    is_draft = there.startswith("/")
    page = browser.get(there) if is_draft else visit(browser, there)
    data = {**as_read(page), "_version": at or version(page), **({"_action": action} if action else {}), **fields}
    headers = {"X-Autosave": "1"} if autosave else {}
    if is_draft:
        return browser.post(there, data={"csrf_token": browser.token, **data}, headers=headers)
    return send(browser, there, data, headers=headers)


def answer(browser: Browser, question: str, value: Any, **more: Any) -> TestResponse:
    """Go to the page that asks a question and send it with that answer alone."""
    return save(browser, place(question), {question: value}, **more)


def come_in(browser: Browser, code: str, *, second: str = "", shared: bool = False, **date: int) -> TestResponse:
    """Give a code and a birth date at the door."""
    browser.get(PATH)
    more = {**({"second": second} if second else {}), **({"shared": "y"} if shared else {})}
    answer = send(browser, "start", {"code": code, **more, **born(**date)})
    browser.token = "" if answer.status_code == 303 else browser.token  # who comes in gets a fresh cookie
    return answer


def born(year: int = 1993, month: int = 4, day: int = 27, name: str = "birth_date") -> dict[str, str]:
    """The three boxes of a date."""
    return {f"{name}.year": str(year), f"{name}.month": str(month), f"{name}.day": str(day)}
