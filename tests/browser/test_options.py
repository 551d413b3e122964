"""Options that stand side by side wrap to fewer columns where their words are long, and never break a word."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from intake.forms import reader
from tests.browser import doors
from tests.browser.filling import show
from tests.browser.screens import DESK, PHONE, TYPICAL

pytestmark = pytest.mark.browser
TABLET = {"width": 1024, "height": 768}
# The words of options that take more than one line.
BROKEN = """
() => [...document.querySelectorAll(".option > span")].flatMap((span) => {
  const found = [], walk = document.createTreeWalker(span, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    for (const word of node.data.matchAll(/\\S+/g)) {
      const range = document.createRange();
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      if (new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1) found.push(word[0]);
    }
  }
  return found;
}).filter((word) => !/[-\\u2013/]/.test(word))
"""


def broken(page: Page) -> list[str]:
    """The words that are broken at any of the sizes; at a hyphen a word may go on in the next line."""
    found = []
    for size in (PHONE, TYPICAL, TABLET, DESK):
        page.set_viewport_size(size)
        found += [f"{word} at {size['width']}" for word in page.evaluate(BROKEN)]
    return found


def test_no_word_of_an_option_is_broken_on_a_device_that_was_handed_over(staff, clinic):
    with clinic.records() as make:
        visit = make.visit()
        email, path = visit.therapist.email, f"/clinic/visits/{visit.id}"
    page = staff(email)
    page.goto(path)
    page.get_by_role("button", name="Hand over this device").click()
    for _page in reader.latest("safety").sections[0].pages:
        assert broken(page) == []
        page.get_by_role("button", name="Continue").click()


def test_nor_in_her_own_form(visitor, clinic):
    page = visitor()
    doors.come_in(page, doors.invited(clinic))
    for number, section in enumerate(reader.latest("intake").sections, 1):
        show(page, f"page {number}.1")
        assert broken(page) == [], section.id
