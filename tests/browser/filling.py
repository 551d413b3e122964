"""Filling in a page of questions as a person does: ticking, choosing, typing, adding entries, pressing Continue."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from playwright.sync_api import Locator, Page, expect

from intake.cli.demo.answers import Typed, typed
from intake.forms import reader
from intake.forms.model import Question
from tests.browser.doors import FORM
from tests.pages import place as place_of

MOST_PAGES = 100
CHOICES = frozenset({"radio", "checkbox"})
# Without script a button of the list of parts does the same; the form is made here so that every place can be reached.
GO = """
place => {
  const form = document.querySelector("form[method=post]").cloneNode(true);
  const fields = { csrf_token: form.elements.csrf_token.value, _at: "tasks", _go: place };
  form.replaceChildren(...Object.entries(fields).map(([name, value]) =>
    Object.assign(document.createElement("input"), { type: "hidden", name, value })));
  document.body.append(form);
  form.submit();
}
"""
ROOTS = "fields => [...new Set(fields.map((field) => field.name.split('.')[0]))]"
Look = Callable[[Page], None]


def fill(page: Page, fields: Mapping[str, str | list[str]]) -> None:
    """Give every field its value; what the page hides is left alone, as nobody can reach it."""
    for name, value in fields.items():
        if name.endswith(".count"):
            continue
        _open_entry(page, name)
        _unfold(page, name)
        for each in [value] if isinstance(value, str) else value:
            _give(page, name, each)


def _give(page: Page, name: str, value: str) -> None:
    boxes = page.locator(f'[name="{name}"]')
    kind = boxes.evaluate_all("boxes => boxes[0]?.type")
    box = boxes.and_(page.locator(f'[value="{value}"]')) if kind in CHOICES else boxes
    if kind is None or not box.is_visible():
        return
    if kind in CHOICES:
        box.check()
    elif kind == "select-one":
        box.select_option(value)
    else:
        box.fill(value)


def _open_entry(page: Page, name: str) -> None:
    """Add the entry a field is part of ("ob_births.1.birth_mode"), when the ones before it are filled in."""
    group, _dot, rest = name.partition(".")
    counter = page.locator(f'[name="{group}.count"]')
    if counter.count() and int(counter.input_value()) <= int(rest.partition(".")[0]):
        press(page, page.locator(f'button[value="add:{group}"]'))


def _unfold(page: Page, name: str) -> None:
    """Open what a field is folded away in."""
    folded = page.locator("details.fold:not([open])").filter(has=page.locator(f'[name="{name}"]'))
    if folded.count():
        folded.first.locator("> summary").click()


def press(page: Page, button: Locator) -> None:
    """Press a button that leads to a page, and wait for that page."""
    with page.expect_navigation():
        button.click()


def go_on(page: Page) -> None:
    """Press Continue."""
    press(page, page.get_by_role("button", name="Continue"))


def where(page: Page) -> str:
    """The place in a patient's form the page stands at: "page 2.3". The last one has nothing to send."""
    found = page.locator("input[name=_at]")
    return found.first.input_value() if found.count() else "done"


def show(page: Page, place: str) -> Page:
    """Go to a place of the form, by a button as the list of parts has them."""
    page.goto(FORM)
    with page.expect_navigation():
        page.evaluate(GO, place)
    return page


def say_who_is_there(page: Page) -> Page:
    """Say once more, in this sitting, that she is alone: what was said in another opens no private part."""
    go_on(show(page, place_of("pre_private")))
    return page


def expect_place(page: Page, place: str) -> None:
    """Wait until the page stands at a place."""
    if place == "done":
        expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    else:
        expect(page.locator("input[name=_at]").first).to_have_value(place)


def questions(page: Page) -> list[Question]:
    """What the form asks on the page, hidden or not."""
    section, number = (int(part) for part in where(page).removeprefix("page ").split("."))
    here = page.locator("main [name]").evaluate_all(ROOTS)
    return [q for q in reader.latest("intake").sections[section - 1].pages[number - 1].questions if q.id in here]


def to_say(page: Page, own: Typed) -> Typed:
    """What she types on the page: her own answers, and the plainest one where the page insists.

    A question that depends on another one of the page is answered only where she has something to say.
    """
    asked = questions(page)
    here = {question.id for question in asked}
    free = [
        q for q in asked
        if not any(c.question in here for c in q.when.conditions) or any(n.partition(".")[0] == q.id for n in own)
    ]  # fmt: skip
    return typed(free, own)


def answer_everything(page: Page, own: Typed, look: Look = lambda _page: None) -> None:
    """Go through the form from its first page to the check, reading every message on the way."""
    show(page, "page 1.1")
    for _page in range(MOST_PAGES):
        look(page)
        if where(page) == "check":
            return
        if where(page).startswith("message"):
            press(page, page.get_by_role("button", name="I have read this"))
            continue
        fill(page, to_say(page, own))
        before = where(page)
        go_on(page)
        if where(page) == before and page.locator("#notice").count():  # she reads what came up and presses again
            go_on(page)
        assert where(page) != before, f"{before}: {page.locator('.error-summary').all_inner_texts()}"
    message = f"{page.url}: still not at the end after {MOST_PAGES} pages"
    raise AssertionError(message)
