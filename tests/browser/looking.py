"""Looking at a page with a critical eye: accessibility rules, reflow, targets, headings, neutral titles."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT as AXE
from playwright.sync_api import Page

from tests import sizes
from tests.browser.screens import DESK, PHONE

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
TELLING = re.compile(
    r"pelvi|birth|postpartum|baby|pregnan|bladder|bowel|vagin|sex|intima|scar|pain|leak|\bpee|poop|therap|physio|"
    r"symptom|clinic|health|closeness|mood|thought",
    re.IGNORECASE,
)
SMALLEST = 24  # CSS px, WCAG 2.5.8
THUMB = 44  # CSS px, how high a button is on a phone

# One round trip: what is there, and how large. Links inside a sentence are exempt, a label widens what it belongs to.
MEASURE = """
() => {
  const shown = (element) =>
    element.checkVisibility({ visibilityProperty: true }) && !element.closest("[aria-hidden=true]");
  const words = (node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim();
  const inSentence = (link) => link.matches("a, summary") && getComputedStyle(link).display === "inline" &&
    [...link.parentElement.childNodes].some(words);
  const sizes = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
    .filter((element) => shown(element) && !inSentence(element))
    .map((element) => [element, (element.closest("label") ?? element).getBoundingClientRect()])
    .filter(([, box]) => box.width > 1 && box.height > 1)
    .map(([element, box]) => ({
      what: `${element.tagName.toLowerCase()} ${element.id || element.textContent.trim().slice(0, 40)}`,
      width: box.width, height: box.height,
      thumbed: innerWidth < 640 && element.matches(".button, nav a:not(.section-nav *)"),
    }));
  const root = document.documentElement;
  const beyond = (each) => each.getBoundingClientRect().right > root.clientWidth + 1;
  const wide = root.scrollWidth > root.clientWidth
    ? [...document.querySelectorAll("body *")].filter(beyond).slice(0, 3).map((each) => each.outerHTML.slice(0, 80))
    : [];
  return {
    lang: root.lang, title: document.title, headings: document.querySelectorAll("h1").length,
    overflow: root.scrollWidth - root.clientWidth, wide, sizes,
  };
}
"""


def sound(page: Page, screens: Sequence[Any] = (PHONE, DESK), *, neutral: bool = False, at_end: bool = False) -> None:
    """Fails when something is wrong with the page on one of the screens."""
    found = wrong(page, screens, neutral=neutral, at_end=at_end)
    assert not found, "\n".join(found)


def wrong(
    page: Page, screens: Sequence[Any] = (PHONE, DESK), *, neutral: bool = False, at_end: bool = False
) -> list[str]:
    """What is wrong with the page on each of the screens; afterwards it is as wide as before.

    In a usual run the accessibility rules are looked at on the first of them, at full size on each.
    """
    before, found = page.viewport_size, []
    for place, size in enumerate(screens):
        page.set_viewport_size(size)
        if at_end:  # there the bar at the end of the screen lies over nothing
            page.evaluate("scrollTo(0, document.body.scrollHeight)")
        seen = looks(page, neutral=neutral) + (breaches(page) if place == 0 or sizes.is_full() else [])
        found += [f"{page.url} at {size['width']} px: {fault}" for fault in seen]
    if before:
        page.set_viewport_size(before)
    return found


def faults(page: Page, *, neutral: bool = False) -> list[str]:
    """What is wrong with the page at its present width; nothing when it is sound. Patient pages need neutral titles."""
    return looks(page, neutral=neutral) + breaches(page)


def looks(page: Page, *, neutral: bool = False) -> list[str]:
    """What can be seen and measured of that."""
    seen: dict[str, Any] = page.evaluate(MEASURE)
    found = []
    if seen["lang"] != "en-US":
        found.append(f"language {seen['lang']!r}")
    if seen["headings"] != 1:
        found.append(f"{seen['headings']} main headings")
    if not seen["title"] or (neutral and TELLING.search(seen["title"])):
        found.append(f"title {seen['title']!r}")
    if seen["overflow"] > 0:
        found.append(f"scrolls sideways by {seen['overflow']} px: {seen['wide']}")
    found += [
        f"small target: {size['what']!r} is {size['width']:.0f} x {size['height']:.0f}"
        for size in seen["sizes"]
        if min(size["width"], size["height"]) < SMALLEST
    ]
    found += [
        f"low for a thumb: {size['what']!r} is {size['height']:.0f} high"
        for size in seen["sizes"]
        if size["thumbed"] and size["height"] < THUMB
    ]
    return found


def breaches(page: Page) -> list[str]:
    """Breaches of the accessibility rules, a line each with the first element concerned."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    result = page.evaluate("options => axe.run(options)", OPTIONS)
    return [_line(breach, breach["nodes"][0]) for breach in result["violations"]]


def _line(breach: dict[str, Any], first: dict[str, Any]) -> str:
    why = [check["message"] for kind in ("any", "all", "none") for check in first[kind]]
    return f"{breach['id']} ({len(breach['nodes'])}): {breach['help']}: {first['html'][:200]} {why[:2]}"
