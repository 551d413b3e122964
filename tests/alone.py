"""What is answered alone, on a device that was handed over or at home: its pages, and what somebody may answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from werkzeug.test import TestResponse

from intake.forms import reader
from intake.forms.model import Kind, Question
from tests import pages as form
from tests.browsing import Browser

HERE = "/here"
PAGES = tuple(f"page 1.{number}" for number, _page in enumerate(reader.latest("safety").sections[0].pages, 1))
WORST = {"sx_pressure": "never", "contra_control": "no", "ipv_now_safe": "no", "ipv_want": "numbers"}
BEST = {"sx_pressure": "always", "contra_control": "yes", "ipv_now_safe": "yes", "ipv_want": "nothing"}


def questions(at: str = "") -> list[Question]:
    """The questions of a page; of all pages without one."""
    pages = reader.latest("safety").sections[0].pages
    chosen = [page for number, page in enumerate(pages, 1) if at in {"", f"page 1.{number}"}]
    return [question for page in chosen for question in page.questions if question.kind is not Kind.DISPLAY]


def every_yes(at: str = "") -> dict[str, str]:
    """What raises every sign."""
    return {question.id: WORST.get(question.id, "yes") for question in questions(at)}


def every_no(at: str = "") -> dict[str, str]:
    """What raises none."""
    return {question.id: BEST.get(question.id, "no") for question in questions(at)}


def every(code: str) -> dict[str, str]:
    """The same way of not answering for each question."""
    return dict.fromkeys((question.id for question in questions()), code)


WAYS: Mapping[str, Mapping[str, str]] = {
    "all yes": every_yes(), "all no": every_no(), "prefers not to say": every("~declined"),
    "in person": every("~in-person"), "skips": {}, "only numbers": {"ipv_want": "numbers"},
}  # fmt: skip


def send(browser: Browser, at: str, fields: Mapping[str, Any] | None = None, *, go: str = "") -> TestResponse:
    """Send a page, with the token of the page that was seen last."""
    if not browser.token:
        browser.get(HERE)
    more = {"_go": go} if go else {}
    return browser.post(HERE, data={"csrf_token": browser.token, "_at": at, **more, **(fields or {})})


def answer_all(browser: Browser, answers: Mapping[str, str]) -> list[TestResponse]:
    """Go from the first page to the end with these answers; every answer of the server on the way."""
    seen = []
    for at in PAGES:
        seen.append(browser.get(HERE))
        seen.append(send(browser, at, {q.id: answers[q.id] for q in questions(at) if q.id in answers}))
    seen += [browser.get(HERE), send(browser, "done"), browser.get(HERE)]
    return seen


def given_back(page: TestResponse) -> bool:
    """Whether it is the last page."""
    return page.status_code == 200 and "Please give the device back." in page.text and "<form" not in page.text


# ---------------------------------------------------------------- at home

PRIVATE = {"pre_private": "yes", "pre_who": "me"}
OFFER = 'name="_go" value="alone"'


def say_private(browser: Browser, **otherwise: str) -> TestResponse:
    """Say in the intake that nobody knows her way in, and on its first page that she is alone; or something else."""
    form.answer(browser, "id_portal_shared", otherwise.pop("id_portal_shared", "no"), autosave=True)
    return form.save(browser, form.place("pre_private"), {**PRIVATE, **otherwise})


def is_offered(browser: Browser) -> bool:
    """Whether the list of parts, or the last page of her form, offers it."""
    form.send(browser, "tasks", {"_go": "tasks"})
    return OFFER in browser.get(form.PATH).text


def look(browser: Browser, at: str = "tasks") -> TestResponse:
    """Press the button of the offer."""
    return form.send(browser, at, {"_go": "alone"})


def say_alone(browser: Browser, action: str = "alone") -> TestResponse:
    """Answer the page that asks whether she is alone right now."""
    return form.send(browser, "alone", {"_action": action})


def open_at_home(browser: Browser) -> TestResponse:
    """All of it, up to the first page that is answered alone."""
    say_private(browser)
    look(browser)
    browser.get(form.PATH)
    assert say_alone(browser).location == HERE
    return browser.get(HERE)


def answer_all_at_home(browser: Browser, answers: Mapping[str, str]) -> list[TestResponse]:
    """Every answer of the server from the first of these pages to her own form again."""
    seen = answer_all(browser, answers)
    assert seen[-1].location == form.PATH
    return [*seen, browser.get(form.PATH)]
